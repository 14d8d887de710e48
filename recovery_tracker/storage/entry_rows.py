"""One version of a day as a row and back, with the digest that proves it.

A `DiaryEntry` read from a row carries the instant and zone of the day's first version, so that
correcting an old day does not make it a late one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from ..domain.diary import DiaryEntry, SignChange, Source, is_empty
from ..domain.measures import MEASURES, Kind
from ..domain.people import Actor, Role
from ..domain.surgery import Region
from .columns import canonical_columns, json_value
from .people import new_public_id

#: Answers that are not measures, apart from how open signs went on, and what they were asked with:
#: the signs that were asked about, and the words of the person's own question.
_BESIDE_MEASURES = ("signs", "signs_asked", "spoke_to_someone", "temperature_f", "own_question")


#: Columns that are not in the digest of a version.
BESIDE = ("id", "digest")


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A stored version of a day.

    `recorded_at` is when the day was first recorded, `corrected_at` when this version was, None for
    the first. `author` wrote this version.
    """

    entry: DiaryEntry
    version: int
    public_id: str
    recorded_at: datetime
    corrected_at: datetime | None
    author: str
    author_role: Role
    author_account_id: int | None = None

    @property
    def day(self) -> date:
        return self.entry.day

    @property
    def is_taken_back(self) -> bool:
        """Whether the day counts as never written: its last version holds no answer at all."""
        return is_empty(self.entry)


def answers_of(entry: DiaryEntry) -> dict[str, Any]:
    """Every answer as plain JSON, from which `entry_of` makes the entry again."""
    given = {key: json_value(getattr(entry, key)) for key in (*MEASURES, *_BESIDE_MEASURES)}
    changes = {sign: str(change) for sign, change in entry.sign_changes.items()}
    return {
        **{key: value for key, value in given.items() if value is not None},
        "sign_changes": changes,
    }


def entry_of(day: date, answers: Mapping[str, Any]) -> DiaryEntry:
    """The entry whose answers `answers_of` wrote, without how it was recorded."""
    values: dict[str, Any] = {
        key: frozenset(value) if isinstance(value, list) else value
        for key, value in answers.items()
        if key != "sign_changes"
    }
    changes = {sign: SignChange(change) for sign, change in answers["sign_changes"].items()}
    return DiaryEntry(day, sign_changes=changes, **values)


def version_values(
    entry: DiaryEntry,
    patient_id: int,
    version: int,
    *,
    by: Actor,
    recorded_at: datetime,
    opened_at: datetime | None = None,
) -> dict[str, Any]:
    """The columns of a new version of a day, its digest among them."""
    values = row_values(entry, recorded_at=recorded_at) | {
        "public_id": new_public_id(),
        "patient_id": patient_id,
        "version": version,
        "opened_at": opened_at,
        "author_account_id": by.account_id,
        "author_name": by.name,
        "author_role": str(by.role),
    }
    return values | {"digest": version_digest(values)}


def row_values(entry: DiaryEntry, *, recorded_at: datetime) -> dict[str, Any]:
    """The columns for an entry."""
    values = {key: _number(measure.kind, getattr(entry, key)) for key, measure in MEASURES.items()}
    return values | {
        "day": entry.day,
        "signs": entry.signs,
        "signs_asked": entry.signs_asked,
        "sign_changes": {sign: str(change) for sign, change in entry.sign_changes.items()},
        "spoke_to_someone": entry.spoke_to_someone,
        "recorded_at": recorded_at,
        "zone": entry.zone,
        "recorded_offset": _offset_of(entry),
        "recorded_unknown": _is_unknown(entry) or None,
        "temperature_f": entry.temperature_f,
        "own_question": entry.own_question,
        "source": str(entry.source),
        "region": entry.region and str(entry.region),
        "same_as": entry.same_as,
    }


def as_written(entry: DiaryEntry) -> DiaryEntry:
    """The entry with its numbers as the columns hold them."""
    numbers: dict[str, Any] = {
        key: _number(measure.kind, getattr(entry, key)) for key, measure in MEASURES.items()
    }
    return replace(entry, **numbers)


def _is_unknown(entry: DiaryEntry) -> bool:
    """Whether the entry came from a file that does not say when it was written down."""
    return entry.recorded_at is None and entry.source is Source.IMPORT


def _offset_of(entry: DiaryEntry) -> int | None:
    """Minutes east of UTC of a time given in a file; None if a zone says more."""
    if entry.recorded_at is None or entry.zone or entry.source is not Source.IMPORT:
        return None
    offset = entry.recorded_at.utcoffset()
    return None if offset is None else round(offset.total_seconds() / 60)


def recorded_as(row: Row[Any]) -> datetime | None:
    """When the row was recorded, with the offset that was given; None if nobody knows."""
    if row.recorded_unknown:
        return None
    at: datetime = row.recorded_at
    if row.recorded_offset is None:
        return at
    return at.astimezone(timezone(timedelta(minutes=row.recorded_offset)))


def _number(kind: Kind, value: Any) -> Any:
    # 37 and 37.0 are one temperature and must have one digest.
    if value is None or kind in (Kind.WORD, Kind.WORDS, Kind.TEXT):
        return value
    return float(value) if kind is Kind.NUMBER else int(value)


def version_digest(values: Mapping[str, Any]) -> str:
    """Digest of every column of a version except its id and the digest itself.

    Empty columns are left out, so that a column added later does not change older digests.
    """
    given = {key: value for key, value in values.items() if value is not None}
    for beside in BESIDE:
        given.pop(beside, None)
    return sha256(canonical_columns(given).encode()).hexdigest()


def to_stored(row: Row[Any], first: Row[Any]) -> StoredEntry:
    """A version, with the first version of its day, as domain values."""
    found = row._mapping
    entry = DiaryEntry(
        day=row.day,
        signs=row.signs,
        signs_asked=row.signs_asked,
        sign_changes={sign: SignChange(change) for sign, change in row.sign_changes.items()},
        spoke_to_someone=row.spoke_to_someone,
        recorded_at=recorded_as(first),
        zone=first.zone,
        source=Source(row.source),
        region=row.region and Region(row.region),
        temperature_f=row.temperature_f,
        own_question=row.own_question,
        same_as=row.same_as,
        **{key: found[key] for key in MEASURES},
    )
    return StoredEntry(
        entry=entry,
        version=row.version,
        public_id=row.public_id,
        recorded_at=first.recorded_at,
        corrected_at=None if row.version == first.version else row.recorded_at,
        author=row.author_name,
        author_role=Role(row.author_role),
        author_account_id=row.author_account_id,
    )
