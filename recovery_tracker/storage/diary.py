"""The diary: versions of days, written once and never changed; a correction is a new version."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from ..domain.diary import DiaryEntry, Source
from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession, lock_chain
from .entry_rows import (
    StoredEntry,
    as_written,
    recorded_as,
    to_stored,
    version_values,
)
from .tables.diary import EntryRow
from .tables.record import AuditHeadRow

_TABLE = EntryRow.__table__
#: Columns, not objects: two years of days are read at every save.
_COLUMNS = select(*_TABLE.columns)
_NEW_VERSION = insert(cast(Table, _TABLE)).returning(*_TABLE.columns)


def save_version(
    session: WriteSession,
    patient_id: int,
    entry: DiaryEntry,
    *,
    by: Actor,
    at: datetime,
) -> StoredEntry:
    """The entry is the newest version of its day.

    It was recorded `at`, unless it came from a file or an offline page that gives the time itself.
    """
    lock_chain(session, patient_id)
    current = len(versions_of(session, patient_id, entry.day))
    return add_version(session, patient_id, entry, current, by=by, at=at)


def add_version(
    session: WriteSession,
    patient_id: int,
    entry: DiaryEntry,
    current: int,
    *,
    by: Actor,
    at: datetime,
    opened_at: datetime | None = None,
) -> StoredEntry:
    """The same for a caller that holds the lock and knows that the day has `current` versions."""
    values = version_values(
        entry,
        patient_id,
        current + 1,
        by=by,
        recorded_at=_recorded(entry, at),
        opened_at=opened_at,
    )
    row = session.execute(_NEW_VERSION, values).one()
    action = AuditAction.ENTRY_CORRECTED if current else AuditAction.ENTRY_SAVED
    details = {
        "day": entry.day.isoformat(),
        "version": current + 1,
        "source": str(entry.source),
        "digest": values["digest"],
    }
    record(session, action, by=by, at=at, patient_id=patient_id, details=details)
    session.record_changed(patient_id)
    first = _first_row(session, patient_id, entry.day) if current else row
    return _remember(row, first)


def save_many(
    session: WriteSession,
    patient_id: int,
    entries: Iterable[DiaryEntry],
    *,
    by: Actor,
    at: datetime,
) -> int:
    """The first versions of many days together; none of these days may have one yet.

    One audit event names them all; returns how many there are.
    """
    rows = [
        version_values(entry, patient_id, 1, by=by, recorded_at=_recorded(entry, at))
        for entry in entries
    ]
    if rows:
        session.execute(insert(EntryRow), rows)
        details = {
            "days": len(rows),
            "entries": [[row["day"].isoformat(), 1, row["digest"]] for row in rows],
        }
        record(session, AuditAction.IMPORTED, by=by, at=at, patient_id=patient_id, details=details)
        session.record_changed(patient_id)
    return len(rows)


def as_saved(entry: DiaryEntry, before: StoredEntry | None, *, at: datetime) -> DiaryEntry:
    """The entry as it is read once it is saved `at`; `before` is its day as it stands now."""
    first = before.entry if before else replace(entry, recorded_at=_recorded(entry, at))
    return replace(as_written(entry), recorded_at=first.recorded_at, zone=first.zone)


def with_version(
    session: Session, patient_id: int, days: tuple[StoredEntry, ...], stored: StoredEntry
) -> tuple[StoredEntry, ...]:
    """What `entries_of` gives after the only write since it gave `days`: this version."""
    others = [one for one in days if one.day != stored.day]
    added = [] if stored.is_taken_back else [stored]
    found = tuple(sorted([*others, *added], key=lambda one: one.day))
    _keep_whole(_stamp(session, patient_id), found)
    return found


def _keep_whole(stamp: tuple[Any, ...], days: tuple[StoredEntry, ...]) -> None:
    if len(_whole) >= _WHOLE_LIMIT:
        _whole.clear()
    _whole[stamp] = days


def _recorded(entry: DiaryEntry, at: datetime) -> datetime:
    if entry.recorded_at is None and entry.source is Source.IMPORT:
        # Known as of its own day: a file that gives no time makes no day late.
        day = entry.day
        return min(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), at)
    if entry.recorded_at is None or entry.source not in (Source.IMPORT, Source.OFFLINE):
        return at
    return min(entry.recorded_at, at)


def entry_on(session: Session, patient_id: int, day: date) -> StoredEntry | None:
    """The day in its newest version; None if nothing was recorded."""
    versions = versions_of(session, patient_id, day)
    return versions[-1] if versions else None


def versions_of(session: Session, patient_id: int, day: date) -> tuple[StoredEntry, ...]:
    """Every version of a day, oldest first."""
    rows = session.execute(_VERSIONS, {"patient": patient_id, "of": day}).all()
    return tuple(_read.get((row.digest, rows[0].digest)) or _remember(row, rows[0]) for row in rows)


def entries_of(
    session: Session,
    patient_id: int,
    *,
    as_known_on: date | None = None,
) -> tuple[StoredEntry, ...]:
    """Every day in its newest version, oldest first.

    With `as_known_on` each is as it stood at the end of that day, where the patient was: versions
    recorded later do not exist yet. A day whose last version holds no answer was taken back, and
    is left out.
    """
    stamp = None
    if as_known_on is None:
        stamp = _stamp(session, patient_id)
        if (whole := _whole.get(stamp)) is not None:
            return whole
    columns = _LABEL if as_known_on is None else (*_LABEL, *_RECORDED)
    query = select(*columns).where(EntryRow.patient_id == patient_id)
    labels: Any = session.execute(query.order_by(EntryRow.day, EntryRow.version)).all()
    pairs = list(_latest(labels, as_known_on))
    known = [_read.get((latest.digest, first.digest)) for latest, first in pairs]
    new = [pair for pair, stored in zip(pairs, known, strict=True) if stored is None]
    rows = _rows(session, patient_id, {label.id for pair in new for label in pair})
    each = (
        stored or _remember(rows[latest.id], rows[first.id])
        for (latest, first), stored in zip(pairs, known, strict=True)
    )
    found = tuple(stored for stored in each if not stored.is_taken_back)
    if stamp is not None:
        _keep_whole(stamp, found)
    return found


def _stamp(session: Session, patient_id: int) -> tuple[Any, ...]:
    """A stamp that stays the same only as long as every day does.

    A version is written with its event in one transaction, and the digest of an event is random:
    none is ever used twice, not even after a restore.
    """
    return (patient_id, *session.execute(_STAMP, {"patient": patient_id}).one())


_STAMP = select(
    func.count(EntryRow.id),
    func.max(EntryRow.id),
    select(AuditHeadRow.digest).where(AuditHeadRow.chain == bindparam("patient")).scalar_subquery(),
).where(EntryRow.patient_id == bindparam("patient"))


#: The columns that tell one version from another, without its answers.
_LABEL = (EntryRow.id, EntryRow.day, EntryRow.digest)
#: When it was recorded.
_RECORDED = (
    EntryRow.recorded_at,
    EntryRow.zone,
    EntryRow.recorded_offset,
    EntryRow.recorded_unknown,
)
#: Versions already read, by their digest and that of the first one of their day: they never change,
#: so they are read once. A page covering two years would otherwise spend most of its time on days
#: it has shown before.
_read: dict[tuple[str, str], StoredEntry] = {}
_READ_LIMIT = 20_000
#: Whole diaries already read, by stamp: a save and the page after it read the same one.
_whole: dict[tuple[Any, ...], tuple[StoredEntry, ...]] = {}
_WHOLE_LIMIT = 30
#: From this many days on, one query over the whole diary is quicker than naming each day.
_MANY = 30


def _rows(session: Session, patient_id: int, ids: set[int]) -> dict[int, Row[Any]]:
    if not ids:
        return {}
    query = _COLUMNS.where(EntryRow.patient_id == patient_id)
    if len(ids) <= _MANY:
        query = query.where(EntryRow.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def _remember(row: Row[Any], first: Row[Any]) -> StoredEntry:
    if len(_read) >= _READ_LIMIT:
        _read.clear()
    stored = _read[row.digest, first.digest] = to_stored(row, first)
    return stored


def forget_read() -> None:
    """The next read of every day goes to the database."""
    _read.clear()
    _whole.clear()


def _latest(
    rows: Iterable[Row[Any]], as_known_on: date | None
) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """Of each day the newest version that was known, and the first."""
    for _, versions in groupby(rows, key=lambda row: row.day):
        known = list(versions)
        if as_known_on is not None:
            known = [row for row in known if _recorded_on(row) <= as_known_on]
        if known:
            yield known[-1], known[0]


def _recorded_on(row: Row[Any]) -> date:
    # The day of recording is a civil day of the patient; the domain knows how to find it.
    return DiaryEntry(row.day, recorded_at=recorded_as(row), zone=row.zone).recorded_on()


def days_recorded(session: Session, patient_id: int) -> frozenset[date]:
    """Days that have an entry."""
    query = select(EntryRow.day).where(EntryRow.patient_id == patient_id).distinct()
    return frozenset(session.scalars(query))


_VERSIONS = _COLUMNS.where(
    EntryRow.patient_id == bindparam("patient"), EntryRow.day == bindparam("of")
).order_by(EntryRow.version)


def _first_row(session: Session, patient_id: int, day: date) -> Row[Any]:
    query = _COLUMNS.where(EntryRow.patient_id == patient_id, EntryRow.day == day)
    return session.execute(query.where(EntryRow.version == 1)).one()
