"""SQLite files on the disk: copied as of one moment, and on it for sure before anyone is told."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from .database import key_or_environment, sqlcipher

#: What SQLite keeps beside a database, by the end of its name.
SIDECARS = ("-journal", "-wal", "-shm")


def copy_database(source: Path, target: Path, key: str | None = None) -> None:
    """`target` is a copy of the database as of one moment, safely on the disk."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        overwrite(source, part, key)
        sync(part)
        os.replace(part, target)
        sync(target.parent)
    finally:
        for suffix in ("", *SIDECARS):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def overwrite(source: Path, target: Path, key: str | None) -> None:
    """Every page of `target` is that of `source`, in one transaction; its users go on with it."""
    with closing(_connect(source, key)) as read, closing(_connect(target, key)) as write:
        write.execute("PRAGMA synchronous = FULL")
        read.backup(write)


def _connect(file: Path, key: str | None) -> Any:
    key = key_or_environment(key)
    if key is None:
        return sqlite3.connect(file, timeout=10)
    connection = sqlcipher().connect(str(file), timeout=10)
    connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
    return connection


def remove_sidecars(file: Path) -> None:
    """A journal left over from another database would be played into this one."""
    for suffix in SIDECARS:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def free_name(file: Path, word: str) -> Path:
    """A name beside `file` that says `word` and is not taken."""
    number = 1
    while (name := file.with_name(f"{file.stem}.{word}-{number}{file.suffix}")).exists():
        number += 1
    return name


@contextmanager
def private_folder(beside: Path | None) -> Iterator[Path]:
    """A folder of this user alone, in `beside` or among the temporary ones; gone afterwards."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".recovery-tracker-", dir=beside))
    except OSError as error:
        # Named by the folder that was asked for, not by one that nobody has heard of.
        raise OSError(error.errno, error.strerror, str(beside or tempfile.gettempdir())) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest_of(file: Path) -> str:
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
