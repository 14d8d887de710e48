"""The first answer to a form is also the answer to every repeat of it.

A form carries a key made when it was shown. A double tap, the Back button, or an answer lost on the
way sends the same key again: nothing is written twice. The same key with other content is refused.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.language import N_
from .columns import canonical
from .database import WriteSession, lock_form
from .errors import Conflict
from .tables.access import AnswerRow


def content_digest(content: Any) -> str:
    """Digest of a form's content, given as plain JSON."""
    return sha256(canonical(content).encode()).hexdigest()


def first_answer(session: WriteSession, key: str, content: Any) -> Any | None:
    """What `remember` kept for this key, None if it is new.

    Two requests with the same key are handled one after the other.

    Raises:
        Conflict: the key has been used before with other content.
    """
    lock_form(session, key)
    row = session.scalar(select(AnswerRow).where(AnswerRow.key == key))
    if row is None:
        return None
    if row.content_digest != content_digest(content):
        raise Conflict(
            N_("This form was already sent with other answers. Nothing was saved a second time.")
        )
    return row.answer


def was_answered(session: Session, key: str) -> bool:
    """Whether a form with this key has been answered before."""
    return session.scalar(select(AnswerRow.id).where(AnswerRow.key == key)) is not None


def last_answer(session: WriteSession, key: str, patient_id: int) -> Any | None:
    """What `remember` kept last for this key of this patient, None if nothing.

    A key with a blank and more after it is the same form, changed and sent again.
    """
    is_form = (AnswerRow.key == key) | AnswerRow.key.startswith(f"{key} ", autoescape=True)
    query = select(AnswerRow.answer).where(is_form, AnswerRow.patient_id == patient_id)
    return session.scalar(query.order_by(AnswerRow.id.desc()).limit(1))


def remember(
    session: WriteSession,
    key: str,
    content: Any,
    answer: Any,
    *,
    at: datetime,
    patient_id: int | None = None,
) -> None:
    """From now on `answer` (plain JSON, not None) is the answer to this key."""
    session.add(
        AnswerRow(
            key=key,
            patient_id=patient_id,
            content_digest=content_digest(content),
            answer=answer,
            at=at,
        )
    )
    session.flush()
