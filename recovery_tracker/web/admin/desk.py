"""The front desk of a clinic: who comes when. Names and appointments, nothing of any diary."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, TooManyRequests

from ...domain.errors import RecoveryError
from ...domain.history import Appointment
from ...services import record
from ...storage import appointments as stored
from ...storage import namesakes
from ..auth import throttle
from ..auth.forms.installation import one_line
from ..shared import access, clock, looking
from ..shared.forms import sent
from ..shared.forms.numbers import day_in, time_in
from ..shared.language import say_day
from ..shared.pages import render
from ..shared.policies import FRONT_DESK, policy
from ..shared.zones import clinic_zone

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

AHEAD = timedelta(days=190)
"""How far the list looks ahead: six months, as follow-up visits are planned. Our default."""

ON_A_PAGE = 200
"""Appointments of one page, and the rest of its last day. Our default."""

TRIES = 60
"""Patients that one account may name within a quarter of an hour. Our default."""


@blueprint.get("/")
@policy(FRONT_DESK, lists=True)
def appointments() -> ResponseReturnValue:
    """The appointments from today or another day on, and a form for one more."""
    return _page({})


@blueprint.post("/")
@policy(FRONT_DESK, lists=True)
def add_appointment() -> ResponseReturnValue:
    """The patient who was named in full has one appointment more."""
    name, born = one_line(request.form, "name"), day_in(request.form.get("birth_date", ""))
    number, day = one_line(request.form, "hospital_number", 50), day_in(request.form.get("day", ""))
    typed, today = request.form.get("time", "").strip(), clock.today(clinic_zone())
    time = time_in(typed)
    problems = {}
    if day is None or not today <= day <= today + AHEAD:
        problems["day"] = _("Choose a day: today, or within the next six months.")
    if typed and time is None:
        problems["time"] = _("Type the time as hours and minutes, like 14:30.")
    if day is None or problems:
        return _page(problems), 422
    if not throttle.use(f"appointments by {access.actor().account_id}", TRIES):
        raise TooManyRequests
    with access.database().read() as session:
        found = namesakes.found_exactly(session, number, name, born)
    if len(found) != 1:
        said = _("No patient, or more than one, matches this. Check each letter.")
        return _page({"hospital_number": said}), 422
    who, where = one_line(request.form, "with_whom"), one_line(request.form, "place")
    visit = Appointment(day, time, who, where)
    try:
        record.add(access.database(), found[0], visit, **sent.as_new())
    except RecoveryError as refused:
        said, status = sent.refusal(refused)
        return _page({"day": said}), status
    return redirect(url_for("desk.appointments", done="saved"), 303)


@blueprint.post("/<visit_id>/remove")
@policy(FRONT_DESK)
def remove_appointment(visit_id: str) -> ResponseReturnValue:
    """The appointment is cancelled; the record keeps what it was."""
    with access.database().read() as session:
        patient_id = stored.patient_of(session, visit_id)
    if patient_id is None:
        raise NotFound
    record.remove(access.database(), patient_id, visit_id, Appointment, **sent.as_change())
    return redirect(url_for("desk.appointments", done="removed"), 303)


def _page(problems: dict[str, str]) -> str:
    today = clock.today(clinic_zone())
    first = max(day_in(request.args.get("from")) or today, today)
    with access.database().read() as session:
        last, later = stored.first_days(session, first, today + AHEAD, ON_A_PAGE)
        found = stored.coming(session, first, last)
    looking.on_list(one.patient_id for one in found)
    return render(
        "desk/appointments.html",
        days=[(say_day(day), list(some)) for day, some in groupby(found, lambda one: one.day)],
        links=[(url_for("desk.appointments"), _("Appointments"), True)],
        later=later,
        problems=problems,
        done={"saved": _("Saved."), "removed": _("The appointment was removed.")}.get(
            request.args.get("done", "")
        ),
        typed=request.form,
        today=today,
    )
