"""Copying SQLite files as of one moment, safely on the disk before anyone is told."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from . import engine
from .engine import database_key, driver
from .locking import Held, held
from .trouble import Trouble, refusal, trouble_in

#: What a backup step returns while another program holds a file: SQLITE_BUSY, SQLITE_LOCKED.
_WAITING = (5, 6)
#: How long a step itself waits, in seconds; new readers queue behind it. Our default.
_STEP = 0.5

#: Pages copied before others may write, 4 MB in some 10 ms, and how often it may begin again until
#: all is copied in one go. Our default.
_PIECE, _TRIES = 1_000, 3
#: Bytes that are handed to the disk at once: a save that comes then waits for them. Our default.
_BLOCK = 4_000_000

_FOLDER = ".recovery-tracker-"
#: Seconds after which a folder that nobody holds counts as left behind. Our default.
_YOUNG = 5

#: Files that SQLite keeps beside a database, by the end of their names.
SIDECARS = ("-journal", "-wal", "-shm")


def copy_database(source: Path, target: Path) -> None:
    """`target` is a copy of the database as of one moment, safely on the disk."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    # Open until SQLite has closed it: to close it earlier would end SQLite's own lock.
    handle = os.open(part, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        try:
            overwrite(source, part, lambda: os.fsync(handle))
        finally:
            os.close(handle)
        sync(part)
        os.replace(part, target)
        sync(target.parent)
    finally:
        for suffix in ("", *SIDECARS):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def overwrite(source: Path, target: Path, make_durable: Callable[[], None] = lambda: None) -> None:
    """Every page of `target` is that of `source`, in one transaction; other users carry on with it.

    `make_durable` is called now and then, to let the disk have what was copied by then.

    Raises:
        NotSaved: another program holds one of the files; SQLite would wait for ever.
    """
    with closing(_connect(source)) as read, closing(_connect(target)) as write:
        write.execute("PRAGMA synchronous = FULL")
        if _has_log(read):
            # Whoever reads with a log sees one moment and holds nobody up.
            read.execute("BEGIN")
            read.execute("SELECT count(*) FROM sqlite_master").fetchone()
            progress = _Progress(make_durable=make_durable)
            try:
                read.backup(write, pages=_PIECE, progress=progress, sleep=0.05)
            except _Disturbed:
                # Somebody holds the target, or keeps on writing to it.
                raise refusal(Trouble.BUSY) from None
            return
        # Between two pieces others write; what was copied by then is copied again.
        with suppress(_Disturbed):
            read.backup(write, pages=_PIECE, progress=_Progress(_TRIES, make_durable), sleep=0.05)
            return
        read.backup(write, progress=_Progress(), sleep=0.05)


def copy_stream(source: IO[bytes], target: IO[bytes], on_disk: IO[bytes]) -> None:
    """The target holds what can be read from the source, piece by piece on the disk, as above.

    It is written to the file `on_disk`, which may be the target itself.
    """
    while block := source.read(_BLOCK):
        target.write(block)
        on_disk.flush()
        os.fsync(on_disk.fileno())


def _has_log(connection: Any) -> bool:
    """Whether the database has a write-ahead log: then nobody waits for a copy in one go."""
    try:
        return bool(connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))
    except driver().OperationalError as error:
        if trouble_in(error) is not Trouble.BUSY:
            raise
        # Somebody holds it alone, which keeps no reader out of a database with a log.
        return False


class _Disturbed(Exception):
    """Others write too often for a copy in pieces."""


class _Progress:
    """Hears of each step of a copy, which ends where another program holds a file for too long.

    A copy in pieces ends at once where it has begun again this often, and at the first disturbance
    after the time that a save waits: what nobody disturbs may take longer.
    """

    def __init__(self, tries: int = 1, make_durable: Callable[[], None] = lambda: None) -> None:
        self._tries, self._make_durable = tries, make_durable
        #: Pages that the last piece left to be copied.
        self._left: int | None = None
        self._until = time.monotonic() + engine.BUSY_SECONDS

    def __call__(self, status: int, remaining: int, _total: int) -> None:
        is_late = time.monotonic() >= self._until
        if status in _WAITING:
            # What remains is not known then.
            if is_late:
                raise refusal(Trouble.BUSY) if self._left is None else _Disturbed
            return
        if self._left is not None and remaining >= self._left:
            self._tries -= 1
            if is_late or not self._tries:
                raise _Disturbed
        self._left = remaining
        self._make_durable()


def errors_of() -> tuple[type[Exception], ...]:
    """The errors that the driver raises for a file it cannot use.

    A backup into a damaged file ends in MemoryError: that is what the driver makes of no answer.
    """
    return (driver().DatabaseError, MemoryError)


def _connect(file: Path) -> Any:
    connection = driver().connect(str(file), timeout=_STEP)
    key = database_key()
    if key is not None:
        connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
    return connection


def remove_sidecars(file: Path) -> None:
    """No journal is left over from another database: it would be replayed into this one."""
    for suffix in SIDECARS:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def free_name(file: Path, word: str) -> Path:
    """A name beside `file` that contains `word` and is not taken."""
    number = 1
    while (name := file.with_name(f"{file.stem}.{word}-{number}{file.suffix}")).exists():
        number += 1
    return name


@contextmanager
def private_folder(beside: Path | None) -> Iterator[Path]:
    """A folder for this user only, in `beside` or among the temporary ones; deleted afterwards.

    Folders that a killed program left behind are deleted first.
    """
    sweep(beside)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=beside))
    except OSError as error:
        # Named by the folder that was asked for, not by a temporary one that nobody knows.
        raise OSError(error.errno, error.strerror, str(beside or tempfile.gettempdir())) from error
    try:
        with held(folder, 0, alone=False):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(beside: Path | None) -> None:
    """Unused folders of this program are deleted from `beside` and from the temporary folder."""
    for folder in (beside or Path(tempfile.gettempdir())).glob(f"{_FOLDER}*"):
        try:
            is_ours = folder.is_dir() and not folder.is_symlink() and _is_mine(folder)
            # A folder that has only just been made is not locked yet.
            if is_ours and time.time() - folder.stat().st_mtime > _YOUNG:
                with held(folder, 0, alone=True):
                    shutil.rmtree(folder, ignore_errors=True)
        except (Held, OSError):
            continue


def _is_mine(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def file_digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """A file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
