"""The secrets of an installation in the file `secret-key`, newest first, or in the environment."""

import contextlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from ..domain.errors import RecoveryError

#: Set, it is the newest secret, whatever stands first in the file.
IN_ENVIRONMENT = "RECOVERY_TRACKER_SECRET_KEY"


def given_secret() -> str:
    """The secret from the environment, "" where none is set or it is empty."""
    return os.environ.get(IN_ENVIRONMENT, "")


def secrets_in_use(folder: Path) -> tuple[str, ...]:
    """Every secret that the program works with, newest first; one is made where there is none."""
    return known_secrets(folder) or secrets_in(folder)


def known_secrets(folder: Path) -> tuple[str, ...]:
    """The same, and nothing where there is none yet.

    Raises:
        OSError: the file is there and cannot be read.
        RecoveryError: it holds no key.
    """
    try:
        kept = _read_secrets(folder / "secret-key")
    except FileNotFoundError:
        kept = ()
    given = given_secret()
    return (given, *kept[1:]) if given else kept


def secrets_in(folder: Path) -> tuple[str, ...]:
    """Every secret kept in `folder/secret-key`, one a line, newest first.

    Raises:
        OSError, RecoveryError: as above.
    """
    file = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        fresh = folder / f"secret-key.{secrets.token_hex(4)}"
        _write_secrets(fresh, [secrets.token_urlsafe(48)])
        # Another process may be first; then its secret is the one.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return _read_secrets(file)


def rotate_in(folder: Path) -> int:
    """A new secret stands first in `folder/secret-key`; returns how many there are now."""
    kept = [secrets.token_urlsafe(48), *secrets_in(folder)]
    replace_secrets(folder, kept)
    return len(kept)


def replace_secrets(folder: Path, kept: Sequence[str]) -> None:
    """`folder/secret-key` holds these secrets, newest first."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"secret-key.{secrets.token_hex(4)}"
    _write_secrets(fresh, kept)
    os.replace(fresh, folder / "secret-key")


def _read_secrets(file: Path) -> tuple[str, ...]:
    try:
        kept = tuple(file.read_text(encoding="ascii").split())
    except UnicodeDecodeError:
        kept = ()
    if not kept:
        raise RecoveryError(f"{file}: no key can be read from it; put the former file back")
    return kept


def _write_secrets(file: Path, kept: Sequence[str]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write("".join(f"{one}\n" for one in kept))
        out.flush()
        os.fsync(out.fileno())
