"""One lock around whatever puts another file in the place of a database.

Writers share it for the length of one write; a restore or an upgrade holds it alone, from before it
copies what is there until the new one stands. So nothing that was acknowledged falls in between.
SQLite's own locks end where one file is copied over another, which is why they do not do.

The lock is on the folder of the database, so no file is left behind by it, and it ends with its
process. Where a system or a file system has no such locks, it locks nothing.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: How often a lock that somebody else holds is asked for again, in seconds. Our default.
_AGAIN = 0.01


class Held(Exception):
    """Somebody else holds the lock, and went on holding it."""


@contextmanager
def held(folder: Path, seconds: float, *, alone: bool) -> Iterator[None]:
    """Nobody else holds the folder alone, or, where `alone` is asked for, nobody else at all.

    Raises:
        Held: it was not to be had within so many seconds; 0 tries once.
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
