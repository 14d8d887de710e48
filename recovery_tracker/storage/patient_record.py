"""Everything about one patient except days and flags, read once and kept while it is current.

Nothing here changes without an event in the patient's audit chain, so the digest of the newest such
event tells whether what was read before is still current. The digest is random for every event, so
a stamp is never used twice, not even after a restore; the stamp also includes the installation's
own choices. Events that concern only a day or a flag change nothing here.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ..domain.history import Appointment, Event, ImagingResult
from ..domain.instructions import Instruction
from ..domain.medicines import Medicine
from ..domain.passive import PassiveValue, SourceSpan, of_one_source, step_sources
from ..domain.questionnaires import FormScore
from ..domain.sensitivity import Step
from ..domain.surgery import Operation
from . import people, sensitivity
from .audit import AuditAction
from .errors import NotFound
from .imports import values_of
from .patient_summary import PatientSummary
from .people import Patient
from .record_rows import Stored, stored_of
from .settings import read_installation
from .tables.flags import SummaryRow
from .tables.people import InstallationRow
from .tables.record import AuditEventRow
from .tables.sensitivity import SensitivityRow

#: Events that leave everything here unchanged.
_ELSEWHERE = (
    AuditAction.ENTRY_SAVED,
    AuditAction.ENTRY_CORRECTED,
    AuditAction.FLAG_RAISED,
    AuditAction.FLAG_CHANGED,
    AuditAction.FLAG_SEEN,
    AuditAction.FLAG_TAKEN,
    AuditAction.FLAG_DECIDED,
    AuditAction.FLAG_ACKNOWLEDGED,
    AuditAction.CHART_READ,
    AuditAction.REPORT_MADE,
    AuditAction.EXPORTED,
)
#: Patients kept for one database. Our default.
_LIMIT = 500


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient's record apart from the days; `steps` are the settings that apply, by first day."""

    patient: Patient
    operations: tuple[Stored[Operation], ...]
    events: tuple[Stored[Event], ...]
    imaging: tuple[Stored[ImagingResult], ...]
    appointments: tuple[Stored[Appointment], ...]
    instructions: tuple[Stored[Instruction], ...]
    scores: tuple[Stored[FormScore], ...]
    steps: tuple[Step, ...]
    medicines: tuple[Stored[Medicine], ...] = ()
    #: For each kind that a device counted, the one source that is read.
    passive: tuple[PassiveValue, ...] = ()
    #: Every source that counted steps.
    step_sources: tuple[SourceSpan, ...] = ()
    #: Whether this installation looks for no pattern.
    diary_only: bool = False


def record_of(session: Session, patient_id: int) -> tuple[PatientRecord, PatientSummary]:
    """The patient's current record, and the stored summary.

    Raises:
        NotFound: there is no such patient.
    """
    row = session.execute(_STATE, {"patient": patient_id}).one_or_none()
    if row is None:
        raise NotFound
    kept: dict[tuple[Any, ...], PatientRecord] = session.info.setdefault("patient_records", {})
    # The stamp is read before the rows, so at worst another writer's change is read early.
    stamp = (patient_id, row.newest, row.setting, row.scope)
    found = kept.get(stamp)
    if found is None:
        if len(kept) >= _LIMIT:
            kept.clear()
        found = kept[stamp] = _read(session, patient_id)
    return found, PatientSummary(
        row.assessment_due, row.as_of, row.next_change_on, row.rule_set, bool(row.asks_daily)
    )


_newest = (
    select(AuditEventRow.digest)
    .where(AuditEventRow.chain == SummaryRow.patient_id)
    .where(AuditEventRow.action.not_in([str(action) for action in _ELSEWHERE]))
    .order_by(AuditEventRow.sequence.desc())
    .limit(1)
    .correlate(SummaryRow)
    .scalar_subquery()
)
_STATE = select(
    SummaryRow.assessment_due,
    SummaryRow.as_of,
    SummaryRow.next_change_on,
    SummaryRow.rule_set,
    SummaryRow.asks_daily,
    _newest.label("newest"),
    select(func.max(SensitivityRow.id)).scalar_subquery().label("setting"),
    select(InstallationRow.scope).scalar_subquery().label("scope"),
).where(SummaryRow.patient_id == bindparam("patient"))


def _read(session: Session, patient_id: int) -> PatientRecord:
    patient = people.patient_by_id(session, patient_id)
    counted = values_of(session, patient_id)
    return PatientRecord(
        patient=patient,
        operations=stored_of(session, patient_id, Operation),
        events=stored_of(session, patient_id, Event),
        imaging=stored_of(session, patient_id, ImagingResult),
        appointments=stored_of(session, patient_id, Appointment),
        instructions=stored_of(session, patient_id, Instruction),
        scores=stored_of(session, patient_id, FormScore),
        medicines=stored_of(session, patient_id, Medicine),
        steps=sensitivity.steps_of(session, patient_id, patient.zone),
        diary_only=read_installation(session).is_diary_only,
        passive=of_one_source(counted, patient.preferences.get("steps_source", "")),
        step_sources=step_sources(counted),
    )
