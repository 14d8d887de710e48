"""Whether every version of every day is there, as it was written.

The digest of a version is that of the canonical JSON text of its columns. SQLite puts that text
together from what it has stored, several times faster than values can be read and written again;
a version whose text is not at once that of its digest is read value by value, which alone decides.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from .audit import AuditAction
from .audit_chain import NOTHING, Extent
from .columns import Json, Number, Words, YesNo
from .entry_rows import BESIDE, version_digest
from .tables.diary import EntryRow
from .tables.record import AuditEventRow, AuditPayloadRow
from .unreadable import every_byte, names_in, rows_of

_TABLE = EntryRow.__table__
#: Versions read value by value in one query.
_AT_ONCE = 500
#: In place of the name of a column whose value only reading can judge: no digest is of that.
_NEITHER = literal("?")


def changed_rows(session: Session, since: Extent = NOTHING) -> Iterator[str]:
    """Every version written since then whose columns no longer match its digest."""
    if session.get_bind().dialect.name != "sqlite":
        yield from read_apart(rows_of(session, _TABLE, after=since.entry))
        return
    doubtful = list(not_at_once(session, since))
    for start in range(0, len(doubtful), _AT_ONCE):
        some = doubtful[start : start + _AT_ONCE]
        yield from read_apart(rows_of(session, _TABLE, _TABLE.c.id, only=some))


def not_at_once(session: Session, since: Extent = NOTHING) -> Iterator[int]:
    """The versions whose text, as SQLite makes it, is not that of their digest."""
    query = _written(names_in(session, _TABLE))
    with every_byte(session):
        for number, digest, written in session.execute(query, {"after": since.entry}):
            try:
                if sha256(written.encode()).hexdigest() != digest:
                    yield number
            except UnicodeEncodeError:  # Bytes that are no text.
                yield number


def _written_as(column: Any) -> ColumnElement[str]:
    """The column as it stands in that text, with its name; NULL, which is nothing, if it is empty.

    What is put in as it is, is JSON by itself, so no column can speak for another one: the table is
    STRICT, and in a column of numbers there is nothing else.
    """
    value, name, kind = type_coerce(column, Text()), literal(f',"{column.key}":'), column.type
    if isinstance(kind, YesNo):
        number = type_coerce(column, Integer())
        said = [(number == n, name.concat(word)) for n, word in enumerate(("false", "true"))]
        return case(*said, else_=_NEITHER.concat(value))
    if isinstance(kind, (Json, Words)):
        return case((func.json_valid(value) == 1, name), else_=_NEITHER).concat(value)
    if isinstance(kind, (Integer, Number)):
        return name.concat(value)
    return case((value.is_not(None), name.concat(func.json_quote(value))))


@cache
def _written(there: frozenset[str]) -> Select[Any]:
    """Each version after a number with its digest and its text, of the columns that are there."""
    columns = sorted(_TABLE.columns, key=lambda column: column.key)
    parts = [_written_as(one) for one in columns if one.key in there - set(BESIDE)]
    together = func.substr(func.printf("%s" * len(parts), *parts), 2)
    whole = literal("{").concat(together).concat("}")
    number = _TABLE.c.id
    query = select(number, _TABLE.c.digest, whole).where(number > bindparam("after"))
    return query.order_by(number)


def read_apart(rows: Iterator[tuple[dict[str, Any], list[str]]]) -> Iterator[str]:
    """Which of these rows, read value by value, do not match their digest."""
    for row, broken in rows:
        if broken:
            yield f"entry {row['id']}: {' and '.join(broken)} cannot be read"
        elif not _is_as_written(row):
            yield f"entry {row['id']}: was changed after it was written"


def _is_as_written(row: Mapping[str, Any]) -> bool:
    try:
        return version_digest(row) == str(row["digest"])
    except (TypeError, ValueError):  # Sets of mixed types, numbers that are none.
        return False


def lost_rows(session: Session, since: Extent = NOTHING) -> Iterator[str]:
    """Every version written since then that is missing although the audit trail mentions it, or is
    there although it does not.

    Digests identify a version with its patient, day and number; erased ones are no longer
    mentioned.
    """
    saved = (AuditAction.ENTRY_SAVED, AuditAction.ENTRY_CORRECTED, AuditAction.IMPORTED)
    told = session.execute(
        select(AuditEventRow.chain, AuditPayloadRow.body)
        .join(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
        .where(AuditEventRow.action.in_(saved), AuditEventRow.id > since.event)
    )
    chains = {digest: chain for chain, body in told for digest in _digests_in(body["details"])}
    versions = select(EntryRow.id, EntryRow.digest).where(EntryRow.id > since.entry)
    there = {digest: number for number, digest in session.execute(versions)}
    for digest in chains.keys() - there.keys():
        yield f"audit chain {chains[digest]}: an entry that it tells of is gone"
    for digest in there.keys() - chains.keys():
        yield f"entry {there[digest]}: nobody is known to have written it"


def _digests_in(details: Mapping[str, Any]) -> list[str]:
    if "digest" in details:
        return [details["digest"]]
    return [digest for _, _, digest in details.get("entries", ())]
