"""A patient's history goes to the trends; what they find is stored as flags and a summary.

The assessment runs in a savepoint: if it fails, what was saved before it stays, and the patient is
marked as due for an assessment.
"""

import logging
from datetime import date, datetime

from ..domain.flags import Assessment
from ..domain.history import History
from ..domain.people import Actor, Role
from ..domain.sensitivity import rules_of
from ..storage import diary, receipts, standing
from ..storage.beside import Beside, beside_of
from ..storage.database import Change, DatabaseTrouble, Session
from ..storage.entry_rows import StoredEntry
from ..storage.surgeries import Stored, Thing
from ..trends import assess
from ..trends.parameters import STANDARD

log = logging.getLogger(__name__)

SYSTEM = Actor(None, "recovery-tracker", Role.SYSTEM)


def read_history(session: Session, patient_id: int) -> History | None:
    """Everything an assessment reads; None before an operation was entered."""
    beside, _ = beside_of(session, patient_id)
    if not beside.operations:
        return None
    return history_of(beside, diary.entries_of(session, patient_id))


def history_of(beside: Beside, entries: tuple[StoredEntry, ...]) -> History | None:
    """The same of what was read already."""
    if not beside.operations:
        return None
    return History(
        operations=_values(beside.operations),
        entries=tuple(stored.entry for stored in entries),
        events=_values(beside.events),
        imaging=_values(beside.imaging),
        schedule=beside.patient.schedule,
        instructions=_values(beside.instructions),
        scores=_values(beside.scores),
        sensitivity=beside.steps,
        passive=beside.passive,
        step_sources=beside.step_sources,
        diary_only=beside.diary_only,
    )


def _values(stored: tuple[Stored[Thing], ...]) -> tuple[Thing, ...]:
    return tuple(one.value for one in stored)


def assess_and_store(
    session: Change,
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
        standing.nothing_to_assess(session, patient_id)
        return None
    today = never_back(history, today)
    last = max((e.day for e in history.entries if e.has_answers()), default=None)
    try:
        with session.begin_nested():
            assessment = assess(history, today)
            operated_on = history.known_on(today).index.day
            stored = receipts.reconcile(
                session,
                patient_id,
                assessment.episodes,
                by=by,
                at=at,
                today=today,
                # While an operation is waited for everything counts that was told so far.
                since=operated_on if operated_on <= today else date.min,
                imported=imported,
                diary_only=history.diary_only,
            )
            index = history.counted_on(today).index
            standing.save_standing(
                session, patient_id, assessment, index, last_entry=last, at=at, flags=stored
            )
        return assessment
    except DatabaseTrouble:
        raise
    except Exception as error:
        # The kind of error only: its text could hold an answer.
        log.error("assessment of patient %d failed: %s", patient_id, type(error).__name__)
        standing.mark_due(session, patient_id, last_entry=last)
        return None


def never_back(history: History, today: date) -> date:
    """`today`, or the last day that the diary knows of where that is later.

    A clock that was put back, or a flight to the west, must not make a warning answer unsaid.
    """
    return max(today, history.last_known or today)


def earlier_recoveries(history: History) -> tuple[tuple[History, Assessment], ...]:
    """The recoveries before the latest operation, newest first, each as of the last day that is
    known of it; one without any entry since its operation is left out.
    """
    found = []
    for past in reversed(history.recoveries[:-1]):
        last = past.last_known
        if last is not None and last >= past.index.day:
            assessment = try_to_assess(past, last)
            found += [] if assessment is None else [(past, assessment)]
    return tuple(found)


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
