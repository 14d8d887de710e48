"""Accounts: rows that the web's sign-in library works on.

Secrets come hashed or encrypted from the caller; nothing here ever sees a password.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..domain.language import N_
from ..domain.people import Actor, Rights, Role
from .audit import AuditAction, record
from .columns import fields_of
from .database import WriteSession
from .emergency import open_for
from .errors import NotFound, Refused
from .invitations import withdraw_links_by, withdraw_links_of
from .one_row import row_by
from .people import new_public_id
from .tables.access import SessionRow
from .tables.people import AccountRow
from .visit_links import end_links
from .ways import patients_open_to


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. `login` is an e-mail address or a user name in lower case."""

    id: int
    public_id: str
    name: str
    login: str
    role: Role
    rights: Rights
    patient_id: int | None
    active: bool
    language: str | None
    password_hash: str | None
    uniquifier: str
    totp_secret: str | None
    second_factor: str | None
    recovery_codes: tuple[str, ...]
    passkey_handle: str | None
    created_at: datetime
    signed_in_at: datetime | None
    invited_by: int | None
    version: int

    @property
    def is_clinician(self) -> bool:
        """Whether diaries may be given into the care of the account: the front desk has none."""
        return self.role is Role.CLINICIAN and self.rights is not Rights.DESK


#: Fields that `save_credentials` may set.
CREDENTIALS = frozenset(
    {
        "password_hash",
        "uniquifier",
        "totp_secret",
        "second_factor",
        "recovery_codes",
        "passkey_handle",
        "signed_in_at",
    }
)
#: Changing one of these ends every session of the account.
_ENDS_SESSIONS = frozenset({"password_hash", "uniquifier"})


def create_account(
    session: WriteSession,
    *,
    name: str,
    login: str,
    role: Role,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
    password_hash: str | None = None,
    language: str | None = None,
    invited_by: int | None = None,
    rights: Rights = Rights.FULL,
) -> Account:
    """A new account. A diary has one owner: a later account of it is a carer's, who writes at most.

    Raises:
        Refused: the login is taken.
    """
    login = login.strip().lower()
    if account_by_login(session, login) is not None:
        raise Refused(N_("This sign-in name is taken."))
    if patient_id is not None and rights is Rights.FULL:
        rights = Rights.WRITE if account_of_patient(session, patient_id) else rights
    row = AccountRow(
        public_id=new_public_id(),
        name=name.strip(),
        login=login,
        role=str(role),
        rights=str(rights),
        patient_id=patient_id,
        active=True,
        language=language,
        password_hash=password_hash,
        uniquifier=token_urlsafe(32),
        recovery_codes=[],
        passkey_handle=None,
        created_at=at,
        invited_by=invited_by,
        version=1,
    )
    session.add(row)
    session.flush()
    details = {"account_id": row.id, "role": str(role), "patient_id": patient_id}
    details |= {"rights": str(rights)} if rights else {}
    record(session, AuditAction.ACCOUNT_CREATED, by=by, at=at, details=details)
    return to_account(row)


def account_by_id(session: Session, account_id: int) -> Account | None:
    row = session.get(AccountRow, account_id)
    return None if row is None else to_account(row)


def account_by_login(session: Session, login: str) -> Account | None:
    return _one(session, AccountRow.login, login.strip().lower())


def account_by_public_id(session: Session, public_id: str) -> Account | None:
    return _one(session, AccountRow.public_id, public_id)


def account_by_uniquifier(session: Session, uniquifier: str) -> Account | None:
    return _one(session, AccountRow.uniquifier, uniquifier)


def account_by_passkey_handle(session: Session, handle: str) -> Account | None:
    return _one(session, AccountRow.passkey_handle, handle)


def account_of_patient(session: Session, patient_id: int) -> Account | None:
    """The patient's own account; those of carers came later."""
    row = session.scalar(
        select(AccountRow).where(AccountRow.patient_id == patient_id).order_by(AccountRow.id)
    )
    return None if row is None else to_account(row)


def all_accounts(session: Session) -> tuple[Account, ...]:
    return tuple(map(to_account, session.scalars(select(AccountRow).order_by(AccountRow.name))))


def clinicians(session: Session) -> tuple[Account, ...]:
    """Every account to which diaries may be given, by name; switched-off ones too."""
    return tuple(one for one in all_accounts(session) if one.is_clinician)


def _one(session: Session, column: Any, value: str) -> Account | None:
    row = row_by(session, column, value)
    return None if row is None else to_account(row)


