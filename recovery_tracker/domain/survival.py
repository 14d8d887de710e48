"""Shares with their interval, and the time to an event where not everybody was seen to its day.

Plain formulas in the standard library, checked in `tests/domain/test_survival.py` against published
worked examples.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

#: Standard errors either side: an interval of 95 %.
Z95 = 1.959963984540054


class End(StrEnum):
    """How the time of one person ended."""

    EVENT = "event"
    """What is counted happened."""
    OTHER = "other"
    """Something else happened, after which it can no longer happen."""
    SEEN_TO = "seen_to"
    """Neither, up to the last day on which anything is known of them."""


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which something happened, and what is known after it; shares run from 0 to 1."""

    day: int
    #: Those seen to this day or longer to whom nothing had happened before it.
    at_risk: int
    events: int
    others: int
    #: Without the event, as if the other ends were only lost from sight (Kaplan-Meier), and its
    #: 95 % interval (log-log, Greenwood); None where the estimate is 0 or 1.
    free: float
    low: float | None
    high: float | None
    #: Had the event (Aalen-Johansen): who had the other end first can no longer have it.
    incidence: float


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), from 0 to 1.

    Raises:
        ValueError: of nobody there is no share.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError("a share needs somebody to be counted of")
    share, square = count / of, Z95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 * sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def steps_of(times: Iterable[tuple[int, End]]) -> tuple[Step, ...]:
    """Every day with an event or another end, in order.

    Who was seen to a day only was at risk on it: ends of that day come before.
    """
    left = sorted(times, key=lambda one: one[0])
    free = still = 1.0
    incidence = greenwood = 0.0
    steps = []
    for day in sorted({day for day, end in left if end is not End.SEEN_TO}):
        at_risk = sum(time >= day for time, _ in left)
        events = sum(time == day and end is End.EVENT for time, end in left)
        others = sum(time == day and end is End.OTHER for time, end in left)
        incidence += still * events / at_risk
        still *= 1 - (events + others) / at_risk
        free *= 1 - events / at_risk
        if events < at_risk:
            greenwood += events / (at_risk * (at_risk - events))
        low, high = _interval(free, greenwood)
        steps.append(Step(day, at_risk, events, others, free, low, high, incidence))
    return tuple(steps)


def _interval(free: float, greenwood: float) -> tuple[float | None, float | None]:
    if not 0 < free < 1:
        return None, None
    half = Z95 * sqrt(greenwood) / log(free)
    return free ** exp(-half), free ** exp(half)


def at_risk_on(times: Iterable[tuple[int, End]], day: int) -> int:
    """How many are at risk on a day: seen to it or longer, with nothing before it."""
    return sum(time >= day for time, _ in times)


def last_step(steps: Iterable[Step], day: int) -> Step | None:
    """What is known on a day: the latest step up to it, None where nothing had happened."""
    found = None
    for step in steps:
        if step.day <= day:
            found = step
    return found
