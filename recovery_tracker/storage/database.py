"""Opening a database, and the only two ways to use one: to read and to write.

A write takes the lock before it reads (`BEGIN IMMEDIATE`), so that what it read is still true when
it writes; SQLAlchemy's own default loses updates without an error. When its block ends a write is
on the disk, or nothing of it is.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from . import engine as engines
from .engine import ONLY_READS, make_engine, try_to_write
from .locking import Held, Turns, held, hold_server
from .tables.flags import SummaryRow
from .trouble import Memory, Trouble, refusal, trouble_in

log = logging.getLogger(__name__)


#: Errors of a database that cannot go on; the whole write is then abandoned.
DatabaseTrouble = OperationalError

__all__ = [
    "Database",
    "DatabaseTrouble",
    "Session",
    "WriteSession",
    "lock_chain",
    "lock_chains",
    "open_database",
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
    _turns: Turns = field(default_factory=Turns, repr=False, compare=False)
    #: What `patient_record.py` has read of this database and need not read again.
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    #: The engine as it begins a transaction that reads, and one that writes.
    _reads: Engine = field(init=False, repr=False, compare=False)
    _writes: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Made once: a page opens ten transactions.
        reads = self.engine.execution_options(only_reads=True)
        object.__setattr__(self, "_reads", reads)
        writes = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        object.__setattr__(self, "_writes", writes)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees a single moment and cannot write."""
        with Session(self._reads, autoflush=False, info={"patient_records": self._kept}) as session:
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
        with self._our_turn(), WriteSession(self._writes, self._kept) as session:
            try:
                connection = session.connection()
                if connection.dialect.name == "postgresql":
                    hold_server(connection, engines.BUSY_SECONDS, alone=False)
                yield session
                _mark_unassessed(session)
                session.commit()
            except DatabaseError as error:
                session.rollback()
                self._refuse("write", error)
                raise

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        """It is our turn to write to this file, and nobody replaces it until the block ends."""
        file = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or file is None:
            yield
            return
        turn = self._turns.turn(Path(file), engines.BUSY_SECONDS)
        try:
            with turn, held(Path(file).parent, engines.BUSY_SECONDS, alone=False):
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
                try_to_write(
                    pooled.driver_connection, was_only_reading=pooled.info.get(ONLY_READS, False)
                )
        except self.engine.dialect.loaded_dbapi.DatabaseError as error:
            trouble = trouble_in(error)
            return None if trouble is Trouble.BUSY else trouble
        return None

    def empty_log(self) -> bool:
        """SQLite's write-ahead log holds nothing any more; or somebody still reads from it, or the
        disk did not take it.

        It is tried again for as long as a save waits, and no save waits for that.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        try:
            with closing(self.engine.raw_connection()) as pooled:
                return _empty_log(pooled.driver_connection)
        except self.engine.dialect.loaded_dbapi.DatabaseError as error:
            log.warning("the write-ahead log could not be emptied: %s", type(error).__name__)
            return False

    def forget(self) -> None:
        """The next read of everything goes to the database."""
        self._kept.clear()

    def close(self) -> None:
        self.engine.dispose()


def _empty_log(connection: Any) -> bool:
    until = monotonic() + engines.BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if monotonic() >= until:
                return False
            sleep(0.05)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(engines.BUSY_SECONDS * 1000)}")
    return True


def _mark_unassessed(session: WriteSession) -> None:
    if session.unassessed:
        # In the same commit that changed the record: whatever stops the program afterwards, `tick`
        # and the next page see that the patient is due.
        late = SummaryRow.patient_id.in_(session.unassessed)
        session.execute(
            update(SummaryRow).where(late).values(assessment_due=True),
            execution_options={"synchronize_session": False},
        )


def open_database(url: str) -> Database:
    """The database at `url`; neither created nor upgraded here (`upgrade_database` does both).

    RECOVERY_TRACKER_DATABASE_KEY, if set, opens an SQLite file encrypted by SQLCipher.
    """
    return Database(make_engine(url))


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
