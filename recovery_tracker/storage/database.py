"""Opening a database, and the only two ways to use one: to read and to write.

A write takes the lock before it reads (`BEGIN IMMEDIATE`), so that what it read is still true when
it writes; SQLAlchemy's own default loses updates without an error. When its block ends a write is
on the disk, or nothing of it is.
"""

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from ..domain.language import N_
from .errors import DatabaseProblem
from .locking import Held, held
from .tables.flags import SummaryRow
from .trouble import Memory, Trouble, refusal, trouble_in

log = logging.getLogger(__name__)

#: Marks a transaction that may not write, and a connection whose last transaction might not.
_ONLY_READS = "only_reads"

#: How long a write waits for another one, in seconds. Our default.
BUSY_SECONDS = 10

#: The write-ahead log is used from this version on: earlier ones could corrupt the database when
#: two connections wrote and checkpointed together (the "WAL-reset" bug of 3.7.0 to 3.51.2).
WAL_IS_SOUND = (3, 51, 3)


#: Errors of a database that cannot go on; the whole write is then abandoned.
DatabaseTrouble = OperationalError

__all__ = [
    "BUSY_SECONDS",
    "WAL_IS_SOUND",
    "Database",
    "DatabaseTrouble",
    "Session",
    "WriteSession",
    "file_of",
    "key_or_environment",
    "lock_chain",
    "lock_chains",
    "make_engine",
    "open_database",
    "readable_url",
    "sqlcipher",
    "url_of",
]


class WriteSession(Session):
    """A session that may write and knows what it has changed: the only kind that writers accept."""

    def __init__(self, engine: Engine, kept: dict[Any, Any]) -> None:
        super().__init__(engine, info={"patient_records": kept})
        self._changed: set[int] = set()

    @property
    def unassessed(self) -> tuple[int, ...]:
        """Patients whose record has changed since their flags were last brought up to date."""
        return tuple(sorted(self._changed))

    def record_changed(self, patient_id: int) -> None:
        """This patient's stored flags and summary may no longer match the record."""
        self._changed.add(patient_id)

    def assessed(self, patient_id: int) -> None:
        """This patient's flags and summary match the record again, or are marked as due."""
        self._changed.discard(patient_id)


@dataclass(frozen=True, slots=True)
class Database:
    """One database. Sessions live as long as the block that opened them.

    Once found damaged it is only read until the program restarts: pages that are still sound must
    not be overwritten on the evidence of one that is not.
    """

    engine: Engine
    _memory: Memory = field(default_factory=Memory, repr=False, compare=False)
    #: What `patient_record.py` has read of this database and need not read again.
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees a single moment and cannot write."""
        engine = self.engine.execution_options(only_reads=True)
        with Session(engine, autoflush=False, info={"patient_records": self._kept}) as session:
            try:
                yield session
            except DatabaseError as error:
                self._refuse("read", error)
                raise

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A session with the write lock: committed at the end of the block, or not at all.

        Only `services/change.py` opens one for pages and commands. A patient whose record was
        changed but not reassessed in the same block is marked as due in the same commit.
        """
        if self._memory.is_damaged:
            raise refusal(Trouble.DAMAGED)
        engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        with self._not_replaced(), WriteSession(engine, self._kept) as session:
            try:
                session.connection()
                yield session
                _mark_unassessed(session)
                session.commit()
            except DatabaseError as error:
                session.rollback()
                self._refuse("write", error)
                raise

    @contextmanager
    def _not_replaced(self) -> Iterator[None]:
        """Nobody replaces this file with another until the block ends."""
        file = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or file is None:
            yield
            return
        try:
            with held(Path(file).parent, BUSY_SECONDS, alone=False):
                yield
        except Held as error:
            raise refusal(Trouble.BUSY) from error

    def _refuse(self, what: str, error: DatabaseError) -> None:
        """Raises the message for what is wrong with the database; returns if the error is ours."""
        trouble = trouble_in(error.orig)
        if trouble is None:
            return
        self._memory.keep(trouble)
        log.error("%s refused: %s, %s", what, type(error.orig).__name__, trouble)
        raise refusal(trouble) from error

    def trouble(self) -> Trouble | None:
        """What would refuse a write at this moment; None if nothing would.

        Another writer is no problem and is not waited for. A full disk shows only when writing.
        """
        if self._memory.trouble() or self.engine.dialect.name != "sqlite":
            return self._memory.trouble()
        try:
            with closing(self.engine.raw_connection()) as pooled:
                _try_to_write(
                    pooled.driver_connection, was_only_reading=pooled.info.get(_ONLY_READS, False)
                )
        except self.engine.dialect.loaded_dbapi.DatabaseError as error:
            trouble = trouble_in(error)
            return None if trouble is Trouble.BUSY else trouble
        return None

    def forget(self) -> None:
        """The next read of everything goes to the database."""
        self._kept.clear()

    def close(self) -> None:
        self.engine.dispose()


