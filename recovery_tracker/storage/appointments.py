"""Appointments of everybody: names, days and hours, and nothing of any diary."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from ..domain.history import EventKind
from .tables.people import PatientRow
from .tables.record import AppointmentRow, EventRow


@dataclass(frozen=True, slots=True)
class Coming:
    """One appointment; `time` is None where it is not known."""

    patient_id: int
    public_id: str
    version: int
    name: str
    birth_date: date | None
    hospital_number: str | None
    day: date
    time: str | None
    with_whom: str
    place: str


def next_visit(patient_id: Any, first: date) -> ColumnElement[date | None]:
    """The day of a patient's next visit from `first` on, arranged by the clinic or noted as an
    event; `patient_id` is a number or the column of a query around it.
    """
    arranged, noted = (
        select(func.min(table.day))
        .where(table.patient_id == patient_id, table.day >= first, *more)
        .correlate(PatientRow)
        .scalar_subquery()
        for table, more in (
            (AppointmentRow, ()),
            (EventRow, (EventRow.kind == EventKind.VISIT,)),
        )
    )
    return case((arranged <= noted, arranged), else_=func.coalesce(noted, arranged))


def coming(session: Session, first: date, last: date) -> tuple[Coming, ...]:
    """The appointments of these days, in their order."""
    found = session.execute(
        select(PatientRow, AppointmentRow)
        .join(AppointmentRow, AppointmentRow.patient_id == PatientRow.id)
        .where(AppointmentRow.day.between(first, last))
        .order_by(AppointmentRow.day, AppointmentRow.time, PatientRow.name)
    )
    return tuple(
        Coming(
            patient.id,
            visit.public_id,
            visit.version,
            patient.name,
            patient.birth_date,
            patient.hospital_number,
            visit.day,
            visit.time,
            visit.with_whom,
            visit.place,
        )
        for patient, visit in found
    )


def first_days(session: Session, first: date, last: date, most: int) -> tuple[date, date | None]:
    """The day until which there are `most` appointments or a few more, and the next one that has
    any; None where that is all.
    """
    query = select(AppointmentRow.day, func.count()).where(AppointmentRow.day.between(first, last))
    count, until = 0, first
    for day, some in session.execute(
        query.group_by(AppointmentRow.day).order_by(AppointmentRow.day)
    ):
        if count >= most:
            return until, day
        count, until = count + some, day
    return until, None


def patient_of(session: Session, public_id: str) -> int | None:
    """Whose appointment it is; None where there is none of this id."""
    query = select(AppointmentRow.patient_id).where(AppointmentRow.public_id == public_id)
    return session.scalar(query)
