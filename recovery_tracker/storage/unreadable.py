"""Values that can no longer be read: changed by hand, or by a failing disk.

One such value would stop the reading of a whole table, so here they are read one by one.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Row,
    Select,
    Table,
    Text,
    TypeDecorator,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from .columns import Base, Day, Instant, Json, Words
from .revisions import current, head_revision
from .tables.diary import EntryRow
from .tables.record import AuditEventRow, AuditPayloadRow

#: Tables whose digests already prove their rows.
_PROVEN = (EntryRow.__table__, AuditEventRow.__table__, AuditPayloadRow.__table__)


@contextmanager
def every_byte(session: Session) -> Iterator[None]:
    """Within the block, SQLite's driver also returns text that is not UTF-8, as surrogates."""
    if session.get_bind().dialect.name != "sqlite":  # PostgreSQL keeps no such text.
        yield
        return
    raw: Any = session.connection().connection.driver_connection
    before = raw.text_factory
    raw.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def names_in(session: Session, table: FromClause) -> frozenset[str]:
    """The columns that this database has of a table: one of an older release lacks what came later,
    and some tables altogether.

    One of today has them all: to read one that is missing there is an error.
    """
    if not isinstance(table, Table) or _is_of_today(session):
        return frozenset(table.columns.keys())
    there = inspect(session.connection())
    if not there.has_table(table.name):
        return frozenset()
    return frozenset(column["name"] for column in there.get_columns(table.name))


def _is_of_today(session: Session) -> bool:
    # Asked for each table of a check, and told once.
    if "is_of_today" not in session.info:
        session.info["is_of_today"] = current(session.connection()) == head_revision()
    return bool(session.info["is_of_today"])


def rows_of(
    session: Session,
    table: FromClause,
    *order: ColumnElement[Any],
    after: int = 0,
    only: Collection[int] | None = None,
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each row by those columns that this database has, and the columns that cannot be read, which
    hold None.

    With `after`, those whose number is greater; with `only`, those whose number is one of these.
    """
    dialect, there = session.get_bind().dialect, names_in(session, table)
    if not there:
        return
    columns = [column for column in table.columns if column.key in there]
    kinds = {
        column.key: column.type
        for column in columns
        if isinstance(column.type, (Day, Instant, Json, Words))
    }
    raw = [
        type_coerce(column, Text()).label(column.key) if column.key in kinds else column
        for column in columns
    ]
    query = select(*raw).order_by(*order).execution_options(yield_per=1000)
    if after:
        query = query.where(table.c.id > after)
    if only is not None:
        query = query.where(table.c.id.in_(only))
    names = [column.key for column in columns]
    for found in _with_every_byte(session, query):
        row = dict(zip(names, found, strict=True))
        broken: list[str] = []
        try:
            row = _read(row, kinds, dialect)
        except _UNREADABLE:
            row, broken = _read_one_by_one(row, kinds, dialect)
        yield row, broken


_UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)
_Kinds = Mapping[str, TypeDecorator[Any]]


def _read(row: dict[str, Any], kinds: _Kinds, dialect: Dialect) -> dict[str, Any]:
    "".join(value for value in row.values() if isinstance(value, str)).encode()
    return row | {
        key: kind.process_result_value(row[key], dialect)
        for key, kind in kinds.items()
        if row[key] is not None
    }


def _read_one_by_one(
    row: dict[str, Any], kinds: _Kinds, dialect: Dialect
) -> tuple[dict[str, Any], list[str]]:
    broken = []
    for key, value in row.items():
        try:
            row |= _read({key: value}, {key: kinds[key]} if key in kinds else {}, dialect)
        except _UNREADABLE:
            row[key] = None
            broken.append(key)
    return row, broken


def _with_every_byte(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    with every_byte(session):
        yield from session.execute(query)


def unreadable(session: Session) -> Iterator[str]:
    """Every row with unreadable values, by table, key and columns; never the values."""
    for table in Base.metadata.sorted_tables:
        if table in _PROVEN:
            continue
        for row, broken in rows_of(session, table):
            if broken:
                key = ", ".join(str(row[column.key]) for column in table.primary_key)
                yield f"{table.name} {key}: {' and '.join(broken)} cannot be read"
