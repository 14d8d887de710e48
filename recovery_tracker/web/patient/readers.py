"""Who may look: the clinicians of a patient, when each last looked, and the end of it.

A patient may end it alone and at once. Beginning it anew takes the clinic, where the person signs
in; so the page asks once and says what will no longer be seen.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Action
from ...storage import accounts, audit, people
from ...storage.people import Patient
from .. import clock
from ..access import actor, database, installation, load_patient
from ..language import say_day
from ..pages import new_key, render
from ..policies import PATIENT, policy
from . import blueprint


@dataclass(frozen=True, slots=True)
class Reader:
    """A clinician who may open the diary."""

    account_id: int
    public_id: str
    name: str
    #: When they last looked, in words.
    looked: str


@blueprint.route("/readers/<reader_id>", methods=["GET", "POST"])
@policy(PATIENT, Action.CHOOSE_READERS)
def reader(public_id: str, reader_id: str) -> ResponseReturnValue:
    """Asks whether this clinician may no longer look; from the button on they may not."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    known = readers_of(patient)
    found = next((one for one in known if one.public_id == reader_id), None)
    settings = url_for("patient.settings", public_id=public_id, _anchor="readers")
    if found is None:
        if request.method == "POST":
            return redirect(settings, 303)  # A second press: it has ended already.
        raise NotFound
    if request.method != "POST":
        return render(
            "patient/reader.html",
            patient=patient,
            reader=found,
            is_last=len(known) == 1,
            clinic=installation(),
            key=new_key(),
        )
    services.end_care(database(), patient.id, found.account_id, by=actor(), at=clock.now())
    return redirect(settings, 303)


def readers_of(patient: Patient) -> list[Reader]:
    """The clinicians who may open the diary, each with the day of their last look."""
    with database().read() as session:
        found = [
            accounts.account_by_id(session, one) for one in people.care_of(session, patient.id)
        ]
        looked = audit.last_readings(session, patient.id)
    return [
        Reader(one.id, one.public_id, one.name, _last_look(looked.get(one.id), patient))
        for one in found
        if one is not None and one.active
    ]


def _last_look(at: datetime | None, patient: Patient) -> str:
    if at is None:
        return _("has not looked yet")
    return _("last looked on %(day)s", day=say_day(clock.day_of(at, patient.zone)))
