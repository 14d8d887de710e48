"""What is counted: false alarms a patient-year, changes caught in time, delays; with intervals.

An alarm is a day on which a detector newly fires. A detector that fires already when the change
begins has not found it until it clears and fires again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

#: Trend alarms are counted from this day on; the time before it is counted apart.
MONITORED_FROM = 60

#: Two crossings closer than this are one episode.
REFRACTORY = 28

#: A miss counts as this many days where delays are compared patient by patient.
LONGEST_DELAY = 180.0

_Z95 = 1.959964


@dataclass(frozen=True)
class Alarms:
    """Every new alarm of a detector: patient row and day, ordered by row, then day."""

    row: NDArray[np.intp]
    day: Days

    def between(self, first: int, last: int | None = None) -> "Alarms":
        """Alarms from day `first` to `last`, both included."""
        keep = self.day >= first
        if last is not None:
            keep &= self.day <= last
        return Alarms(self.row[keep], self.day[keep])


def alarms_of(pairs: Iterable[tuple[int, int]]) -> Alarms:
    """Alarms from (row, day) pairs in any order."""
    ordered = sorted(pairs)
    rows = np.array([row for row, _ in ordered], dtype=np.intp)
    return Alarms(rows, np.array([day for _, day in ordered], dtype=np.int64))


def crossings(score: Floats, threshold: float, first: int = MONITORED_FROM) -> Alarms:
    """Days from `first` on at which a score newly exceeds the threshold.

    `score` has shape (patients, days); -inf or NaN is "no statement". A crossing less than
    `REFRACTORY` days after the last day above belongs to the same episode.
    """
    above = score > threshold
    new = above.copy()
    new[:, 1:] &= ~above[:, :-1]
    new[:, :first] = False
    new[:, first] = above[:, first]
    if not new.any():
        return Alarms(np.empty(0, np.intp), np.empty(0, np.int64))
    days = np.arange(score.shape[1])
    seen = np.where(above & (days >= first), days, -REFRACTORY - 1)
    last = np.maximum.accumulate(seen, axis=1)
    before = np.full_like(last, -REFRACTORY - 1)
    before[:, 1:] = last[:, :-1]
    new &= days - before >= REFRACTORY
    row, day = np.nonzero(new)
    return Alarms(row, day.astype(np.int64))


def delays(alarms: Alarms, onset: Days) -> Floats:
    """Days from each onset to the first alarm on or after it; inf where there was none."""
    late = np.full(len(onset), np.inf)
    waited = alarms.day - onset[alarms.row]
    for row, wait in zip(alarms.row[waited >= 0], waited[waited >= 0], strict=True):
        late[row] = min(late[row], wait)
    return late


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval and what it was counted from."""

    value: float
    low: float
    high: float
    count: int


def share(hits: NDArray[np.bool_]) -> Estimate:
    """Share of True with Wilson's interval; NaN of nothing."""
    n = len(hits)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    p = float(hits.mean())
    z = _Z95
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # Rounding may put a bound just past the share itself where it is 0 or 1.
    return Estimate(p, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)), n)


def rate(events: int, exposure: float) -> Estimate:
    """Events by exposure with Byar's interval for a Poisson count; `count` is the events."""
    low = events * (1 - 1 / (9 * events) - _Z95 / (3 * np.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    high = more * (1 - 1 / (9 * more) + _Z95 / (3 * np.sqrt(more))) ** 3
    return Estimate(events / exposure, low / exposure, high / exposure, events)


def median_delay(late: Floats) -> Estimate:
    """Median with misses counted as infinite, and its order-statistic interval."""
    n = len(late)
    ordered = np.sort(late)
    half = _Z95 * np.sqrt(n) / 2
    low, high = int(max(0, np.floor(n / 2 - half))), int(min(n - 1, np.ceil(n / 2 + half)))
    return Estimate(float(np.median(ordered)), float(ordered[low]), float(ordered[high]), n)


@dataclass(frozen=True)
class Paired:
    """Difference of two detectors on the same patients, 95 % interval, two-sided p."""

    difference: float
    low: float
    high: float
    p: float


def paired_share(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> Paired:
    """Ours minus theirs in share caught; p by the exact sign test on discordant patients."""
    gain = ours.astype(float) - theirs.astype(float)
    half = _Z95 * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
    better, worse = int((gain > 0).sum()), int((gain < 0).sum())
    mean = float(gain.mean())
    return Paired(mean, mean - half, mean + half, sign_test(better, worse))


def paired_delay(ours: Floats, theirs: Floats) -> Paired:
    """Median of theirs minus ours in days, misses counted as 180: positive is earlier.

    Interval by order statistics, p by the sign test, so that all three point the same way: a peer
    that is a little earlier in most patients and misses the rest is not hidden by its misses.
    """
    gain = np.minimum(theirs, LONGEST_DELAY) - np.minimum(ours, LONGEST_DELAY)
    middle = median_delay(gain)
    better, worse = int((gain > 0).sum()), int((gain < 0).sum())
    return Paired(middle.value, middle.low, middle.high, sign_test(better, worse))


def sign_test(better: int, worse: int) -> float:
    """Two-sided exact p that better and worse are equally likely; 1 without discordant pairs.

    >>> sign_test(5, 0)
    0.0625
    """
    n, fewer = better + worse, min(better, worse)
    if n == 0:
        return 1.0
    # The sum of log binomial coefficients stays exact enough for thousands of pairs.
    logs = np.cumsum(np.concatenate([[0.0], np.log(np.arange(n, n - fewer, -1))]))
    logs = logs - np.cumsum(np.concatenate([[0.0], np.log(np.arange(1, fewer + 1))]))
    tail = float(np.exp(logs - n * np.log(2)).sum())
    return min(1.0, round(2 * tail, 12))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = worst
    return adjusted
