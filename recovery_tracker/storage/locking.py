"""One lock for everything that replaces a database with another.

Writers share it for the length of one write; a restore or an upgrade holds it alone, from before it
copies the existing file until the new one is in place, so nothing acknowledged is lost in between.
SQLite's own locks do not help: they end where one file is copied over another.

The lock is on the database's folder, so it leaves no file behind, and it ends with its process. On
a system or file system without such locks, nothing is locked. In PostgreSQL it is an advisory lock
and ends with its transaction.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: How often to ask again for a lock that somebody else holds, in seconds. Our default.
_AGAIN = 0.01

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


def _take(handle: int, kind: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                return
        if time.monotonic() >= until:
            raise Held
        time.sleep(_AGAIN)


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
