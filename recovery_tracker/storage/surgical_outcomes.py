"""What became of the operations: pain and forms a year later, complications, and the time to
another operation.

Of the whole clinic and without names. The first operation of each patient is counted from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, case, func, literal, select
from sqlalchemy.orm import Session

from ..domain.follow_up_times import TIMES, YEAR, at_times
from ..domain.history import EventKind
from ..domain.people import Role
from ..domain.questionnaires import FORMS, FormScore
from ..domain.surgery import Region
from ..domain.survival import End
from .lines import is_newest
from .tables.diary import EntryRow
from .tables.flags import SummaryRow
from .tables.record import AppointmentRow, EventRow, FormScoreRow, ImagingRow, OperationRow

#: Week 52 ends on this postoperative day; two weeks stand in for it where one holds too few
#: answers, as in `trends.levels`.
YEAR_DAY = YEAR.week_day
_WEEK, _TWO_WEEKS, _ENOUGH = 7, 14, 3
_NONE = (None, None)


@dataclass(frozen=True, slots=True)
class AfterAYear:
    """A pain or a form before the operation and a year after it; None is not known."""

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Operated:
    """A patient with an operation: its day, how the time from it ended, and how they did."""

    day: date
    region: Region
    #: Days from the operation to `end`.
    seen: int
    end: End
    #: By measure or instrument, only of those operated at least a year ago.
    year: Mapping[str, AfterAYear]
    #: The instruments that were filled in at each of `TIMES`; None where its days are not over yet,
    #: or another operation came before.
    asked: tuple[frozenset[str] | None, ...]
    #: Whether a complication was recorded within a year after the operation.
    has_complication: bool
    #: Whether the operation lies a year back, whatever came after it.
    is_a_year_ago: bool


def operated(session: Session, today: date) -> tuple[Operated, ...]:
    """Every patient with an operation up to `today`.

    Another operation on the same part of the spine ends the time as what is counted, one on another
    part as another end; else it ends with the last entry, visit or imaging.
    """
    operations: defaultdict[int, list[OperationRow]] = defaultdict(list)
    query = select(OperationRow).where(OperationRow.day <= today)
    for row in session.scalars(query.order_by(OperationRow.day, OperationRow.id)):
        operations[row.patient_id].append(row)
    last, forms, troubled = _last_known(session, today), _forms(session), _complications(session)
    pain = {key: _pain(session, key) for key in ("axial_pain", "limb_pain")}
    found = []
    for patient_id, (first, *later) in operations.items():
        others = [row for row in later if row.day > first.day]
        seen, end = max(last.get(patient_id, first.day), first.day), End.SEEN_TO
        followed = today
        if others:
            seen, followed = others[0].day, others[0].day - timedelta(days=1)
            end = End.EVENT if others[0].region == first.region else End.OTHER
        days = (followed - first.day).days
        year = {
            key: AfterAYear(_before(first, key, one.get(patient_id)), one.get(patient_id, _NONE)[1])
            for key, one in pain.items()
        }
        asked, after = _at_times(forms.get(patient_id, {}), first.day, days)
        found.append(
            Operated(
                first.day,
                Region(first.region),
                (seen - first.day).days,
                end,
                {**year, **after} if days >= YEAR_DAY else {},
                asked,
                any(0 <= (day - first.day).days <= YEAR.day for day in troubled[patient_id]),
                (today - first.day).days >= YEAR.day,
            )
        )
    return tuple(found)


def _at_times(
    forms: Mapping[str, Sequence[FormScore]], operated_on: date, days: int
) -> tuple[tuple[frozenset[str] | None, ...], dict[str, AfterAYear]]:
    """For a patient followed for that many days: the instruments filled in at each time, and
    each of them before and a year after.
    """
    by_time: list[set[str]] = [set() for _ in TIMES]
    year = {}
    last = operated_on + timedelta(days=days)
    for name, scores in forms.items():
        before, later = at_times([one for one in scores if one.day <= last], operated_on)
        for names, one in zip(by_time, later, strict=True):
            if one is not None:
                names.add(name)
        after = later[TIMES.index(YEAR)]
        values = [None if one is None else one.value for one in (before, after)]
        year[name] = AfterAYear(values[0], values[1])
    asked = (
        frozenset(names) if days >= time.last else None
        for time, names in zip(TIMES, by_time, strict=True)
    )
    return tuple(asked), year


def _forms(session: Session) -> dict[int, dict[str, list[FormScore]]]:
    """The totals of every patient by instrument."""
    found: dict[int, dict[str, list[FormScore]]] = {}
    columns = (FormScoreRow.patient_id, FormScoreRow.day, FormScoreRow.form, FormScoreRow.score)
    for patient_id, day, form, score in session.execute(select(*columns)):
        by_name = found.setdefault(patient_id, {})
        by_name.setdefault(FORMS[form].short, []).append(FormScore(day, form, score, Role.PATIENT))
    return found


def _complications(session: Session) -> dict[int, list[date]]:
    found: defaultdict[int, list[date]] = defaultdict(list)
    query = select(EventRow.patient_id, EventRow.day)
    for patient_id, day in session.execute(query.where(EventRow.kind == EventKind.COMPLICATION)):
        found[patient_id].append(day)
    return found


def _before(
    operation: OperationRow, key: str, told: tuple[float | None, float | None] | None
) -> float | None:
    stated: float | None = getattr(operation, f"preop_{key}")
    return stated if stated is not None else (told[0] if told else None)


def _last_known(session: Session, today: date) -> dict[int, date]:
    """The last day on which anything is known of each patient."""
    found: dict[int, date] = {}
    for query in (
        select(SummaryRow.patient_id, SummaryRow.last_entry),
        *(
            select(table.patient_id, func.max(table.day))
            .where(table.day <= today)
            .group_by(table.patient_id)
            for table in (AppointmentRow, ImagingRow)
        ),
    ):
        for patient_id, day in session.execute(query):
            if day is not None and day <= today:
                found[patient_id] = max(day, found.get(patient_id, day))
    return found


def _pain(session: Session, key: str) -> dict[int, tuple[float | None, float | None]]:
    """The mean before the first operation, and that of week 52, of each patient who told any."""
    first = (
        select(OperationRow.patient_id, func.min(OperationRow.day).label("day"))
        .group_by(OperationRow.patient_id)
        .subquery()
    )
    answer = getattr(EntryRow, key)
    is_sqlite = session.get_bind().dialect.name == "sqlite"

    def day_after(days: int) -> ColumnElement[date]:
        if is_sqlite:
            return func.date(first.c.day, f"+{days} days")
        return first.c.day.op("+")(literal(days, Integer))

    def since(days: int) -> ColumnElement[bool]:
        return EntryRow.day > day_after(YEAR_DAY - days)

    in_year = (since(_TWO_WEEKS)) & (EntryRow.day <= day_after(YEAR_DAY))
    is_before = EntryRow.day < first.c.day
    in_week = in_year & since(_WEEK)
    query = (
        select(
            EntryRow.patient_id,
            func.avg(case((is_before, answer))),
            func.avg(case((in_week, answer))),
            func.count(case((in_week, answer))),
            func.avg(case((in_year, answer))),
            func.count(case((in_year, answer))),
        )
        .join(first, first.c.patient_id == EntryRow.patient_id)
        .where(in_year | is_before, answer.is_not(None), is_newest())
        .group_by(EntryRow.patient_id)
    )
    found: dict[int, tuple[float | None, float | None]] = {}
    for patient_id, before, week, answers, weeks, more in session.execute(query):
        after = week if answers >= _ENOUGH else weeks if more >= _ENOUGH else None
        known = [None if one is None else float(one) for one in (before, after)]
        found[patient_id] = known[0], known[1]
    return found


def times_of(people: Iterable[Operated]) -> list[tuple[int, End]]:
    """What `domain.survival` counts the time to another operation from."""
    return [(one.seen, one.end) for one in people]
