"""Opening a database, and the only two ways to use one: to read, and to write.

A write takes the lock before it looks (`BEGIN IMMEDIATE`), so that what it read is still true when
it writes; SQLAlchemy's own default loses updates without an error. A write is on the disk when its
block ends, or nothing of it is.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from ..domain.language import N_
from .errors import DatabaseProblem, NotSaved

log = logging.getLogger(__name__)

#: How long a write waits for another one, in seconds. Our default.
BUSY_SECONDS = 10

#: The write-ahead log is used from here on: before, two connections that write and checkpoint at
#: once could corrupt it (the "WAL-reset" bug of 3.7.0 to 3.51.2).
WAL_IS_SOUND = (3, 51, 3)


#: What a database that cannot go on raises; the whole write is given up then.
DatabaseTrouble = OperationalError

__all__ = [
    "BUSY_SECONDS",
    "WAL_IS_SOUND",
    "Database",
    "DatabaseTrouble",
    "Session",
    "file_of",
    "key_or_environment",
    "lock_chain",
    "make_engine",
    "open_database",
    "readable_url",
    "sqlcipher",
]


@dataclass(frozen=True, slots=True)
class Database:
    """One database. Sessions live as long as the block that opened them."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and cannot write."""
        with Session(self.engine, autoflush=False) as session:
            try:
                _forbid_writing(session, True)
                yield session
            except DatabaseError as error:
                refusal = _refusal(error)
                if refusal is None:
                    raise
                log.error("read refused: %s", type(error.orig).__name__)
                raise refusal from error
            finally:
                _forbid_writing(session, False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session with the write lock: committed at the end of the block, or not at all."""
        engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        with Session(engine) as session:
            try:
                session.connection()
                yield session
                session.commit()
            except (OperationalError, DatabaseError) as error:
                session.rollback()
                refusal = _refusal(error)
                if refusal is None:
                    raise
                log.error("write refused: %s", type(error.orig).__name__)
                raise refusal from error

    def close(self) -> None:
        self.engine.dispose()


_CLOSED, _OPEN = text("PRAGMA query_only = ON"), text("PRAGMA query_only = OFF")


def _forbid_writing(session: Session, forbidden: bool) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(_CLOSED if forbidden else _OPEN)
    elif forbidden:
        session.execute(text("SET TRANSACTION READ ONLY"))


def open_database(url: str, key: str | None = None) -> Database:
    """The database at `url`; neither made nor upgraded here (`upgrade_database` does both).

    `key` opens an SQLite file encrypted by SQLCipher; without one RECOVERY_TRACKER_DATABASE_KEY of
    the environment does, where it is set.
    """
    return Database(make_engine(url, key=key))


def make_engine(url: str, *, foreign_keys: bool = True, key: str | None = None) -> Engine:
    """An engine with the settings that safety needs on every connection."""
    address = readable_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(
            address, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True
        )
    key = key_or_environment(key)
    # The text of an error may reach a log; the values of a statement are answers.
    options: dict[str, Any] = {
        "connect_args": {"timeout": BUSY_SECONDS},
        "hide_parameters": True,
    }
    if key is not None:
        options["module"] = sqlcipher()
    engine = create_engine(address, **options)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # The driver's own transactions are switched off: ours begin as the block asks.
        connection.isolation_level = None
        for pragma in _pragmas(connection, foreign_keys, key):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _pragmas(connection: Any, foreign_keys: bool, key: str | None) -> Iterator[str]:
    if key is not None:
        yield "key = '" + key.replace("'", "''") + "'"
    mode = "wal" if _version(connection) >= WAL_IS_SOUND else "truncate"
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        yield f"journal_mode = {mode}"
    yield "synchronous = FULL"
    yield f"foreign_keys = {'ON' if foreign_keys else 'OFF'}"
    yield "secure_delete = ON"
    yield "temp_store = MEMORY"
    yield "cell_size_check = ON"
    yield "trusted_schema = OFF"


def _version(connection: Any) -> tuple[int, ...]:
    found = connection.execute("SELECT sqlite_version()").fetchone()[0]
    return tuple(int(part) for part in found.split("."))


def key_or_environment(key: str | None) -> str | None:
    return key or os.environ.get("RECOVERY_TRACKER_DATABASE_KEY") or None


def sqlcipher() -> Any:
    """The driver for encrypted files; a refusal where it is not installed."""
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError as error:
        raise DatabaseProblem(
            N_("This database is encrypted, and the package sqlcipher3 is not installed.")
        ) from error
    return dbapi2


def readable_url(url: str) -> URL:
    """The parsed address; a refusal in one line where it is none, or names no file."""
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


def file_of(url: str) -> Path:
    """The file of an SQLite database."""
    address = readable_url(url)
    if address.get_backend_name() != "sqlite" or address.database is None:
        raise DatabaseProblem(N_("This works on an SQLite file only; PostgreSQL has pg_dump."))
    return Path(address.database)


def lock_chain(session: Session, chain: int) -> None:
    """Nobody else writes about this patient (0: the installation) until the block ends.

    SQLite has one writer anyway; PostgreSQL takes a lock that ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:room, :chain)"), _lock(chain))


def _lock(chain: int) -> dict[str, int]:
    return {"room": 0x5EC0, "chain": chain}


def _refusal(error: DatabaseError) -> NotSaved | None:
    """The kind words for a database that cannot take a write, None for a mistake of ours."""
    said = str(error.orig).lower()
    if "locked" in said or "busy" in said or "deadlock" in said:
        return NotSaved(N_("The diary is busy. Nothing was saved; please try again."))
    if "full" in said or "disk i/o" in said or "no space" in said:
        return NotSaved(N_("The disk is full. Nothing was saved; free some space and try again."))
    if "readonly" in said or "read-only" in said:
        return NotSaved(N_("The database can only be read. Nothing was saved."))
    if "malformed" in said or "not a database" in said:
        return NotSaved(
            N_("The database is damaged. Nothing was saved; restore the newest backup.")
        )
    return None
