"""What nobody may do alone: open a diary through an account they made, or through a new password.

A request for care waits for somebody independent; a patient's new password needs a code that one of
their clinicians hands over.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession
from .tables.access import HandoverCodeRow
from .tables.people import AccountRow, CareRequestRow


@dataclass(frozen=True, slots=True)
class CareRequest:
    """Somebody asked for a clinician to be given access to a record; nobody has answered yet."""

    account_id: int
    patient_id: int
    by_account_id: int
    asked_at: datetime


def makers_of(session: Session, account_id: int) -> frozenset[int]:
    """Everybody whose links led to an account, one after the other, including itself."""
    found: set[int] = set()
    following: int | None = account_id
    while following is not None and following not in found:
        found.add(following)
        following = session.scalar(select(AccountRow.invited_by).where(AccountRow.id == following))
    return frozenset(found)


def are_independent(session: Session, one: int | None, other: int) -> bool:
    """Whether the accounts have nobody in common who invited them, directly or by way of others.

    A command (`one` is None) was given by the person who runs the computer, who needs no account.
    """
    return one is None or not makers_of(session, one) & makers_of(session, other)


def ask_for_care(
    session: WriteSession, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """The request is open, and recorded in the patient's record."""
    if session.get(CareRequestRow, (account_id, patient_id)) is not None:
        return
    session.add(
        CareRequestRow(
            account_id=account_id, patient_id=patient_id, by_account_id=by.account_id, asked_at=at
        )
    )
    session.flush()
    details = {"account_id": account_id}
    record(session, AuditAction.CARE_ASKED, by=by, at=at, patient_id=patient_id, details=details)


def care_requests(session: Session, patient_id: int | None = None) -> tuple[CareRequest, ...]:
    """Open requests, oldest first: about one patient or everybody."""
    query = select(CareRequestRow).order_by(CareRequestRow.asked_at)
    if patient_id is not None:
        query = query.where(CareRequestRow.patient_id == patient_id)
    return tuple(
        CareRequest(row.account_id, row.patient_id, row.by_account_id, row.asked_at)
        for row in session.scalars(query)
    )


def take_care_request(
    session: WriteSession, patient_id: int, account_id: int
) -> CareRequest | None:
    """Closes the request and returns it; None if there is none."""
    row = session.get(CareRequestRow, (account_id, patient_id))
    if row is None:
        return None
    found = CareRequest(row.account_id, row.patient_id, row.by_account_id, row.asked_at)
    session.delete(row)
    session.flush()
    return found


def keep_code(session: WriteSession, account_id: int, digest: str, *, until: datetime) -> None:
    """This is the only code with which the account may set a new password."""
    session.execute(delete(HandoverCodeRow).where(HandoverCodeRow.account_id == account_id))
    session.add(HandoverCodeRow(account_id=account_id, digest=digest, expires_at=until))
    session.flush()


def is_code(session: Session, account_id: int, digest: str, *, at: datetime) -> bool:
    """Whether this is the account's code and still good."""
    query = select(HandoverCodeRow.id).where(
        HandoverCodeRow.account_id == account_id,
        HandoverCodeRow.digest == digest,
        HandoverCodeRow.expires_at > at,
    )
    return session.scalar(query) is not None


def forget_codes(session: WriteSession, account_id: int) -> None:
    """No code of the account works any longer."""
    session.execute(delete(HandoverCodeRow).where(HandoverCodeRow.account_id == account_id))
