"""A day is saved, with everything that follows from it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.context import context_of
from ..domain.diary import DiaryEntry, Source, is_empty
from ..domain.flags import Assessment
from ..domain.history import History
from ..domain.language import N_
from ..domain.people import Actor
from ..domain.triage import Triage, triage
from ..storage import diary, idempotency, people, standing
from ..storage.database import Change, Database
from ..storage.entry_rows import StoredEntry, digest_of, row_values
from ..storage.errors import Conflict, Refused
from .assessing import assess_and_store, read_history, try_to_assess
from .change import patient_change

#: How many days back a missing day may be added; a day that is there may be corrected any time.
#: Our defaults; the paper sheet holds two weeks.
DAYS_BACK = 3
DAYS_BACK_FROM_PAPER = 14


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
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
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
            assessment = assess_and_store(session, patient_id, history, today, by, at)
    if first is not None and history is not None:
        assessment = try_to_assess(history, today)
    return Recorded(stored, found, assessment, replayed=first is not None)


def record_days(
    database: Database,
    patient_id: int,
    entries: Sequence[DiaryEntry],
    *,
    by: Actor,
    at: datetime,
    today: date,
    key: str,
) -> None:
    """Every day of a sheet is in the diary, with what follows from them all, or none is.

    `key` is the form's: the same sheet sent again writes nothing.

    Raises:
        Refused: a day is in the future or too long ago to be added, or holds no answer.
        Conflict: a day is in the diary already, or the key came with other answers before.
        NotSaved: the database could not take it.
    """
    content = [_content(patient_id, entry) for entry in entries]
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        if idempotency.first_answer(session, key, content) is not None:
            return
        for entry in entries:
            _save(session, patient_id, entry, by, at, today, 0, None)
            standing.entry_saved(session, patient_id, entry.day)
        idempotency.remember(session, key, content, True, at=at, patient_id=patient_id)


def _content(patient_id: int, entry: DiaryEntry) -> dict[str, Any]:
    """What makes two sends of one form the same; the instant of sending does not.

    Nor does the way it came: a form whose answer got lost is sent again from the phone's own store.
    """
    never = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    values = row_values(replace(entry, recorded_at=None, source=Source.FORM), recorded_at=never)
    return {"patient": patient_id, "entry": digest_of(values)}


def _save(
    session: Change,
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
    # An entry that waited on a phone was written in time, however late it arrives.
    if is_there or entry.source in (Source.IMPORT, Source.OFFLINE):
        return
    is_paper = entry.source is Source.PAPER
    if entry.day < oldest_new_day(today, from_paper=is_paper):
        if is_paper:
            raise Refused(N_("A day from the paper sheet can be added up to 14 days later."))
        raise Refused(
            N_("A missed day can be added up to 3 days later. It is fine to leave it empty.")
        )


def triage_of(entry: DiaryEntry, history: History | None) -> Triage:
    """What the answers of a day ask for; without an operation there is nothing to count from."""
    if history is None:
        return Triage(())
    return triage(entry, context_of(history, entry.day))


def oldest_new_day(today: date, *, from_paper: bool = False) -> date:
    """The oldest missing day that may still be added."""
    return today - timedelta(days=DAYS_BACK_FROM_PAPER if from_paper else DAYS_BACK)
