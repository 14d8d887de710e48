"""Records that a clinician opened for an hour, though the patient is not in their care."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession
from .tables.access import EmergencyAccessRow


@dataclass(frozen=True, slots=True)
class EmergencyAccess:
    """One hour of one record."""

    patient_id: int
    reason: str
    at: datetime
    until: datetime


def open_for(session: Session, account_id: int, *, at: datetime) -> tuple[EmergencyAccess, ...]:
    """What the account has open now, the newest first."""
    query = select(EmergencyAccessRow).where(
        EmergencyAccessRow.account_id == account_id,
        EmergencyAccessRow.at <= at,
        EmergencyAccessRow.until > at,
    )
    return tuple(
        EmergencyAccess(row.patient_id, row.reason, row.at, row.until)
        for row in session.scalars(query.order_by(EmergencyAccessRow.id.desc()))
    )


def open_record(
    session: WriteSession,
    patient_id: int,
    reason: str,
    *,
    until: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """The clinician may open the record until then; the patient's audit trail says so."""
    assert by.account_id is not None
    session.add(
        EmergencyAccessRow(
            account_id=by.account_id, patient_id=patient_id, reason=reason, at=at, until=until
        )
    )
    session.flush()
    details = {"reason": reason, "minutes": round((until - at).total_seconds() / 60)}
    action = AuditAction.EMERGENCY_ACCESS
    record(session, action, by=by, at=at, patient_id=patient_id, details=details)
