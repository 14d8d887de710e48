"""What is noted of a look that changes nothing: a chart that was read, a file that was made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..domain.people import Actor
from ..storage import audit
from ..storage.audit import AuditAction
from ..storage.database import Database
from .change import change


def note_reading(database: Database, patient_id: int, *, by: Actor, at: datetime) -> None:
    """The reading of a chart is in the audit, once for one sitting."""
    with change(database) as session:
        audit.record_reading(session, patient_id, by=by, at=at)


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
