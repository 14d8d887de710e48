"""What surrounds one day of a diary: the days before it, a few after it, and the usual level.

Everything here compares a patient with themselves. Where too few days are known no comparison is
made: missing is never zero.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, takewhile
from statistics import median

from .diary import DiaryEntry
from .history import EventKind, History
from .surgery import Operation, postoperative_day

#: Days that the usual level is taken from, and how many of them must be recorded; both are our
#: default. (The 5 to 6 days of the Einstein Aging Study, J Pain 2021, are for variability, not for
#: the mean.)
USUAL_DAYS = 14
USUAL_NEEDS = 4
#: Entries this many days before the operation still count as known before. Our default.
BEFORE_DAYS = 28
#: How many days a fall, a shift or a jump of pain looks ahead. Our default.
EVENT_DAYS = 2

#: Ticks of one kind at most this many days apart are one matter; in an imported diary, where
#: nobody can be asked, older signs are not asked about. Our default.
SAME_MATTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Context:
    """What triage must know besides the entry.

    `earlier` holds the entries before the day, oldest first, from `BEFORE_DAYS` before the
    operation on; `later` those of the `EVENT_DAYS` after it, if the day was added afterwards.
    `fell` is true if a fall on the day was recorded as an event, apart from its entry.
    `operations_before` are those before `operation`, whose windows may still be open.
    """

    operation: Operation
    day: date
    earlier: tuple[DiaryEntry, ...]
    later: tuple[DiaryEntry, ...] = ()
    fell: bool = False
    operations_before: tuple[Operation, ...] = ()

    @property
    def pod(self) -> int:
        """Postoperative day."""
        return postoperative_day(self.day, self.operation)

    def usual(self, measure: str) -> float | None:
        """The usual level of a measure: its median over the `USUAL_DAYS` days before the day, None
        if fewer than `USUAL_NEEDS` of them are recorded.
        """
        return usual_before(self.earlier, measure, self.day, self.operation)

    def recent(self, days: int) -> tuple[DiaryEntry, ...]:
        """Earlier entries of the last `days` days, oldest first."""
        return since(self.earlier, self.day - timedelta(days=days))


def context_of(history: History, day: date) -> Context:
    """The context of a day, from everything in the history around it."""
    counted = history.counted_on(day)
    operation = counted.index
    told = since(counted.days_told, first_known(operation, day))
    context = context_from(operation, day, told, counted.before_index)
    fell = any(event.day == day and event.kind is EventKind.FALL for event in history.events)
    return replace(context, fell=fell)


def first_known(operation: Operation, day: date) -> date:
    """The oldest day that counts as known before: the wait for an operation may be long."""
    is_waiting = day < operation.day
    return date.min if is_waiting else operation.day - timedelta(days=BEFORE_DAYS)


def context_from(
    operation: Operation,
    day: date,
    entries: Sequence[DiaryEntry],
    operations_before: tuple[Operation, ...] = (),
) -> Context:
    """The context of a day, from entries ordered by day; the day's own is left out."""
    place = bisect_left(entries, day, key=_day_of)
    last = day + timedelta(days=EVENT_DAYS)
    later = takewhile(lambda entry: entry.day <= last, islice(entries, place, None))
    return Context(
        operation,
        day,
        tuple(entries[:place]),
        tuple(one for one in later if one.day != day),
        operations_before=operations_before,
    )


def _day_of(entry: DiaryEntry) -> date:
    return entry.day


def since(entries: Sequence[DiaryEntry], first: date) -> tuple[DiaryEntry, ...]:
    """The entries from `first` on; `entries` are ordered by day."""
    return tuple(entries[bisect_left(entries, first, key=_day_of) :])


def usual_before(
    entries: Sequence[DiaryEntry], measure: str, day: date, operation: Operation
) -> float | None:
    """Median of a measure over the `USUAL_DAYS` days before `day`, None if too few are recorded.

    Days before the operation do not count: what was usual then was different.
    """
    first = max(day - timedelta(days=USUAL_DAYS), operation.day)
    scores = [
        score
        for entry in since(entries, first)
        if entry.day < day and (score := getattr(entry, measure)) is not None
    ]
    return median(scores) if len(scores) >= USUAL_NEEDS else None
