"""Messages are claimed before they are sent, so that nobody gets one twice without a reason.

A claim is first committed as "unsure". The answer of the other side changes it to sent or failed;
if there is none, because the connection broke or the program was killed, it stays unsure.
"""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.reminders import Delivery
from .database import WriteSession

#: Attempts for one message; a refused address is not tried for ever. Our default.
MOST_TRIES = 6

#: A try further ahead of now than this was made while the clock of the computer was wrong.
AHEAD = timedelta(days=1)

#: How long a message rests after its first attempt; after each further one twice as long. Our
#: default.
REST = timedelta(minutes=5)


def may_claim(
    session: Session,
    kind: type[Any],
    /,
    at: datetime,
    after_rest: Container[Delivery] = (),
    **key: Any,
) -> bool:
    """Whether the message `key` of a table may be tried now: it was not, or it certainly failed.

    After an outcome of `after_rest` it is tried again once it has rested. Where "unsure" is one of
    them it may come twice.
    """
    row = _row(session, kind, key)
    if row is None:
        return True
    if row.tries >= MOST_TRIES:
        return False
    if row.outcome in after_rest:
        return bool(at >= row.at + REST * 2 ** (row.tries - 1) or row.at > at + AHEAD)
    return bool(row.outcome == Delivery.FAILED)


def tried_at(session: Session, kind: type[Any], /, **key: Any) -> datetime | None:
    """When the message `key` of a table was last tried; None for never."""
    row = _row(session, kind, key)
    return None if row is None else row.at


def claim(
    session: WriteSession,
    kind: type[Any],
    /,
    *,
    at: datetime,
    after_rest: Container[Delivery] = (),
    **key: Any,
) -> bool:
    """Whether the caller alone may send this message now.

    The claim is durable once the caller's transaction is; `settle` records how it ended.
    """
    if not may_claim(session, kind, at, after_rest, **key):
        return False
    row = _row(session, kind, key) or kind(**key, tries=0)
    session.add(row)
    row.outcome, row.tries, row.at = str(Delivery.UNSURE), row.tries + 1, at
    session.flush()
    return True


def settle(
    session: WriteSession,
    kind: type[Any],
    /,
    outcome: Delivery,
    *,
    is_away: bool = False,
    **key: Any,
) -> None:
    """The outcome of a claimed message is recorded; if the other side `is_away`, it was no further
    try.
    """
    if row := _row(session, kind, key):
        row.outcome = str(outcome)
        row.tries = max(1, row.tries - is_away)


def _row(session: Session, kind: type[Any], key: dict[str, Any]) -> Any:
    query = select(kind).filter_by(**key)
    return session.scalar(query.execution_options(populate_existing=True))
