"""What a list says beside each name: one query of each kind for a whole page of patients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from ..domain.history import EventKind
from ..domain.surgery import Approach
from .tables.diary import EntryRow
from .tables.record import AppointmentRow, EventRow, OperationRow


@dataclass(frozen=True, slots=True)
class DayLine:
    """One logged day; None is not answered."""

    day: date
    axial_pain: int | None
    walking: int | None


@dataclass(frozen=True, slots=True)
class OperationLine:
    """What a list says of the latest operation."""

    level_names: str
    levels: int | None
    approach: Approach | None
    preop_axial_pain: float | None


def lines_of(
    session: Session, patient_ids: Iterable[int], *, first: date, last: date
) -> Mapping[int, tuple[DayLine, ...]]:
    """The logged days of each patient from `first` to `last`, as they stand, oldest first."""
    newest = (
        select(EntryRow.patient_id, EntryRow.day, func.max(EntryRow.version).label("version"))
        .where(EntryRow.patient_id.in_(list(patient_ids)), EntryRow.day.between(first, last))
        .group_by(EntryRow.patient_id, EntryRow.day)
        .subquery()
    )
    columns = [getattr(EntryRow, name) for name in ("axial_pain", "walking")]
    query = (
        select(EntryRow.patient_id, EntryRow.day, *columns)
        .join(
            newest,
            (EntryRow.patient_id == newest.c.patient_id)
            & (EntryRow.day == newest.c.day)
            & (EntryRow.version == newest.c.version),
        )
        .order_by(EntryRow.patient_id, EntryRow.day)
    )
    found: dict[int, list[DayLine]] = {}
    for patient_id, day, pain, walking in session.execute(query):
        found.setdefault(patient_id, []).append(DayLine(day, pain, walking))
    return {patient_id: tuple(days) for patient_id, days in found.items()}


def operations_of(
    session: Session, patient_ids: Iterable[int], *, last: date
) -> Mapping[int, OperationLine]:
    """The latest operation of each patient up to `last`, or the first to come."""
    query = (
        select(OperationRow)
        .where(OperationRow.patient_id.in_(list(patient_ids)))
        .order_by(OperationRow.patient_id, (OperationRow.day <= last), OperationRow.day)
    )
    return {
        row.patient_id: OperationLine(
            row.level_names,
            row.levels,
            Approach(row.approach) if row.approach else None,
            row.preop_axial_pain,
        )
        for row in session.scalars(query)
    }


def last_seen_of(
    session: Session, patient_ids: Iterable[int], *, today: date
) -> Mapping[int, date]:
    """The latest day before `today` with a visit, planned in the record or noted as an event."""
    ids = list(patient_ids)
    visits = [
        select(table.patient_id, table.day).where(table.patient_id.in_(ids), table.day < today)
        for table in (AppointmentRow, EventRow)
    ]
    visits[1] = visits[1].where(EventRow.kind == str(EventKind.VISIT))
    seen = union_all(*visits).subquery()
    query = select(seen.c.patient_id, func.max(seen.c.day)).group_by(seen.c.patient_id)
    return {row[0]: row[1] for row in session.execute(query)}
