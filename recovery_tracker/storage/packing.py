"""The file of a backup: a zip that holds a database and a manifest of what must be found in it."""

import errno
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ..domain.language import N_
from . import audit_chain
from .copying import copy_stream, file_digest, remove_sidecars
from .database import Database
from .engine import make_engine, url_of
from .errors import DatabaseProblem
from .soundness import counts_of, problems_in
from .trouble import Trouble, refusal

_DATABASE, _MANIFEST = "recovery-tracker.db", "manifest.json"
_KEY = "secret-key.wrapped"
_FORMAT = "recovery-tracker backup 1"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, according to its manifest and a check.

    `is_noted` says whether the audit trail records that it was made; it is complete either way.
    """

    file: Path
    made_at: datetime
    revision: str
    app_version: str
    counts: dict[str, int]
    is_noted: bool = True
    #: Marks of the keys that its passwords and second steps need, newest first; empty if unknown.
    key_marks: tuple[str, ...] = ()
    #: These keys, wrapped by a passphrase; None if they are not included.
    wrapped_key: str | None = None


def manifest_of(copy: Path, at: datetime, key_marks: Sequence[str] = ()) -> dict[str, Any]:
    """What must be found in a backup that holds this copy."""
    engine = make_engine(url_of(copy))
    try:
        with Database(engine).read() as session:
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
            chains = {str(chain): list(head) for chain, head in audit_chain.heads(session).items()}
            counts = counts_of(session)
    finally:
        engine.dispose()
    remove_sidecars(copy)
    return {
        "format": _FORMAT,
        "made_at": at.isoformat(),
        "app_version": version("recovery-tracker"),
        "revision": revision,
        "sha256": file_digest(copy),
        "counts": counts,
        "audit_heads": chains,
        "key_marks": list(key_marks),
    }


def pack(file: Path, copy: Path, manifest: dict[str, Any], wrapped_key: str | None = None) -> None:
    """The file is a backup of this copy, for this user only."""
    with (
        file.open("wb") as on_disk,
        zipfile.ZipFile(on_disk, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed,
    ):
        packed.writestr(_MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        with copy.open("rb") as source, packed.open(_DATABASE, "w", force_zip64=True) as target:
            copy_stream(source, target, on_disk)
        if wrapped_key is not None:
            packed.writestr(_KEY, wrapped_key)
    os.chmod(file, 0o600)


def unpack(file: Path, folder: Path) -> tuple[Backup, Path]:
    """The backup's database in `folder`, with everything checked.

    Raises:
        DatabaseProblem: it is damaged, or not a backup at all.
    """
    restored = folder / "restored.db"
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read(_MANIFEST))
            has_key = _KEY in packed.namelist()
            wrapped_key = packed.read(_KEY).decode("ascii") if has_key else None
            with packed.open(_DATABASE) as source, restored.open("wb") as target:
                copy_stream(source, target, target)
    except FileNotFoundError as error:
        raise DatabaseProblem(N_("There is no such backup file.")) from error
    except Exception as error:
        _refuse_surroundings(error)
        raise _damaged("it cannot be unpacked") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise _damaged("its manifest is not one of ours")
    if file_digest(restored) != manifest["sha256"]:
        raise _damaged("the database in it is not the one that was backed up")
    for problem in problems_in(restored, manifest):
        raise _damaged(problem)
    return (
        Backup(
            file,
            datetime.fromisoformat(manifest["made_at"]),
            manifest["revision"],
            manifest["app_version"],
            manifest["counts"],
            key_marks=tuple(manifest.get("key_marks", ())),
            wrapped_key=wrapped_key,
        ),
        restored,
    )


def _refuse_surroundings(error: Exception) -> None:
    """Raises errors of the disk or of file permissions, as opposed to errors of the backup."""
    if isinstance(error, OSError):
        if error.errno in _NO_ROOM:
            raise refusal(Trouble.FULL) from error
        if error.filename is not None:
            raise error


def _damaged(why: str) -> DatabaseProblem:
    return DatabaseProblem(f"The backup is damaged: {why}. Nothing was changed.")
