"""What became of the operations: pain a year later, and the time to another operation.

Of the whole clinic and without names. The first operation of each patient is counted from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, case, func, literal, select
from sqlalchemy.orm import Session

from ..domain.surgery import Region
from ..domain.survival import End
from .lines import is_newest
from .tables.diary import EntryRow
from .tables.flags import SummaryRow
from .tables.record import AppointmentRow, ImagingRow, OperationRow

#: Week 52 ends on this postoperative day; two weeks stand in for it where one holds too few
#: answers, as in `trends.levels`.
YEAR_DAY = 52 * 7 + 6
_WEEK, _TWO_WEEKS, _ENOUGH = 7, 14, 3


@dataclass(frozen=True, slots=True)
class PainAfterAYear:
    """One pain before the operation and a year after it; None is not known."""

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Operated:
    """A patient with an operation: its day, how the time from it ended, and pain a year later."""

    day: date
    region: Region
    #: Days from the operation to `end`.
    seen: int
    end: End
    #: By measure, only of those operated at least a year ago.
    pain: Mapping[str, PainAfterAYear]


def operated(session: Session, today: date) -> tuple[Operated, ...]:
    """Every patient with an operation up to `today`.

    Another operation on the same part of the spine ends the time as what is counted, one on another
    part as another end; else it ends with the last entry, visit or imaging.
    """
    operations: defaultdict[int, list[OperationRow]] = defaultdict(list)
    query = select(OperationRow).where(OperationRow.day <= today)
    for row in session.scalars(query.order_by(OperationRow.day, OperationRow.id)):
        operations[row.patient_id].append(row)
    last = _last_known(session, today)
    pain = {key: _pain(session, key) for key in ("axial_pain", "limb_pain")}
    found = []
    for patient_id, rows in operations.items():
        first, *later = rows
        later = [row for row in later if row.day > first.day]
        seen, end = max(last.get(patient_id, first.day), first.day), End.SEEN_TO
        if later:
            seen = later[0].day
            end = End.EVENT if later[0].region == first.region else End.OTHER
        is_a_year_ago = first.day + timedelta(days=YEAR_DAY) <= today
        is_still = not later or (later[0].day - first.day).days > YEAR_DAY
        found.append(
            Operated(
                first.day,
                Region(first.region),
                (seen - first.day).days,
                end,
                {
                    key: PainAfterAYear(_before(first, key, told.get(patient_id)), after)
                    for key, told in pain.items()
                    for after in [told[patient_id][1] if patient_id in told else None]
                }
                if is_a_year_ago and is_still
                else {},
            )
        )
    return tuple(found)


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
