"""Orders of the list that may be asked for, beside that of need."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from ..domain.flags import Attention, Condition, Decision, Urgency
from ..domain.history import Imaging
from .lines import is_newest
from .tables.diary import EntryRow
from .tables.flags import DecisionRow, FlagRow, SummaryRow
from .tables.people import PatientRow
from .tables.record import ImagingRow

#: Orders that read the last week of the diary: what is averaged.
MEASURED = {"pain": "axial_pain", "walking": "walking"}
SORTS = ("patient", "why", "operated", "logged", "visit", *MEASURED)

#: Answers that a mean needs, and the days of the two windows, as in `trends.levels`.
ENOUGH, WINDOWS = 3, (7, 14)


def asked_for(sort: str, visit: ColumnElement[Any], today: date) -> tuple[Any, ...] | None:
    """The order asked for: one of `SORTS`, reversed by a minus; None for any other.

    Patients without the value come last either way. `visit` is the day of the next visit.
    """
    key, descends = sort.removeprefix("-"), sort.startswith("-")
    columns: dict[str, Any] = {
        "patient": PatientRow.name,
        "why": FlagRow.pattern,
        "operated": SummaryRow.operation_day,
        "logged": SummaryRow.last_entry,
        "visit": visit,
    }
    if key in MEASURED:
        column = _recent_mean(key, today)
    elif key in columns:
        column = columns[key]
    else:
        return None
    order = column.desc() if descends else column.asc()
    return column.is_(None), order, PatientRow.name, PatientRow.id


def _recent_mean(key: str, today: date) -> ColumnElement[Any]:
    """The mean of a patient's last week, else of two, as the row shows it; NULL with too few
    answers. Days before the latest operation do not count.
    """
    column = getattr(EntryRow, MEASURED[key])
    mean = case((func.count(column) >= ENOUGH, func.avg(column)), else_=None)
    operated = case((SummaryRow.operation_day <= today, SummaryRow.operation_day), else_=None)
    week, two_weeks = (
        select(mean)
        .where(EntryRow.patient_id == PatientRow.id)
        .where(EntryRow.day.between(today - timedelta(days=days - 1), today), is_newest())
        .where(or_(operated.is_(None), EntryRow.day >= operated))
        .correlate(PatientRow, SummaryRow)
        .scalar_subquery()
        for days in WINDOWS
    )
    return func.coalesce(week, two_weeks)


@cache
def awaits_imaging() -> ColumnElement[bool]:
    """Whether imaging was asked for, as any decision about a flag that holds or in the record, and
    no image was made since, on the days of the patient.

    The one definition: the filter, the rows and the file read it.
    """
    later, flag = aliased(ImagingRow), aliased(FlagRow)
    has_result = (
        select(later.id)
        .where(later.result != Imaging.AWAITED)
        .where(later.patient_id == flag.patient_id)
        .where(later.day >= func.coalesce(DecisionRow.day, func.date(DecisionRow.at)))
        .exists()
    )
    decided = (
        select(flag.patient_id)
        .join(DecisionRow, DecisionRow.flag_id == flag.id)
        .where(flag.condition == Condition.ACTIVE)
        .where(DecisionRow.decision == Decision.IMAGING, ~has_result)
    )
    newer = aliased(ImagingRow)
    is_last = ~(
        select(newer.id)
        .where(newer.patient_id == ImagingRow.patient_id, newer.result != Imaging.AWAITED)
        .where(newer.day >= ImagingRow.day)
        .exists()
    )
    asked = select(ImagingRow.patient_id).where(ImagingRow.result == Imaging.AWAITED, is_last)
    return or_(
        and_(SummaryRow.flags_open > 0, PatientRow.id.in_(decided)), PatientRow.id.in_(asked)
    )


@cache
def has_urgent() -> ColumnElement[bool]:
    """Whether an emergency or same-day flag holds, or ended before anybody looked, as in
    `Recovery.worst_standing`.
    """
    flag = aliased(FlagRow)
    ended_unseen = and_(flag.condition == Condition.ENDED, flag.attention == Attention.UNSEEN)
    return (
        select(flag.id)
        .where(flag.patient_id == PatientRow.id, flag.urgency >= Urgency.SAME_DAY)
        .where(or_(flag.condition == Condition.ACTIVE, ended_unseen))
        .exists()
    )
