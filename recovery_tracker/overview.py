"""The hall: joins what is stored with what the trends find, and owns the transactions.

`record_day` commits the entry, its audit event and the assessment together. The assessment runs in
a savepoint: if it fails, the entry is saved all the same, its warning answers are acted on, and the
patient is marked as due for an assessment.
"""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .domain.diary import DiaryEntry, Source, is_empty
from .domain.flags import Assessment
from .domain.history import Event, History, ImagingResult
from .domain.instructions import Instruction
from .domain.language import N_
from .domain.people import Actor, Role
from .domain.questionnaires import FormScore
from .domain.surgery import Operation
from .domain.triage import OpenSign, Triage, context_of, open_signs, triage
from .storage import audit, diary, flags, idempotency, people, receipts, standing, surgeries
from .storage.database import Database, DatabaseTrouble, Session, lock_chain
from .storage.diary import StoredEntry, row_values
from .storage.errors import Conflict, NotSaved, Refused
from .storage.flags import StoredFlag
from .storage.listing import PatientList, waiting_for_assessment
from .storage.listing import patient_list as list_patients
from .storage.people import Patient
from .storage.settings import Installation, read_installation
from .storage.surgeries import Appointment, Stored
from .trends import assess
from .trends.parameters import STANDARD

log = logging.getLogger(__name__)

#: How many days back a missing day may be added; a day that is there may be corrected any time.
#: Source: design, "Days".
DAYS_BACK = 3
DAYS_BACK_FROM_PAPER = 14

