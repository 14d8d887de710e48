"""Where each measure was before, at its best and now: the few numbers that charts, reports and
headlines all quote, so that the same diary never gives two answers.

A "week" is any seven days in a row of which at least three were answered. Where a week holds fewer,
two weeks stand in for it, and whoever quotes the mean says so.

Days are postoperative days. Nothing is carried over a gap and nothing missing becomes a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan

import numpy as np
from numpy.typing import NDArray

from ..domain.context import BEFORE_DAYS
from ..domain.diary import LATE_AFTER_DAYS
from ..domain.history import History, Schedule
from ..domain.measures import MEASURES, Better
from ..domain.wording import difference

#: The measures that are followed, in the order in which they are shown.
FOLLOWED = ("axial_pain", "limb_pain", "numbness", "mobility", "opioid_doses", "walking")

#: Days in the running mean, and in its place where these hold too few answers. Our default.
WINDOW = 7
SPARSE_WINDOW = 14

#: Answers that a mean needs.
ENOUGH = 3

#: A run of this many days without an entry is a gap, if at least two of them were asked for.
GAP_DAYS = 3
GAP_ASKED = 2

#: The answers of some days added up, and how many they are.
Sum = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Level:
    """One measure over the days 0 to the last, on its own scale."""

    measure: str
    #: Answers by day, shape (days,), NaN where there is none.
    values: NDArray[np.float64]
    #: Whether the entry of that day was recorded late.
    late: NDArray[np.bool_]
    #: Mean of the days up to each, NaN where fewer than ENOUGH of them were answered.
    means: NDArray[np.float64]
    #: The same, NaN inside a gap too: what is drawn.
    line: NDArray[np.float64]
    #: Days that the mean of each day rests on: WINDOW, SPARSE_WINDOW, or 0 where there is none.
    spans: NDArray[np.int64]
    #: From before the operation: what was stated then, else the mean of the entries before day 0;
    #: after an earlier operation only those of the last four weeks about the same region.
    before: float | None
    #: The best mean so far and the day on which its window ends; the first of several.
    best: float | None
    best_day: int | None
    #: The mean of the days up to the last; None where too few of them were answered.
    last: float | None

    @property
    def best_span(self) -> int:
        """Days of the best mean, 0 where there is none."""
        return 0 if self.best_day is None else int(self.spans[self.best_day])

    @property
    def last_span(self) -> int:
        """Days of the last mean, 0 where there is none."""
        return 0 if self.last is None else int(self.spans[-1])

    @property
    def answered_day(self) -> int | None:
        """The last answered day, None if there was none."""
        answered = np.flatnonzero(~np.isnan(self.values))
        return int(answered[-1]) if answered.size else None

    @property
    def latest_day(self) -> int | None:
        """The last answered day whose window held enough answers, None if there was none."""
        return latest_of(self.values, self.spans)

    @property
    def latest_span(self) -> int:
        """Days of the latest mean, 0 where there is none."""
        return 0 if self.latest_day is None else int(self.spans[self.latest_day])

    @property
    def latest(self) -> float | None:
        """The mean that ends on `latest_day`."""
        return None if self.latest_day is None else float(self.means[self.latest_day])

    @property
    def answered(self) -> int:
        """Days with an answer."""
        return int(np.count_nonzero(~np.isnan(self.values)))

    @property
    def change(self) -> float | None:
        """Points from the best to the last mean as both are written, worse is positive.

        None if either is unknown.
        """
        if self.last is None or self.best is None:
            return None
        worse = difference(self.best, self.last)
        return -worse if MEASURES[self.measure].better is Better.HIGHER else worse


@dataclass(frozen=True, slots=True)
class Levels:
    """Every followed measure up to one day, and the stretches in which nothing was entered."""

    last_day: int
    logged: NDArray[np.bool_]
    gaps: tuple[tuple[int, int], ...]
    measures: Mapping[str, Level]


def levels_of(history: History, today: date) -> Levels:
    """The levels of a recovery as known on `today`; empty arrays before the operation."""
    known = history.known_on(today)
    first = known.index.day
    days = max(0, (today - first).days + 1)
    logged = np.zeros(days, dtype=bool)
    late = np.zeros(days, dtype=bool)
    values = {key: np.full(days, np.nan) for key in FOLLOWED}
    for entry, told in zip(known.entries, known.of_index, strict=True):
        pod = (entry.day - first).days
        if pod < 0:
            continue
        logged[pod] = entry.has_answers()
        late[pod] = entry.days_late >= LATE_AFTER_DAYS
        for key in FOLLOWED:
            if (answer := getattr(told, key)) is not None:
                values[key][pod] = answer
    before = {key: _before(known, key) for key in FOLLOWED}
    asked = asked_days(known.schedule, first, days)
    gaps = _gaps(logged, asked)
    measures = {key: _level(key, values[key], late, gaps, before[key]) for key in FOLLOWED}
    return Levels(days - 1, logged, gaps, measures)


def _before(known: History, key: str) -> float | None:
    """What `Level.before` says of one measure; None where nothing was stated or answered."""
    index = known.index
    stated = {"axial_pain": index.preop_axial_pain, "limb_pain": index.preop_limb_pain}.get(key)
    if stated is not None:
        return stated
    is_first = all(operation.day >= index.day for operation in known.operations)
    since = date.min if is_first else index.day - timedelta(days=BEFORE_DAYS)
    answers = [
        answer
        for entry in known.entries
        if since <= entry.day < index.day
        and known.region_of(entry) is index.region
        and (answer := getattr(entry, key)) is not None
    ]
    return float(np.mean(answers)) if answers else None


def recent_means(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The mean of the last WINDOW days, or of SPARSE_WINDOW where these hold too few answers.

    Mean and length of the window by day; NaN and 0 where both hold too few. Days are the last axis.
    """
    known = (~np.isnan(values)).astype(np.float64)
    mean = np.full(values.shape, np.nan)
    spans = np.zeros(values.shape, dtype=np.int64)
    for window in (SPARSE_WINDOW, WINDOW):
        count = _sums(known, window)
        enough = count >= ENOUGH
        mean = np.where(enough, _sums(values, window) / np.maximum(count, 1), mean)
        spans = np.where(enough, window, spans)
    return mean, spans


