"""What a list shows beside each name: one query of each kind for a whole page of patients."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from ..domain.diary import ANSWERS, PASSIVE, DiaryEntry, Source
from ..domain.flags import Condition, Decision, Episode, Pattern
from ..domain.history import EventKind
from ..domain.surgery import Approach
from ..domain.ticked import SignDay, signs_told
from .as_json import told_in
from .audit import AuditAction
from .columns import Day
from .many import among, numbers
from .tables.diary import EntryRow
from .tables.flags import DecisionRow, FlagRow, SummaryRow
from .tables.people import AccountRow
from .tables.record import AppointmentRow, AuditEventRow, EventRow, OperationRow

_FIRST, _LAST = bindparam("first", type_=Day()), bindparam("last", type_=Day())

#: The answers of a `DayLine` in their order.
LINE_ANSWERS = ("axial_pain", "walking", "limb_pain", "numbness", "mobility")


class DayLine(NamedTuple):
    """One logged day; None means not answered."""

    day: date
    axial_pain: int | None
    walking: int | None
    limb_pain: int | None = None
    numbness: int | None = None
    mobility: int | None = None


@dataclass(frozen=True, slots=True)
class OperationLine:
    """What a list shows about the latest operation."""

    level_names: str
    levels: int | None
    approach: Approach | None
    preop_axial_pain: float | None
    preop_limb_pain: float | None = None


def lines_of(
    session: Session, patient_ids: Iterable[int], *, first: date, last: date
) -> Mapping[int, tuple[DayLine, ...]]:
    """The logged days of each patient from `first` to `last`, as they stand, oldest first.

    A day that was taken back, or that holds only what a device counted, does not count.
    """
    asked = {"ids": numbers(patient_ids), "first": first, "last": last}
    found: dict[int, list[DayLine]] = {}
    for patient_id, *line in session.execute(_lines(), asked):
        found.setdefault(patient_id, []).append(DayLine._make(line))
    return {patient_id: tuple(days) for patient_id, days in found.items()}


# Each query is made once: of a file the same few are asked twenty times over.


@cache
def _lines() -> Any:
    columns = [getattr(EntryRow, name) for name in LINE_ANSWERS]
    return (
        select(EntryRow.patient_id, EntryRow.day, *columns)
        .where(among(EntryRow.patient_id), EntryRow.day.between(_FIRST, _LAST))
        .where(is_newest(), _HAS_ANSWERS)
        .order_by(EntryRow.patient_id, EntryRow.day)
    )


def _given(keys: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(getattr(EntryRow, key).is_not(None) for key in keys))


#: `DiaryEntry.has_answers` as a condition of the database.
_HAS_ANSWERS = or_(
    EntryRow.sign_changes != {},
    _given(key for key in ANSWERS if key not in PASSIVE),
    and_(EntryRow.source != str(Source.IMPORT), _given(sorted(PASSIVE))),
)


#: A patient and the place of a period; then sum and count of some answers, one after another.
Sums = Row[Any]


def sums_of(
    session: Session,
    patient_ids: Sequence[int],
    periods: Sequence[tuple[date, date]],
    keys: Sequence[str],
) -> Mapping[int, Mapping[int, Sums]]:
    """Sum and count of each of these answers, by patient and place of the period; nothing before
    the operation counts.

    The periods hold their first and their last day, and no day is in two of them. The database does
    the sums: a file of ten thousand patients covers a third of a million days.
    """
    found: dict[int, dict[int, Sums]] = {}
    query = _sums(tuple(periods), tuple(keys))
    for row in session.execute(query, {"ids": numbers(patient_ids)}):
        found.setdefault(row[0], {})[row[1]] = row
    return found


@lru_cache(maxsize=16)
def _sums(periods: tuple[tuple[date, date], ...], keys: tuple[str, ...]) -> Select[Any]:
    place = case(
        *((EntryRow.day.between(*period), number) for number, period in enumerate(periods))
    )
    answers = [getattr(EntryRow, key) for key in keys]
    return (
        select(
            EntryRow.patient_id,
            place.label("place"),
            *(function(answer) for answer in answers for function in (func.sum, func.count)),
        )
        .join(SummaryRow, SummaryRow.patient_id == EntryRow.patient_id)
        .where(
            among(EntryRow.patient_id),
            EntryRow.day.between(min(periods)[0], max(periods)[1]),
            or_(*(EntryRow.day.between(*period) for period in periods)),
            or_(SummaryRow.operation_day.is_(None), EntryRow.day >= SummaryRow.operation_day),
            is_newest(),
        )
        .group_by(EntryRow.patient_id, "place")
    )


def is_newest() -> ColumnElement[bool]:
    """Whether a version of a day is the one that stands."""
    newer = aliased(EntryRow)
    return ~(
        select(newer.id)
        .where(
            newer.patient_id == EntryRow.patient_id,
            newer.day == EntryRow.day,
            newer.version > EntryRow.version,
        )
        .exists()
    )


def days_of(
    session: Session, patient_ids: Sequence[int], *, first: date, last: date
) -> Mapping[int, set[date]]:
    """The logged days of each patient from `first` to `last`, as they stand."""
    query = select(EntryRow.patient_id, EntryRow.day).where(
        among(EntryRow.patient_id), EntryRow.day.between(first, last)
    )
    query = query.where(is_newest(), _HAS_ANSWERS)
    found: dict[int, set[date]] = {}
    for patient_id, day in session.execute(query, {"ids": numbers(patient_ids)}):
        found.setdefault(patient_id, set()).add(day)
    return found


def operations_of(
    session: Session, patient_ids: Iterable[int], *, last: date
) -> Mapping[int, OperationLine]:
    """The latest operation of each patient up to `last`, or the first to come."""
    asked = {"ids": numbers(patient_ids), "last": last}
    return {
        patient_id: OperationLine(names, levels, Approach(way) if way else None, axial, limb)
        for patient_id, names, levels, way, axial, limb in session.execute(_operations(), asked)
    }


@cache
def _operations() -> Any:
    return (
        select(
            OperationRow.patient_id,
            OperationRow.level_names,
            OperationRow.levels,
            OperationRow.approach,
            OperationRow.preop_axial_pain,
            OperationRow.preop_limb_pain,
        )
        .where(among(OperationRow.patient_id))
        .order_by(OperationRow.patient_id, (OperationRow.day <= _LAST), OperationRow.day)
    )


def sign_days_of(
    session: Session, since: Mapping[int, date], *, last: date
) -> Mapping[int, tuple[SignDay, ...]]:
    """The warning answers of each patient from their day in `since` on, as they stand."""
    if not since:
        return {}
    query = (
        select(
            EntryRow.patient_id,
            EntryRow.day,
            EntryRow.signs,
            EntryRow.sign_changes,
            EntryRow.__table__.c.temperature_c,
            EntryRow.signs_asked,
            EntryRow.source,
            EntryRow.recorded_at,
            EntryRow.zone,
        )
        .where(among(EntryRow.patient_id), EntryRow.day.between(min(since.values()), last))
        .order_by(EntryRow.patient_id, EntryRow.day, EntryRow.version)
    )
    rows = session.execute(query, {"ids": numbers(since)})
    found: dict[int, list[SignDay]] = {}
    for (patient_id, day), versions in groupby(rows, key=lambda row: (row[0], row[1])):
        first, *later = versions
        if day >= since[patient_id]:
            found.setdefault(patient_id, []).append(_sign_day(first, (later or [first])[-1]))
    return {patient_id: tuple(days) for patient_id, days in found.items()}


def _sign_day(first: Row[Any], newest: Row[Any]) -> SignDay:
    """A day as its newest version says, recorded when the first was: as `ticked.sign_day`."""
    entry = DiaryEntry(first.day, recorded_at=first.recorded_at, zone=first.zone)
    return SignDay(
        first.day,
        signs_told(newest.signs, newest.sign_changes),
        newest.temperature_c,
        newest.sign_changes,
        newest.signs_asked,
        newest.source,
        entry.recorded_on(),
        entry.recorded_at,
    )


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """The latest decision about a flag that still holds."""

    #: The public id of the flag.
    flag: str
    pattern: Pattern
    decision: Decision
    until: date | None
    at: datetime
    author: str
    note: str


def decided_of(
    session: Session, patient_ids: Iterable[int]
) -> Mapping[int, tuple[DecidedLine, ...]]:
    """The latest decision about each open flag of each patient, the newest decision last."""
    ids = list(patient_ids)
    if not ids:
        return {}
    query = (
        select(
            FlagRow.patient_id,
            FlagRow.public_id,
            FlagRow.pattern,
            DecisionRow.decision,
            DecisionRow.until,
            DecisionRow.at,
            DecisionRow.author_name,
            DecisionRow.note,
        )
        .join(FlagRow, FlagRow.id == DecisionRow.flag_id)
        .where(among(FlagRow.patient_id), FlagRow.condition == str(Condition.ACTIVE))
        .order_by(DecisionRow.id)
    )
    found: dict[int, dict[str, DecidedLine]] = {}
    rows = session.execute(query, {"ids": numbers(ids)})
    for patient_id, flag, pattern, decision, until, at, author, note in rows:
        latest = found.setdefault(patient_id, {})
        latest.pop(flag, None)
        latest[flag] = DecidedLine(
            flag, Pattern(pattern), Decision(decision), until, at, author, note
        )
    return {patient_id: tuple(latest.values()) for patient_id, latest in found.items()}


def ended_of(session: Session, patient_ids: Iterable[int]) -> Mapping[int, tuple[Episode, ...]]:
    """Each patient's flags that have ended, latest first."""
    ids = list(patient_ids)
    if not ids:
        return {}
    query = select(FlagRow.patient_id, type_coerce(FlagRow.episode, Text)).where(
        among(FlagRow.patient_id), FlagRow.condition == str(Condition.ENDED)
    )
    found: dict[int, list[Episode]] = {}
    for patient_id, episode in session.execute(
        query.order_by(FlagRow.raised_on.desc()), {"ids": numbers(ids)}
    ):
        found.setdefault(patient_id, []).append(told_in(episode))
    return {patient_id: tuple(episodes) for patient_id, episodes in found.items()}


