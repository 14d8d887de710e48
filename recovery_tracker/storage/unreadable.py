"""Values that can no longer be read: changed by hand, or by a failing disk.

One such value would stop the reading of a whole table, so here they are read one by one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, Text, select, type_coerce
from sqlalchemy.orm import Session

from .columns import Base, Day, Instant, Json, Words
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
    raw.text_factory = lambda found: found.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def rows_of(
    session: Session, table: FromClause, *order: ColumnElement[Any], after: int = 0
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each row by column, and the columns that cannot be read, which hold None.

    With `after`, those whose number is greater.
    """
    dialect = session.get_bind().dialect
    kinds = {
        column.key: column.type
        for column in table.columns
        if isinstance(column.type, (Day, Instant, Json, Words))
    }
    raw = [
        type_coerce(column, Text()).label(column.key) if column.key in kinds else column
        for column in table.columns
    ]
    query = select(*raw).order_by(*order).execution_options(yield_per=1000)
    if after:
        query = query.where(table.c.id > after)
    for found in _with_every_byte(session, query):
        row, broken = dict(found._mapping), []
        for key, value in found._mapping.items():
            try:
                if isinstance(value, str):
                    value.encode()
                if key in kinds:
                    row[key] = kinds[key].process_result_value(value, dialect)
            except (ValueError, TypeError, OverflowError, RecursionError):
                row[key] = None
                broken.append(key)
        yield row, broken


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
