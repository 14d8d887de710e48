"""Steps that one phone or watch counted, beside the usual of the same person from before.

Raises nothing. A person is compared with themselves alone, as a ratio and within one source. A
typical day is the geometric mean of days: half and double lie equally far from it.

Days are postoperative days. A day without steps, or with hardly any, is a phone that stayed at
home: missing, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..domain.history import History
from ..domain.passive import PassiveKind, SourceSpan, series_of
from .parameters import STANDARD

#: A day with fewer is a phone that was not carried.
LEAST = STANDARD.steps_least

#: Days before the operation that the usual is taken from, both included: up to a year, without the
#: last twelve weeks, in which walking falls (Neurosurgery 2022, pubmed 35199652: 11.8 weeks, SD
#: 2.9). Where these hold too few days, those twelve weeks. Fewest days: our default.
USUAL = (365, 85, 28)
LATE_USUAL = (84, 1, 14)

#: Days of the running week, of the best month, and the days of each that must have been counted.
#: A week holds every weekday once. Our default.
WEEK, WEEK_NEEDS = 7, 3
MONTH, MONTH_NEEDS = 28, 14

#: Days without a value that make a gap. Our default.
GAP = 3

#: A source that counted for fewer days than this is not worth a mark. Our default.
WORTH_A_MARK = 7


@dataclass(frozen=True, slots=True)
class Published:
    """One number of a study; `people` were counted, None where the study does not say."""

    what: str
    value: str
    people: int | None
    source: str


#: What a group of patients walked after the operation, as a share of their usual before: week and
#: share. The range within the group is not published, so none is drawn, and nothing after week 4.
SHARES: tuple[tuple[float, float], ...] = ((1.0, 0.29), (2.0, 0.63), (4.0, 0.77))
SHARES_PEOPLE = 30
_STIENEN = "Stienen, Sci Rep 2020;10:4939"
_STAGES = "Neurosurgery 2022, pubmed 35199652"
_IPHONE = "Global Spine J 2026, doi:10.1177/21925682261418658"

#: The expected course of steps after spine surgery, as far as it is published.
EXPECTED: tuple[Published, ...] = (
    *(
        Published(f"share of the person's own usual in week {week:g}", f"{share:.0%}", 30, _STIENEN)
        for week, share in SHARES
    ),
    Published("recovery takes", "8 weeks, little after", 30, _STIENEN),
    Published("90 % of the person's own usual, minimally invasive TLIF", "10.6 days", 23, _IPHONE),
    Published(
        "90 % of the person's own usual, open posterolateral fusion", "15.3 days", 25, _IPHONE
    ),
    Published(
        "own yearly mean first exceeded after a fusion",
        "8 weeks (SD 10)",
        23,
        "Neurosurgery 2021;88:763-772",
    ),
    Published("fall before the operation begins", "11.8 weeks before (SD 2.9)", 14, _STAGES),
    Published("recovery after lumbar decompression", "20.6 weeks (SD 4.9)", 14, _STAGES),
    Published("a second fall, in 2 of the 14", "from week 27 (SD 10)", 14, _STAGES),
    Published(
        "lower than before at one month, higher from",
        "month 6",
        60,
        "doi:10.1186/s12891-020-3102-2",
    ),
)


@dataclass(frozen=True, slots=True)
class StepCourse:
    """The steps of one source over the days 0 to the last, beside the usual from before."""

    source: str
    #: Steps by day, shape (days,), NaN where the phone was not carried.
    values: NDArray[np.float64]
    #: Typical day of the week up to each, NaN where too few days were counted or in a gap.
    line: NDArray[np.float64]
    gaps: tuple[tuple[int, int], ...]
    #: Typical day before the operation; None where too few days were counted.
    usual: float | None
    #: Whether the usual is that of the last twelve weeks before the operation.
    is_late_usual: bool
    #: Typical day of the best four weeks, and the day on which they end.
    best: float | None
    best_day: int | None
    #: Typical day of the last week; None where too few days were counted.
    last: float | None
    #: Other sources that began within these days, each with its first day.
    others: tuple[tuple[int, SourceSpan], ...]

    def ratio(self, steps: float | None) -> float | None:
        """A typical day as a share of the usual; None where either is unknown."""
        return None if steps is None or self.usual is None else steps / self.usual


def step_course(history: History, today: date) -> StepCourse | None:
    """The steps as known on `today`; None where no device counted any, or before the operation."""
    known = history.known_on(today)
    first = known.index.day
    source = next((v.source for v in known.passive if v.kind is PassiveKind.STEPS), None)
    if source is None or today < first:
        return None
    by_day = {
        (day - first).days: steps
        for day, steps in series_of(known.passive, PassiveKind.STEPS, source).items()
        if steps >= LEAST
    }
    days = (today - first).days + 1
    values = np.array([by_day.get(pod, np.nan) for pod in range(days)])
    gaps = _gaps(values)
    line = typical(values, WEEK, WEEK_NEEDS)
    last = float(line[-1])
    for start, stop in gaps:
        line[start : stop + 1] = np.nan
    usual, is_late = _usual(by_day)
    best, best_day = _best(values)
    return StepCourse(
        source=source,
        values=values,
        line=line,
        gaps=gaps,
        usual=usual,
        is_late_usual=is_late,
        best=best,
        best_day=best_day,
        last=None if np.isnan(last) else last,
        others=tuple(
            (max(0, (one.first - first).days), one)
            for one in known.step_sources
            if one.source != source and one.days >= WORTH_A_MARK and one.last >= first
        ),
    )


def typical(values: NDArray[np.float64], length: int, needs: int) -> NDArray[np.float64]:
    """Geometric mean of the `length` days up to each; NaN where fewer than `needs` are known."""
    known = ~np.isnan(values)
    logs = np.where(known, np.log(np.where(known, values, 1.0)), 0.0)
    count, total = _sums(known.astype(np.float64), length), _sums(logs, length)
    enough = count >= needs
    return np.where(enough, np.exp(total / np.maximum(count, 1)), np.nan)


def published_share(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the published group walked on these days, as a share of their usual; else NaN."""
    weeks, shares = (np.array(part) for part in zip(*SHARES, strict=True))
    return np.asarray(np.interp(days / 7.0, weeks, shares, left=np.nan, right=np.nan))


def _sums(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, values.size + 1)
    return np.asarray(total[end] - total[np.maximum(0, end - window)])


def _usual(by_day: Mapping[int, float]) -> tuple[float | None, bool]:
    """The typical day from before the operation, and whether it is that of the last weeks."""
    for is_late, (first, last, needs) in ((False, USUAL), (True, LATE_USUAL)):
        found = [steps for pod, steps in by_day.items() if -first <= pod <= -last]
        if len(found) >= needs:
            return float(np.exp(np.mean(np.log(found)))), is_late
    return None, False


def _best(values: NDArray[np.float64]) -> tuple[float | None, int | None]:
    """The best four whole weeks, the first of several, and the day on which they end."""
    months = typical(values, MONTH, MONTH_NEEDS)
    months[: MONTH - 1] = np.nan
    if np.isnan(months).all():
        return None, None
    day = int(np.nanargmax(np.round(months, 6)))
    return float(months[day]), day


def _gaps(values: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """Runs of days without a value, both ends included."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.isnan(values).astype(np.int8), [0]])))
    runs = ((int(start), int(stop) - 1) for start, stop in edges.reshape(-1, 2))
    return tuple((start, stop) for start, stop in runs if stop - start + 1 >= GAP)
