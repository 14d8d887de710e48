"""Files that a person has sent and not decided on: in a folder closed to others, for an hour."""

import contextlib
import os
import re
import secrets
import shutil
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from werkzeug.datastructures import FileStorage

from ...exchange import long_reading

#: Seconds that a file waits for a decision. Our default.
LASTS = 3_600

#: Files that wait for one owner; a further one takes the place of the oldest. Our default.
MOST = 3

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def keep(file: FileStorage, owner: str) -> str:
    """The file waits under the token that is given, for this owner alone, with at most `MOST`."""
    sweep()
    _make_room(owner)
    token = secrets.token_urlsafe(24)
    path = _path(token, owner)
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            file.save(out)
    except OSError:  # Half a file is none, and its room is needed.
        path.unlink(missing_ok=True)
        raise
    return token


def waiting(token: str, owner: str) -> Path | None:
    """The file of this token; None where there is none, or not for this owner."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(token, owner)
    return path if path.is_file() else None


def drop(token: str, owner: str) -> None:
    """The file is gone."""
    if (path := waiting(token, owner)) is not None:
        path.unlink(missing_ok=True)
        long_reading.drop(path)


def sweep(older_than: int = LASTS) -> None:
    """Files that nobody decided on within that many seconds are deleted."""
    for path in _folder().iterdir():
        with contextlib.suppress(FileNotFoundError):  # Another process sweeps too.
            if path.stat().st_mtime > time.time() - older_than:
                continue
            if path.is_dir():  # Of a reading whose file is gone.
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
                long_reading.drop(path)


def _make_room(owner: str) -> None:
    """Nobody fills the disk by sending one file after another."""
    found = []
    for path in _folder().glob(f"{_mark(owner)}-*"):
        with contextlib.suppress(FileNotFoundError):
            if not path.suffix:
                found.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(found)[: -(MOST - 1)]:
        path.unlink(missing_ok=True)
        long_reading.drop(path)


def _path(token: str, owner: str) -> Path:
    # The owner is part of the name: a token of somebody else leads nowhere.
    return _folder() / f"{_mark(owner)}-{sha256(f'{owner}/{token}'.encode()).hexdigest()}"


def _mark(owner: str) -> str:
    return sha256(owner.encode()).hexdigest()[:16]


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"recovery-tracker-files-{_user()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != _user():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def _user() -> int:
    # Where a system has no numbers for its users, a folder of its own for temporary files it has.
    return os.getuid() if hasattr(os, "getuid") else 0
