"""Sums and means over past days, for every patient and every day at once.

All of it looks back only: the value of column d uses columns up to d, bit for bit the same whether
or not later columns exist. Days without an answer are left out, never filled.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
IntArray = NDArray[np.integer[Any]]
#: Some rows and days, as `np.nonzero` gives them.
Places = tuple[IntArray, ...]


def running(values: Floats | Bools) -> Floats:
    """Running sums with a leading zero column: shape (n, days + 1)."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    if values.dtype == np.bool_:
        sums[:, 1:] = np.cumsum(values, axis=1, dtype=np.int32)
        return sums
    # Whole numbers, as most answers are, add up to the same, and several times as fast.
    whole = values.astype(np.int64)
    sums[:, 1:] = np.cumsum(whole if (whole == values).all() else values, axis=1)
    return sums


def back(sums: Floats, first: int, last: int) -> Floats:
    """From `running` sums, the sum over the days d - last .. d - first, both included."""
    days = sums.shape[1] - 1
    first, last = min(first, days), min(last + 1, days)
    result = np.empty((sums.shape[0], days))
    result[:, :first] = 0.0
    result[:, first:last] = sums[:, 1 : last - first + 1]
    ends, begins = sums[:, last - first + 1 : days - first + 1], sums[:, 1 : days - last + 1]
    np.subtract(ends, begins, out=result[:, last:])
    return result


@dataclass(eq=False)
class Series:
    """One measure of many patients, shape (n, days), NaN = not recorded."""

    values: Floats

    @cached_property
    def known(self) -> Bools:
        return ~np.isnan(self.values)

    @cached_property
    def _counts(self) -> Floats:
        return running(self.known)

    @cached_property
    def _sums(self) -> Floats:
        return running(np.where(self.known, self.values, 0.0))

    @cached_property
    def _squares(self) -> Floats:
        return running(np.where(self.known, self.values, 0.0) ** 2)

    @cached_property
    def _counted(self) -> dict[tuple[int, int], Floats]:
        return {}

    def count(self, first: int, last: int) -> Floats:
        """Entries on the days d - last .. d - first."""
        asked = first, last
        if asked not in self._counted:
            self._counted[asked] = back(self._counts, first, last)
        return self._counted[asked]

    def mean(self, first: int, last: int, entries: int) -> Floats:
        """Mean over the days d - last .. d - first; NaN with fewer than `entries` entries."""
        count = self.count(first, last)
        mean = back(self._sums, first, last)
        with np.errstate(invalid="ignore"):  # Nothing over nothing is too few as well.
            mean /= count
        np.putmask(mean, count < entries, np.nan)
        return mean

    def lately(self, lengths: Sequence[int], entries: int) -> Floats:
        """Mean of the last days: of the shortest length that holds so many entries; NaN if none."""
        shortest, *longer = lengths
        mean = self.mean(0, shortest - 1, entries)
        for length in longer:
            lacking = np.nonzero(np.isnan(mean) & (self.count(0, length - 1) >= entries))
            mean[lacking] = self.mean_at(lacking, 0, length - 1, entries)
        return mean

    def mean_at(self, places: Places, first: int, last: int, entries: int) -> Floats:
        """The same for some rows and days alone."""
        count, total = (_between(sums, places, first, last) for sums in (self._counts, self._sums))
        return np.where(count < entries, np.nan, total / np.maximum(count, 1.0))

    def variance_at(self, places: Places, first: int, last: int) -> tuple[Floats, Floats]:
        """Entries and variance, for some rows and days alone; 0 where nothing was recorded."""
        known, *sums = (
            _between(each, places, first, last)
            for each in (self._counts, self._sums, self._squares)
        )
        mean, squares = (each / np.maximum(known, 1.0) for each in sums)
        return known, np.maximum(squares - mean * mean, 0.0)

    def variance(self, first: int, last: int) -> Floats:
        """Variance over the days d - last .. d - first; 0 where nothing was recorded."""
        count = np.maximum(self.count(first, last), 1.0)
        mean = back(self._sums, first, last) / count
        return np.maximum(back(self._squares, first, last) / count - mean * mean, 0.0)

    def row(self, row: int) -> "Series":
        """One patient's series, with what was already worked out of it."""
        chosen = slice(row, row + 1)
        one = Series(self.values[chosen])
        one.known, one._counts = self.known[chosen], self._counts[chosen]
        one._sums = self._sums[chosen]
        return one


