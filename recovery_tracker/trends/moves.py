"""What each signal did around each alarm: its usual level, its last two weeks, and how sure that
is. One pass for all alarms of a cohort.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..domain.measures import MEASURES, Kind
from .episodes import Rise
from .evidence import Evidence
from .parameters import Parameters
from .series import IntArray
from .signals import SIGNALS, Signal
from .windows import Bools, Floats


@dataclass(frozen=True, slots=True)
class Move:
    """One signal before and now on its own scale (not turned), with the entries behind `now`."""

    before: float
    now: float
    #: Rise towards worse in its own standard errors.
    strength: float
    used: int
    missing: int
    #: Of an ordered choice the answer given most often, the better of several; else None.
    mostly_before: int | None = None
    mostly_now: int | None = None


@dataclass(frozen=True, slots=True)
class AroundAlarm:
    """Every signal around one alarm; `usual` are the first and last day, back from it, of what it
    is compared with.
    """

    usual: tuple[int, int]
    moves: dict[str, Move]


def around_alarms(evidence: Evidence, rises: Sequence[Rise], p: Parameters) -> list[AroundAlarm]:
    """The same for each of the rises, in their order."""
    if not rises:
        return []
    usual = [_usual(evidence, rise, p) for rise in rises]
    by_key = {key: _moves(key, signal, rises, usual, p) for key, signal in evidence.signals.items()}
    return [
        AroundAlarm(usual[at], {key: moves[at] for key, moves in by_key.items()})
        for at in range(len(rises))
    ]


def mean_error(free_day: float, recent: IntArray | int, before: IntArray | int) -> Floats:
    """Standard error of the difference of two means of so many answers, at least one, as a share of
    the day-to-day spread.
    """
    worth = free_day / np.maximum(recent, 1) + free_day / np.maximum(before, 1)
    return np.asarray(np.sqrt(worth))


def _usual(evidence: Evidence, rise: Rise, p: Parameters) -> tuple[int, int]:
    if rise.is_early:
        return p.early_lag, p.early_lag + p.early_length - 1
    return evidence.signals[rise.leading].usual_days(p, rise.row, rise.day)


def _moves(
    key: str, signal: Signal, rises: Sequence[Rise], usual: list[tuple[int, int]], p: Parameters
) -> list[Move]:
    """What one signal did around each rise."""
    rows, days = np.array([[rise.row, rise.day] for rise in rises]).T
    length = p.long_window if key == "mechanical" else p.recent_window
    recent, looked_at = _back(signal.now.values, rows, days, 0, length - 1)
    early = np.array([rise.is_early for rise in rises])
    first, last = np.array(usual).T
    reach = int(last.max())
    in_usual = np.arange(reach + 1) >= first[:, None]
    in_usual &= np.arange(reach + 1) <= last[:, None]
    before = np.where(
        early[:, None],
        _back(signal.now.values, rows, days, 0, reach)[0],
        _back(signal.past.values, rows, days, 0, reach)[0],
    )
    before[~in_usual] = np.nan
    used, is_now, _ = _described(recent)
    count, was, deviation = _described(before)
    spread = np.maximum(deviation, p.least_spread * p.spreads[key])
    strength = (is_now - was) / (spread * mean_error(p.mean_free_day, used, count))
    missing = looked_at.sum(axis=1) - used
    unknown = (used == 0) | (count == 0)
    columns = [np.where(unknown, np.nan, each) for each in (was, is_now, strength)]
    worse = SIGNALS[key].worse
    return [
        Move(before * worse, now * worse, *others)
        for before, now, *others in zip(
            *(column.tolist() for column in (*columns, used, missing)),
            *(_most_given(key, values) for values in (before, recent)),
            strict=True,
        )
    ]


def _most_given(key: str, values: Floats) -> list[int | None]:
    """The answer that stands most often in each row, the better of several; None for a score."""
    if key not in MEASURES or MEASURES[key].kind is not Kind.CHOICE:
        return [None] * len(values)
    found: list[int | None] = []
    for row in values:
        answers, counts = np.unique(row[~np.isnan(row)], return_counts=True)
        most = answers[counts.argmax()] if answers.size else None
        found.append(None if most is None else round(SIGNALS[key].worse * float(most)))
    return found


def _back(
    values: Floats, rows: IntArray, days: IntArray, first: int, last: int
) -> tuple[Floats, Bools]:
    """The values from `first` to `last` days before each of the days, NaN before the first day of
    the diary, and which of them lie in it.
    """
    columns = days[:, None] - np.arange(first, last + 1)
    inside = columns >= 0
    return np.where(inside, values[rows[:, None], np.maximum(columns, 0)], np.nan), inside


def _described(values: Floats) -> tuple[IntArray, Floats, Floats]:
    """Count, mean and standard deviation of what is known in each row."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    some = np.maximum(count, 1)
    mean = np.where(known, values, 0.0).sum(axis=1) / some
    apart = np.where(known, values - mean[:, None], 0.0)
    return count, mean, np.sqrt((apart * apart).sum(axis=1) / some)
