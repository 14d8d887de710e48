"""Records that a clinician opened for an hour, though the patient is not in their care."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
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
    return tuple(
        EmergencyAccess(row.patient_id, row.reason, row.at, row.until)
        for row in session.scalars(_OPEN, {"account": account_id, "now": at})
    )


#: Every page of a clinician asks.
_OPEN = (
    select(EmergencyAccessRow)
    .where(
        EmergencyAccessRow.account_id == bindparam("account"),
        EmergencyAccessRow.at <= bindparam("now"),
        EmergencyAccessRow.until > bindparam("now"),
    )
    .order_by(EmergencyAccessRow.id.desc())
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
