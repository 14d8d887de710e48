"""A patient's history goes to the trends; what they find is stored as flags and a summary.

The assessment runs in a savepoint: if it fails, what was saved before it stays, the warning answers
are flagged without any statistics, and the patient is marked as due for an assessment.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from ..domain.context import SAME_MATTER_DAYS
from ..domain.flags import Assessment, Condition, Episode, Urgency
from ..domain.history import History
from ..domain.people import Actor, Occasion, Role
from ..domain.sensitivity import rules_of
from ..domain.sign_form import YES_ALONE
from ..storage import diary, flag_updates, flags, patient_summary
from ..storage.database import DatabaseTrouble, Session, WriteSession
from ..storage.entry_rows import StoredEntry
from ..storage.patient_record import PatientRecord, record_of
from ..storage.record_rows import Stored, Thing
from ..storage.tables.flags import FlagRow
from ..trends import answer_findings, answers_beside, assess
from ..trends.answers import fold
from ..trends.parameters import STANDARD

log = logging.getLogger(__name__)

SYSTEM = Actor(None, "recovery-tracker", Role.SYSTEM)


def read_history(session: Session, patient_id: int) -> History | None:
    """Everything that an assessment reads; None before an operation was entered."""
    record, _ = record_of(session, patient_id)
    if not record.operations:
        return None
    return history_of(record, diary.entries_of(session, patient_id))


def history_of(record: PatientRecord, entries: tuple[StoredEntry, ...]) -> History | None:
    """The same from what has already been read."""
    if not record.operations:
        return None
    return History(
        operations=_values(record.operations),
        entries=tuple(stored.entry for stored in entries),
        events=_values(record.events),
        imaging=_values(record.imaging),
        schedule=record.patient.schedule,
        instructions=_values(record.instructions),
        scores=_values(record.scores),
        medicines=_values(record.medicines),
        sensitivity=record.steps,
        passive=record.passive,
        step_sources=record.step_sources,
        own_item=record.patient.own_item,
        diary_only=record.diary_only,
    )


def _values(stored: tuple[Stored[Thing], ...]) -> tuple[Thing, ...]:
    return tuple(one.value for one in stored)


def assess_and_store(
    session: WriteSession,
    patient_id: int,
    history: History | None,
    occasion: Occasion,
    *,
    imported: bool = False,
    foreseen: "Foreseen | None" = None,
    told: date | None = None,
) -> Assessment | None:
    """The assessment, with flags and summary stored; None if it failed and is now due.

    What was `foreseen` of the same record is not worked out again. `told` is the day that was just
    written: a warning of it counts however long ago it is.
    """
    if history is None:
        patient_summary.nothing_to_assess(session, patient_id)
        return None
    today = never_back(history, occasion.today)
    occasion = replace(occasion, today=today)
    last = next((e.day for e in reversed(history.entries) if e.has_answers()), None)
    store = partial(_store_flags, session, patient_id, history, occasion, told, imported)
    try:
        with session.begin_nested():
            known = None if foreseen is None else foreseen.of(history, today)
            assessment = known or assess(history, today)
            stored = store(assessment.episodes)
            index = history.counted_on(today).index
            patient_summary.save_summary(
                session,
                patient_id,
                assessment,
                index,
                last_entry=last,
                at=occasion.at,
                flags=stored,
            )
        return assessment
    except DatabaseTrouble:
        raise
    except Exception as error:
        # Only the kind of error: its text could contain an answer.
        log.error("assessment of patient %d failed: %s", patient_id, type(error).__name__)
        _store_answers(session, patient_id, history, today, store)
        patient_summary.mark_due(session, patient_id, last_entry=last)
        return None


def _store_flags(
    session: WriteSession,
    patient_id: int,
    history: History,
    occasion: Occasion,
    told: date | None,
    imported: bool,
    episodes: Sequence[Episode],
) -> list[FlagRow]:
    """Every flag of the patient, in step with the episodes that were found."""
    today = occasion.today
    shown = flag_updates.Shown(
        episodes,
        since=_counted_from(history, today),
        before=told_before(history, today, told),
        told=told,
        diary_only=history.diary_only,
        to_come=lambda: _to_come(history, today),
        said_which=frozenset(
            entry.day
            for entry in history.entries
            if entry.daily_signs and YES_ALONE not in entry.daily_signs
        ),
    )
    return flag_updates.reconcile(session, patient_id, shown, occasion, imported=imported)


def told_before(history: History, today: date, told: date | None = None) -> tuple[Episode, ...]:
    """The emergency and same-day answers about days before the index operation, as raised before
    it: those that are told, or told more of, only after it are known to nobody else.

    None until that operation takes place. Older ones than the form would still ask about are
    history, unless they are about `told`.
    """
    known = history.known_on(today)
    last, oldest = known.index.day - timedelta(days=1), today - timedelta(days=SAME_MATTER_DAYS)
    if last >= today or last < min(oldest, told or oldest):
        return ()
    entries = tuple(entry for entry in known.entries if entry.day <= last)
    events = tuple(event for event in known.events if event.day <= last)
    past = replace(known.counted_on(last), entries=entries, events=events)
    found = fold(past.index, past.days_told, last, operations_before=past.before_index).episodes
    return tuple(
        replace(episode, raised_on=min(episode.raised_on, last))
        for episode in found
        if episode.worst_urgency >= Urgency.SAME_DAY
        and (told in episode.days or max(episode.days, default=last) >= oldest)
    )


def _counted_from(history: History, today: date) -> date:
    """The first day that counts: until the operation takes place, everything reported so far."""
    operated_on = history.known_on(today).index.day
    return operated_on if operated_on <= today else date.min


def _store_answers(
    session: WriteSession,
    patient_id: int,
    history: History,
    today: date,
    store: Callable[[Sequence[Episode]], object],
) -> None:
    """Warning answers are flagged although the assessment failed; what statistics found before
    stands as it was.
    """
    try:
        with session.begin_nested():
            since = _counted_from(history, today)
            found_before = [
                flag.episode
                for flag in flags.flags_of(session, patient_id)
                if flag.condition is not Condition.WITHDRAWN and flag.episode.raised_on >= since
            ]
            store(answers_beside(found_before, answer_findings(history, today).episodes))
            patient_summary.refresh_need(session, patient_id)
    except DatabaseTrouble:
        raise
    except Exception as error:
        log.error("answers of patient %d not flagged: %s", patient_id, type(error).__name__)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an assessment found before anything was locked; it holds while the history is the same.

    `today` was asked for and `as_of` is the day that it is of; `found` is None where it failed.
    """

    today: date
    as_of: date
    history: History | None
    found: Assessment | None

    def of(self, history: History, as_of: date) -> Assessment | None:
        """What was found, if it was of this history and this day."""
        return self.found if (self.history, self.as_of) == (history, as_of) else None


