"""Links that can be used once: to create an account, or to choose a new password.

The caller passes the digest of a token; the token itself is not stored anywhere.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from ..domain.people import Actor, Rights, Role
from .audit import AuditAction, record
from .database import WriteSession
from .tables.access import InvitationRow


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is to be made; `digest` is the digest of its token. The rest is as in
    `Invitation`.
    """

    digest: str
    role: Role
    name: str
    expires_at: datetime
    patient_id: int | None = None
    account_id: int | None = None
    rights: Rights = Rights.FULL


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that can be used once; with `account_id` it sets a new password for that account."""

    id: int
    role: Role
    name: str
    patient_id: int | None
    account_id: int | None
    by_account_id: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    rights: Rights = Rights.FULL

    @property
    def is_for_carer(self) -> bool:
        """Whether it lets somebody into the diary of a patient, who made it."""
        return self.role is Role.PATIENT and self.rights is not Rights.FULL

    @property
    def begins_diary(self) -> bool:
        """Whether it makes the account to which a patient's diary belongs, and somebody in the
        clinic made it, who saw it.
        """
        is_owner = self.role is Role.PATIENT and self.rights is Rights.FULL
        return is_owner and self.account_id is None and self.by_account_id is not None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


def create_invitation(
    session: WriteSession, link: NewLink, *, by: Actor, at: datetime
) -> Invitation:
    """The link is open; one for a new password ends every other link of that account."""
    if link.account_id is not None:
        withdraw_links_of(session, link.account_id, at=at)
    row = InvitationRow(
        **{**asdict(link), "role": str(link.role), "rights": str(link.rights)},
        by_account_id=by.account_id,
        created_at=at,
        used_at=None,
    )
    session.add(row)
    session.flush()
    details: dict[str, Any] = {
        "role": str(link.role),
        "patient_id": link.patient_id,
        "account_id": link.account_id,
    }
    record(session, AuditAction.INVITED, by=by, at=at, details=details)
    if link.patient_id is not None:
        # The patient may know about anyone who could reach their diary through it.
        details |= {"rights": str(link.rights), "name": link.name} if link.rights else {}
        record(
            session,
            AuditAction.INVITED,
            by=by,
            at=at,
            patient_id=link.patient_id,
            details=details,
        )
    return to_invitation(row)


def invitation_by_id(session: Session, number: int) -> Invitation | None:
    row = session.get(InvitationRow, number)
    return None if row is None else to_invitation(row)


def invitation_by_digest(session: Session, digest: str) -> Invitation | None:
    row = session.scalar(select(InvitationRow).where(InvitationRow.digest == digest))
    return None if row is None else to_invitation(row)


def redeem_invitation(session: WriteSession, digest: str, *, at: datetime) -> Invitation | None:
    """The link is used up, as is any other of its account; None if it was used before, has run out
    or never existed.

    One statement decides, so if two people follow it together, only one gets in.
    """
    if not _use_up(session, InvitationRow.digest == digest, at=at):
        return None
    found = invitation_by_digest(session, digest)
    if found is not None and found.account_id is not None:
        withdraw_links_of(session, found.account_id, at=at)
    return found


def _use_up(session: WriteSession, which: ColumnElement[bool], *, at: datetime) -> bool:
    """Uses the link up; False if it no longer worked."""
    ended = session.execute(
        update(InvitationRow)
        .where(which, InvitationRow.used_at.is_(None), InvitationRow.expires_at > at)
        .values(used_at=at)
    )
    assert isinstance(ended, CursorResult)
    return ended.rowcount == 1


def open_invitations(session: Session, now: datetime) -> tuple[Invitation, ...]:
    """Every link that still works, newest first."""
    query = select(InvitationRow).where(
        InvitationRow.used_at.is_(None), InvitationRow.expires_at > now
    )
    return tuple(map(to_invitation, session.scalars(query.order_by(InvitationRow.id.desc()))))


def withdraw_invitation(
    session: WriteSession, invitation_id: int, *, by: Actor, at: datetime
) -> Invitation | None:
    """The link no longer works; None where it did not work before."""
    if not _use_up(session, InvitationRow.id == invitation_id, at=at):
        return None
    details: dict[str, Any] = {"invitation": invitation_id}
    record(session, AuditAction.INVITATION_WITHDRAWN, by=by, at=at, details=details)
    found = invitation_by_id(session, invitation_id)
    if found is not None and found.is_for_carer:
        details |= {"rights": str(found.rights), "name": found.name}
        record(
            session,
            AuditAction.INVITATION_WITHDRAWN,
            by=by,
            at=at,
            patient_id=found.patient_id,
            details=details,
        )
    return found


def withdraw_links_of(session: WriteSession, account_id: int, *, at: datetime) -> None:
    """No link for a new password of this account works any longer."""
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.account_id == account_id, InvitationRow.used_at.is_(None))
        .values(used_at=at)
    )


def withdraw_links_by(session: WriteSession, account_id: int, *, by: Actor, at: datetime) -> None:
    """No link that this account made works any longer, but those that begin a patient's own diary:
    they are in the hands of patients, and open none that has entries.
    """
    mine = select(InvitationRow).where(
        InvitationRow.by_account_id == account_id, InvitationRow.used_at.is_(None)
    )
    for one in list(map(to_invitation, session.scalars(mine.order_by(InvitationRow.id)))):
        if not one.begins_diary:
            withdraw_invitation(session, one.id, by=by, at=at)


def withdraw_links_to(session: WriteSession, patient_id: int, *, at: datetime) -> None:
    """No link that makes the owner's account of this diary works any longer."""
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.patient_id == patient_id,
            InvitationRow.account_id.is_(None),
            InvitationRow.rights == str(Rights.FULL),
            InvitationRow.used_at.is_(None),
        )
        .values(used_at=at)
    )


def to_invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        id=row.id,
        role=Role(row.role),
        rights=Rights(row.rights),
        name=row.name,
        patient_id=row.patient_id,
        account_id=row.account_id,
        by_account_id=row.by_account_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
