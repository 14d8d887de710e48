"""Reminders that were attempted: claimed before they are sent (`claims`), one for each day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ..domain.reminders import Delivery
from . import claims
from .database import WriteSession, lock_chain
from .tables.diary import EntryRow
from .tables.reminders import ReminderRow


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder for one day; `at` is the time of the latest attempt."""

    day: date
    outcome: Delivery
    at: datetime


def may_claim(session: Session, patient_id: int, day: date, at: datetime) -> bool:
    """Whether a reminder for this day may be tried at `at`."""
    return claims.may_claim(session, ReminderRow, at, patient_id=patient_id, day=day)


def claim(session: WriteSession, patient_id: int, day: date, *, at: datetime) -> bool:
    """Whether the caller alone may send this day's reminder now."""
    lock_chain(session, patient_id)
    return claims.claim(session, ReminderRow, at=at, patient_id=patient_id, day=day)


def settle(session: WriteSession, patient_id: int, day: date, outcome: Delivery) -> None:
    """The outcome of a claimed reminder is recorded."""
    claims.settle(session, ReminderRow, outcome, patient_id=patient_id, day=day)


def reminders_of(session: Session, patient_id: int) -> tuple[Reminder, ...]:
    """Every reminder to a patient, latest first."""
    query = select(ReminderRow).where(ReminderRow.patient_id == patient_id)
    rows = session.scalars(query.order_by(ReminderRow.day.desc()))
    return tuple(Reminder(row.day, Delivery(row.outcome), row.at) for row in rows)


def since_last_entry(
    session: Session, patient_ids: Iterable[int]
) -> Mapping[int, Counter[Delivery]]:
    """How many reminders had each outcome since the patient last wrote anything, for any day.

    Patients without reminders are left out. One query, however many patients.
    """
    wrote_since = exists().where(
        EntryRow.patient_id == ReminderRow.patient_id, EntryRow.recorded_at >= ReminderRow.at
    )
    query = (
        select(ReminderRow.patient_id, ReminderRow.outcome, func.count())
        .where(ReminderRow.patient_id.in_(list(patient_ids)), ~wrote_since)
        .group_by(ReminderRow.patient_id, ReminderRow.outcome)
    )
    found: dict[int, Counter[Delivery]] = {}
    for patient_id, outcome, count in session.execute(query):
        found.setdefault(patient_id, Counter())[Delivery(outcome)] = count
    return found
