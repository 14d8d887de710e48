"""The phone's own time zone: on which day it writes, and one tap to let the diary follow it."""

from dataclasses import replace
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Action
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.policies import PATIENT, policy
from ..shared.zones import known_zone
from . import blueprint

#: Where a civil day begins first on Earth.
_FIRST_ZONE = "Pacific/Kiritimati"


@blueprint.post("/zone")
@policy(PATIENT, Action.KEEP_SETTINGS)
def use_zone(public_id: str) -> ResponseReturnValue:
    """The diary counts its days in the zone of this phone from now on."""
    patient = load_patient(public_id, Action.KEEP_SETTINGS)
    zone = known_zone(request.form.get("zone", ""))
    if zone is None:
        raise NotFound
    services.save_patient(database(), replace(patient, zone=zone), by=actor(), at=clock.now())
    return redirect(url_for("patient.home", public_id=public_id), 303)


def latest_anywhere() -> date:
    """The latest day that a phone somewhere may already be writing."""
    return clock.today(_FIRST_ZONE)


def zone_of_phone(patient: Patient) -> str:
    """The zone an entry was written in: the phone's where it waited there, else the diary's."""
    if request.form.get("source") != "offline":
        return patient.zone
    return known_zone(request.form.get("phone_zone", "")) or patient.zone
