"""One-time links: how people get an account, or a new password, without anyone else knowing it.

Used by the administrator's pages and by the command line. The database keeps the digest of the
token alone.
"""

import secrets
from datetime import datetime, timedelta

from ... import services
from ...domain.people import CARER_RIGHTS, Actor, Rights, Role
from ...services.accounts import NewPatient
from ...storage.accounts import Account
from ...storage.database import Database
from ...storage.invitations import NewLink
from .sessions import digest_of

VALID = {
    Role.PATIENT: timedelta(days=14),
    Role.CLINICIAN: timedelta(days=3),
    Role.ADMINISTRATOR: timedelta(days=1),
}
"""How long an invitation waits. A patient may be in hospital for a week. Our defaults."""

CARER_VALID = timedelta(days=3)
"""How long a patient's invitation of a carer waits. Our default."""

NEW_PASSWORD_VALID = timedelta(hours=1)
"""How long a link for a new password waits."""


def invite(
    database: Database,
    base_url: str,
    *,
    role: Role,
    name: str,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
    rights: Rights = Rights.FULL,
) -> str:
    """A link that makes one account of this role; for a patient or their carer, of this patient."""
    until = at + (CARER_VALID if rights in CARER_RIGHTS else VALID[role])
    token = secrets.token_urlsafe(32)
    link = NewLink(digest_of(token), role, name, until, patient_id, rights=rights)
    services.accounts.invite(database, link, by=by, at=at)
    return _address(base_url, token)


def invite_once(
    database: Database,
    base_url: str,
    *,
    role: Role,
    name: str,
    patient: NewPatient | None,
    key: str,
    by: Actor,
    at: datetime,
    rights: Rights = Rights.FULL,
) -> str | None:
    """The same for somebody new, with an empty diary for a patient; None for a form sent before."""
    token = secrets.token_urlsafe(32)
    link = NewLink(digest_of(token), role, name, at + VALID[role], rights=rights)
    is_first = services.accounts.invite_once(database, link, patient, key=key, by=by, at=at)
    return _address(base_url, token) if is_first else None


def offer_new_password(
    database: Database, base_url: str, account: Account, *, by: Actor, at: datetime
) -> str:
    """A link by which the owner of the account chooses a new password; nobody else sees it."""
    token = secrets.token_urlsafe(32)
    link = NewLink(
        digest_of(token),
        account.role,
        account.name,
        at + NEW_PASSWORD_VALID,
        account.patient_id,
        account.id,
    )
    services.accounts.invite(database, link, by=by, at=at)
    return _address(base_url, token)


def _address(base_url: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/invitation/{token}"
