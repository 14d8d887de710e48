"""Sessions kept on the server, and wrong guesses counted where a restart does not forget them.

Callers pass digests of tokens and of the guessed login, never the text itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from .database import WriteSession
from .one_row import row_by
from .tables.access import AttemptRow, SessionRow


@dataclass(frozen=True, slots=True)
class StoredSession:
    digest: str
    account_id: int | None
    content: Mapping[str, Any]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def load_session(session: Session, digest: str, now: datetime) -> StoredSession | None:
    """The session of a token's digest, None where there is none or it has run out."""
    row = row_by(session, SessionRow.digest, digest)
    if row is None or row.expires_at <= now:
        return None
    return _to_session(row)


def is_there(session: Session, digest: str) -> bool:
    """Whether the session has not been ended."""
    return session.get(SessionRow, digest) is not None


def save_session(session: WriteSession, stored: StoredSession) -> None:
    """The session is stored as given, new or not."""
    session.merge(
        SessionRow(
            digest=stored.digest,
            account_id=stored.account_id,
            content=dict(stored.content),
            created_at=stored.created_at,
            seen_at=stored.seen_at,
            expires_at=stored.expires_at,
        )
    )
    session.flush()


def sessions_of(session: Session, account_id: int) -> tuple[StoredSession, ...]:
    """Sessions of an account, the one used last first."""
    query = select(SessionRow).where(SessionRow.account_id == account_id)
    return tuple(map(_to_session, session.scalars(query.order_by(SessionRow.seen_at.desc()))))


def delete_session(session: WriteSession, digest: str) -> None:
    """The session has ended."""
    session.execute(delete(SessionRow).where(SessionRow.digest == digest))


def delete_expired(session: WriteSession, now: datetime) -> None:
    session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


def _to_session(row: SessionRow) -> StoredSession:
    return StoredSession(
        digest=row.digest,
        account_id=row.account_id,
        content=row.content,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def record_attempt(session: WriteSession, key_digest: str, at: datetime) -> int:
    """The number of the attempt, which counts from now on."""
    row = AttemptRow(key_digest=key_digest, at=at)
    session.add(row)
    session.flush()
    return row.id


def delete_attempts(session: WriteSession, numbers: Sequence[int]) -> None:
    session.execute(delete(AttemptRow).where(AttemptRow.id.in_(numbers)))


def attempts_between(session: Session, key_digest: str, since: datetime, until: datetime) -> int:
    values = {"key": key_digest, "since": since, "until": until}
    return session.scalar(_ATTEMPTS, values) or 0


_ATTEMPTS = (
    select(func.count())
    .select_from(AttemptRow)
    .where(
        AttemptRow.key_digest == bindparam("key"),
        AttemptRow.at.between(bindparam("since"), bindparam("until")),
    )
)


def forget_attempts(session: WriteSession, key_digest: str) -> None:
    session.execute(delete(AttemptRow).where(AttemptRow.key_digest == key_digest))


def delete_old_attempts(session: WriteSession, before: datetime) -> None:
    session.execute(delete(AttemptRow).where(AttemptRow.at < before))
