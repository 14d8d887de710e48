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


def note_reading(database: Database, patient_id: int, *, by: Actor, at: datetime) -> None:
    """The reading of a chart is in the audit, once for one sitting."""
    note_look(database, AuditAction.CHART_READ, patient_id, by=by, at=at)


def note_look(
    database: Database,
    action: AuditAction,
    patient_id: int | None,
    details: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """A look at a record, at a list (`patient_id` None) or one that was refused is in the audit,
    once for one sitting that showed the same.
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
    """A file with lines of many patients stands in the record of each, and of the installation.

    Some hundred patients in one transaction. Where one fails the file must not be given out: then
    some records hold a file that nobody got, and none lacks one that somebody did.
    """
    note_file_of_many(database, len(patient_ids), action, details, by=by, at=at)
    note_each(database, patient_ids, action, details, by=by, at=at)


def note_file_of_many(
    database: Database,
    count: int,
    action: AuditAction,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """A file with lines of so many patients stands in the record of the installation."""
    with change(database) as session:
        audit.record(session, action, by=by, at=at, details={**details, "patients": count})


def note_each(
    database: Database,
    patient_ids: Collection[int],
    action: AuditAction,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The same in the record of each of these patients, before their lines are sent."""
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
    """Which file left the pages, by whom and of which patient, is in the audit."""
    with change(database) as session:
        audit.record(session, action, by=by, at=at, patient_id=patient_id, details=details)
