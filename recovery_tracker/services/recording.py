"""A day is saved, with everything that follows from it, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.context import context_of
from ..domain.diary import DiaryEntry, Source, is_empty
from ..domain.flags import Assessment
from ..domain.history import History
from ..domain.language import N_
from ..domain.merging import Keep, merge, same_answers
from ..domain.people import Actor, Occasion
from ..domain.triage import Triage, triage
from ..storage import diary, idempotency
from ..storage.database import Database, WriteSession
from ..storage.entry_rows import StoredEntry, answers_of, entry_of, row_values, version_digest
from ..storage.errors import Conflict, Refused
from ..storage.patient_record import PatientRecord, record_of
from .assessing import (
    Foreseen,
    assess_and_store,
    foresee,
    history_of,
    read_history,
    try_to_assess,
)
from .change import patient_change
from .reading import Recovery

#: How many days back a missing day may be added; an existing day may be corrected at any time.
#: Our defaults; the paper sheet holds two weeks.
DAYS_BACK = 3
DAYS_BACK_FROM_PAPER = 14
#: Days after an operation within which every day since it may be added: a hospital bed is no place
#: to start a diary. Our default.
HOSPITAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a day that was sent.

    `assessment` is None where it could not be made; the entry is saved all the same. `replayed` is
    True where the same form had been sent before and nothing was written again. `differing` names
    the answers that were saved otherwise in the meantime and stand as they were: the form is
    settled once the person has chosen (`domain.merging`).
    """

    stored: StoredEntry
    triage: Triage
    assessment: Assessment | None
    replayed: bool
    differing: tuple[str, ...] = ()


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
    chosen: Mapping[str, Keep] | None = None,
    read: Recovery | None = None,
) -> Recorded:
    """The day is in the diary once and for all, and everything that follows from it is stored.

    `today` is the civil day where the patient is. `key` is the form's: sent again, it is answered
    with the version it wrote; with other answers, it is a correction of that version.
    `expected_version` is the version the form was filled from, 0 for an empty day, None where
    nobody saw one. Where another version stands by now the two are put together: `chosen` says
    which of two different answers the person keeps, and what is not chosen yet is in `differing`.
    `read` is what the form was read with: its assessment is then made before anybody has to wait,
    and counts if the record is still that.

    Raises:
        Refused: the day is in the future or too long ago to be added, or nothing was answered.
        NotSaved: the database could not take it.
    """
    content, occasion = _content(patient_id, entry), Occasion(by, at, today)
    foreseen = None if read is None else _foreseen(read, entry, at, today)
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        first, key, own = _first_answer(session, patient_id, key, content, entry.day)
        differing: tuple[str, ...] = ()
        record, _ = record_of(session, patient_id)
        versions = diary.versions_of(session, patient_id, entry.day)
        days = diary.entries_of(session, patient_id)
        if first is not None:
            stored, is_new = versions[first - 1], False
        else:
            merged, differing = _merged(versions, entry, expected_version, own, chosen)
            is_new = not versions or not same_answers(versions[-1].entry, merged)
            if is_new:
                stored = _save(session, record, merged, versions, occasion, opened_at)
                days = diary.with_version(session, patient_id, days, stored)
            else:
                stored = versions[-1]
            if not differing:
                answer = _answer(stored, entry)
                idempotency.remember(session, key, content, answer, at=at, patient_id=patient_id)
        # Saving a day changes nothing in the rest of the record.
        history = history_of(record, days)
        found = triage_of(stored.entry, history)
        if is_new:
            assessment = assess_and_store(
                session, patient_id, history, occasion, foreseen=foreseen, told=entry.day
            )
    if not is_new:
        assessment = None if history is None else try_to_assess(history, today)
    return Recorded(stored, found, assessment, replayed=not is_new, differing=differing)


def _foreseen(read: Recovery, entry: DiaryEntry, at: datetime, today: date) -> Foreseen | None:
    """The assessment of what was read with the entry in it; None if it would change nothing."""
    before, history = read.entry_on(entry.day), history_of(read.record, read.entries)
    saved = diary.as_saved(_in_zone(entry, read.record), before, at=at)
    if history is None or (before is not None and same_answers(before.entry, saved)):
        return None
    others = [one for one in history.entries if one.day != entry.day]
    entries = tuple(sorted([*others, saved], key=lambda one: one.day))
    return foresee(replace(history, entries=entries), today)


def _in_zone(entry: DiaryEntry, record: PatientRecord) -> DiaryEntry:
    return entry if entry.zone is not None else replace(entry, zone=record.patient.zone)


def take_back_day(
    database: Database,
    patient_id: int,
    day: date,
    *,
    by: Actor,
    at: datetime,
    today: date,
    expected_version: int,
) -> None:
    """The day counts as never written; its versions stay in the history, and an empty one is added.

    Flags follow at once. A warning that it held stays visible as taken back until a person closes
    it. A day that is taken back already, or that nobody wrote, stays as it is.

    Raises:
        Conflict: the day has another version than the page showed.
        NotSaved: the database could not take it.
    """
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        versions = diary.versions_of(session, patient_id, day)
        if not versions or versions[-1].is_taken_back:
            return
        if expected_version != len(versions):
            raise Conflict(current=len(versions))
        empty = DiaryEntry(day, zone=versions[-1].entry.zone)
        record, _ = record_of(session, patient_id)
        _save(session, record, empty, versions, Occasion(by, at, max(today, day)))
        history = read_history(session, patient_id)
        assess_and_store(session, patient_id, history, Occasion(by, at, today), told=day)


