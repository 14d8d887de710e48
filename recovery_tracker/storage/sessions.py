"""Sessions kept on the server, and wrong guesses counted where a restart does not forget them.

Callers pass digests of tokens and of the guessed login, never the text itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select
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


def is_any_expired(session: Session, now: datetime) -> bool:
    """Whether a session or a form that waited has run out and is still there."""
    return (
        session.scalar(select(SessionRow.digest).where(SessionRow.expires_at <= now).limit(1))
        is not None
    )


def delete_expired(session: WriteSession, now: datetime) -> None:
    session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


_WAITS = "carried "
"""Begins the digest of a row that holds a form: no digest of a token looks like this, so no cookie
ever opens it as a session."""


def keep_form(
    session: WriteSession,
    device: str,
    form: str,
    content: Mapping[str, Any],
    *,
    most: int,
    at: datetime,
    until: datetime,
) -> None:
    """The form waits in the browser `device` for its writer, in place of an earlier one to the same
    address `form`; only the `most` newest do. Both are digests.

    `content["about"]` is the mark of the patient it is about (`erasure.mark_of`), "" for nobody.
    """
    place = f"{_WAITS}{device} {form}"
    save_session(session, StoredSession(place, None, content, at, at, until))
    for one in _forms_of(session, [device])[most:]:
        delete_session(session, one.digest)


def waiting_forms(
    session: Session, devices: Iterable[str], now: datetime, form: str | None = None
) -> tuple[StoredSession, ...]:
    """Forms that wait in the browser that has these digests, the newest first; with `form`, the
    digest of an address, those that are sent there.
    """
    if form is not None:
        exact = (load_session(session, f"{_WAITS}{device} {form}", now) for device in devices)
        return tuple(one for one in exact if one is not None)
    return tuple(one for one in _forms_of(session, devices) if one.expires_at > now)


def _forms_of(session: Session, devices: Iterable[str]) -> list[StoredSession]:
    here = [SessionRow.digest.startswith(f"{_WAITS}{device} ") for device in devices]
    query = select(SessionRow).where(or_(False, *here))
    newest = query.order_by(SessionRow.created_at.desc(), SessionRow.digest)
    return list(map(_to_session, session.scalars(newest)))


def forget_forms_about(session: WriteSession, mark: str) -> None:
    """No form waits that is about the patient of this mark."""
    for row in session.scalars(select(SessionRow).where(SessionRow.digest.startswith(_WAITS))):
        if row.content.get("about") == mark:
            session.delete(row)


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
