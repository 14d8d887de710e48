"""What is noted of a look that changes nothing: a chart that was read, a file that was made."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from ..domain.people import Actor
from ..storage import audit
from ..storage.audit import AuditAction
from ..storage.database import Database
from .change import change

AT_ONCE = 500
"""Patients whose records a file is noted in together: PostgreSQL holds a lock for each, 6,400 of
them by its own default."""


def note_look(
    database: Database,
    action: AuditAction,
    patient_id: int | None,
    details: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The audit trail holds a look at a record or at a list (`patient_id` None), or one that was
    refused, once per sitting that showed the same.
    """
    with database.read() as session:
        if audit.is_noted(session, action, patient_id, by=by, at=at, details=details):
            return
    with change(database) as session:
        audit.record_look(session, action, patient_id, by=by, at=at, details=details)


def note_files(
    database: Database,
    patient_ids: Collection[int],
    action: AuditAction,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The audit trail of the installation, and of each patient, says that a file was made.

    Some hundred patients in one transaction. Where one fails the file must not be given out: then
    some records hold a file that nobody got, and none lacks one that somebody did.
    """
    with change(database) as session:
        audit.record(
            session, action, by=by, at=at, details={**details, "patients": len(patient_ids)}
        )
    ids = sorted(patient_ids)
    for first in range(0, len(ids), AT_ONCE):
        with change(database) as session:
            some = ids[first : first + AT_ONCE]
            audit.record_each(session, action, some, by=by, at=at, details=details)


def note_file(
    database: Database,
    patient_id: int,
    action: AuditAction,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The audit trail says which file was made about this patient, and by whom."""
    with change(database) as session:
        audit.record(session, action, by=by, at=at, patient_id=patient_id, details=details)
