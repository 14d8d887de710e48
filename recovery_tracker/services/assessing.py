"""A patient's history goes to the trends; what they find is stored as flags and a summary.

The assessment runs in a savepoint: if it fails, what was saved before it stays, and the patient is
marked as due for an assessment.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from time import perf_counter, sleep
from zoneinfo import ZoneInfo

from ..domain.flags import Assessment
from ..domain.history import Event, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.people import Actor, Role
from ..domain.questionnaires import FormScore
from ..domain.sensitivity import rules_of
from ..domain.surgery import Operation
from ..storage import diary, people, receipts, sensitivity, standing, surgeries
from ..storage.database import Database, DatabaseTrouble, Session, lock_chain
from ..storage.entry_rows import StoredEntry
from ..storage.listing import waiting_for_assessment
from ..trends import assess
from ..trends.parameters import STANDARD

log = logging.getLogger(__name__)

SYSTEM = Actor(None, "recovery-tracker", Role.SYSTEM)


def read_history(session: Session, patient_id: int) -> History | None:
    """Everything an assessment reads; None before an operation was entered."""
    operations = surgeries.values_of(session, patient_id, Operation)
    if not operations:
        return None
    return history_from(session, patient_id, operations, diary.entries_of(session, patient_id))


def history_from(
    session: Session,
    patient_id: int,
    operations: tuple[Operation, ...],
    entries: tuple[StoredEntry, ...],
) -> History:
    """The same of operations and entries that were read already."""
    patient = people.patient_by_id(session, patient_id)
    return History(
        operations=operations,
        entries=tuple(stored.entry for stored in entries),
        events=surgeries.values_of(session, patient_id, Event),
        imaging=surgeries.values_of(session, patient_id, ImagingResult),
        schedule=patient.schedule,
        instructions=surgeries.values_of(session, patient_id, Instruction),
        scores=surgeries.values_of(session, patient_id, FormScore),
        sensitivity=sensitivity.steps_of(session, patient_id, patient.zone),
    )


def assess_and_store(
    session: Session,
    patient_id: int,
    history: History | None,
    today: date,
    by: Actor,
    at: datetime,
    *,
    imported: bool = False,
) -> Assessment | None:
    """The assessment, with flags and summary stored; None where it failed and is now due."""
    if history is None:
        return None
    today = never_back(history, today)
    try:
        with session.begin_nested():
            assessment = assess(history, today)
            operated_on = history.known_on(today).index.day
            receipts.reconcile(
                session,
                patient_id,
                assessment.episodes,
                by=by,
                at=at,
                today=today,
                # While an operation is waited for everything counts that was told so far.
                since=operated_on if operated_on <= today else date.min,
                imported=imported,
            )
            last = max((e.day for e in history.entries if e.has_answers()), default=None)
            index = history.counted_on(today).index
            standing.save_standing(session, patient_id, assessment, index, last_entry=last, at=at)
        return assessment
    except DatabaseTrouble:
        raise
    except Exception as error:
        # The kind of error only: its text could hold an answer.
        log.error("assessment of patient %d failed: %s", patient_id, type(error).__name__)
        standing.mark_due(session, patient_id)
        return None


def never_back(history: History, today: date) -> date:
    """`today`, or the last day that the diary knows of where that is later.

    A clock that was put back, or a flight to the west, must not make a warning answer unsaid.
    """
    return max(today, history.last_known or today)


def try_to_assess(history: History, today: date) -> Assessment | None:
    """The assessment with nothing stored; None where it failed."""
    try:
        return assess(history, today)
    except Exception as error:
        log.error("assessment failed: %s", type(error).__name__)
        return None


def is_past(summary: standing.Standing, today: date) -> bool:
    """Whether the stored summary may say something else today."""
    if summary.as_of is None:
        return summary.assessment_due
    changes = summary.next_change_on
    return (
        summary.assessment_due
        or (changes is not None and summary.as_of < changes <= today)
        or rules_of(summary.rule_set) != STANDARD.rule_set
    )


def reassess(
    database: Database, patient_id: int, *, today: date, at: datetime, by: Actor = SYSTEM
) -> Assessment | None:
    """Flags and summary follow the record as it is now: after a change of anything but a day.

    None where there is no operation, or where the assessment failed and is marked as due.
    """
    with database.write() as session:
        lock_chain(session, patient_id)
        history = read_history(session, patient_id)
        return assess_and_store(session, patient_id, history, today, by, at)


def tick(
    database: Database,
    now: datetime,
    shown: Callable[[list[tuple[int, str]]], Iterable[tuple[int, str]]] = iter,
) -> int:
    """Every summary whose day has come is assessed again; gives how many were.

    `shown` hands out the patients one by one and may show how far it is: after a change of the
    rules ten thousand take ten minutes (measured: 31 ms of the processor for each, and its rest).
    Idempotent: run at once again it does nothing. It rests as long as it works, because SQLite lets
    one write at a time and keeps no queue. Measured on two busy cores, beside a tick of 150: a save
    took 0.13 s (at most 0.9 s); without the rests one waited over ten seconds and was refused.
    """
    latest = now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    with database.read() as session:
        waiting = waiting_for_assessment(session, latest, STANDARD.rule_set)
    done = 0
    for patient_id, zone in shown(waiting):
        began = perf_counter()
        today = now.astimezone(ZoneInfo(zone)).date()
        with database.read() as session:
            due = is_past(standing.standing_of(session, patient_id), today)
        if due and reassess(database, patient_id, today=today, at=now) is not None:
            done += 1
            sleep(perf_counter() - began)
    return done
