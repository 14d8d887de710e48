"""Appointments of everybody: names, days and hours, and nothing of any diary."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables.people import PatientRow
from .tables.record import AppointmentRow


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


def patient_of(session: Session, public_id: str) -> int | None:
    """Whose appointment it is; None where there is none of this id."""
    query = select(AppointmentRow.patient_id).where(AppointmentRow.public_id == public_id)
    return session.scalar(query)