def foresee(history: History | None, today: date) -> Foreseen:
    """What `assess_and_store` would find as of `today`, with nothing stored."""
    if history is None:
        return Foreseen(today, today, None, None)
    as_of = never_back(history, today)
    return Foreseen(today, as_of, history, try_to_assess(history, as_of))


#: How far ahead of the day where the patient is now a day may have been written elsewhere: from the
#: first zone of the world to the last it is 26 hours.
FLIGHT = timedelta(days=2)


def never_back(history: History, today: date) -> date:
    """`today`, or the last day that the diary knows about if that is a little later.

    A flight to the west must not undo a warning answer. A day further ahead was written while the
    clock of the computer was wrong: to wait for it would be to look for no pattern until then.
    """
    last = history.last_known
    if last is None or last <= today:
        return today
    if last <= today + FLIGHT:
        return last
    known = (max(one.day, one.recorded_on()) for one in history.entries)
    return max((day for day in known if today < day <= today + FLIGHT), default=today)


def _to_come(history: History, today: date) -> Sequence[Episode] | None:
    """What is found as of the last day that the diary knows about, however far ahead."""
    found = try_to_assess(history, max(today, history.last_known or today))
    return None if found is None else found.episodes


def earlier_recoveries(history: History) -> tuple[tuple[History, Assessment], ...]:
    """The recoveries before the latest operation, newest first, each as of its last known day; one
    without any entry since its operation is left out.
    """
    found = []
    for past in reversed(history.recoveries[:-1]):
        last = past.last_known
        if last is not None and last >= past.index.day:
            assessment = try_to_assess(past, last)
            found += [] if assessment is None else [(past, assessment)]
    return tuple(found)


def try_to_assess(history: History, today: date) -> Assessment | None:
    """The assessment with nothing stored; None if it failed."""
    try:
        return assess(history, today)
    except Exception as error:
        log.error("assessment failed: %s", type(error).__name__)
        return None


def is_past(summary: patient_summary.PatientSummary, today: date) -> bool:
    """Whether the stored summary may be different today."""
    if summary.as_of is None:
        return summary.assessment_due
    changes = summary.next_change_on
    return (
        summary.assessment_due
        or (changes is not None and summary.as_of < changes <= today)
        or rules_of(summary.rule_set) != STANDARD.rule_set
    )
