"""My medicines: what is taken, at which dose, from when until when; a new dose ends the old one."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.medicines import (
    MOST_AMOUNT,
    MOST_TIMES,
    NAME_LENGTH,
    UNITS,
    Medicine,
    by_name,
    dose_words,
)
from ...domain.people import Action
from ...services import record
from ...services.medicines import add_medicine
from ...storage.errors import RefusedDay
from ...storage.people import Patient
from ...storage.record_rows import Stored
from ..shared import clock
from ..shared.access import database, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in, named
from ..shared.language import short_day_text
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .reading import stored_of, stored_or_none

#: How far back or ahead a medicine may begin or end. Our default.
DAYS_BACK, DAYS_AHEAD = 3650, 366


@dataclass(frozen=True, slots=True)
class _Row:
    """One dose as the page shows it."""

    stored: Stored[Medicine]
    dose: str
    span: str
    is_taken: bool
    #: Whether its last day is still open, so that it can end.
    may_stop: bool


@blueprint.route("/medicines", methods=["GET", "POST"])
@policy(PATIENT, Action.ADD_EVENT, carries=True)
def medicines(public_id: str) -> ResponseReturnValue:
    """The medicines so far, those that are taken first, and a form for one more."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    today = clock.today(patient.zone)
    problems: dict[str, str] = {}
    if request.method == "POST" and not sent.is_carried():
        medicine = _read(today, problems)
        if medicine is not None:
            try:
                add_medicine(database(), patient.id, medicine, **sent.as_new())
            except RefusedDay as refused:
                problems["day"] = _(str(refused))
            else:
                return redirect(url_for("patient.medicines", public_id=public_id), 303)
    return _page(patient, today, problems)


@blueprint.post("/medicines/<medicine_id>/stop")
@policy(PATIENT, Action.ADD_EVENT)
def stop_medicine(public_id: str, medicine_id: str) -> ResponseReturnValue:
    """The medicine was taken for the last time on the day before today."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    today = clock.today(patient.zone)
    stored = stored_or_none(patient, Medicine, medicine_id)
    if stored is not None and stored.value.is_taken(today):
        last = max(stored.value.day, today - timedelta(days=1))
        record.edit(
            database(),
            patient.id,
            medicine_id,
            replace(stored.value, until=last),
            **sent.as_change(),
        )
    return redirect(url_for("patient.medicines", public_id=public_id), 303)


@blueprint.post("/medicines/<medicine_id>/remove")
@policy(PATIENT, Action.ADD_EVENT)
def remove_medicine(public_id: str, medicine_id: str) -> ResponseReturnValue:
    """Takes back a dose that was entered by mistake; what it said stays in the audit."""
    patient = load_patient(public_id, Action.ADD_EVENT)
    if stored_or_none(patient, Medicine, medicine_id) is not None:
        record.remove(
            database(),
            patient.id,
            medicine_id,
            Medicine,
            **sent.as_change(),
        )
    return redirect(url_for("patient.medicines", public_id=public_id), 303)


def _page(patient: Patient, today: date, problems: dict[str, str]) -> ResponseReturnValue:
    found = stored_of(patient, Medicine)
    order = [doses[0].key for doses in by_name(one.value for one in found)]
    by_key = {key: [one for one in found if one.value.key == key] for key in order}
    groups = [
        (rows[-1].stored.value.name, rows)
        for rows in ([_row(one, today) for one in by_key[key]] for key in order)
    ]
    groups.sort(key=lambda group: not any(row.is_taken for row in group[1]))
    page = render(
        "patient/medicines.html",
        patient=patient,
        groups=groups,
        units=[(unit, _(name)) for unit, name in UNITS.items()],
        name_length=NAME_LENGTH,
        typed=request.form,
        today=today,
        problems=problems,
    )
    return page, 422 if problems else 200


def _row(stored: Stored[Medicine], today: date) -> _Row:
    one = stored.value
    first = short_day_text(one.day)
    if one.until is None:
        span = _("from %(day)s", day=first)
    else:
        span = _("%(first)s to %(last)s", first=first, last=short_day_text(one.until))
    is_taken = one.is_taken(today)
    return _Row(stored, dose_words(one, _), span, is_taken, is_taken and one.until != today)


def _read(today: date, problems: dict[str, str]) -> Medicine | None:
    """The medicine typed, or None with `problems` filled."""
    name = " ".join(request.form.get("name", "").split())
    if not name:
        problems["name"] = _("Type the name, as on the box")
    elif len(name) > NAME_LENGTH:
        problems["name"] = _("Use at most %(limit)s characters", limit=NAME_LENGTH)
    amount = _number("amount", _("How much at a time?"), MOST_AMOUNT, problems)
    times = _number("times", _("How often a day?"), MOST_TIMES, problems)
    day, until = _day("day", today), _day("until", today)
    if day is None:
        problems["day"] = _("Choose the first day")
    if request.form.get("until", "").strip() and until is None:
        problems["until"] = _("Choose the last day, or leave it empty")
    elif day is not None and until is not None and until < day:
        problems["until"] = _("The last day is before the first one")
    unit = request.form.get("unit", "")
    if unit not in UNITS:
        problems["unit"] = _("Choose what a dose is counted in")
    if problems or day is None:
        return None
    return Medicine(day, name, amount, unit, times, until)


def _number(name: str, asked: str, most: float, problems: dict[str, str]) -> float | None:
    text = request.form.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    is_number = text.replace(".", "", 1).isdecimal() and len(text) < 12
    number = float(text) if is_number else 0.0
    if not 0 < number <= most:
        problem = _("Enter a number above 0 and at most %(most)s", most=f"{most:g}")
        problems[name] = named(asked, problem)
        return None
    return number


def _day(name: str, today: date) -> date | None:
    day = day_in(request.form.get(name))
    if day is None or not -DAYS_BACK <= (day - today).days <= DAYS_AHEAD:
        return None
    return day
