"""Totals from a form the clinic gave out: typed in, listed, taken back. Never its questions.

How satisfied the patient is with the result is one question of ours, kept in the same way.

A total that the clinic typed is the clinic's to change. A patient who thinks it wrong notes that as
a question for the visit, which is on the report that both read.
"""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.history import MOST_QUESTIONS
from ...domain.people import Action, Role
from ...domain.questionnaires import (
    FORMS,
    LICENCE,
    SATISFACTION,
    FormScore,
    read_score,
    score_words,
)
from ...domain.surgery import Operation
from ...domain.wording import number
from ...services import record
from ...storage import people
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.language import short_day_text
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .reading import stored_of, stored_or_none


@blueprint.route("/scores", methods=["GET", "POST"])
@policy(PATIENT, Action.ADD_EVENT, carries=True)
def scores(public_id: str) -> ResponseReturnValue:
    """The totals so far, newest first, and a form for one more."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    today = clock.today(patient.zone)
    problems: dict[str, str] = {}
    is_satisfaction = request.form.get("form") == "satisfaction"
    if is_satisfaction and not _is_operated(patient, today):
        raise NotFound
    if request.method == "POST" and not sent.is_carried():
        typed = _read(today, problems)
        if typed is not None:
            record.add(database(), patient.id, typed, **sent.as_new())
            return redirect(url_for("patient.scores", public_id=public_id), 303)
    return _page(patient, today, problems)


def _page(patient: Patient, today: date, problems: dict[str, str]) -> ResponseReturnValue:
    page = render(
        "patient/scores.html",
        patient=patient,
        scores=[
            (
                short_day_text(one.value.day),
                _words(one.value),
                one,
                one.value.typed_by is Role.PATIENT,
            )
            for one in reversed(stored_of(patient, FormScore))
        ],
        forms=[(form.key, _(form.name)) for form in FORMS.values() if form.key != "satisfaction"],
        satisfaction=[(step, _(words)) for step, words in enumerate(SATISFACTION, start=1)][::-1],
        asks_result=_is_operated(patient, today),
        licence=_(LICENCE),
        typed=request.form,
        today=today,
        problems=problems,
    )
    return page, 422 if problems else 200


def _is_operated(patient: Patient, today: date) -> bool:
    """Whether there is the result of an operation to be satisfied with."""
    return any(stored.value.day <= today for stored in stored_of(patient, Operation))


@blueprint.post("/scores/<score_id>/remove")
@policy(PATIENT, Action.ADD_EVENT)
def remove_score(public_id: str, score_id: str) -> ResponseReturnValue:
    """Takes back a total the patient typed in; what it said stays in the audit."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    stored = stored_or_none(patient, FormScore, score_id)
    if stored is not None and stored.value.typed_by is Role.PATIENT:
        record.remove(database(), patient.id, score_id, FormScore, **sent.as_change())
    return redirect(url_for("patient.scores", public_id=public_id), 303)


@blueprint.post("/scores/<score_id>/question")
@policy(PATIENT, Action.WRITE_DIARY)
def question_score(public_id: str, score_id: str) -> ResponseReturnValue:
    """Notes that a total of the clinic's seems wrong, among the questions for the visit."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    stored = stored_or_none(patient, FormScore, score_id)
    if stored is None:
        raise NotFound
    score = stored.value
    asked = _(
        "%(score)s, %(day)s: I think this total is wrong.",
        score=_words(score),
        day=short_day_text(score.day),
    )
    if asked not in patient.questions:
        if len(patient.questions) >= MOST_QUESTIONS:
            full = _("You have noted 3 questions already. Remove one on your home page first")
            return _page(patient, clock.today(patient.zone), {"so-far": full})
        services.save_patient(
            database(),
            people.with_preferences(patient, questions=[*patient.questions, asked]),
            by=actor(),
            at=clock.now(),
        )
    return redirect(url_for("patient.home", public_id=public_id, _anchor="questions"), 303)


def _words(score: FormScore) -> str:
    return f"{_(FORMS[score.form].instrument.name)} {score_words(score, _)}"


def _read(today: date, problems: dict[str, str]) -> FormScore | None:
    """The total typed, or None with `problems` filled."""
    form = request.form.get("form", "")
    score = read_score(form, request.form.get("score", ""))
    if form not in FORMS:
        problems["form"] = _("Choose the form and its unit")
    elif score is None and form == "satisfaction":
        problems["satisfied"] = _("Choose how satisfied you are")
    elif score is None:
        low, high = (number(edge) for edge in (FORMS[form].low, FORMS[form].high))
        problems["score"] = _("Type the total, from %(low)s to %(high)s", low=low, high=high)
    day = day_in(request.form.get("day"))
    if day is None or not date(1900, 1, 1) <= day <= today:
        problems["day"] = _("Choose the date on the form")
    if problems or score is None or day is None:
        return None
    return FormScore(day, form, score, Role.PATIENT)