def last_seen_of(
    session: Session, patient_ids: Iterable[int], *, today: date
) -> Mapping[int, date]:
    """The latest day before `today` with a visit, planned in the record or noted as an event."""
    asked = {"ids": numbers(patient_ids), "last": today}
    return {row[0]: row[1] for row in session.execute(_seen(), asked)}


@cache
def _seen() -> Any:
    visits = [
        select(table.patient_id, table.day).where(among(table.patient_id), table.day < _LAST)
        for table in (AppointmentRow, EventRow)
    ]
    visits[1] = visits[1].where(EventRow.kind == str(EventKind.VISIT))
    seen = union_all(*visits).subquery()
    return select(seen.c.patient_id, func.max(seen.c.day)).group_by(seen.c.patient_id)


def last_read_of(session: Session, patient_ids: Iterable[int]) -> Mapping[int, datetime]:
    """When somebody of the clinic last opened each chart; who was never read is not in it.

    A look of a carer, whom the patient let in, is none of the clinic.
    """
    own = select(AccountRow.id).where(AccountRow.patient_id.is_not(None))
    query = (
        select(AuditEventRow.chain, func.max(AuditEventRow.at))
        .where(among(AuditEventRow.chain))
        .where(AuditEventRow.action == str(AuditAction.CHART_READ))
        .where(AuditEventRow.account_id.not_in(own))
        .group_by(AuditEventRow.chain)
    )
    return {row[0]: row[1] for row in session.execute(query, {"ids": numbers(patient_ids)})}