def _mark_unassessed(session: WriteSession) -> None:
    if session.unassessed:
        # In the same commit that changed the record: whatever stops the program afterwards, `tick`
        # and the next page see that the patient is due.
        late = SummaryRow.patient_id.in_(session.unassessed)
        session.execute(
            update(SummaryRow).where(late).values(assessment_due=True),
            execution_options={"synchronize_session": False},
        )


def _only_reads(connection: Connection, forbidden: bool) -> None:
    # A pooled connection stays as it was left, so most transactions need not set it again.
    if connection.info.get(_ONLY_READS, False) != forbidden:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if forbidden else 'OFF'}")
        connection.info[_ONLY_READS] = forbidden


def _try_to_write(connection: Any, *, was_only_reading: bool) -> None:
    # Asks for permission to write, which BEGIN IMMEDIATE does not do for a read-only file, and
    # changes nothing.
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("DELETE FROM alembic_version WHERE 0")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.execute(f"PRAGMA query_only = {'ON' if was_only_reading else 'OFF'}")


def open_database(url: str, key: str | None = None) -> Database:
    """The database at `url`; neither created nor upgraded here (`upgrade_database` does both).

    `key` opens an SQLite file encrypted by SQLCipher; without it the environment's
    RECOVERY_TRACKER_DATABASE_KEY is used, if set.
    """
    return Database(make_engine(url, key=key))


def make_engine(url: str, *, foreign_keys: bool = True, key: str | None = None) -> Engine:
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
            if connection.get_execution_options().get(_ONLY_READS):
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")

        return engine
    key = key_or_environment(key)
    # The text of an error may reach a log, and the values of a statement are answers.
    options: dict[str, Any] = {
        "connect_args": {"timeout": BUSY_SECONDS},
        # The most recently used connection is used next: it is still set to read, or to write.
        "pool_use_lifo": True,
        "hide_parameters": True,
    }
    if key is not None:
        options["module"] = sqlcipher()
    engine = create_engine(address, **options)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # The driver's own transactions are off: ours begin as each block requires.
        connection.isolation_level = None
        try:
            for pragma in _pragmas(connection, foreign_keys, key):
                connection.execute(f"PRAGMA {pragma}")
        except Exception:
            # The pool drops a connection whose settings failed, and would leave it open.
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        _only_reads(connection, options.get(_ONLY_READS, False))
        connection.exec_driver_sql(options.get("begin", "BEGIN"))

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


def lock_chain(session: Session, chain: int) -> None:
    """Nobody else writes about this patient (0: the installation) until the block ends.

    SQLite has one writer anyway; PostgreSQL takes a lock that ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:room, :chain)"), _lock(chain))


def lock_chains(session: Session, chains: Collection[int]) -> None:
    """As `lock_chain` for each of these, in one statement.

    In the order of their numbers, so that two of these never wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text(
                "SELECT pg_advisory_xact_lock(:room, chain) FROM"
                " (SELECT unnest(CAST(:chains AS integer[])) AS chain ORDER BY 1) AS ordered"
            ),
            {"room": 0x5EC0, "chains": sorted(chains)},
        )


def lock_form(session: Session, key: str) -> None:
    """Nobody else writes what the form of this key asks for until the block ends."""
    if session.get_bind().dialect.name == "postgresql":
        values = {"room": 0x5EC1, "key": key}
        session.execute(text("SELECT pg_advisory_xact_lock(:room, hashtext(:key))"), values)


def _lock(chain: int) -> dict[str, int]:
    return {"room": 0x5EC0, "chain": chain}
