"""Reminders: claimed before they are sent, settled afterwards (see `storage/reminders.py`)."""

from collections.abc import Callable
from datetime import date, datetime

from ..storage import diary, people, reminders
from ..storage.database import Database
from ..storage.people import Patient
from .change import change, in_one_change

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

    In the meantime the day may have been written, or the reminders turned off.
    """
    with change(database) as session:
        if not is_wanted(people.patient_by_id(session, patient_id)):
            return False
        if day in diary.days_recorded(session, patient_id):
            return False
        return reminders.claim(session, patient_id, day, at=at)
