"""Reminders: claimed before they are sent, settled afterwards (see `storage/reminders.py`)."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from ..domain.people import Actor
from ..storage import diary, people, reminders
from ..storage.database import Database
from ..storage.people import Patient
from .assessing import SYSTEM
from .change import change, in_one_change, patient_change

settle_reminder = in_one_change(reminders.settle)


def claim_reminder(
    database: Database,
    patient_id: int,
    day: date,
    is_wanted: Callable[[Patient], bool],
    *,
    at: datetime,
) -> bool:
    """Whether the caller, and nobody else, may send the reminder of this day now.

    Between the look and now the day may have been written, or the reminders stopped.
    """
    with change(database) as session:
        if not is_wanted(people.patient_by_id(session, patient_id)):
            return False
        if day in diary.days_recorded(session, patient_id):
            return False
        return reminders.claim(session, patient_id, day, at=at)


def forget_device(
    database: Database, patient_id: int, device: Mapping[str, str], *, at: datetime
) -> None:
    """The diary no longer rings on this device, which its push service has forgotten."""
    with patient_change(database, patient_id, by=SYSTEM, at=at) as session:
        patient = people.patient_by_id(session, patient_id)
        rings = [one for one in patient.preferences.get("rings", ()) if one != device]
        people.update_patient(
            session,
            people.with_preferences(patient, rings=rings),
            expected_version=patient.version,
            by=SYSTEM,
            at=at,
        )


def stop_ringing(
    database: Database,
    patient_id: int,
    endpoints: Collection[str] | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The diary no longer rings on the devices with these addresses; None stands for every one."""
    with database.read() as reading:
        rings = people.patient_by_id(reading, patient_id).preferences.get("rings") or []
    if not any(endpoints is None or one["endpoint"] in endpoints for one in rings):
        return
    with patient_change(database, patient_id, by=by, at=at) as session:
        patient = people.patient_by_id(session, patient_id)
        stay = [
            one
            for one in patient.preferences.get("rings") or []
            if endpoints is not None and one["endpoint"] not in endpoints
        ]
        people.update_patient(
            session,
            people.with_preferences(patient, rings=stay),
            expected_version=patient.version,
            by=by,
            at=at,
        )
