"""The one way to write: a transaction that leaves the flags in step with the record.

Nothing else opens a write (`tests/test_architecture.py`). Writers in `storage` accept only the
session that is given here, and use it to say whose record they changed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..domain.people import Actor, Occasion
from ..storage import idempotency
from ..storage.database import Database, WriteSession, lock_chain
from ..storage.patient_record import record_of
from .assessing import assess_and_store, read_history

Asked = ParamSpec("Asked")
Given = TypeVar("Given")


@contextmanager
def patient_change(
    database: Database, patient_id: int, *, by: Actor, at: datetime, today: date | None = None
) -> Iterator[WriteSession]:
    """The write transaction of one patient's record; nobody else writes about them in the meantime.

    At its end everybody whose record was changed in it is assessed as of `today` (by default the
    civil day of `at` in their zone), or marked as due if that fails: in the same commit.

    Raises:
        NotSaved: the database could not take it; nothing of the block is stored.
    """
    with database.write() as session:
        lock_chain(session, patient_id)
        yield session
        for changed in session.unassessed:
            day = today or civil_day(at, record_of(session, changed)[0].patient.zone)
            history = read_history(session, changed)
            assess_and_store(session, changed, history, Occasion(by, at, day))


def change(database: Database) -> AbstractContextManager[WriteSession]:
    """The write transaction for what belongs to no diary: accounts, sessions, settings, the audit.

    If somebody's record is changed in it all the same, that patient is marked as due.
    """
    return database.write()


def in_one_change(
    write: Callable[Concatenate[WriteSession, Asked], Given],
) -> Callable[Concatenate[Database, Asked], Given]:
    """A writer of `storage` that is a whole verb: called with the database, it has a write
    transaction (`change`) of its own.
    """

    @wraps(write)
    def verb(database: Database, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Given:
        with change(database) as session:
            return write(session, *args, **kwargs)

    return verb


def once(
    session: WriteSession,
    key: str,
    content: list[Any],
    deed: Callable[[], Any],
    *,
    at: datetime,
    patient_id: int | None = None,
) -> bool:
    """Whether it was done now; a form with the same key, sent again, does nothing.

    `content` is plain JSON: the content of the form. Without a key nothing is remembered.

    Raises:
        Conflict: the key has been used before with other content.
    """
    if not key:
        deed()
        return True
    if idempotency.first_answer(session, key, content) is not None:
        return False
    deed()
    idempotency.remember(session, key, content, True, at=at, patient_id=patient_id)
    return True


def civil_day(at: datetime, zone: str) -> date:
    """The civil date of an instant in a zone; UTC where the zone is unknown on this machine."""
    try:
        place: ZoneInfo | Any = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = UTC
    return at.astimezone(place).date()