def to_account(row: AccountRow) -> Account:
    values = fields_of(Account, row)
    told = {"role": Role(row.role), "rights": Rights(row.rights)}
    return Account(**values | told | {"recovery_codes": tuple(row.recovery_codes)})


def save_credentials(
    session: WriteSession, /, account_id: int, *, by: Actor, at: datetime, **fields: Any
) -> Account:
    """The named CREDENTIALS hold; a new password or uniquifier ends every session.

    A sign-in alone (`signed_in_at`) leaves SIGNED_IN in the audit, anything else its field names.
    """
    if unknown := fields.keys() - CREDENTIALS:
        raise ValueError(f"not a credential: {sorted(unknown)}")
    row = _row(session, account_id)
    if "password_hash" in fields:
        # An earlier session or half-finished sign-in names the account in a way that is no longer
        # valid.
        fields.setdefault("uniquifier", token_urlsafe(32))
    for name, value in fields.items():
        setattr(row, name, list(value) if name == "recovery_codes" else value)
    row.version += 1
    changed = sorted(fields.keys() - {"signed_in_at"})
    if _ENDS_SESSIONS & fields.keys():
        session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
    action = AuditAction.CREDENTIALS_CHANGED if changed else AuditAction.SIGNED_IN
    details = {"account_id": account_id, "changed": changed}
    record(session, action, by=by, at=at, details=details)
    return to_account(row)


def rehash(session: WriteSession, account_id: int, password_hash: str) -> None:
    """The hash of the same password, made with another key."""
    _row(session, account_id).password_hash = password_hash


def note_inviter(session: WriteSession, account_id: int, inviter: int) -> None:
    """The account got its present password through a link from `inviter`."""
    row = _row(session, account_id)
    row.invited_by = inviter
    row.version += 1


def renew_uniquifier(session: WriteSession, account_id: int) -> None:
    """Every session and half-finished sign-in of the account has ended."""
    row = _row(session, account_id)
    row.uniquifier = token_urlsafe(32)
    row.version += 1
    session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))


def set_language(
    session: WriteSession, account_id: int, language: str, *, by: Actor, at: datetime
) -> Account:
    """The language of the account's pages, messages and files."""
    row = _row(session, account_id)
    row.language = language
    row.version += 1
    details = {"account_id": account_id}
    record(session, AuditAction.ACCOUNT_CHANGED, by=by, at=at, details=details)
    return to_account(row)


def set_active(
    session: WriteSession, account_id: int, active: bool, *, by: Actor, at: datetime
) -> Account:
    """The account may sign in; or it may not, and has no session or link left, nor has anybody a
    link that it gave: to an account, to a new password, to a diary of its own.
    """
    row = _row(session, account_id)
    row.active = active
    row.version += 1
    row.uniquifier = token_urlsafe(32)
    if not active:
        withdraw_links_of(session, account_id, at=at)
        withdraw_links_by(session, account_id, by=by, at=at)
        if row.patient_id is not None and row.rights == str(Rights.FULL):
            end_links(session, row.patient_id, by=by, at=at)
        session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
    action = AuditAction.ACCOUNT_ENABLED if active else AuditAction.ACCOUNT_DISABLED
    record(session, action, by=by, at=at, details={"account_id": account_id})
    return to_account(row)


def _row(session: Session, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def actor_of(session: Session, account_id: int, at: datetime) -> Actor | None:
    """Who acts, with what they may see at an instant; None where the account may not sign in."""
    account = account_by_id(session, account_id)
    if account is None:
        return None
    if account.role is not Role.CLINICIAN:
        return to_actor(account, frozenset(), at)
    opened = frozenset(one.patient_id for one in open_for(session, account.id, at=at))
    return to_actor(account, patients_open_to(session, account.id, at), at, opened)


def to_actor(
    account: Account,
    cared: Container[int],
    at: datetime,
    emergency: frozenset[int] = frozenset(),
) -> Actor | None:
    """The same for an account that was just read; `cared` are the patients of a clinician, and
    `emergency` those whose records they opened in an emergency.
    """
    if not account.active:
        return None
    is_desk = account.rights is Rights.DESK
    return Actor(
        account_id=account.id,
        name=account.name,
        role=Role.FRONT_DESK if is_desk else account.role,
        patient_id=account.patient_id,
        cares_for=frozenset() if is_desk else cared,
        emergency_for=frozenset() if is_desk else emergency,
        rights=account.rights,
        as_of=at if account.role is Role.CLINICIAN else None,
    )
