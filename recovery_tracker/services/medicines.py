"""Medicines: a new dose ends the one before it and ends with the one after it, in one write."""

from dataclasses import replace
from datetime import datetime, timedelta

from ..domain.language import N_
from ..domain.medicines import Medicine
from ..domain.people import Actor
from ..storage import record_rows
from ..storage.database import Database, WriteSession
from ..storage.errors import RefusedDay
from .change import once, patient_change
from .record import content_of


def add_medicine(
    database: Database, patient_id: int, medicine: Medicine, *, key: str, by: Actor, at: datetime
) -> None:
    """The medicine is on the list, once, however often the form of this key is sent. Another dose
    of it that goes on ends on the day before; where a later dose is known already, this one ends on
    the day before that.

    Raises:
        RefusedDay: another dose of it begins on the same day.
        Refused: a value is none that the record takes.
        Conflict: the key came with another value before.
        NotSaved: the database could not take it.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        once(
            session,
            key,
            content_of(patient_id, medicine),
            lambda: _add(session, patient_id, medicine, by, at),
            at=at,
            patient_id=patient_id,
        )


def _add(
    session: WriteSession, patient_id: int, medicine: Medicine, by: Actor, at: datetime
) -> record_rows.Stored[Medicine]:
    same = [
        stored
        for stored in record_rows.stored_of(session, patient_id, Medicine)
        if stored.value.key == medicine.key
    ]
    if any(stored.value.day == medicine.day for stored in same):
        raise RefusedDay(
            N_("A dose of this medicine begins on that day already. Remove it first, further down")
        )
    later = min((s.value.day for s in same if s.value.day > medicine.day), default=None)
    if later is not None and medicine.is_taken(later):
        medicine = replace(medicine, until=later - timedelta(days=1))
    for stored in same:
        one = stored.value
        if one.day < medicine.day and one.is_taken(medicine.day):
            record_rows.edit(
                session,
                patient_id,
                stored.public_id,
                replace(one, until=medicine.day - timedelta(days=1)),
                expected_version=stored.version,
                by=by,
                at=at,
            )
    return record_rows.add(session, patient_id, medicine, by=by, at=at)
