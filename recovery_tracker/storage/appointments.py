"""Visits of everybody: those arranged, with names, days and hours, and those noted as events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from ..domain.history import EventKind
from .tables.people import PatientRow
from .tables.record import AppointmentRow, EventRow

#: After every time of a day: for a visit of which none is known.
_NO_TIME = "99:99"


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
        visits.with_only_columns(func.min(day))
        .where(whose == patient_id, day >= first)
        .correlate(PatientRow)
        .scalar_subquery()
        for visits, whose, day in _visits()
    )
    return case((arranged <= noted, arranged), else_=func.coalesce(noted, arranged))


def has_visit_within(first: date, last: date) -> ColumnElement[bool]:
    """Whether a patient's next visit from `first` on is on `last` or before.

    One search of those days for everybody: asked patient by patient it would take most of the time
    of a list.
    """
    return PatientRow.id.in_(
        union_all(*(visits.where(day.between(first, last)) for visits, _whose, day in _visits()))
    )


def first_time(day: date) -> ColumnElement[str]:
    """The time of a patient's first visit on a day; one without a time, as every noted one is,
    comes last.
    """
    first = (
        select(func.min(AppointmentRow.time))
        .where(AppointmentRow.patient_id == PatientRow.id, AppointmentRow.day == day)
        .correlate(PatientRow)
        .scalar_subquery()
    )
    return func.coalesce(first, _NO_TIME)


def visits_of(
    session: Session, patient_ids: Iterable[int], *, day: date
) -> Mapping[int, tuple[str, str]]:
    """The time of the first visit of each patient on a day, and with whom; "" for what is not
    known. A noted visit counts where none was arranged.
    """
    ids = list(patient_ids)
    arranged, noted = (
        visits.where(whose.in_(ids), days == day) for visits, whose, days in _visits()
    )
    known = func.coalesce(AppointmentRow.time, _NO_TIME)
    query = union_all(
        arranged.add_columns(literal(0), known, AppointmentRow.id, AppointmentRow.with_whom),
        noted.add_columns(literal(1), literal(_NO_TIME), EventRow.id, EventRow.label),
    )
    found: dict[int, tuple[str, str]] = {}
    for patient_id, _is_noted, time, _number, with_whom in sorted(session.execute(query)):
        found.setdefault(patient_id, ("" if time == _NO_TIME else time, with_whom))
    return found


def _visits() -> tuple[tuple[Select[int], Any, Any], ...]:
    """Whose visits there are, arranged or noted; each kind with its columns of patient and day."""
    noted = select(EventRow.patient_id).where(EventRow.kind == EventKind.VISIT)
    return (
        (select(AppointmentRow.patient_id), AppointmentRow.patient_id, AppointmentRow.day),
        (noted, EventRow.patient_id, EventRow.day),
    )


def coming(session: Session, first: date, last: date) -> tuple[Coming, ...]:
    """The appointments of these days, in their order; nothing that a diary notes."""
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
