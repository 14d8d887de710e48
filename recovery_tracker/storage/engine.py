"""How a database is reached: its address, its key, and the settings of every connection."""

import os
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from ..domain.language import N_
from .errors import DatabaseProblem
from .trouble import Trouble, trouble_in

#: Marks a transaction that may not write, and a connection whose last transaction might not.
ONLY_READS = "only_reads"

#: How long a write waits for another one, in seconds. Our default.
BUSY_SECONDS = 10

#: The write-ahead log is used from this version on: earlier ones could corrupt the database when
#: two connections wrote and checkpointed together (the "WAL-reset" bug of 3.7.0 to 3.51.2).
WAL_IS_SOUND = (3, 51, 3)

#: How a PostgreSQL transaction that only reads begins. Its moment is that of its first query, and a
#: moment before a restore has no rows once the restore is done (TRUNCATE), so it waits for one
#: first; taking a lock is no query, and this one delays no save.
_ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
    " LOCK TABLE installation IN ACCESS SHARE MODE"
)


def only_reads(connection: Connection, forbidden: bool) -> None:
    # A pooled connection stays as it was left, so most transactions need not set it again.
    if connection.info.get(ONLY_READS, False) != forbidden:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if forbidden else 'OFF'}")
        connection.info[ONLY_READS] = forbidden


def try_to_write(connection: Any, *, was_only_reading: bool) -> None:
    # Asks for permission to write, which BEGIN IMMEDIATE does not do for a read-only file, and
    # changes nothing.
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("DELETE FROM alembic_version WHERE 0")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.execute(f"PRAGMA query_only = {'ON' if was_only_reading else 'OFF'}")


def make_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine with the settings that safety needs on every connection."""
    address = readable_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            address,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": int(BUSY_SECONDS)},
        )

        @event.listens_for(engine, "begin")
        def _reading(connection: Connection) -> None:
            if connection.get_execution_options().get(ONLY_READS):
                connection.exec_driver_sql(_ONE_MOMENT)

        return engine
    key = database_key()
    # The text of an error may reach a log, and the values of a statement are answers.
    options: dict[str, Any] = {
        "connect_args": {"timeout": BUSY_SECONDS},
        # The most recently used connection is used next: it is still set to read, or to write.
        "pool_use_lifo": True,
        "hide_parameters": True,
    }
    engine = create_engine(address, module=driver(), **options)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # The driver's own transactions are off: ours begin as each block requires.
        connection.isolation_level = None
        try:
            for pragma in _pragmas(connection, foreign_keys, key):
                connection.execute(f"PRAGMA {pragma}")
            _choose_journal(connection)
        except Exception:
            # The pool drops a connection whose settings failed, and would leave it open.
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        only_reads(connection, options.get(ONLY_READS, False))
        connection.exec_driver_sql(options.get("begin", "BEGIN"))

    return engine


def _pragmas(connection: Any, foreign_keys: bool, key: str | None) -> Iterator[str]:
    if key is not None:
        yield "key = '" + key.replace("'", "''") + "'"
    yield "synchronous = FULL"
    yield f"foreign_keys = {'ON' if foreign_keys else 'OFF'}"
    yield "secure_delete = ON"
    # Once its pages are in the database, the log is as long as what was last written: a copy that
    # took long leaves no long file, and no text of somebody erased.
    yield "journal_size_limit = 0"
    yield "temp_store = MEMORY"
    yield "cell_size_check = ON"
    yield "trusted_schema = OFF"


def _choose_journal(connection: Any) -> None:
    mode = "wal" if driver().sqlite_version_info >= WAL_IS_SOUND else "truncate"
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == mode:
        return
    try:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    except driver().OperationalError as error:
        # A file that can only be read stays as it is, and is read.
        if trouble_in(error) is not Trouble.READ_ONLY:
            raise


def database_key() -> str | None:
    """What opens an encrypted SQLite file; None where it is not encrypted."""
    return os.environ.get("RECOVERY_TRACKER_DATABASE_KEY") or None


def driver() -> Any:
    """The module that opens SQLite files. All of a process must use the same one.

    A second copy of SQLite in a process would end the locks of the first when it closes a file.
    """
    return _newest() if database_key() is None else sqlcipher()


@cache
def _newest() -> Any:
    # Python's own is as old as the system: Debian 12 has 3.40.1.
    try:
        from pysqlite3 import dbapi2  # type: ignore[import-untyped]
    except ImportError:
        return sqlite3
    return max(sqlite3, dbapi2, key=lambda module: module.sqlite_version_info)


def sqlcipher() -> Any:
    """The driver for encrypted files; refuses if it is not installed."""
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError as error:
        raise DatabaseProblem(
            N_("This database is encrypted, and the package sqlcipher3 is not installed.")
        ) from error
    return dbapi2


def readable_url(url: str) -> URL:
    """The parsed address; refuses in one line if it is invalid or names no file."""
    try:
        address = make_url(url)
    except Exception as error:
        raise DatabaseProblem(N_("The address of the database cannot be read.")) from error
    backend = address.get_backend_name()
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseProblem(N_("The database must be SQLite or PostgreSQL."))
    if not address.database or address.database == ":memory:":
        raise DatabaseProblem(N_("The database needs a file: sqlite:///path/to/file.db"))
    return address


def url_of(file: Path) -> str:
    """The address of an SQLite file, whatever characters its name contains."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def file_of(url: str) -> Path:
    """The file of an SQLite database."""
    address = readable_url(url)
    if address.get_backend_name() != "sqlite" or address.database is None:
        raise DatabaseProblem(N_("This works on an SQLite file only; PostgreSQL has pg_dump."))
    return Path(address.database)
