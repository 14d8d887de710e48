"""What was measured in real diaries, and day noise and silences of that kind, made from it.

The diaries belong to other people and are not in this repository; these few numbers are. Day
noise is each answer less the mean of the 57 days around it. MyAIGuide is the repository
oliviermirat/MyAIGuide at 949864d (MIT licence), Visible is drmowinckels/drmowinckels.github.io at
f336ed4 (CC BY 4.0). `python -m recovery_tracker.laboratory.real_diaries` measures them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """Daily pain scores of one real diary."""

    diary: str
    answers: int
    #: Day noise: SD in points, correlation of neighbouring days, fourth moment of the scaled noise.
    sd: float
    lag_one: float
    kurtosis: float
    #: Share of neighbouring days with the same answer.
    same: float
    #: SD in points of the steps from one mean of 28 days to the next.
    month_step: float


MEASURED: tuple[Measured, ...] = (
    Measured("MyAIGuide 2, knee", 862, 0.60, 0.26, 2.3, 0.57, 0.40),
    Measured("Visible, muscle, joint and head", 707, 0.67, 0.16, 13.5, 0.66, 0.30),
    Measured("MyAIGuide 1, knee", 2908, 0.21, 0.43, 54.9, 0.96, 0.12),
    Measured("MyAIGuide 1, eyes", 2606, 0.14, 0.40, 25.8, 0.98, 0.14),
    Measured("MyAIGuide 1, forearm", 1987, 0.25, 0.55, 9.3, 0.95, 0.23),
    Measured("MyAIGuide 1, hands", 2260, 0.32, 0.48, 11.2, 0.90, 0.29),
    Measured("MyAIGuide 1, shoulder and neck", 555, 0.45, 0.71, 4.3, 0.90, 0.49),
)

#: Days without an answer between two answers of MyAIGuide 2 (138 silences of up to 45 days), by the
#: share of silences that are at most as long.
GAPS: tuple[tuple[float, float], ...] = (
    (0.0, 1.0),
    (0.69, 1.0),
    (0.70, 2.0),
    (0.80, 2.0),
    (0.90, 3.0),
    (0.95, 6.0),
    (1.0, 22.0),
)

#: Share of simulated people with the noise of each row: the two restless diaries are one person
#: each, the five steady ones are all one person's. Our default.
SHARES: tuple[float, ...] = (0.50, 0.25, 0.05, 0.05, 0.05, 0.05, 0.05)


def day_noise(rng: Generator, patients: int, days: int) -> Floats:
    """Noise of SD about 1, shape (patients, days), each person like one row of `MEASURED`."""
    row = rng.choice(len(MEASURED), patients, p=SHARES)
    lag_one = np.array([each.lag_one for each in MEASURED])[row]
    kurtosis = np.array([each.kurtosis for each in MEASURED])[row]
    return heavy_noise(rng, lag_one, kurtosis, days)


def heavy_noise(rng: Generator, lag_one: Floats, kurtosis: Floats, days: int) -> Floats:
    """Noise of SD 1 with each person's correlation of neighbours and fourth moment (3 or more).

    A normal first-order series times a log-normal factor of the day: with s the SD of that
    factor's logarithm the fourth moment is 3 exp(4 s^2), and the correlation falls by exp(-s^2).
    """
    spread = np.sqrt(np.log(np.maximum(kurtosis, 3.0) / 3.0) / 4.0)
    keeps = np.minimum(lag_one * np.exp(spread**2), 0.95)[:, None]
    shocks = rng.standard_normal((len(lag_one), days))
    level = np.empty_like(shocks)
    level[:, 0] = shocks[:, 0]
    fresh = np.sqrt(1.0 - keeps[:, 0] ** 2)
    for day in range(1, days):
        level[:, day] = keeps[:, 0] * level[:, day - 1] + fresh * shocks[:, day]
    factor = spread[:, None] * rng.standard_normal((len(lag_one), days)) - spread[:, None] ** 2
    noise: Floats = level * np.exp(factor)
    return noise


def silences(rng: Generator, count: int) -> NDArray[np.int64]:
    """Lengths of `count` silences in days, drawn from `GAPS`."""
    shares, lengths = zip(*GAPS, strict=True)
    drawn: NDArray[np.int64] = np.round(np.interp(rng.random(count), shares, lengths)).astype(
        np.int64
    )
    return drawn


def statistics_of(scores: Sequence[float] | Floats) -> Measured:
    """The same numbers of any daily series, NaN where a day has no answer."""
    given = np.asarray(scores, dtype=np.float64)
    known = ~np.isnan(given)
    sums = np.cumsum(np.pad(np.where(known, given, 0.0), (1, 0)))
    counts = np.cumsum(np.pad(known, (1, 0)))
    day = np.arange(len(given))
    first, last = np.maximum(day - 28, 0), np.minimum(day + 29, len(given))
    around = (sums[last] - sums[first]) / np.maximum(counts[last] - counts[first], 1)
    away = np.where(known, given - around, np.nan)
    noise = away[known]
    both = known[1:] & known[:-1]
    scaled = (noise - noise.mean()) / max(float(noise.std()), 1e-9)
    months = [given[at : at + 28] for at in range(0, len(given) - 28, 28)]
    means = [np.nanmean(month) for month in months if np.count_nonzero(~np.isnan(month)) >= 8]
    return Measured(
        diary="",
        answers=int(known.sum()),
        sd=float(noise.std()),
        lag_one=float(np.corrcoef(away[1:][both], away[:-1][both])[0, 1]),
        kurtosis=float((scaled**4).mean()),
        same=float((given[1:][both] == given[:-1][both]).mean()),
        month_step=float(np.diff(means).std()),
    )
