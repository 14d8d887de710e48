"""Bringing a database to the tables of this program, without losing a row.

On SQLite a changed table is rebuilt and the old one dropped. With foreign keys on, that silently
deletes the rows of its children, and a pragma inside a transaction is ignored; so they are switched
off beforehand. Everything runs in one transaction: killed at any point, the database is the old
one.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, inspect, select
from sqlalchemy import table as table_of
from sqlalchemy.exc import OperationalError

from ..domain.language import N_
from . import engine as engines
from .copying import copy_database, sweep
from .engine import file_of, make_engine, readable_url
from .errors import DatabaseProblem
from .locking import Held, held, hold_server
from .revisions import config, current, head_revision, known, revisions
from .trouble import Trouble, trouble_in

#: By table: its columns, and the sum of the digests of its rows.
Rows = Mapping[str, tuple[frozenset[str], int]]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did: the revision before (None: an empty database) and after."""

    before: str | None
    after: str
    backup: Path | None


def upgrade_database(url: str, backup: bool = True, to: str | None = None) -> Upgrade:
    """The database has the tables of this program, or of revision `to`; a new one is created.

    An SQLite file that contains something is first copied beside itself; of a PostgreSQL database
    `backup.kept_before_upgrade` makes a backup.

    Raises:
        DatabaseProblem: it was made by a newer version of the program, or a check failed; then
            nothing was changed.
    """
    if is_file(url):
        sweep(file_of(url).parent)
    head = to or head_revision()
    before = revision_of(url)
    if before == head:
        return Upgrade(before, head, None)
    from alembic import command  # Most commands find that there is nothing to upgrade.

    settings = config()
    settings.attributes |= {"url": url, "backup": backup}
    kept = backup_name(url) if backup and before is not None and is_file(url) else None
    with replacing(url):
        command.upgrade(settings, head)
    return Upgrade(before, head, kept)


def downgrade_database(url: str, revision: str) -> None:
    """The database has the tables of an older revision; what these cannot hold is lost."""
    from alembic import command

    settings = config()
    settings.attributes |= {"url": url, "backup": True}
    with replacing(url):
        command.downgrade(settings, revision)


@contextmanager
def replacing(url: str) -> Iterator[None]:
    """Nobody else writes to this database through us until the block ends.

    Raises:
        DatabaseProblem: somebody kept writing.
    """
    with ExitStack() as stack:
        try:
            if is_file(url):
                folder = file_of(url).parent
                stack.enter_context(held(folder, engines.BUSY_SECONDS, alone=True))
            else:
                engine = make_engine(url)
                stack.callback(engine.dispose)
                connection = stack.enter_context(engine.begin())
                hold_server(connection, engines.BUSY_SECONDS, alone=True)
        except (Held, OperationalError) as error:
            if isinstance(error, OperationalError) and trouble_in(error.orig) is not Trouble.BUSY:
                raise
            raise DatabaseProblem(
                N_("The database is in use. Stop the program and try again.")
            ) from error
        yield


def revision_of(url: str) -> str | None:
    """The revision of a database; None if it is empty or does not exist.

    Raises:
        DatabaseProblem: this program does not know the revision, so a newer one made it; or the
            database has a write-ahead log in a folder that can only be read.
    """
    if is_file(url) and not file_of(url).exists():
        return None
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            return known(connection)
    except OperationalError as error:
        if trouble_in(error.orig) is not Trouble.READ_ONLY:
            raise
        # Nothing was to be written but the index of the log, without which SQLite reads nothing.
        raise DatabaseProblem(
            N_(
                "The folder of the database can only be read, and SQLite has to write there. Copy "
                "the database, with its -wal, into a folder that can be written, and use the copy."
            )
        ) from error
    finally:
        engine.dispose()


def require_current(url: str) -> None:
    """The database has exactly the tables of this program, or a refusal says what to do."""
    if revision_of(url) != head_revision():
        raise DatabaseProblem(
            N_("The database is not up to date: run `recovery-tracker upgrade` first.")
        )


