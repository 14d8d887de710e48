"""Column types and the base of every table.

Each type means the same on SQLite and PostgreSQL. On SQLite the tables are STRICT (INTEGER, REAL,
TEXT and BLOB only), so that text never hides in a numeric column. Every constraint has a name,
because a migration can only change what it can name.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    REAL,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Day(TypeDecorator[date]):
    """A civil date, ISO text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, datetime):
            raise TypeError("a civil date is needed, not an instant")
        return value.isoformat() if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; on SQLite text of fixed width, so that it sorts by time."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return instant_text(value) if dialect.name == "sqlite" else in_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC)


class YesNo(TypeDecorator[bool]):
    """Yes, no or not answered; 1, 0 and NULL on SQLite."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return None if value is None else bool(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Number(TypeDecorator[float]):
    """A number with decimals."""

    impl = Double
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(REAL() if dialect.name == "sqlite" else Double())


class Member(TypeDecorator[StrEnum]):
    """A member of an enumeration, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.kind(value)


class Json(TypeDecorator[Any]):
    """A JSON value in canonical text, so that equal values have equal digests."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        # Usually empty, as most days change no sign; a new dict each time, because callers may
        # write to it.
        return {} if value == "{}" else json.loads(value)


class Words(TypeDecorator[frozenset[str]]):
    """A set of keys as a sorted JSON list; NULL is "not answered", `[]` is "none of them"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(sorted(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str] | None:
        return None if value is None else words_in(value)


def part_of(table: str, **more: Any) -> MappedColumn[Any]:
    """The number of a row; once that is erased, so is this one."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), **more)


def points_to(table: str) -> MappedColumn[Any]:
    """The number of a row; once that is erased, nothing."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="SET NULL"), index=True)


JsonValue = Annotated[Any, mapped_column(Json)]
"""Anything that JSON can say."""
Key = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(unique=True)]
"""What stands in addresses and files in place of the row's number."""
OfPatient = Annotated[int, part_of("patient", index=True)]
OfAccount = Annotated[int, part_of("account", index=True)]


class Base(DeclarativeBase):
    """Every table; a column without a type of its own has the one of its annotation."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        float: Number,
        bool: YesNo,
        date: Day,
        datetime: Instant,
        frozenset[str]: Words,
    }


@lru_cache(maxsize=4096)
def words_in(text: str) -> frozenset[str]:
    """The set in a column of words; cached, because two years of days hold few different ones."""
    return frozenset(json.loads(text))


_CANONICAL: dict[str, Any] = {
    "sort_keys": True,
    "separators": (",", ":"),
    "ensure_ascii": False,
    "allow_nan": False,
}
_encoded = json.JSONEncoder(**_CANONICAL).encode


def canonical(value: Any) -> str:
    """JSON text that is the same for equal values: sorted keys, no spaces, no NaN."""
    return _encoded(value)


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC; a naive datetime is a programming error."""
    if at.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    return at.astimezone(UTC)


def instant_text(at: datetime) -> str:
    return in_utc(at).isoformat(timespec="microseconds")


def json_value(value: Any) -> Any:
    """A value of the record as `canonical` takes it: days and instants as text, sets sorted."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


_encoded_columns = json.JSONEncoder(**_CANONICAL, default=json_value).encode


def canonical_columns(values: Mapping[str, Any]) -> str:
    """The canonical text of columns of the record, each as `json_value` gives it."""
    return _encoded_columns(values)


def fields_of(kind: type, row: Base) -> dict[str, Any]:
    """The row's value for each field of the dataclass `kind`, by name."""
    return {one.name: getattr(row, one.name) for one in fields(kind)}


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """The column holds one of `words`, or nothing."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def between(column: str, low: float, high: float) -> CheckConstraint:
    """The column holds a number from `low` to `high`, or nothing."""
    return CheckConstraint(f"{column} BETWEEN {low:g} AND {high:g}", name=f"{column}_bounds")


def at_least(column: str, low: int) -> CheckConstraint:
    """The column holds a number from `low` on, or nothing."""
    return CheckConstraint(f"{column} >= {low}", name=f"{column}_bounds")


def at_most(column: str, length: int) -> CheckConstraint:
    """The text has at most `length` characters."""
    return CheckConstraint(f"length({column}) <= {length}", name=f"{column}_length")


def yes_no(column: str) -> CheckConstraint:
    """Holds 0, 1 or NULL where the database has no boolean type."""
    return CheckConstraint(f"CAST({column} AS INTEGER) BETWEEN 0 AND 1", name=f"{column}_yes_no")


def is_date(column: str) -> CheckConstraint:
    """A civil date of a living person's diary: keeps "tomorrow" and "10/02/26" out of SQLite."""
    return CheckConstraint(f"{column} BETWEEN '1900-01-01' AND '2199-12-31'", name=f"{column}_date")
