"""The list of a clinician's patients, in the order of need: one query over stored summaries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from ..domain.flags import Attention, Condition, Episode, Pattern, Status, Urgency
from ..domain.history import Schedule
from ..domain.people import Actor, Role
from ..domain.surgery import Region
from . import list_order, tables, ways
from .appointments import first_time, has_visit_within, next_visit
from .as_json import schedule_in, told_in
from .flags import attention_after
from .many import among, numbers
from .patient_summary import QUIET_NEED, SEEN_NEED, UNSEEN_NEED
from .search import searched
from .tables.flags import WAITS_SINCE, FlagRow, SummaryRow
from .tags import has_tag

_Patient = tables.people.PatientRow

PAGE_SIZE = 50
#: "Soon", for the filter of visits, in days. Our default.
VISIT_SOON = 14

#: Every patient is in exactly one of these, so that they add up to all.
PARTS = ("urgent", "review", "quiet", "waiting", "before", "no_rule")
FILTERS = ("all", "attention", *PARTS, "awaited", "visit_soon", "visit_today", "ended")


@dataclass(frozen=True, slots=True)
class ListedPatient:
    """One line of the list. Pattern, urgency, attention and episode are of the leading flag."""

    id: int
    public_id: str
    name: str
    birth_date: date | None
    hospital_number: str | None
    operation_day: date | None
    region: Region | None
    schedule: Schedule
    #: The civil day where the patient is may be another one than that of the list: `today`.
    zone: str
    today: date
    status: Status | None
    #: Larger asks more for a look; 0 asks for none, which never means that all is well; -1 is
    #: somebody whom the clinic no longer follows.
    need: int
    pattern: Pattern | None
    urgency: Urgency | None
    attention: Attention | None
    episode: Episode | None
    flag_public_id: str | None
    #: Whether it holds; one that ended before anybody looked asks for a look all the same.
    flag_is_open: bool
    #: Whether the patient has corrected the answer behind it.
    flag_is_corrected: bool
    #: Since when somebody is asked to look at it: while nobody has, since the first time.
    waits_since: datetime | None
    #: Who said that they see to it, "" where nobody did.
    taken_by: str
    phone: str
    flags_open: int
    #: Whether an emergency or same-day flag holds, decided or not, or ended before anybody looked:
    #: nothing beside it may comfort.
    has_urgent: bool
    last_entry: date | None
    #: The day that the summary is of, None where nothing was assessed yet.
    as_of: date | None
    #: Asked days that were logged, and asked days: as of `as_of`.
    logged: int
    expected: int
    recent_logged: int
    recent_expected: int
    next_visit: date | None
    #: Imaging was asked for and there is no result yet.
    awaits_imaging: bool
    #: Since when the clinic no longer follows the patient; None while it does.
    ended_on: date | None
    #: The summary may be older than the diary; and the day on which it may change by itself.
    assessment_due: bool
    next_change_on: date | None

    @property
    def assessment_is_due(self) -> bool:
        """Whether the summary may be older than the diary, or today is a day of change."""
        changes = self.next_change_on
        return self.assessment_due or (changes is not None and changes <= self.today)


@dataclass(frozen=True, slots=True)
class PatientList:
    """One page of the list, how many patients each filter holds, and how many pages there are."""

    rows: tuple[ListedPatient, ...]
    counts: Mapping[str, int]
    page: int
    pages: int


def patient_list(
    session: Session,
    actor: Actor,
    *,
    today: date,
    filter: str = "all",
    search: str = "",
    sort: str = "",
    tag: str = "",
    visits_on: date | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> PatientList:
    """The patients that an actor may see, most in need first; among equals, the longest waiting.

    `sort` is another order, one of `list_order.SORTS`, with a minus for the other way round. With
    `visits_on` only those with a visit on that day, in the order of their times; with `tag`, the id
    of one, only those who have it. `search` holds parts of a name or a hospital number, or a birth
    date, and finds those who are no longer followed as well; it never belongs in an address.
    One query counts, one reads the page, however many patients there are.
    """
    if filter not in FILTERS:
        filter = "all"
    need, visit = _need(today), _next_visit(today)
    conditions = {name: _condition(name, need, today) for name in FILTERS}
    if tag:
        conditions = {name: and_(one, has_tag(tag)) for name, one in conditions.items()}
    if search.strip():
        # Whoever is looked for by name is found, still followed or not.
        conditions["all"] = or_(conditions["all"], conditions["ended"])
    if visits_on is not None:
        # Who comes is on the list of the day, even if the follow-up has ended.
        conditions[filter] = has_visit_within(visits_on, visits_on)
    counted = _visible(
        select(*(func.count().filter(condition) for condition in conditions.values())), actor
    )
    counts = dict(zip(FILTERS, session.execute(searched(counted, search)).one(), strict=True))
    pages = max(1, ceil(counts[filter] / page_size))
    page = min(max(1, page), pages)
    order = list_order.asked_for(sort, visit, today) or _order(need)
    if visits_on is not None and not sort:
        order = (first_time(visits_on), *order)
    # Only numbers are sorted; the content of a row is read only for the rows of this page.
    here = searched(_visible(select(_Patient.id), actor), search).where(conditions[filter])
    here = here.outerjoin(FlagRow, FlagRow.id == _leading(today))
    here = here.order_by(*order).limit(page_size).offset((page - 1) * page_size)
    found = session.execute(_told(today).where(_Patient.id.in_(here)).order_by(*order))
    return PatientList(tuple(_to_row(row, today) for row in found), counts, page, pages)


def ids_in_order(
    session: Session,
    actor: Actor,
    *,
    today: date,
    filter: str = "all",
    sort: str = "",
    tag: str = "",
) -> tuple[int, ...]:
    """The numbers of every patient of a filter, and of a tag, in the order of the list."""
    need, visit = _need(today), _next_visit(today)
    here = _visible(select(_Patient.id), actor).outerjoin(FlagRow, FlagRow.id == _leading(today))
    condition = _condition(filter if filter in FILTERS else "all", need, today)
    if tag:
        condition = and_(condition, has_tag(tag))
    order = list_order.asked_for(sort, visit, today) or _order(need)
    return tuple(session.scalars(here.where(condition).order_by(*order)))


def listed(
    session: Session, ids: Sequence[int], *, today: date, day_in: Callable[[str], date]
) -> tuple[ListedPatient, ...]:
    """The lines of these patients in this order, each as of the day in the zone of the patient."""
    found = {row[0]: row for row in session.execute(_told_of(today), {"ids": numbers(ids)})}
    return tuple(_to_row(found[one], today, day_in) for one in ids if one in found)


@lru_cache(maxsize=4)
def _told_of(today: date) -> Any:
    return _told(today).where(among(_Patient.id))


def _told(today: date) -> Any:
    """Everything that a line tells of each patient, for `_to_row`."""
    return (
        select(
            *_SHOWN,
            _need(today).label("need"),
            _next_visit(today).label("next_visit"),
            list_order.awaits_imaging().label("awaits_imaging"),
            list_order.has_urgent().label("has_urgent"),
        )
        .join(SummaryRow, SummaryRow.patient_id == _Patient.id)
        .outerjoin(FlagRow, FlagRow.id == _leading(today))
    )


def _next_visit(today: date) -> Any:
    return next_visit(_Patient.id, today)


def _order(need: ColumnElement[int]) -> tuple[Any, ...]:
    """Need, then answered flags; then the longest waiting or silent, then names."""
    is_quiet = need.between(1, QUIET_NEED)
    return (
        need.desc(),
        case((SummaryRow.flags_open > 0, 0), else_=1),
        FlagRow.attention_since.is_(None),
        WAITS_SINCE,
        case((is_quiet, SummaryRow.last_entry), else_=None),
        _Patient.name,
        _Patient.id,
    )


#: Below every other need, so that who is no longer followed is in no filter but their own.
_NOT_FOLLOWED = -1


def _need(today: date) -> ColumnElement[int]:
    return case(
        (_Patient.ended_on.is_not(None), _NOT_FOLLOWED),
        (_is_woken(today), SummaryRow.need_awake),
        else_=SummaryRow.need,
    )


def _leading(today: date) -> ColumnElement[int | None]:
    """The number of the flag that asks most for a look, with those whose snooze has run out."""
    return case((_is_woken(today), SummaryRow.flag_awake_id), else_=SummaryRow.flag_id)


def _is_woken(today: date) -> ColumnElement[bool]:
    return and_(SummaryRow.wakes_on.is_not(None), SummaryRow.wakes_on <= today)


def _condition(name: str, need: ColumnElement[int], today: date) -> ColumnElement[bool]:
    if name == "ended":
        return need == _NOT_FOLLOWED
    if name == "attention":
        return need > 0
    if name == "urgent":
        return need > UNSEEN_NEED[Urgency.REVIEW]
    if name == "review":
        return need.between(SEEN_NEED[Urgency.REVIEW], UNSEEN_NEED[Urgency.REVIEW])
    if name == "quiet":
        return need.between(1, SEEN_NEED[Urgency.REVIEW] - 1)
    if name == "waiting":
        return and_(need == 0, SummaryRow.flags_open > 0)
    # Without an operation nothing has been assessed.
    before = or_(SummaryRow.status.is_(None), SummaryRow.status == Status.BEFORE_OPERATION)
    if name == "before":
        return and_(need == 0, SummaryRow.flags_open == 0, before)
    if name == "no_rule":
        return and_(need == 0, SummaryRow.flags_open == 0, ~before)
    if name == "awaited":
        return and_(need >= 0, list_order.awaits_imaging())
    if name == "visit_soon":
        return and_(need >= 0, has_visit_within(today, today + timedelta(days=VISIT_SOON)))
    if name == "visit_today":
        return and_(need >= 0, has_visit_within(today, today))
    return need >= 0


def _visible(query: Any, actor: Actor) -> Any:
    """Only what the actor may see: patients in their care now, whatever a page remembers."""
    query = query.select_from(_Patient).join(SummaryRow, SummaryRow.patient_id == _Patient.id)
    if actor.role is Role.CLINICIAN:
        if actor.account_id is None or actor.as_of is None:
            return query.where(false())
        return query.where(_Patient.id.in_(ways.open_to(actor.account_id, actor.as_of)))
    return query if actor.role is Role.SYSTEM else query.where(false())


#: What a line is made of, beside what depends on the day.
_SHOWN = (
    _Patient.id,
    _Patient.public_id,
    _Patient.name,
    _Patient.birth_date,
    _Patient.hospital_number,
    type_coerce(_Patient.schedule, Text).label("schedule"),
    _Patient.zone,
    _Patient.phone,
    _Patient.ended_on,
    SummaryRow.operation_day,
    SummaryRow.region,
    SummaryRow.status,
    SummaryRow.flags_open,
    SummaryRow.last_entry,
    SummaryRow.as_of,
    SummaryRow.logged,
    SummaryRow.expected,
    SummaryRow.recent_logged,
    SummaryRow.recent_expected,
    SummaryRow.next_change_on,
    SummaryRow.assessment_due,
    FlagRow.pattern,
    FlagRow.urgency,
    FlagRow.condition,
    FlagRow.attention,
    FlagRow.snoozed_until,
    type_coerce(FlagRow.episode, Text).label("episode"),
    FlagRow.corrected_by_patient.label("flag_is_corrected"),
    FlagRow.public_id.label("flag_public_id"),
    WAITS_SINCE.label("waits_since"),
    FlagRow.taken_by,
)


#: How `_told` names its columns, for `_to_row`.
_NAMES = (*(column.key for column in _SHOWN), "need", "next_visit", "awaits_imaging", "has_urgent")


def _to_row(found: Any, today: date, day_in: Callable[[str], date] | None = None) -> ListedPatient:
    told = dict(zip(_NAMES, found, strict=True))
    condition, until = told.pop("condition"), told.pop("snoozed_until")
    told["schedule"] = schedule_in(told["schedule"])
    told["region"] = Region(told["region"]) if told["region"] else None
    told["status"] = Status(told["status"]) if told["status"] else None
    told["flag_is_open"] = condition == Condition.ACTIVE
    told["flag_is_corrected"] = bool(told["flag_is_corrected"])
    told["taken_by"] = told["taken_by"] or ""
    told["awaits_imaging"] = bool(told["awaits_imaging"])
    told["has_urgent"] = bool(told["has_urgent"])
    told["today"] = day_in(told["zone"]) if day_in else today
    if condition is not None:
        told["pattern"] = Pattern(told["pattern"])
        told["urgency"] = Urgency(told["urgency"])
        told["attention"] = attention_after(told["attention"], until, today)
        told["episode"] = told_in(told["episode"])
    return ListedPatient(**told)
