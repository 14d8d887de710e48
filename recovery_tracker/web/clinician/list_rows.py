"""The rows of the list and of the day’s clinic: one patient each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from markupsafe import Markup

from ...domain.measures import MEASURES
from ...domain.reminders import Delivery
from ...domain.surgery import Region
from ...storage.appointments import visits_of
from ...storage.lines import (
    DayLine,
    OperationLine,
    last_read_of,
    last_seen_of,
    lines_of,
    operations_of,
)
from ...storage.listing import ListedPatient, PatientList
from ...storage.reminders import since_last_entry
from ...storage.tags import Tag, tags_of
from ..shared.access import database
from ..shared.decision_words import instant_words
from ..shared.language import quick_gettext as _
from ..shared.looking import on_list
from ..shared.zones import clinic_zone
from .list_words import (
    Reasons,
    about_of,
    attention_words,
    badge_of,
    ended_words,
    is_behind,
    logged_words,
    measure_of,
    reasons_of,
    taken_words,
    waits_words,
    why_of,
)
from .sparklines import LEAD, SPAN, Spark, short_date, spark, strip
from .words import joined, reminded_words


@dataclass(frozen=True, slots=True)
class Row:
    """One patient as the list shows them."""

    public_id: str
    name: str
    #: Hospital number and date of birth, as far as they are known: for the list on paper.
    known_by: str
    about: str
    level: str
    badge: str
    attention: str
    #: Since when the flag waits for a person, and who sees to it; "" where none does.
    waits: str
    taken: str
    #: Since when the clinic no longer follows the patient; "" while it does.
    ended: str
    phone: str
    why: str
    pain: Spark
    #: Which pain it is where the flag is about another one than that of the back or neck; else "".
    pain_name: str
    walking: Spark
    strip: Markup
    logged: str
    last_entry: str
    next_visit: str
    last_seen: str
    #: When somebody of the clinic last opened the chart; "" where nobody did.
    last_read: str
    #: Time of the visit and with whom, on the page of one day's clinic; "" for what is not known.
    visit_time: str
    visit_with: str
    tags: tuple[str, ...]
    #: The day that flag and reason are of, where they may be behind; else "".
    as_of: str
    #: Reminders without an answer; "" where there is none.
    reminded: str


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a name, by the number of each patient."""

    days: Mapping[int, tuple[DayLine, ...]]
    operations: Mapping[int, OperationLine]
    reminded: Mapping[int, Counter[Delivery]]
    seen: Mapping[int, date]
    read: Mapping[int, datetime]
    #: The time of a visit, and with whom.
    visits: Mapping[int, tuple[str, str]]
    tags: Mapping[int, tuple[Tag, ...]]
    reasons: Mapping[int, Reasons]


def rows_of(
    found: PatientList,
    today: date,
    *,
    visits_on: date | None = None,
    sort: str = "",
    tagged: Mapping[int, tuple[Tag, ...]] | None = None,
) -> list[Row]:
    """The rows with what stands beside each name: a few more queries, however many rows.

    With `visits_on` also the time of each visit on that day, and with whom. `sort` is what the list
    is sorted by, and `tagged` are the tags of each patient where they have been read already.
    """
    ids, zone = [row.id for row in found.rows], clinic_zone()
    on_list(ids)
    with database().read() as session:
        # Where a patient is it may be yesterday, or tomorrow already.
        first, last = today - timedelta(days=SPAN + LEAD), today + timedelta(days=1)
        beside = _Beside(
            days=lines_of(session, ids, first=first, last=last),
            operations=operations_of(session, ids, last=today),
            reminded=since_last_entry(session, ids),
            seen=last_seen_of(session, ids, today=today),
            read=last_read_of(session, ids),
            visits={} if visits_on is None else visits_of(session, ids, day=visits_on),
            reasons=reasons_of(session, found.rows, zone, today),
            tags=tags_of(session, ids) if tagged is None else tagged,
        )
    return [_row(row, beside, today, measure_of(row.episode, sort=sort)) for row in found.rows]


def _row(row: ListedPatient, beside: _Beside, today: date, pain: str) -> Row:
    days, operation = beside.days.get(row.id, ()), beside.operations.get(row.id)
    seen, read = beside.seen.get(row.id), beside.read.get(row.id)
    reasons, region = beside.reasons[row.id], row.region or Region.LUMBAR
    level, words = badge_of(row)
    onset, there = None, row.today
    if row.episode is not None and row.episode.cleared_on is None:
        onset = row.episode.onset
    drawn = partial(
        spark,
        days=days,
        today=there,
        operation_day=row.operation_day,
        onset=onset,
        worse_only=row.has_urgent,
    )
    visit_time, visit_with = beside.visits.get(row.id, ("", ""))
    return Row(
        public_id=row.public_id,
        name=row.name,
        known_by=joined([row.hospital_number or "", str(row.birth_date or "")]),
        about=about_of(row, operation, there),
        level=level,
        badge=words,
        attention=attention_words(row, reasons, today),
        waits=waits_words(row, reasons, today),
        taken=taken_words(row),
        ended=ended_words(row),
        phone=row.phone,
        why=why_of(row, reasons, operation, there),
        pain=drawn(pain, region=row.region, operation=operation),
        pain_name="" if pain == "axial_pain" else _(MEASURES[pain].name_for(region)),
        walking=drawn("walking"),
        strip=strip(days, there),
        logged=logged_words(row),
        last_entry=short_date(row.last_entry, today),
        next_visit=_("today") if row.next_visit == today else short_date(row.next_visit, today),
        last_seen="" if seen is None else short_date(seen, today),
        last_read="" if read is None else instant_words(read, today, reasons.zone, _),
        visit_time=visit_time,
        visit_with=visit_with,
        tags=tuple(tag.name for tag in beside.tags.get(row.id, ())),
        as_of=short_date(row.as_of, today) if is_behind(row) else "",
        reminded=reminded_words(beside.reminded.get(row.id)),
    )
