"""How sensitive the rules of change are, for the clinic or for one patient."""

from datetime import datetime

from ..domain.people import Actor
from ..domain.sensitivity import Sensitivity
from ..storage import sensitivity
from ..storage.database import Database
from ..trends.parameters import STANDARD
from .change import change, once, patient_change


def choose_sensitivity(
    database: Database,
    setting: Sensitivity | None,
    *,
    reason: str,
    expected_version: int,
    key: str,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
) -> None:
    """The setting counts from the day after `at` on, once for one key; what was raised stays.

    Without `patient_id` it is the clinic's; `setting` None lets a patient follow the clinic again.

    Raises:
        Refused: one person alone, no reason for a patient, or nothing that would change.
        Conflict: somebody else changed it after `expected_version` was read.
    """
    content = ["sensitivity", patient_id, setting and str(setting), reason, expected_version]
    writes = (
        change(database)
        if patient_id is None
        else patient_change(database, patient_id, by=by, at=at)
    )
    with writes as session:
        once(
            session,
            key,
            content,
            lambda: sensitivity.change(
                session,
                setting,
                reason=reason,
                rule_set=STANDARD.rule_set,
                expected_version=expected_version,
                by=by,
                at=at,
                patient_id=patient_id,
            ),
            at=at,
            patient_id=patient_id,
        )
