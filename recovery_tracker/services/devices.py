"""Devices that ring: those of the owner of a diary, and those of a clinician.

A change starts from the devices stored at that moment, so that two simultaneous changes both
count.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.people import Actor
from ..storage import alerts, people
from ..storage.database import Database
from .alerts import note_wishes
from .change import change, patient_change

Device = dict[str, Any]
Change = Callable[[Iterable[Device]], Sequence[Device]]
"""The devices that ring from now on, of those that rang until now."""


def all_but(endpoints: Collection[str] | None) -> Change:
    """Devices with these addresses ring no more; None stands for every device."""
    return lambda known: [
        one for one in known if endpoints is not None and one["endpoint"] not in endpoints
    ]


def all_but_this(device: Mapping[str, str]) -> Change:
    """This device rings no more; the same browser with other keys still does."""
    return lambda known: [one for one in known if one != device]


def change_devices(
    database: Database, patient_id: int, changed: Change, *, by: Actor, at: datetime
) -> None:
    """The diary rings on the devices that `changed` gives."""
    with database.read() as reading:
        before = _devices_of(people.patient_by_id(reading, patient_id))
    if list(changed(before)) == before:
        return
    with patient_change(database, patient_id, by=by, at=at) as session:
        patient = people.patient_by_id(session, patient_id)
        people.update_patient(
            session,
            people.with_preferences(patient, rings=list(changed(_devices_of(patient)))),
            expected_version=patient.version,
            by=by,
            at=at,
        )


def change_staff_devices(
    database: Database, account_id: int, changed: Change, *, by: Actor, at: datetime
) -> None:
    """The clinician gets messages on the devices that `changed` gives."""
    with database.read() as reading:
        before = alerts.wishes_of(reading, account_id).rings
    if tuple(changed(before)) == before:
        return
    with change(database) as session:
        known = alerts.wishes_of(session, account_id)
        alerts.save_wishes(session, replace(known, rings=tuple(changed(known.rings))))
        note_wishes(session, account_id, by, at)


def _devices_of(patient: people.Patient) -> list[Device]:
    return list(patient.preferences.get("rings") or ())
