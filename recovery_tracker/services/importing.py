"""What a file holds becomes part of the record, and nothing that is there is overwritten."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.diary import DiaryEntry, Source
from ..domain.flags import Assessment
from ..domain.history import Appointment, Event, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.language import N_
from ..domain.people import Actor
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from ..storage import diary, surgeries
from ..storage.database import Change, Database
from ..storage.errors import Refused
from .assessing import assess_and_store, read_history
from .change import patient_change


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: days that were new and that were there already; `beside` counts new
    operations, events and the like."""

    added: int
    present: int
    beside: int
    assessment: Assessment | None


def import_history(
    database: Database,
    patient_id: int,
    history: History,
    *,
    by: Actor,
    at: datetime,
    today: date | None = None,
    appointments: tuple[Appointment, ...] = (),
    dry_run: bool = False,
) -> Imported:
    """Everything of `history` that the record does not hold yet is part of it; the rest stays.

    A day that is there is never overwritten, so the same file twice adds nothing. Past findings are
    stored as ended and seen; a warning answer of the last fourteen days that nothing ended stands,
    and waits for a person. With `dry_run` nothing is kept.
    """
    today = today or at.date()
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        there = diary.days_recorded(session, patient_id)
        new = [entry for entry in history.entries if entry.day not in there]
        if any(entry.day > today or _is_from_the_future(entry, at) for entry in new):
            raise Refused(N_("The file holds a day that is still to come. Nothing was imported."))
        beside = _add_missing(session, patient_id, history, appointments, by, at)
        # A file says nothing about when: known as of its own day, unless it says so itself.
        entries = [_as_imported(entry) for entry in new]
        diary.save_many(session, patient_id, entries, by=by, at=at)
        whole = read_history(session, patient_id)
        assessment = assess_and_store(session, patient_id, whole, today, by, at, imported=True)
        if dry_run:
            session.rollback()
    return Imported(len(new), len(history.entries) - len(new), beside, assessment)


def _add_missing(
    session: Change,
    patient_id: int,
    history: History,
    appointments: tuple[Appointment, ...],
    by: Actor,
    at: datetime,
) -> int:
    # A file often knows less of an operation than the record: one a day is one operation.
    days = {known.day for known in surgeries.values_of(session, patient_id, Operation)}
    new: list[Any] = [one for one in history.operations if one.day not in days]
    kinds: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (Event, history.events),
        (ImagingResult, history.imaging),
        (Instruction, history.instructions),
        (FormScore, history.scores),
        (Appointment, appointments),
    )
    for kind, given in kinds:
        known = set(surgeries.values_of(session, patient_id, kind))
        new += [one for one in given if one not in known]
    for _kind, alike in groupby(new, type):
        surgeries.add_all(session, patient_id, list(alike), by=by, at=at)
    return len(new)


def _is_from_the_future(entry: DiaryEntry, at: datetime) -> bool:
    # A clock that goes ahead by minutes is forgiven; a day that counts in years would be hidden.
    return entry.recorded_at is not None and entry.recorded_at > at + timedelta(days=1)


def _as_imported(entry: DiaryEntry) -> DiaryEntry:
    if entry.recorded_at is not None:
        return replace(entry, source=Source.IMPORT)
    noon = datetime(entry.day.year, entry.day.month, entry.day.day, 12, tzinfo=ZoneInfo("UTC"))
    return replace(entry, source=Source.IMPORT, recorded_at=noon, zone=None)