SYSTEM = Actor(None, "recovery-tracker", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a day that was sent.

    `assessment` is None where it could not be made; the entry is saved all the same. `replayed` is
    True where the same form had been sent before and nothing was written again.
    """

    stored: StoredEntry
    triage: Triage
    assessment: Assessment | None
    replayed: bool


@dataclass(frozen=True, slots=True)
class Recovery:
    """One patient, one day, everything known.

    `history`, `assessment` are None before an operation was entered. `assessment` is as of today,
    or None where it failed; `assessment_is_due` then says that the flags may be older than the
    diary.
    """

    patient: Patient
    installation: Installation
    history: History | None
    entries: tuple[StoredEntry, ...]
    operations: tuple[Stored[Operation], ...]
    events: tuple[Stored[Event], ...]
    imaging: tuple[Stored[ImagingResult], ...]
    appointments: tuple[Stored[Appointment], ...]
    instructions: tuple[Stored[Instruction], ...]
    scores: tuple[Stored[FormScore], ...]
    assessment: Assessment | None
    flags: tuple[StoredFlag, ...]
    open_signs: tuple[OpenSign, ...]
    assessment_is_due: bool

    @property
    def open_flags(self) -> tuple[StoredFlag, ...]:
        """Flags that still stand, the most urgent first."""
        standing_now = [flag for flag in self.flags if flag.is_open]
        return tuple(sorted(standing_now, key=lambda flag: (-flag.urgency, flag.episode.raised_on)))

    def entry_on(self, day: date) -> StoredEntry | None:
        return next((stored for stored in self.entries if stored.day == day), None)


def record_day(
    database: Database,
    patient_id: int,
    entry: DiaryEntry,
    *,
    by: Actor,
    at: datetime,
    today: date,
    key: str,
    expected_version: int | None = None,
    opened_at: datetime | None = None,
) -> Recorded:
    """The day is in the diary once and for all, and everything that follows from it is stored.

    `today` is the civil day where the patient is. `key` is the form's: sent again, it is answered
    with the version it wrote. `expected_version` is the version the form was filled from, 0 for an
    empty day.

    Raises:
        Refused: the day is in the future or too long ago to be added, or nothing was answered.
        Conflict: the day was changed meanwhile, or the key came with other answers before.
        NotSaved: the database could not take it.
    """
    content = _content(patient_id, entry)
    with database.write() as session:
        lock_chain(session, patient_id)
        first = idempotency.first_answer(session, key, content)
        if first is not None:
            stored = diary.version_of(session, patient_id, entry.day, first["version"])
        else:
            stored = _save(session, patient_id, entry, by, at, today, expected_version, opened_at)
            answer = {"version": stored.version}
            idempotency.remember(session, key, content, answer, at=at, patient_id=patient_id)
        history = read_history(session, patient_id)
        found = triage_of(stored.entry, history)
        assessment = None
        if first is None:
            standing.entry_saved(session, patient_id, entry.day)
            assessment = _assess_and_store(session, patient_id, history, today, by, at)
    if first is not None and history is not None:
        assessment = _try_to_assess(history, today)
    return Recorded(stored, found, assessment, replayed=first is not None)


def _content(patient_id: int, entry: DiaryEntry) -> dict[str, Any]:
    """What makes two sends of one form the same; the instant of sending does not.

    Nor does the way it came: a form whose answer got lost is sent again from the phone's own store.
    """
    never = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    values = row_values(replace(entry, recorded_at=None, source=Source.FORM), recorded_at=never)
    return {"patient": patient_id, "entry": diary.digest_of(values)}


def _save(
    session: Session,
    patient_id: int,
    entry: DiaryEntry,
    by: Actor,
    at: datetime,
    today: date,
    expected_version: int | None,
    opened_at: datetime | None,
) -> StoredEntry:
    current = diary.entry_on(session, patient_id, entry.day)
    check_day(entry, today, is_there=current is not None)
    if expected_version is not None and expected_version != (current.version if current else 0):
        raise Conflict(current=current.version if current else 0)
    if is_empty(entry) and current is None:
        raise Refused(N_("Nothing was answered, so nothing was saved."))
    if entry.zone is None:
        entry = replace(entry, zone=people.patient_by_id(session, patient_id).zone)
    return diary.save_version(
        session,
        patient_id,
        entry,
        by=by,
        at=at,
        expected_version=expected_version,
        opened_at=opened_at,
    )


def check_day(entry: DiaryEntry, today: date, *, is_there: bool) -> None:
    """The day may be written today.

    Raises:
        Refused: it is in the future, or it is missing and too long ago.
    """
    if entry.day > today:
        raise Refused(N_("This day is still to come. Please choose today or a day before."))
    if is_there or entry.source is Source.IMPORT:
        return
    # An entry that waited on a phone without a signal is as welcome as one from paper.
    waited = entry.source in (Source.PAPER, Source.OFFLINE)
    days_back = DAYS_BACK_FROM_PAPER if waited else DAYS_BACK
    if (today - entry.day).days > days_back:
        if entry.source is Source.PAPER:
            raise Refused(N_("A day from the paper sheet can be added up to 14 days later."))
        raise Refused(
            N_("A missed day can be added up to 3 days later. It is fine to leave it empty.")
        )


def triage_of(entry: DiaryEntry, history: History | None) -> Triage:
    """What the answers of a day ask for; without an operation there is nothing to count from."""
    if history is None:
        return Triage(())
    return triage(entry, context_of(history, entry.day))


def read_history(session: Session, patient_id: int) -> History | None:
    """Everything an assessment reads; None before an operation was entered."""
    operations = surgeries.values_of(session, patient_id, Operation)
    if not operations:
        return None
    return _history(session, patient_id, operations, diary.entries_of(session, patient_id))


def _history(
    session: Session,
    patient_id: int,
    operations: tuple[Operation, ...],
    entries: tuple[StoredEntry, ...],
) -> History:
    return History(
        operations=operations,
        entries=tuple(stored.entry for stored in entries),
        events=surgeries.values_of(session, patient_id, Event),
        imaging=surgeries.values_of(session, patient_id, ImagingResult),
        schedule=people.patient_by_id(session, patient_id).schedule,
        instructions=surgeries.values_of(session, patient_id, Instruction),
        scores=surgeries.values_of(session, patient_id, FormScore),
    )


def _assess_and_store(
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
    try:
        with session.begin_nested():
            assessment = assess(history, today)
            receipts.reconcile(
                session,
                patient_id,
                assessment.episodes,
                by=by,
                at=at,
                today=today,
                since=history.known_on(today).index.day,
                imported=imported,
            )
            last = max((entry.day for entry in history.entries), default=None)
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


def _try_to_assess(history: History, today: date) -> Assessment | None:
    try:
        return assess(history, today)
    except Exception as error:
        log.error("assessment failed: %s", type(error).__name__)
        return None


def read_recovery(
    database: Database,
    patient_id: int,
    *,
    today: date,
    by: Actor,
    at: datetime | None = None,
    audited: bool = True,
) -> Recovery:
    """One patient as of today. A look by anyone but the patient is in the audit first.

    A summary that is past its day is assessed again and stored; everything else is only read. `at`
    is the instant of the look, by default noon of `today` in UTC; `audited` is False only for parts
    of a page whose reading is in the audit already.
    """
    at = at or datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo("UTC"))
    _before_reading(database, patient_id, today, by, at, audited)
    with database.read() as session:
        operations = surgeries.stored_of(session, patient_id, Operation)
        entries = diary.entries_of(session, patient_id)
        done = tuple(stored.value for stored in operations)
        history = _history(session, patient_id, done, entries) if done else None
        if history is not None:
            history = history.counted_on(today)
        summary = standing.standing_of(session, patient_id)
        return Recovery(
            patient=people.patient_by_id(session, patient_id),
            installation=read_installation(session),
            history=history,
            entries=entries,
            operations=operations,
            events=surgeries.stored_of(session, patient_id, Event),
            imaging=surgeries.stored_of(session, patient_id, ImagingResult),
            appointments=surgeries.stored_of(session, patient_id, Appointment),
            instructions=surgeries.stored_of(session, patient_id, Instruction),
            scores=surgeries.stored_of(session, patient_id, FormScore),
            assessment=None if history is None else _try_to_assess(history, today),
            flags=flags.flags_of(session, patient_id),
            open_signs=() if history is None else open_signs(history, today),
            assessment_is_due=summary.assessment_due,
        )


def _before_reading(
    database: Database, patient_id: int, today: date, by: Actor, at: datetime, audited: bool
) -> None:
    with database.read() as session:
        is_past = _is_past(standing.standing_of(session, patient_id), today)
    is_watched = audited and by.role is not Role.SYSTEM and by.patient_id != patient_id
    if not is_past and not is_watched:
        return
    try:
        with database.write() as session:
            if is_watched:
                audit.record_reading(session, patient_id, by=by, at=at)
            if is_past:
                history = read_history(session, patient_id)
                _assess_and_store(session, patient_id, history, today, SYSTEM, at)
    except NotSaved:
        # With a full disk a chart must still open; the log keeps what the audit could not.
        log.error("account %s read patient %d; not in the audit", by.account_id, patient_id)


def _is_past(summary: standing.Standing, today: date) -> bool:
    """Whether the stored summary may say something else today."""
    if summary.as_of is None:
        return summary.assessment_due
    changes = summary.next_change_on
    return (
        summary.assessment_due
        or (changes is not None and summary.as_of < changes <= today)
        or summary.rule_set != STANDARD.rule_set
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
        return _assess_and_store(session, patient_id, history, today, by, at)


def tick(database: Database, now: datetime) -> int:
    """Every summary whose day has come is assessed again; gives how many were.

    Idempotent: run at once again it does nothing.
    """
    latest = now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    with database.read() as session:
        waiting = waiting_for_assessment(session, latest, STANDARD.rule_set)
    done = 0
    for patient_id, zone in waiting:
        today = now.astimezone(ZoneInfo(zone)).date()
        with database.read() as session:
            is_past = _is_past(standing.standing_of(session, patient_id), today)
        if is_past and reassess(database, patient_id, today=today, at=now) is not None:
            done += 1
    return done


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: days that were new, days that were there already."""

    added: int
    present: int
    assessment: Assessment | None


def import_history(
    database: Database,
    patient_id: int,
    history: History,
    *,
    by: Actor,
    at: datetime,
    today: date | None = None,
    dry_run: bool = False,
) -> Imported:
    """Everything of `history` that the record does not hold yet is part of it; the rest stays.

    A day that is there is never overwritten, so the same file twice adds nothing. Past findings are
    stored as ended and seen. With `dry_run` nothing is kept.
    """
    today = today or at.date()
    with database.write() as session:
        lock_chain(session, patient_id)
        there = diary.days_recorded(session, patient_id)
        new = [entry for entry in history.entries if entry.day not in there]
        if any(entry.day > today for entry in new):
            raise Refused(N_("The file holds a day that is still to come. Nothing was imported."))
        was_empty = not there
        _add_missing(session, patient_id, history, by, at)
        # A file says nothing about when: known as of its own day, unless it says so itself.
        entries = [_as_imported(entry) for entry in new]
        diary.save_many(session, patient_id, entries, by=by, at=at)
        whole = read_history(session, patient_id)
        assessment = _assess_and_store(
            session, patient_id, whole, today, by, at, imported=was_empty
        )
        if dry_run:
            session.rollback()
    return Imported(len(new), len(history.entries) - len(new), assessment)


def _add_missing(
    session: Session, patient_id: int, history: History, by: Actor, at: datetime
) -> None:
    # A file often knows less of an operation than the record: one a day is one operation.
    days = {known.day for known in surgeries.values_of(session, patient_id, Operation)}
    for operation in history.operations:
        if operation.day not in days:
            surgeries.add(session, patient_id, operation, by=by, at=at)
    events = surgeries.values_of(session, patient_id, Event)
    for event in history.events:
        if event not in events:
            surgeries.add(session, patient_id, event, by=by, at=at)
    imaging = surgeries.values_of(session, patient_id, ImagingResult)
    for result in history.imaging:
        if result not in imaging:
            surgeries.add(session, patient_id, result, by=by, at=at)


def _as_imported(entry: DiaryEntry) -> DiaryEntry:
    if entry.recorded_at is not None:
        return replace(entry, source=Source.IMPORT)
    noon = datetime(entry.day.year, entry.day.month, entry.day.day, 12, tzinfo=ZoneInfo("UTC"))
    return replace(entry, source=Source.IMPORT, recorded_at=noon, zone=None)


def patient_list(
    database: Database,
    actor: Actor,
    *,
    today: date,
    filter: str = "all",
    search: str = "",
    page: int = 1,
) -> PatientList:
    """A page of the patients an actor cares for, those in need of a look first."""
    with database.read() as session:
        return list_patients(session, actor, today=today, filter=filter, search=search, page=page)


def today_of(patient: Patient, now: datetime) -> date:
    """The civil day where the patient is."""
    return now.astimezone(ZoneInfo(patient.zone)).date()


def oldest_new_day(today: date, *, from_paper: bool = False) -> date:
    """The oldest missing day that may still be added."""
    return today - timedelta(days=DAYS_BACK_FROM_PAPER if from_paper else DAYS_BACK)
