"""Every row of one database in another, whichever of the two kinds each is.

Rows go over as they are stored: sets and JSON as their own text, so that every digest still holds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    Table,
    Text,
    column,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import table as plain_table
from sqlalchemy.exc import DBAPIError

from ..domain.language import N_
from .columns import Base, Json, Member, Words
from .engine import ONLY_READS, make_engine, readable_url
from .errors import DatabaseProblem
from .upgrade import lock_tables, replacing, require_current, upgrade_database

#: Rows read and written at once. Our default.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows each table has, and one digest of all of them."""

    counts: dict[str, int]
    digest: str


def move(
    source: str,
    target: str,
    shown: Callable[[Sequence[Table]], Iterable[Table]] = iter,
) -> Moved:
    """The target holds exactly the rows of the source, which stays as it is.

    Nobody may write to the source while it runs. Each table is one transaction, so a move that was
    stopped continues with the first table that is missing. `shown` may show progress.

    Raises:
        DatabaseProblem: the target holds other rows; they were not touched.
    """
    require_current(source)
    if readable_url(source) == readable_url(target):
        raise DatabaseProblem(N_("Both are the same database."))
    upgrade_database(target, backup=False)
    counts: dict[str, int] = {}
    whole = sha256()
    with _still(source) as reading, _engine(target) as writing:
        for table in shown(Base.metadata.sorted_tables):
            with writing.begin() as connection:
                counts[table.name], digest = _same(table, reading, connection)
            whole.update(f"{table.name} {counts[table.name]} {digest:x}\n".encode())
        with writing.begin() as connection:
            _take_numbers(reading, connection)
    return Moved(counts, whole.hexdigest())


def copy_rows(source: Connection, target: Connection) -> None:
    """Every table of the empty target holds the rows of the source, in the caller's transaction.

    Both are of the same revision, which may be an older one: that lacks some tables and columns.
    """
    for table in _tables_of(source):
        _copy(table, source, target)
    _take_numbers(source, target)


def empty(connection: Connection) -> None:
    """Every table of a PostgreSQL database is empty, those that are only ever added to as well."""
    quote = connection.dialect.identifier_preparer.quote
    names = [quote(table.name) for table in Base.metadata.sorted_tables]
    lock_tables(connection)
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """One moment of a PostgreSQL database, however long it takes to read; it delays no save."""
    options = {ONLY_READS: True}
    with _engine(url) as engine, engine.execution_options(**options).connect() as connection:
        yield connection


@contextmanager
def _still(url: str) -> Iterator[Connection]:
    """A database that nobody else writes to until the block ends."""
    with replacing(url), _engine(url) as engine, engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            lock_tables(connection)
        yield connection


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _same(table: Table, source: Connection, target: Connection) -> tuple[int, int]:
    """The number and the digest of a table's rows, which are in the target now if not before."""
    wanted = _digest(table, source)
    if _digest(table, target) == wanted:
        return wanted
    if target.scalar(select(func.count()).select_from(table)):
        raise DatabaseProblem(
            f"The target already holds other rows ({table.name}); move into an empty database."
        )
    _copy(table, source, target)
    if _digest(table, target) != wanted:
        raise DatabaseProblem(f"The rows of {table.name} arrived changed; nothing of it was kept.")
    return wanted


def _copy(table: Table, source: Connection, target: Connection) -> None:
    stored = _as_stored(table, source)
    try:
        for rows in _rows(table, source).mappings().partitions():
            target.execute(insert(stored), [dict(row) for row in rows])
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        # The text of the driver's error may hold an answer.
        raise DatabaseProblem(f"The rows of {table.name} do not fit the target.") from error


def _digest(table: Table, connection: Connection) -> tuple[int, int]:
    """The number of rows and the sum of their digests, the same on both kinds of database."""
    count = total = 0
    for row in _rows(table, connection):
        count += 1
        said = sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest()
        total = (total + int.from_bytes(said[:16])) % (1 << 128)
    return count, total


def _rows(table: Table, connection: Connection) -> Any:
    stored = _as_stored(table, connection)
    query = select(*stored.columns).execution_options(yield_per=_AT_ONCE)
    return connection.execute(query)


def _tables_of(connection: Connection) -> list[Table]:
    """The tables that a database has, each after those that it refers to."""
    there = set(inspect(connection).get_table_names())
    return [table for table in Base.metadata.sorted_tables if table.name in there]


def _as_stored(table: Table, connection: Connection) -> Any:
    """The table with sets, JSON and words as the text that is stored, by the columns it has."""
    as_text = (Json, Words, Member)
    there = {found["name"] for found in inspect(connection).get_columns(table.name)}
    columns = [
        column(one.name, Text() if isinstance(one.type, as_text) else one.type)
        for one in table.columns
        if one.name in there
    ]
    return plain_table(table.name, *columns)


def _take_numbers(source: Connection, target: Connection) -> None:
    """The next row gets the number that it would have got in the source: none is used again."""
    for table in _tables_of(source):
        key = table.autoincrement_column
        if key is None or not isinstance(key.type, Integer):
            continue
        last = _last_number(table, key.name, source)
        if target.dialect.name == "postgresql":
            target.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :key), :last, :used)"),
                {"table": table.name, "key": key.name, "last": max(last, 1), "used": last > 0},
            )
        elif table.dialect_options["sqlite"]["autoincrement"] and last:
            target.execute(
                text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name}
            )
            target.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"),
                {"table": table.name, "last": last},
            )


def _last_number(table: Table, key: str, source: Connection) -> int:
    """The highest number that was ever given; for tables that may give one again, that is there."""
    if source.dialect.name == "postgresql":
        sequence = source.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": table.name, "key": key}
        )
        last, used = source.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
        return int(last) if used else 0
    if table.dialect_options["sqlite"]["autoincrement"]:
        found = source.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name}
        )
    else:
        found = source.scalar(select(func.max(table.columns[key])))
    return int(found or 0)