@contextmanager
def guarded(url: str, *, backup: bool = True) -> Iterator[Connection]:
    """A connection in the single transaction of a migration; committed if every check passes."""
    is_sqlite = is_file(url)
    if is_sqlite:
        _prepare_file(file_of(url))
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            before_revision = known(connection)
            connection.rollback()
            if is_sqlite and backup and before_revision is not None:
                copy_database(file_of(url), backup_name(url))
            connection = connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                if not is_sqlite:
                    lock_tables(connection)
                before, guards = rows_of(connection), _triggers(connection)
                yield connection
                _check(connection, before, _may_change(before_revision, connection))
                tables = inspect(connection).get_table_names()
                lost = sorted(guards - _triggers(connection))
                for table, trigger in lost:
                    if table in tables:
                        raise _changed(trigger)
    finally:
        engine.dispose()


def _check(connection: Connection, before: Rows, may_change: frozenset[str]) -> None:
    """Every row that no revision announced is unchanged, and its references exist."""
    after = rows_of(connection, {table: columns for table, (columns, _) in before.items()})
    for table, rows in before.items():
        # A dropped column must be announced too, because its values went with it.
        if table not in may_change and after.get(table) != rows:
            raise _changed(table)
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise _changed("foreign keys")


#: By dialect: the guards of the existing tables.
_GUARDS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal"
    ),
}


def _triggers(connection: Connection) -> frozenset[tuple[str, str]]:
    """The guards of the existing tables, as (table, trigger): a rebuilt table silently loses its
    own."""
    found = connection.exec_driver_sql(_GUARDS[connection.dialect.name])
    return frozenset((table, name) for table, name in found)


def lock_tables(connection: Connection) -> None:
    """On PostgreSQL nobody else writes, upgrades or restores until the transaction ends.

    Otherwise a row written in the meantime would look like one that the upgrade changed.
    """
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{engines.BUSY_SECONDS:.0f}s'")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(24257)")
    quote = connection.dialect.identifier_preparer.quote
    if tables := inspect(connection).get_table_names():
        names = ", ".join(map(quote, tables))
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _changed(what: str) -> DatabaseProblem:
    return DatabaseProblem(
        f"The upgrade would have changed what is stored ({what}). Nothing was changed."
    )


def rows_of(connection: Connection, only: Mapping[str, frozenset[str]] | None = None) -> Rows:
    """Each table's columns and the sum of its rows' digests, in whatever order.

    `only` limits the columns of a table to those named.
    """
    rows_by_table: dict[str, tuple[frozenset[str], int]] = {}
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        columns = sorted(found["name"] for found in inspector.get_columns(table))
        if only is not None and table in only:
            columns = [name for name in columns if name in only[table]]
        rows: Any = connection.execute(select(*map(column, columns)).select_from(table_of(table)))
        total = sum(_digest(tuple(row)) for row in rows)
        rows_by_table[table] = (frozenset(columns), total)
    return rows_by_table


def _digest(row: tuple[Any, ...]) -> int:
    return int.from_bytes(sha256(repr(row).encode("utf-8", "surrogatepass")).digest()[:16])


def _may_change(before: str | None, connection: Connection) -> frozenset[str]:
    """What the revisions between two states announced."""
    from alembic.script import ScriptDirectory

    after, ordered = current(connection), revisions()
    script = ScriptDirectory.from_config(config())
    first, last = sorted(0 if r is None else ordered.index(r) + 1 for r in (before, after))
    tables: set[str] = set()
    for revision in ordered[first:last]:
        tables.update(script.get_revision(revision).module.rows_may_change)
    return frozenset(tables)


def is_file(url: str) -> bool:
    """Whether a database is an SQLite file."""
    return readable_url(url).get_backend_name() == "sqlite"


def _prepare_file(file: Path) -> None:
    """The folder and an empty file exist and belong to this user alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def backup_name(url: str) -> Path:
    """The path of the copy before an upgrade: beside the database, named after its revision."""
    file = file_of(url)
    return file.with_name(f"{file.stem}.before-{head_revision()}{file.suffix or '.db'}")


def default_url() -> str:
    """The database of the environment, for Alembic's own command."""
    url = os.environ.get("RECOVERY_TRACKER_DATABASE_URL")
    if not url:
        raise DatabaseProblem(N_("Set RECOVERY_TRACKER_DATABASE_URL, or use `recovery-tracker`."))
    return url
