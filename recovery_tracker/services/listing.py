"""The list of patients as of a day: what depends on the day is told for that day.

The stored summary of a patient is of the day it was made on. A list of the next morning counts its
days again, and assesses those again of whom something else may be true by now.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from time import monotonic
from zoneinfo import ZoneInfo

from ..domain.people import Actor
from ..domain.surgery import Operation
from ..storage.database import Database, Session
from ..storage.errors import NotSaved
from ..storage.lines import days_of
from ..storage.listing import PAGE_SIZE, ListedPatient, PatientList, ids_in_order, listed
from ..storage.listing import patient_list as list_patients
from ..trends.parameters import STANDARD
from ..trends.quiet import expected_between
from .change import civil_day
from .ticking import reassess

#: Seconds that a list may spend on assessments, at 31 ms each (measured); `tick` does the others.
#: Our default.
_PATIENCE = 1.0


def patient_list(
    database: Database,
    actor: Actor,
    *,
    today: date,
    at: datetime | None = None,
    filter: str = "all",
    search: str = "",
    sort: str = "",
    tag: str = "",
    visits_on: date | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> PatientList:
    """A page of the patients an actor cares for, those in need of a look first, or as `sort` says.

    With `visits_on` those with a visit on that day, with `tag` those who have the tag of that id.

    `logged`, `expected` and the same of the last two weeks are as of the day where the patient is,
    which is the `today` of the row. Of a row that still
    says `assessment_is_due` flags and status may be those of its `as_of`. `at` is the instant of
    the look, by default noon of `today` in UTC.
    """
    at = at or datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo("UTC"))

    def read() -> PatientList:
        with database.read() as session:
            found = list_patients(
                session,
                actor,
                today=today,
                filter=filter,
                search=search,
                sort=sort,
                tag=tag,
                visits_on=visits_on,
                page=page,
                page_size=page_size,
            )
            rows = [replace(row, today=civil_day(at, row.zone)) for row in found.rows]
            return replace(found, rows=_counted(session, rows))

    found = read()
    return read() if _assess(database, found.rows, at) else found


def whole_order(
    database: Database,
    actor: Actor,
    *,
    today: date,
    filter: str = "all",
    sort: str = "",
    tag: str = "",
) -> tuple[int, ...]:
    """Every patient of a filter and a tag, by their number, in the order of the list."""
    with database.read() as session:
        return ids_in_order(session, actor, today=today, filter=filter, sort=sort, tag=tag)


def whole_list(
    database: Database, ids: Sequence[int], *, today: date, at: datetime, at_once: int
) -> Iterator[tuple[ListedPatient, ...]]:
    """The rows of these patients in their order, some at once: for files.

    Nobody is assessed again: a row says which day it is from.
    """
    day_in = cache(partial(civil_day, at))
    for start in range(0, len(ids), at_once):
        with database.read() as session:
            some = ids[start : start + at_once]
            counted = _counted(session, listed(session, some, today=today, day_in=day_in))
        yield counted


def _assess(database: Database, rows: Collection[ListedPatient], at: datetime) -> bool:
    """Whether somebody was assessed again, of those whose day has come where they are."""
    began, done = monotonic(), False
    for row in rows:
        today = civil_day(at, row.zone)
        if not row.assessment_is_due or row.as_of is None or row.as_of >= today:
            continue
        if monotonic() - began > _PATIENCE:
            break
        try:
            done = reassess(database, row.id, today=today, at=at) is not None or done
        except NotSaved:
            break
    return done


def _counted(session: Session, rows: Sequence[ListedPatient]) -> tuple[ListedPatient, ...]:
    """The rows with their days counted to the day that each is of."""
    older = [row for row in rows if row.as_of and row.as_of < row.today]
    days: Mapping[int, set[date]] = {}
    if older:
        first = min(row.today for row in older) - timedelta(days=STANDARD.recent_window - 1)
        last = max(row.today for row in older)
        days = days_of(session, [row.id for row in older], first=first, last=last)
    return tuple(_counted_one(row, days.get(row.id, ())) for row in rows)


def _counted_one(row: ListedPatient, days: Collection[date]) -> ListedPatient:
    """The row with its days counted as of its own day; `days` are those logged lately."""
    today = row.today
    first = today - timedelta(days=STANDARD.recent_window - 1)
    if row.as_of is None or row.as_of >= today:
        return row
    if row.operation_day is None or row.region is None or row.operation_day > today:
        return row
    operation = Operation(row.operation_day, row.region)
    first = max(first, operation.day)
    # Since when days are expected stands in what was counted: `as_of` is never before it.
    later = expected_between(row.schedule, operation, row.as_of + timedelta(days=1), today)
    expected = row.expected + later
    return replace(
        row,
        expected=expected,
        recent_logged=sum(
            first <= day <= today and row.schedule.expects(day, operation) for day in days
        ),
        recent_expected=min(expected, expected_between(row.schedule, operation, first, today)),
    )
