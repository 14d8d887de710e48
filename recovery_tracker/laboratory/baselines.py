"""What a peer compares today with: a lagged baseline or the best month; and the CUSUM."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The lagged baseline: days t-70 to t-14, at least ten answers, SD of at least 0.4.
LAST, FIRST, ENOUGH, LEAST_SD = 14, 70, 10, 0.4

#: A surprise counts for at most this many SD, so that one bad day is not an alarm.
CLIP = 3.0


def lagged(values: Floats, floor: float = LEAST_SD) -> tuple[Floats, Floats]:
    """Mean and SD of each patient's days t-70 to t-14; NaN with fewer than ten answers."""
    days = values.shape[1]
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    first = np.maximum(0, np.arange(days) - FIRST)
    last = np.maximum(0, np.arange(days) - LAST)

    def window(array: Floats) -> Floats:
        total = np.cumsum(np.pad(array, ((0, 0), (1, 0))), axis=1)
        return total[:, last] - total[:, first]

    count = window(known.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = window(filled) / count
        sd = np.sqrt(np.maximum(window(filled**2) / count - mean**2, floor**2))
    few = count < ENOUGH
    return np.where(few, np.nan, mean), np.where(few, np.nan, sd)


def best_month(values: Floats) -> Floats:
    """Lowest mean of 28 days so far, from windows of at least ten answers; NaN before that."""
    days = values.shape[1]
    known = ~np.isnan(values)
    total = np.cumsum(np.pad(np.where(known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    count = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
    at = np.arange(1, days + 1)
    first = np.maximum(0, at - 28)
    n = count[:, at] - count[:, first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n >= ENOUGH, (total[:, at] - total[:, first]) / n, np.inf)
    best = np.minimum.accumulate(mean, axis=1)
    return np.where(np.isinf(best), np.nan, best)


def cusum(surprise: Floats, slack: float) -> Floats:
    """One-sided CUSUM of a standardised surprise, NaN days skipped, steps clipped from above."""
    total = np.zeros(surprise.shape[0])
    score = np.empty_like(surprise)
    steps = np.where(np.isnan(surprise), 0.0, np.minimum(surprise, CLIP) - slack)
    for day in range(surprise.shape[1]):
        total = np.maximum(0.0, total + steps[:, day])
        score[:, day] = total
    return score