def _between(sums: Floats, places: Places, first: int, last: int) -> Floats:
    """From `running` sums, those of the days d - last .. d - first of some rows and days."""
    row, day = places
    ends, begins = np.maximum(day - first + 1, 0), np.maximum(day - last, 0)
    found: Floats = sums[row, ends] - sums[row, begins]
    return found


def best_so_far(means: Floats, first_day: int) -> Floats:
    """The lowest mean on any day from `first_day` up to each; NaN until there is one."""
    later = means.copy()
    later[:, :first_day] = np.nan
    return np.fmin.accumulate(later, axis=1)


def highest(values: Floats, first: int, last: int) -> Floats:
    """The highest value of the days d - last .. d - first; -inf before the first of them."""
    length = last - first + 1
    peaks, width = values, 1
    while width < length:
        more = min(width, length - width)
        peaks = np.maximum(peaks, _later(peaks, more))
        width += more
    return _later(peaks, first)


def _later(values: Floats, days: int) -> Floats:
    """The values of so many days ago, -inf before there is one."""
    moved = np.full_like(values, -np.inf)
    days = min(days, values.shape[1])
    moved[:, days:] = values[:, : values.shape[1] - days]
    return moved


def weight_of(newest: float, days: Floats) -> Floats:
    """The weight of an entry that counts for so many days, in a mean in which the newest day has
    the weight `newest` and older ones fade.
    """
    weight = np.full(days.shape, 1.0 - (1.0 - newest))
    # Most entries are of a daily diary, and a power takes long.
    other = days != 1.0
    weight[other] = 1.0 - (1.0 - newest) ** days[other]
    return weight


def faded(values: Floats, weight: float | Floats) -> Floats:
    """Exponentially weighted mean of the recorded values, starting at 0; NaN pauses it."""
    known = ~np.isnan(values)
    steps = np.where(known, weight, 0.0)
    filled = np.where(known, values, 0.0)
    if len(filled) <= _FEW:
        return _rows(map(_fading, steps.tolist(), filled.tolist()))
    by_day = np.zeros((filled.shape[1] + 1, filled.shape[0]))
    days = zip(pairwise(by_day), _by_day(steps), _by_day(filled), strict=True)
    for (before, level), step, value in days:
        np.subtract(value, before, out=level)
        level *= step
        level += before
    return np.ascontiguousarray(by_day[1:].T)


def added_up(steps: Floats, most: float | Floats) -> Floats:
    """Running sum that never falls below 0 nor grows beyond `most`, which may be one number a row;
    a step of 0 pauses it.
    """
    if len(steps) <= _FEW:
        limits = np.broadcast_to(most, len(steps)).tolist()
        return _rows(map(_adding, steps.tolist(), limits))
    by_day = np.zeros((steps.shape[1] + 1, steps.shape[0]))
    for (before, total), step in zip(pairwise(by_day), _by_day(steps), strict=True):
        np.add(before, step, out=total)
        np.maximum(total, 0.0, out=total)
        np.minimum(total, most, out=total)
    return np.ascontiguousarray(by_day[1:].T)


def _by_day(values: Floats) -> Floats:
    """Day after day, the patients of each side by side in memory."""
    return np.ascontiguousarray(values.T)


#: Rows up to which an array for each day costs more than it saves (measured), as at every save of
#: one patient. Without one the sums are the same, to the last bit.
_FEW = 6


def _rows(rows: Iterable[Iterable[float]]) -> Floats:
    return np.array([list(row) for row in rows], dtype=np.float64)


def _fading(steps: Sequence[float], values: Sequence[float]) -> Iterator[float]:
    level = 0.0
    for step, value in zip(steps, values, strict=True):
        level = level + step * (value - level)
        yield level


def _adding(steps: Sequence[float], most: float) -> Iterator[float]:
    total = 0.0
    for step in steps:
        total = min(max(total + step, 0.0), most)
        yield total
