"""Forgetting a patient: every row and every word about them, in one transaction.

What stays is a number that is never used again, the time, and the links of the audit chain, which
show that something was done and by which account, but no longer what.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..domain.people import Actor
from . import alerts
from .audit import AuditAction, record
from .database import Database, WriteSession, lock_chain
from .diary import forget_read
from .errors import NotFound
from .sessions import forget_forms_about
from .tables.diary import EntryRow
from .tables.flags import AcknowledgementRow, DecisionRow, FlagRow
from .tables.people import ErasureRow, PatientRow
from .tables.record import AuditEventRow, AuditPayloadRow
from .tags import forget_unused

log = logging.getLogger(__name__)


def forget_erased(database: Database) -> bool:
    """This process remembers nobody who was erased; whether that is so of the file and its log too.

    Where it is not, because somebody reads from that log for longer, such as a backup, the next
    `tick` empties it.
    """
    forget_read()
    database.forget()
    # Freed pages are zeroed already; a write-ahead log would still hold the old ones.
    is_empty = database.empty_log()
    if not is_empty:
        log.warning("the write-ahead log still holds somebody erased; tick will empty it")
    return is_empty


def erase(session: WriteSession, patient_id: int, *, by: Actor, at: datetime) -> None:
    """Every row about the patient is gone with the caller's transaction.

    Raises:
        NotFound: there is no such patient.
    """
    lock_chain(session, patient_id)
    patient = session.get(PatientRow, patient_id)
    if patient is None:
        raise NotFound
    # The row that opens the guards for this patient only.
    session.add(ErasureRow(patient_id=patient_id, mark=mark_of(patient.public_id), at=at))
    session.flush()
    alerts.forget(session, patient_id)
    forget_forms_about(session, mark_of(patient.public_id))
    theirs = select(FlagRow.id).where(FlagRow.patient_id == patient_id)
    links = select(AuditEventRow.id).where(AuditEventRow.chain == patient_id)
    # Before their parents: a guard finds the patient of a decision through its flag.
    session.execute(delete(DecisionRow).where(DecisionRow.flag_id.in_(theirs)))
    session.execute(delete(AcknowledgementRow).where(AcknowledgementRow.flag_id.in_(theirs)))
    session.execute(delete(EntryRow).where(EntryRow.patient_id == patient_id))
    session.execute(delete(AuditPayloadRow).where(AuditPayloadRow.event_id.in_(links)))
    session.execute(delete(PatientRow).where(PatientRow.id == patient_id))
    forget_unused(session)
    session.expire_all()
    record(session, AuditAction.PATIENT_ERASED, by=by, at=at, details={"patient": patient_id})


def mark_of(public_id: str) -> str:
    """What is kept of an erased patient's public id."""
    return sha256(public_id.encode()).hexdigest()


def count_erased(session: Session) -> int:
    """How many were erased; a process that remembers another number discards what it has read."""
    return session.scalar(_HOW_MANY) or 0


#: Every page asks, and writing the statement takes longer than counting.
_HOW_MANY = select(func.count()).select_from(ErasureRow)


def marks_of(session: Session) -> frozenset[str]:
    """Marks of everybody who was erased."""
    return frozenset(session.scalars(select(ErasureRow.mark)))


def erase_marked(session: WriteSession, marks: Collection[str], *, by: Actor, at: datetime) -> None:
    """Patients with these marks are erased, so that an older backup does not bring them back."""
    for row in session.execute(select(PatientRow.id, PatientRow.public_id)).all():
        if mark_of(row.public_id) in marks:
            erase(session, row.id, by=by, at=at)
