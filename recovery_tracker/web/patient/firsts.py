"""Milestones: firsts that the patient's own entries show, about doing and never about scores.

They are facts with their day, without praise and without a goal; a first that has not come is not
mentioned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ...domain.diary import DiaryEntry
from ...domain.language import N_
from ...domain.surgery import Operation

#: Days in a row, each with an answer, for "a week without". Our default.
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class First:
    """Something that was so for the first time on `day`."""

    text: str
    day: date


_SINGLE: tuple[tuple[str, Callable[[DiaryEntry], bool]], ...] = (
    (N_("First walk of 10 minutes or more"), lambda e: (e.walking or 0) >= 2),
    (N_("First day with half an hour of walking"), lambda e: (e.walking or 0) >= 3),
    (N_("First day with more than an hour of walking"), lambda e: (e.walking or 0) >= 4),
    (N_("First day on which moving was not hard"), lambda e: e.mobility == 0),
    (N_("First good night"), lambda e: e.sleep == 0),
)


def firsts_of(entries: Sequence[DiaryEntry], operation: Operation) -> tuple[First, ...]:
    """The firsts since the operation, newest first."""
    after = [entry for entry in entries if entry.day >= operation.day]
    found = [
        First(text, day)
        for text, is_so in _SINGLE
        if (day := next((e.day for e in after if is_so(e)), None)) is not None
    ]
    without = _first_week_without(after)
    if without is not None:
        found.append(First(N_("7 days in a row without strong painkillers"), without))
    return tuple(sorted(found, key=lambda first: first.day, reverse=True))


def _first_week_without(entries: Sequence[DiaryEntry]) -> date | None:
    """The last day of the first seven days in a row that each say "none", after one that did not.

    Somebody who never took any has nothing to leave behind.
    """
    took, run, before = False, 0, None
    for entry in entries:
        if entry.opioid_doses is None or (before and entry.day - before != timedelta(days=1)):
            run = 0
        before = entry.day
        if entry.opioid_doses is None:
            continue
        took = took or entry.opioid_doses > 0
        run = run + 1 if entry.opioid_doses == 0 else 0
        if took and run >= A_WEEK:
            return entry.day
    return None
