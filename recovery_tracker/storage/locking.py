"""One lock for everything that replaces a database with another.

Writers share it for the length of one write; a restore or an upgrade holds it alone, from before it
copies the existing file until the new one is in place, so nothing acknowledged is lost in between.
SQLite's own locks do not help: they end where one file is copied over another.

The lock is on the database's folder, so it leaves no file behind, and it ends with its process. On
a system or file system without such locks, nothing is locked. In PostgreSQL it is an advisory lock
and ends with its transaction.

Writers of an SQLite file also take turns: SQLite keeps no queue, so whoever asks at the right
moment writes, and another one may starve.
"""

import errno
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock

from sqlalchemy import Connection

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: How often to ask again for a lock that somebody else holds, in seconds. Our default.
_AGAIN = 0.01
#: The same where writers take turns: a write takes some ten times as long. Our default.
_TURN_AGAIN = 0.002
#: The ends of the names of the files beside a database that its writers take turns on, and on which
#: it is settled whose turn is next.
TURNS = "-turns"
NEXT = "-turns-next"

#: The number of the advisory lock.
_GATE = 24258


class Held(Exception):
    """Somebody else holds the lock and did not release it in time."""


@contextmanager
def held(folder: Path, seconds: float, *, alone: bool) -> Iterator[None]:
    """Nobody else holds the folder alone, or, where `alone` is asked for, nobody else at all.

    Raises:
        Held: the lock was not available within this many seconds; 0 tries once.
    """
    if fcntl is None or not folder.is_dir():
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _take(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, time.monotonic() + seconds)
        yield
    finally:
        os.close(handle)


class Turns:
    """The writers of one SQLite file, one after another: those of this process in the order in
    which they asked, turn by turn with those of other processes.

    The lock between processes is on an empty file beside the database: SQLite's own locks end as
    soon as anybody else closes the file they are on. Who waits for it holds another one, and a
    process that just wrote asks for that first: so it cannot write again while somebody waits,
    however late that one notices that its turn has come.
    """

    def __init__(self) -> None:
        self._changing = Lock()
        self._waiting: deque[Event] = deque()

    @contextmanager
    def turn(self, database: Path, seconds: float) -> Iterator[None]:
        """Nobody else who takes turns writes until the block ends.

        Raises:
            Held: it was not our turn within this many seconds.
        """
        until = time.monotonic() + seconds
        with self._line(seconds), _beside(database, TURNS) as turn:
            with _beside(database, NEXT) as following:
                for handle in (following, turn):
                    if handle is not None:
                        _take(handle, fcntl.LOCK_EX, until, _TURN_AGAIN)
            yield

    @contextmanager
    def _line(self, seconds: float) -> Iterator[None]:
        """First of this process until the block ends."""
        mine = Event()
        with self._changing:
            waits = bool(self._waiting)
            self._waiting.append(mine)
        try:
            if waits and not mine.wait(seconds):
                raise Held
            yield
        finally:
            with self._changing:
                was_first = self._waiting[0] is mine
                self._waiting.remove(mine)
                if was_first and self._waiting:
                    self._waiting[0].set()


@contextmanager
def _beside(database: Path, end: str) -> Iterator[int | None]:
    """The open file of this name that processes take turns on; None where there can be none."""
    try:
        handle = os.open(f"{database}{end}", os.O_RDWR | os.O_CREAT, 0o600) if fcntl else None
    except OSError:
        handle = None
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def _take(handle: int, kind: int, until: float, again: float = _AGAIN) -> None:
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                return
        if time.monotonic() >= until:
            raise Held
        time.sleep(again)


def hold_server(connection: Connection, seconds: float, *, alone: bool) -> None:
    """The same of a PostgreSQL database, until the transaction ends.

    No lock, this one or a later one of the transaction, is waited for longer than these seconds:
    the driver then raises its error, which is told as "busy". So a save gives up after
    `engine.BUSY_SECONDS`.
    """
    kind = "" if alone else "_shared"
    settings = {"lock_timeout": f"{seconds:.0f}s"}
    if alone:
        # It does nothing on this connection for as long as the work takes.
        settings["idle_in_transaction_session_timeout"] = "0"
    chosen = [f"set_config('{name}', '{value}', true)" for name, value in settings.items()]
    gate = f"pg_advisory_xact_lock{kind}({_GATE})"
    connection.exec_driver_sql(f"SELECT {', '.join([*chosen, gate])}")
