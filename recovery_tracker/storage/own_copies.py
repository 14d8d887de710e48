"""Copies that the program made of a database by itself, beside it: before an upgrade or a restore.

What is erased is erased in them too. What somebody backed up on purpose is theirs to delete.
"""

import glob
import logging
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from ..domain.people import Actor
from .copying import SIDECARS, copy_database, private_folder, remove_sidecars, sync
from .database import Database
from .engine import make_engine, url_of
from .erasure import erase_marked
from .locking import NEXT, TURNS
from .upgrade import upgrade_database

log = logging.getLogger(__name__)


def own_copies(file: Path) -> tuple[Path, ...]:
    """The copies of this database file, by name."""
    beside = file.parent.glob(f"{glob.escape(file.stem)}.before-*")
    ends = (*SIDECARS, TURNS, NEXT, ".part", ".zip")
    return tuple(sorted(one for one in beside if one.is_file() and not one.name.endswith(ends)))


def erase_in_copies(
    file: Path, marks: Collection[str], *, by: Actor, at: datetime
) -> tuple[Path, ...]:
    """Nobody with these marks is left in any of the copies, which then have the tables of this
    program; the ones returned could not be read and are as they were.
    """
    left = []
    for copy in own_copies(file):
        try:
            _erase_in(copy, marks, by, at)
        except Exception as error:
            # Whatever is wrong with one: the erasure is done, and the others are still to come.
            log.error("a copy of the database could not be read: %s", type(error).__name__)
            left.append(copy)
    return tuple(left)


def _erase_in(copy: Path, marks: Collection[str], by: Actor, at: datetime) -> None:
    """Apart from the copy, which is replaced at the end: a crash leaves the one or the other."""
    with private_folder(copy.parent) as folder:
        # In a folder of its own: an upgrade holds the one it is in.
        inner = folder / "copy"
        inner.mkdir()
        work = inner / copy.name
        copy_database(copy, work)
        upgrade_database(url_of(work), backup=False)
        engine = make_engine(url_of(work))
        try:
            with Database(engine).write() as session:
                erase_marked(session, marks, by=by, at=at)
        finally:
            engine.dispose()
        sync(work)
        os.replace(work, copy)
        remove_sidecars(copy)
        sync(copy.parent)
