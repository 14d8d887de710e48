"""Copies of a database, checked when they are made and again before they are used.

A backup is one zip file: the database as an SQLite file, and a manifest of what must be found in
it. SQLite itself takes the copy while the program runs; of PostgreSQL it is one snapshot, row by
row, so that every backup is checked, and restored, alike (docs/decisions/0086).
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from ..domain.language import N_
from ..domain.people import Actor
from . import audit
from .copying import (
    SIDECARS,
    copy_database,
    errors_of,
    free_name,
    overwrite,
    private_folder,
    remove_sidecars,
    sync,
)
from .database import Database
from .ended import Ended, end_again, end_sessions, ended_since, erased_since
from .engine import file_of, make_engine, url_of
from .erasure import erase_marked
from .errors import DatabaseProblem, NotSaved
from .moving import copy_rows, empty, snapshot
from .packing import Backup, manifest_of, pack, unpack
from .revisions import head_revision
from .trouble import Trouble, refusal, trouble_in
from .upgrade import is_file, replacing, revision_of, upgrade_database


def backup_to(
    url: str,
    file: Path,
    *,
    by: Actor,
    at: datetime,
    key_marks: Sequence[str] = (),
    wrapped_key: str | None = None,
) -> Backup:
    """`file` is a verified backup of the database; the program may go on running.

    `key_marks` name the installation keys that the backup needs, and `wrapped_key` holds the keys
    themselves if they are to travel with it.

    Raises:
        DatabaseProblem: there is no database, the file already exists, or the copy is damaged.
    """
    made = _backed_up(url, file, at=at, key_marks=key_marks, wrapped_key=wrapped_key)
    details = {"revision": made.revision, "counts": made.counts}
    return replace(made, is_noted=_note(url, by, at, details))


def kept_before_upgrade(
    url: str, folder: Path, *, at: datetime, key_marks: Sequence[str]
) -> Path | None:
    """A backup in the folder of a PostgreSQL database that an upgrade will change; None for any
    other: an upgrade copies an SQLite file beside itself.
    """
    if is_file(url) or revision_of(url) in (None, head_revision()):
        return None
    file = free_name(folder / "recovery.zip", f"before-{head_revision()}")
    return _backed_up(url, file, at=at, key_marks=key_marks).file


def _backed_up(
    url: str,
    file: Path,
    *,
    at: datetime,
    key_marks: Sequence[str] = (),
    wrapped_key: str | None = None,
) -> Backup:
    """The same, without an event in the audit trail."""
    if is_file(url) and not file_of(url).exists():
        raise DatabaseProblem(N_("There is no database to back up."))
    if file.exists():
        raise DatabaseProblem(N_("A file of this name is there already; nothing was written."))
    file.parent.mkdir(parents=True, exist_ok=True)
    with private_folder(file.parent) as folder:
        copy = folder / "copy.db"
        _copy(url, copy)
        packed = folder / "packed.zip"
        pack(packed, copy, manifest_of(copy, at, key_marks), wrapped_key)
        made = verify(packed)
        sync(packed)
        os.replace(packed, file)
        sync(file.parent)
    return replace(made, file=file)


def _copy(url: str, copy: Path) -> None:
    if is_file(url):
        copy_database(file_of(url), copy)
        return
    if (revision := revision_of(url)) is None:
        raise DatabaseProblem(N_("There is no database to back up."))
    made = _apart(copy)
    upgrade_database(url_of(made), backup=False, to=revision)
    with snapshot(url) as source:
        _fill(source, url_of(made))
    os.replace(made, copy)


def _apart(file: Path) -> Path:
    """The place of a file in a folder of its own: an upgrade locks the folder it works in."""
    folder = file.with_name("apart")
    folder.mkdir()
    return folder / file.name


def _fill(source: Connection, url: str) -> None:
    """The database, which holds nothing yet, holds the rows of the source."""
    engine = make_engine(url)
    try:
        with engine.begin() as target:
            if target.dialect.name == "postgresql":
                empty(target)
            copy_rows(source, target)
    finally:
        engine.dispose()


def _note(url: str, by: Actor, at: datetime, details: dict[str, Any]) -> bool:
    """Whether the audit trail now records the backup.

    A database that is only read cannot, nor one of an older release that lacks a column.
    """
    engine = make_engine(url)
    try:
        with Database(engine).write() as session:
            audit.record(session, audit.AuditAction.BACKED_UP, by=by, at=at, details=details)
    except (NotSaved, OperationalError, ProgrammingError):
        return False
    finally:
        engine.dispose()
    return True


def verify(file: Path) -> Backup:
    """The backup is complete: every byte, table, row digest and audit chain matches its manifest.

    Raises:
        DatabaseProblem: it is damaged, or not a backup at all.
    """
    with private_folder(None) as folder:
        return unpack(file, folder)[0]


def restore_from(file: Path, url: str, *, by: Actor, at: datetime) -> tuple[Backup, Path | None]:
    """The database is the one in the backup; what was there before is kept beside it.

    Nobody stays signed in and no link works any more. Anybody erased since stays erased, any
    account switched off stays off, and access that was taken away stays away, as do recovery codes
    that were used and devices that were forgotten. Returns the backup
    and the file that holds the former database (None if there was none).

    Raises:
        DatabaseProblem: the backup is damaged or was made by a newer version of the program; then
            nothing was changed.
    """
    beside = file_of(url) if is_file(url) else file
    beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private_folder(beside.parent) as folder:
        backup, restored = unpack(file, folder)
        # Everything below knows the tables of today only.
        restored = Path(shutil.move(restored, _apart(restored)))
        upgrade_database(url_of(restored), backup=False)
        if not is_file(url):
            upgrade_database(url, backup=False)
        with replacing(url):
            marks, ended = erased_since(url), ended_since(url)
            _prepare(restored, marks, ended, by, at)
            if is_file(url):
                former = _put_in_place(restored, file_of(url))
            else:
                former = _put_into_server(restored, url, file, at)
    return backup, former


def _put_into_server(restored: Path, url: str, file: Path, at: datetime) -> Path:
    """Replaces what PostgreSQL holds in one transaction; a backup of that is made first."""
    former = free_name(file, "before-restore")
    _backed_up(url, former, at=at)
    engine = make_engine(url_of(restored))
    try:
        with engine.connect() as source:
            _fill(source, url)
    finally:
        engine.dispose()
    return former


def _prepare(
    restored: Path,
    marks: frozenset[str],
    ended: Ended,
    by: Actor,
    at: datetime,
) -> None:
    """The restored database lets nobody in as before, and holds nobody erased since the backup."""
    engine = make_engine(url_of(restored))
    try:
        with Database(engine).write() as session:
            end_sessions(session)
            erase_marked(session, marks, by=by, at=at)
            end_again(session, ended, by, at)
            audit.record(session, audit.AuditAction.RESTORED, by=by, at=at)
    finally:
        engine.dispose()


def _put_in_place(restored: Path, target: Path) -> Path | None:
    """In one transaction over the existing database, so that a running server continues with the
    restored one; a database too damaged for that is moved aside. If there is no room for both,
    nothing is changed."""
    if not target.exists():
        remove_sidecars(target)
        copy_database(restored, target)
        return None
    former = free_name(target, "before-restore")
    try:
        copy_database(target, former)
        overwrite(restored, target)
    except NotSaved as error:
        former.unlink(missing_ok=True)
        raise DatabaseProblem(
            N_("The database is in use. Stop the program and try again.")
        ) from error
    except errors_of() as error:
        former.unlink(missing_ok=True)
        trouble = trouble_in(error)
        if trouble not in (None, Trouble.DAMAGED):
            raise refusal(trouble) from error
        _move_aside(restored, target, former)
    return former


def _move_aside(restored: Path, target: Path, former: Path) -> None:
    # Steps that may fail for lack of space come first, while the old file still has its name.
    spare = restored.with_name("spare.db")
    copy_database(restored, spare)
    for suffix in ("", *SIDECARS):
        part = Path(f"{target}{suffix}")
        if part.exists():
            os.replace(part, f"{former}{suffix}")
    os.replace(spare, target)
    sync(target.parent)