def _first_answer(
    session: WriteSession, patient_id: int, key: str, content: dict[str, Any], day: date
) -> tuple[int | None, str, dict[str, Any] | None]:
    """(version this form wrote before or None, key to remember it by, what it wrote otherwise).

    A form that comes again with other answers was changed after it was sent: it corrects what it
    wrote itself, under a key of its own, so that this too is written once.
    """
    own = None
    try:
        first = idempotency.first_answer(session, key, content)
    except Conflict:
        wrote = idempotency.last_answer(session, key, patient_id)
        key = f"{key} {idempotency.content_digest(content)[:16]}"
        first = idempotency.first_answer(session, key, content)
        if isinstance(wrote, dict) and wrote.get("day") == day.isoformat():
            own = wrote
    return (None if first is None else first["version"]), key, own


def _answer(stored: StoredEntry, entry: DiaryEntry) -> dict[str, Any]:
    """What the form is answered with when it is sent again."""
    answer: dict[str, Any] = {"version": stored.version, "day": entry.day.isoformat()}
    if not same_answers(stored.entry, entry):
        # The version holds another form's answers too; what this one said is its own.
        answer["said"] = answers_of(entry)
    return answer


def _merged(
    versions: Sequence[StoredEntry],
    entry: DiaryEntry,
    expected_version: int | None,
    own: dict[str, Any] | None,
    chosen: Mapping[str, Keep] | None,
) -> tuple[DiaryEntry, tuple[str, ...]]:
    """The entry as it fits what has been saved since its form was filled in."""
    if own is not None:
        expected_version = own["version"]
    if own is not None and "said" in own:
        filled_from: DiaryEntry | None = entry_of(entry.day, own["said"])
    elif expected_version is None or expected_version == len(versions) or not versions:
        return entry, ()
    else:
        is_known = 0 < expected_version < len(versions)
        filled_from = versions[expected_version - 1].entry if is_known else None
    found = merge(filled_from, versions[-1].entry, entry, chosen)
    return found.entry, found.differing


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
        record, _ = record_of(session, patient_id)
        for entry in entries:
            versions = diary.versions_of(session, patient_id, entry.day)
            if versions:
                raise Conflict(current=versions[-1].version)
            _save(session, record, entry, versions, Occasion(by, at, today))
        idempotency.remember(session, key, content, True, at=at, patient_id=patient_id)


def _content(patient_id: int, entry: DiaryEntry) -> dict[str, Any]:
    """What makes two sends of one form the same; the instant of sending does not.

    Nor does the way it came, or from which zone: a form whose answer got lost is sent again from
    the phone's own store, and an operation may have been entered in the meantime.
    """
    never = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    plain = replace(entry, recorded_at=None, zone=None, source=Source.FORM, region=None)
    values = row_values(plain, recorded_at=never)
    return {"patient": patient_id, "entry": version_digest(values)}


def _save(
    session: WriteSession,
    record: PatientRecord,
    entry: DiaryEntry,
    versions: Sequence[StoredEntry],
    occasion: Occasion,
    opened_at: datetime | None = None,
) -> StoredEntry:
    """The entry as the version after `versions`, which are all that the day has so far."""
    by, at, today = occasion.by, occasion.at, occasion.today
    done = [one.value.day for one in record.operations]
    operated = max((day for day in done if day <= today), default=None)
    check_day(entry, today, is_there=bool(versions), operated=operated)
    if is_empty(entry) and not versions:
        raise Refused(N_("Nothing was answered, so nothing was saved."))
    entry = _in_zone(entry, record)
    return diary.add_version(
        session, record.patient.id, entry, len(versions), by=by, at=at, opened_at=opened_at
    )


def check_day(
    entry: DiaryEntry, today: date, *, is_there: bool, operated: date | None = None
) -> None:
    """Checks that the day may be written today; `operated` is the day of the latest operation done.

    Raises:
        Refused: it is in the future, or it is missing and too long ago.
    """
    if entry.day > today:
        raise Refused(N_("This day is in the future. Please choose today or an earlier day."))
    # An entry that waited on a phone was written in time, however late it arrives.
    if is_there or entry.source in (Source.IMPORT, Source.OFFLINE):
        return
    is_paper = entry.source is Source.PAPER
    if entry.day < oldest_new_day(today, from_paper=is_paper, operated=operated):
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


def oldest_new_day(today: date, *, from_paper: bool = False, operated: date | None = None) -> date:
    """The oldest missing day that may be added: back to an operation of the last two weeks."""
    oldest = today - timedelta(days=DAYS_BACK_FROM_PAPER if from_paper else DAYS_BACK)
    if operated is not None and 0 <= (today - operated).days <= HOSPITAL_DAYS:
        return min(oldest, operated)
    return oldest