def mean_of_sums(week: Sum, before: Sum) -> tuple[float, int]:
    """The same for one day, from the sums of its WINDOW and of the days before it that complete
    its SPARSE_WINDOW.
    """
    for total, count, window in ((*week, WINDOW), (*_added(week, before), SPARSE_WINDOW)):
        if count >= ENOUGH:
            return total / count, window
    return nan, 0


def _added(one: Sum, other: Sum) -> Sum:
    return one[0] + other[0], one[1] + other[1]


def latest_of(values: NDArray[np.float64], spans: NDArray[np.int64]) -> int | None:
    """The last answered day on which a mean is known; None if there is none."""
    known = np.flatnonzero(~np.isnan(values) & (spans > 0))
    return int(known[-1]) if known.size else None


def asked_days(schedule: Schedule, first: date, days: int) -> NDArray[np.bool_]:
    """Whether the schedule asks for an entry on each of the days 0 to `days` - 1."""
    pods = np.arange(days)
    weekday = (first.weekday() + pods) % 7
    asked = np.zeros(days, dtype=bool)
    for start, weekdays in schedule.steps:
        asked = np.where(pods >= start, np.isin(weekday, sorted(weekdays)), asked)
    return asked


def _sums(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The sum over the last `window` days of each day, NaN counting as nothing."""
    total = np.cumsum(np.where(np.isnan(values), 0.0, values), axis=-1)
    total = np.concatenate([np.zeros((*values.shape[:-1], 1)), total], axis=-1)
    end = np.arange(1, values.shape[-1] + 1)
    return np.asarray(total[..., end] - total[..., np.maximum(0, end - window)])


def _gaps(logged: NDArray[np.bool_], asked: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Runs of days without an entry, both ends included; the first two days never begin one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~logged).astype(np.int8), [0]])))
    runs = edges.reshape(-1, 2)
    found = []
    for start, stop in runs:
        start = max(int(start), 2)
        if stop - start >= GAP_DAYS and int(asked[start:stop].sum()) >= GAP_ASKED:
            found.append((start, int(stop) - 1))
    return tuple(found)


def _level(
    key: str,
    values: NDArray[np.float64],
    late: NDArray[np.bool_],
    gaps: tuple[tuple[int, int], ...],
    before: float | None,
) -> Level:
    mean, spans = recent_means(values)
    line = mean.copy()
    for start, stop in gaps:
        line[start : stop + 1] = np.nan
    known = np.flatnonzero(~np.isnan(line))
    best, best_day = None, None
    if known.size:
        towards = -1 if MEASURES[key].better is Better.HIGHER else 1
        best_day = int(known[np.argmin(np.round(line[known] * towards, 9))])
        best = float(line[best_day])
    last = float(mean[-1]) if mean.size and not np.isnan(mean[-1]) else None
    return Level(key, values, late, mean, line, spans, before, best, best_day, last)


#: Days of a period that two points in time are compared over. Our default.
PERIOD = 14


def period_mean(level: Level, last: int, days: int = PERIOD) -> float | None:
    """The mean of the `days` days up to and with `last`; None where too few were answered."""
    values = level.values[max(0, last - days + 1) : last + 1]
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size >= ENOUGH else None
