"""Values that can no longer be read: changed by hand, or by a disk that fails.

One of them would end the reading of a whole table, so they are read here one by one.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import FromClause, Text, select, type_coerce
from sqlalchemy.orm import Session

from .columns import Base, Day, Instant, Json, Words
from .tables.diary import EntryRow
from .tables.record import AuditPayloadRow

#: Their digests speak for them.
_PROVEN = (EntryRow.__table__, AuditPayloadRow.__table__)


def rows_of(session: Session, table: FromClause) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each row by column, and the columns that cannot be read; those hold None."""
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
    for found in session.execute(select(*raw).execution_options(yield_per=1000)):
        row, broken = dict(found._mapping), []
        for key, kind in kinds.items():
            try:
                row[key] = kind.process_result_value(row[key], dialect)
            except (ValueError, TypeError, RecursionError):
                row[key] = None
                broken.append(key)
        yield row, broken


def unreadable(session: Session) -> Iterator[str]:
    """Every row with values that cannot be read, by table, key and columns; never the values."""
    for table in Base.metadata.sorted_tables:
        if table in _PROVEN:
            continue
        for row, broken in rows_of(session, table):
            if broken:
                key = ", ".join(str(row[column.key]) for column in table.primary_key)
                yield f"{table.name} {key}: {' and '.join(broken)} cannot be read"
