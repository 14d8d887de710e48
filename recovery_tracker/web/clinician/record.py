"""What a clinic writes into a record: visits, imaging, events, totals of forms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.history import Appointment, Event, EventKind, Imaging, ImagingResult
from ...domain.people import Action, is_phone
from ...domain.questionnaires import FormScore, read_score
from ...domain.wording import MODALITY_NAMES
from ...services import record, save_patient
from ...storage.errors import Conflict, Refused
from ...storage.tags import read_tags
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in, time_in
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from .chart import FIELDS, chart_page

#: Longest text of a field here, in characters.
TEXT_LENGTH = 200

KINDS = ("visit", "imaging", "event", "score")


@blueprint.post("/p/<public_id>/record/<kind>")
@policy(CLINICIAN, Action.ADD_EVENT, carries=True)
def add_to_record(public_id: str, kind: str) -> ResponseReturnValue:
    """A visit to come, an imaging result, an event or a score is part of the record."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    if kind not in KINDS:
        abort(404)
    if sent.is_carried():
        return _again(public_id, kind, {})
    values, problems = _read(kind, request.form, clock.today(patient.zone))
    if problems:
        return _again(public_id, kind, problems), 422
    try:
        record.add(database(), patient.id, _value(kind, values), **sent.as_new())
    except Conflict as error:
        said, status = sent.refusal(error)
        return _again(public_id, kind, {f"{kind}-day": said}), status
    return redirect(url_for("clinician.chart", public_id=public_id, _anchor="record"), 303)


@blueprint.post("/p/<public_id>/phone")
@policy(CLINICIAN, Action.ADD_EVENT, carries=True)
def phone(public_id: str) -> ResponseReturnValue:
    """The number at which the clinic rings the patient is the one typed, or none."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    number = " ".join(request.form.get("phone", "").split())
    if sent.is_carried():
        return _again(public_id, "phone", {})
    if number and not is_phone(number):
        said = _("Write a telephone number with digits, spaces and + only, at least 3 digits.")
        return _again(public_id, "phone", {"phone": said}), 422
    try:
        save_patient(database(), replace(patient, phone=number), by=actor(), at=clock.now())
    except Conflict as error:
        said, status = sent.refusal(error)
        return _again(public_id, "phone", {"phone": said}), status
    return redirect(url_for("clinician.chart", public_id=public_id, saved=1), 303)


@blueprint.post("/p/<public_id>/tags")
@policy(CLINICIAN, Action.ADD_EVENT, carries=True)
def tags(public_id: str) -> ResponseReturnValue:
    """The patient has the tags that were typed, and no others."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    if sent.is_carried():
        return _again(public_id, "tags", {})
    names = read_tags(request.form.get("tags", ""))
    try:
        services.set_tags(database(), patient.id, names, by=actor(), at=clock.now())
    except Refused as refused:
        return _again(public_id, "tags", {"tags": _(str(refused))}), 422
    return redirect(url_for("clinician.chart", public_id=public_id, saved=1), 303)


@blueprint.post("/p/<public_id>/follow-up")
@policy(CLINICIAN, Action.EDIT_SURGERY)
def follow_up(public_id: str) -> ResponseReturnValue:
    """The clinic no longer follows the patient, or does again."""
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    ends = request.form.get("ends") == "1"
    try:
        services.follow(database(), patient.id, ends=ends, by=actor(), at=clock.now())
    except Refused as refused:
        problems = {"follow-up": _(str(refused))}
        return chart_page(public_id, Action.EDIT_SURGERY, problems=problems), 422
    return redirect(url_for("clinician.chart", public_id=public_id, saved=1), 303)


def _again(public_id: str, kind: str, problems: Mapping[str, str]) -> str:
    """The page with everything that was typed, and what to change."""
    typed = {name: request.form.get(name, "") for name in FIELDS} | {"kind_of_form": kind}
    return chart_page(public_id, Action.ADD_EVENT, problems=problems, typed=typed)


def _read(kind: str, form: Mapping[str, str], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a form, and what is wrong with them by field."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    values["day"] = day = day_in(form.get("day"))
    if day is None:
        problems[f"{kind}-day"] = _("Choose a day.")
    elif kind != "visit" and day > today:
        problems[f"{kind}-day"] = _("Choose today or an earlier day.")
    for name in ("label", "note", "with_whom"):
        values[name] = " ".join(form.get(name, "").split())
        if len(values[name]) > TEXT_LENGTH:
            problems[f"{kind}-{name}"] = _("Use at most %(n)s characters.", n=TEXT_LENGTH)
    typed = form.get("time", "").strip()
    values["time"] = time_in(typed)
    if typed and values["time"] is None:
        problems[f"{kind}-time"] = _("Type the time as hours and minutes, like 14:30.")
    if kind == "imaging":
        values["modality"] = form.get("modality", "")
        if values["modality"] not in MODALITY_NAMES:
            problems["imaging-modality"] = _("Choose X-ray, CT or MRI.")
        if form.get("result", "") not in list(Imaging):
            problems["imaging-result"] = _("Choose what was seen.")
        else:
            values["result"] = Imaging(form["result"])
    if kind == "event":
        if form.get("kind", "") not in list(EventKind):
            problems["event-kind"] = _("Choose what happened.")
        else:
            values["kind"] = EventKind(form["kind"])
    if kind == "score":
        values["form"] = form.get("form", "")
        values["score"] = read_score(values["form"], form.get("score", ""))
        if values["score"] is None:
            problems["score-score"] = _("Choose the questionnaire and type its total.")
    return values, problems


def _value(kind: str, values: dict[str, Any]) -> Any:
    """The visit, imaging result, event or score that was typed."""
    if kind == "visit":
        return Appointment(values["day"], values["time"], values["with_whom"])
    if kind == "imaging":
        return ImagingResult(values["day"], values["modality"], values["result"], values["note"])
    if kind == "score":
        return FormScore(values["day"], values["form"], values["score"], actor().role)
    return Event(values["day"], values["kind"], values["label"])
