"""The one-time link that opens the set-up page of a new installation."""

from datetime import datetime
from hashlib import sha256
from secrets import compare_digest, token_urlsafe

from sqlalchemy.orm import Session

from .database import WriteSession
from .tables.access import SetupTokenRow
from .tables.people import InstallationRow


def new_setup_token(session: WriteSession, at: datetime) -> str | None:
    """A fresh token that replaces the one before; None once the installation is set up.

    Only its digest is kept.
    """
    installation = session.get(InstallationRow, 1)
    if installation is not None and installation.set_up_at is not None:
        return None
    token = token_urlsafe(32)
    session.merge(SetupTokenRow(id=1, digest=_digest(token), created_at=at, used_at=None))
    session.flush()
    return token


def is_setup_token(session: Session, token: str) -> bool:
    """Whether the token opens the set-up page."""
    row = session.get(SetupTokenRow, 1)
    return row is not None and row.used_at is None and compare_digest(row.digest, _digest(token))


def use_setup_token(session: WriteSession, token: str, at: datetime) -> bool:
    """The token is used up; False where it does not open anything."""
    if not is_setup_token(session, token):
        return False
    row = session.get(SetupTokenRow, 1)
    assert row is not None
    row.used_at = at
    session.flush()
    return True


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
