"""A patient's record apart from the diary: operations, events, imaging, visits, instructions,
scores and medicines, as rows that may be edited, each with a version.

Every kind has the same functions: add, edit (from a stated version), remove, list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.history import Appointment, Event, ImagingResult
from ..domain.instructions import Instruction
from ..domain.language import N_
from ..domain.medicines import Medicine
from ..domain.people import Actor
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from .audit import AuditAction, record, record_all
from .columns import fields_of, json_value
from .database import WriteSession, lock_chain
from .errors import Conflict, NotFound, Refused
from .people import new_public_id
from .tables.record import (
    AppointmentRow,
    EventRow,
    FormScoreRow,
    ImagingRow,
    InstructionRow,
    MedicineRow,
    OperationRow,
)

Thing = TypeVar(
    "Thing", Operation, Event, ImagingResult, Appointment, Instruction, FormScore, Medicine
)


@dataclass(frozen=True, slots=True)
class Stored(Generic[Thing]):
    """A row of a patient's record: the value, the id that pages use, and the version to edit."""

    public_id: str
    version: int
    value: Thing


@dataclass(frozen=True, slots=True)
class _Kind:
    """Its table has a column for each field of the value, by the same name."""

    row: Any
    saved: AuditAction
    removed: AuditAction


_KINDS: dict[type, _Kind] = {
    Operation: _Kind(OperationRow, AuditAction.OPERATION_SAVED, AuditAction.OPERATION_REMOVED),
    Event: _Kind(EventRow, AuditAction.EVENT_SAVED, AuditAction.EVENT_REMOVED),
    ImagingResult: _Kind(ImagingRow, AuditAction.IMAGING_SAVED, AuditAction.IMAGING_REMOVED),
    Appointment: _Kind(
        AppointmentRow, AuditAction.APPOINTMENT_SAVED, AuditAction.APPOINTMENT_REMOVED
    ),
    Instruction: _Kind(
        InstructionRow, AuditAction.INSTRUCTION_SAVED, AuditAction.INSTRUCTION_REMOVED
    ),
    FormScore: _Kind(FormScoreRow, AuditAction.SCORE_SAVED, AuditAction.SCORE_REMOVED),
    Medicine: _Kind(MedicineRow, AuditAction.MEDICINE_SAVED, AuditAction.MEDICINE_REMOVED),
}


def add(
    session: WriteSession, patient_id: int, value: Thing, *, by: Actor, at: datetime
) -> Stored[Thing]:
    """The value is part of the record.

    Raises:
        Refused: a text is too long, or the record does not allow a value.
    """
    (stored,) = add_all(session, patient_id, [value], by=by, at=at)
    return stored


def add_all(
    session: WriteSession, patient_id: int, values: Sequence[Thing], *, by: Actor, at: datetime
) -> list[Stored[Thing]]:
    """The values (at least one, all of one kind) are part of the record, or none of them is.

    Raises:
        Refused: a text is too long, or the record does not allow a value.
    """
    kind = _KINDS[type(values[0])]
    lock_chain(session, patient_id)
    columns = [_columns(value) for value in values]
    rows = [
        kind.row(public_id=new_public_id(), patient_id=patient_id, version=1, **each)
        for each in columns
    ]
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError:
        # Every form checks first, but a file may contain anything.
        raise Refused(N_("Something is too long or out of range. Nothing was saved.")) from None
    details = [_details(row, None, each) for row, each in zip(rows, columns, strict=True)]
    record_all(session, kind.saved, details, by=by, at=at, patient_id=patient_id)
    session.record_changed(patient_id)
    return [_stored(type(values[0]), row) for row in rows]


def edit(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    value: Thing,
    *,
    expected_version: int,
    by: Actor,
    at: datetime,
) -> Stored[Thing]:
    """The row `public_id` now holds `value`.

    Raises:
        Conflict: it was changed after `expected_version` was read.
        NotFound: this patient has no such row.
    """
    kind = _KINDS[type(value)]
    row = _row(session, kind, patient_id, public_id, expected_version)
    old = fields_of(type(value), row)
    new = _columns(value)
    for name, column in new.items():
        setattr(row, name, column)
    row.version = expected_version + 1
    session.flush()
    details = _details(row, old, new)
    record(session, kind.saved, by=by, at=at, patient_id=patient_id, details=details)
    session.record_changed(patient_id)
    return _stored(type(value), row)


def remove(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    kind_of: type[Thing],
    *,
    expected_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """The row is gone; the audit trail keeps its content."""
    kind = _KINDS[kind_of]
    row = _row(session, kind, patient_id, public_id, expected_version)
    old = fields_of(kind_of, row)
    session.delete(row)
    session.flush()
    details = _details(row, old, None)
    record(session, kind.removed, by=by, at=at, patient_id=patient_id, details=details)
    session.record_changed(patient_id)


def stored_of(session: Session, patient_id: int, kind_of: type[Thing]) -> tuple[Stored[Thing], ...]:
    """Everything of one kind in a patient's record, by day."""
    rows = session.scalars(_of_patient(_KINDS[kind_of].row), {"patient": patient_id})
    return tuple(_stored(kind_of, row) for row in rows)


@cache
def _of_patient(row: Any) -> Select[Any]:
    of_patient = select(row).where(row.patient_id == bindparam("patient"))
    return of_patient.order_by(row.day, row.id)


def values_of(session: Session, patient_id: int, kind_of: type[Thing]) -> tuple[Thing, ...]:
    """The same as plain domain values."""
    return tuple(stored.value for stored in stored_of(session, patient_id, kind_of))


def _row(
    session: WriteSession, kind: _Kind, patient_id: int, public_id: str, expected_version: int
) -> Any:
    lock_chain(session, patient_id)
    query = select(kind.row).where(
        kind.row.public_id == public_id, kind.row.patient_id == patient_id
    )
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    if row.version != expected_version:
        raise Conflict(current=row.version)
    return row


def _stored(kind_of: type[Thing], row: Any) -> Stored[Thing]:
    return Stored(row.public_id, row.version, kind_of(**fields_of(kind_of, row)))


def _columns(value: Thing) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _details(row: Any, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    return {"id": row.public_id, "old": _plain(old), "new": _plain(new)}


def _plain(columns: dict[str, Any] | None) -> Any:
    if columns is None:
        return None
    return {name: json_value(value) for name, value in columns.items()}
