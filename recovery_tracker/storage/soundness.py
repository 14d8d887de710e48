"""Whether a database is sound: its structure, the digest of each row, its audit chains."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from . import audit_chain, written
from .columns import Base
from .database import Database
from .engine import make_engine, url_of
from .trouble import Trouble, trouble_in
from .unreadable import unreadable

BROKEN = "its structure is damaged"
"""What is said of it then, and all that can be."""


def counts_of(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    there = set(inspect(session.connection()).get_table_names())
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name in there
    }


def problems_in(file: Path, manifest: dict[str, Any] | None) -> Iterator[str]:
    """Everything wrong with a database file, in words; empty when it is sound."""
    engine = make_engine(url_of(file))
    try:
        with Database(engine).read() as session:
            yield from damage_of(session)
            if manifest is not None:
                if counts_of(session) != manifest["counts"]:
                    yield "rows are missing"
                known = {int(c): (n, d) for c, (n, d) in manifest["audit_heads"].items()}
                yield from audit_chain.verify(session, known)
    finally:
        engine.dispose()


def problems_of(session: Session) -> Iterator[str]:
    """Everything wrong with an open database: damage, and values that cannot be read."""
    damage = list(damage_of(session))
    yield from damage
    if BROKEN not in damage:
        yield from unreadable(session)


def damage_of(session: Session) -> Iterator[str]:
    """What rules a backup out: broken structure, rows without their digest, a broken chain."""
    if session.get_bind().dialect.name == "sqlite":
        if not _is_whole(session):
            yield BROKEN
            return
        if session.execute(text("PRAGMA foreign_key_check")).first() is not None:
            yield "a row points at nothing"
    yield from damage_since(session, audit_chain.NOTHING)


def _is_whole(session: Session) -> bool:
    """Whether the structure of an SQLite file holds; a page may be too torn to be looked at."""
    try:
        return session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
    except DatabaseError as error:
        if trouble_in(error.orig) is Trouble.DAMAGED:
            return False
        raise


def damage_since(session: Session, since: audit_chain.Extent) -> Iterator[str]:
    """Damage to rows and chains written since then; the structure of the file is not checked."""
    changed = [*written.changed_rows(session, since), *audit_chain.verify(session, since=since)]
    yield from changed
    if not changed:  # What a changed record tells of cannot be compared.
        yield from written.lost_rows(session, since)
