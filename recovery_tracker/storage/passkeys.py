"""Passkeys of an account, as the sign-in library needs them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit import AuditAction, record
from .columns import fields_of
from .database import WriteSession
from .errors import NotFound
from .tables.access import PasskeyRow


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    extensions: str | None
    name: str
    #: `first` is enough to sign in; `secondary` is a second factor.
    usage: str
    backup_state: bool
    device_type: str
    created_at: datetime
    last_used_at: datetime | None


def add_passkey(
    session: WriteSession, /, account_id: int, *, by: Actor, at: datetime, **fields: Any
) -> Passkey:
    """The account has one passkey more; `fields` are the others of `Passkey`."""
    row = PasskeyRow(account_id=account_id, created_at=at, **{"transports": []} | fields)
    session.add(row)
    session.flush()
    details = {"account_id": account_id, "changed": ["passkey added"]}
    record(session, AuditAction.CREDENTIALS_CHANGED, by=by, at=at, details=details)
    return to_passkey(row)


def use_passkey(session: WriteSession, passkey_id: int, *, sign_count: int, at: datetime) -> None:
    """The passkey has just been used; a cloned one would count from an older number."""
    session.execute(
        update(PasskeyRow)
        .where(PasskeyRow.id == passkey_id)
        .values(sign_count=sign_count, last_used_at=at)
    )


def delete_passkey(session: WriteSession, passkey_id: int, *, by: Actor, at: datetime) -> None:
    """The passkey is gone."""
    row = session.get(PasskeyRow, passkey_id)
    if row is None:
        raise NotFound
    details = {"account_id": row.account_id, "changed": ["passkey removed"]}
    session.delete(row)
    record(session, AuditAction.CREDENTIALS_CHANGED, by=by, at=at, details=details)


def forget_passkeys(session: WriteSession, account_id: int, *, by: Actor, at: datetime) -> None:
    """The account has no passkey."""
    for one in passkeys_of(session, account_id):
        delete_passkey(session, one.id, by=by, at=at)


def passkey_by_credential(session: Session, credential_id: bytes) -> Passkey | None:
    row = session.scalar(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id))
    return None if row is None else to_passkey(row)


def passkeys_of(session: Session, account_id: int) -> tuple[Passkey, ...]:
    query = select(PasskeyRow).where(PasskeyRow.account_id == account_id).order_by(PasskeyRow.id)
    return tuple(map(to_passkey, session.scalars(query)))


def to_passkey(row: PasskeyRow) -> Passkey:
    return Passkey(**fields_of(Passkey, row) | {"transports": tuple(row.transports)})
