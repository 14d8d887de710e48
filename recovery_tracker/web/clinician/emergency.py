"""A diary opened in an emergency by a clinician who does not care for the patient.

They name the patient in full and give a reason; the diary is open to them for an hour. The patient
reads who it was, why and when on their first page, and keeps it among those who looked.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from ... import services
from ...services.emergency import REASON_LENGTH
from ...storage import emergency as stored
from ...storage import namesakes, people
from ...storage.errors import Refused
from ..auth import throttle
from ..auth.forms.installation import one_line
from ..shared import clock
from ..shared.access import actor, database
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.pages import render
from ..shared.policies import CLINICIAN, OPENS_A_DIARY, policy
from . import blueprint

TRIES = 10
"""Patients that one account may look for within a quarter of an hour. Our default."""


@blueprint.get("/emergency")
@policy(CLINICIAN, lists=True)
def emergency() -> ResponseReturnValue:
    """The form, and what this clinician has open now."""
    return _page({})


@blueprint.post("/emergency")
@policy(CLINICIAN, lists=True, fresh=OPENS_A_DIARY, carries=True)
def open_in_emergency() -> ResponseReturnValue:
    """The diary of the patient who was named is open for an hour, and says so."""
    if sent.is_carried():
        return _page({})
    number, name = one_line(request.form, "hospital_number", 50), one_line(request.form, "name")
    born = day_in(request.form.get("birth_date"))
    reason = one_line(request.form, "reason", REASON_LENGTH)
    problems = {}
    if one_line(request.form, "birth_date") and born is None:
        problems["birth_date"] = _("Write the day as year, month and day.")
    if not reason:
        problems["reason"] = _("Give a reason. The patient can read it.")
    if problems:
        return _page(problems), 422
    if not throttle.use(f"emergency access of {actor().account_id}", TRIES):
        raise TooManyRequests
    with database().read() as session:
        found = namesakes.found_exactly(session, number, name, born)
        patient = people.patient_by_id(session, found[0]) if len(found) == 1 else None
    if patient is None:
        problem = _("No patient, or more than one, matches this. Check each letter.")
        return _page({"hospital_number": problem}), 422
    try:
        services.emergency.open_record(database(), patient.id, reason, by=actor(), at=clock.now())
    except Refused as refused:
        return _page({"hospital_number": _(str(refused))}), 422
    return redirect(url_for("clinician.chart", public_id=patient.public_id), 303)


def _page(problems: dict[str, str]) -> str:
    account_id = actor().account_id
    assert account_id is not None
    with database().read() as session:
        hours = stored.open_for(session, account_id, at=clock.now())
        opened = [(people.patient_by_id(session, one.patient_id), one.until) for one in hours]
    return render(
        "clinician/emergency.html",
        opened=opened,
        problems=problems,
        typed=request.form,
    )
