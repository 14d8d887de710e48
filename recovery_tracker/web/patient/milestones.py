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
#: Days after the operation up to which the first answer of all may be a first. Our default.
FROM_THE_START = 7
#: Days without an answer after which nobody knows what was a first. Our default.
LONGEST_SILENCE = 14


@dataclass(frozen=True, slots=True)
class First:
    """Something that was so for the first time on `day`."""

    text: str
    day: date


#: What is said, the measure it is about, and whether an answer is one.
_SINGLE: tuple[tuple[str, str, Callable[[int], bool]], ...] = (
    (N_("First walk of 10 minutes or more"), "walking", lambda level: level >= 2),
    (N_("First day with half an hour of walking"), "walking", lambda level: level >= 3),
    (N_("First day with more than an hour of walking"), "walking", lambda level: level >= 4),
    (N_("First day when moving was not hard"), "mobility", lambda level: level == 0),
    (N_("First good night"), "sleep", lambda level: level == 0),
)


def milestones_of(entries: Sequence[DiaryEntry], operation: Operation) -> tuple[First, ...]:
    """The firsts since the operation, newest first.

    A walk or a night that was told of on its day may have been before it.
    """
    since = [entry for entry in entries if entry.day >= operation.day]
    after = [entry for entry in since if entry.day > operation.day]
    found = [
        First(text, day)
        for text, key, is_so in _SINGLE
        if (day := _first(after, operation, key, is_so)) is not None
    ]
    without = _first_week_without(since)
    if without is not None:
        found.append(First(N_("7 days in a row without strong painkillers"), without))
    return tuple(sorted(found, key=lambda first: first.day, reverse=True))


def _first(
    entries: Sequence[DiaryEntry], operation: Operation, key: str, is_so: Callable[[int], bool]
) -> date | None:
    """The first day that was so, after one that was not or soon after the operation.

    None where the diary began too late, or was silent for too long, to know that it was the first.
    """
    before, most = operation.day, FROM_THE_START
    for entry in entries:
        value = getattr(entry, key)
        if value is None:
            continue
        silence = (entry.day - before).days
        if is_so(value):
            return entry.day if silence <= most else None
        if silence > LONGEST_SILENCE:
            return None
        before, most = entry.day, LONGEST_SILENCE
    return None


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
