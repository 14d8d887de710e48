"""The statistics of the trained scorecard for axial pain: each from the past alone, more is worse.

Six are those that the rules weigh (`trends.axial`). The other six take the answers together in the
person's own spread, which hears the noisy and the half-logged sooner, or look back further, which
hears the slow. Every number is our default, tried on simulated diaries (decision 0050).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..trends.axial import statistics_of
from ..trends.evidence import tapered_share
from ..trends.parameters import STANDARD, Parameters
from ..trends.series import Diaries
from ..trends.signals import Signal, rhythm, signals_of
from ..trends.windows import Bools, Floats, Series, added_up

STATISTICS = (
    "lasting",
    "today",
    "under_load",
    "total",
    "sudden",
    "sudden_joint",
    "together",
    "together_sum",
    "far_month",
    "moving",
    "walking",
    "together_slow",
)

#: The usual of the answers taken together: the 71 days that ended 21 days ago, none before day 21.
_LAG, _LENGTH, _FIRST_DAY = 21, 71, 21
#: Fewest answers in it, and of the loading answers, which are asked weekly.
_ENTRIES, _ASKED = 8, 4
#: Weight in days of the usual spread beside the own one, and the least share of its variance.
_PRIOR_DAYS, _LEAST = 12.0, 0.3
_WEIGHTS = {"axial_pain": 1.0, "mobility": 0.45, "walking": 0.4, "sleep": 0.25, "mechanical": 0.6}
#: An answer counts at most this many own SDs; pain and loading, and the others.
_CLIP, _CLIP_OTHERS = 3.0, 2.5
#: A weekly answer stands for the days with pain until it is asked again, at most a week.
_STANDS = 7
_HALF, _SLOW_HALF = 7.0, 21.0
#: Own SDs above the usual that add nothing to the sum, and where it stops growing.
_COST, _MOST = 1.0, 60.0
#: A rise counts at least this many points, also where there is none.
_LOWEST = -3.0
#: Blocks of days that must all stand above the far baseline, and what a day counts at most.
_BLOCKS, _BLOCK_DAYS, _FAR_CLIP = 4, 7, 3.0


def statistics(diaries: Diaries, p: Parameters = STANDARD) -> NDArray[np.float32]:
    """Every statistic by patient and day, shape (n, days, 12), in the order of `STATISTICS`; 0
    where nothing can be said. `alone` tells of which days nothing but pain is known.
    """
    values, _ = _found(diaries, p)
    return values


def alone(diaries: Diaries, p: Parameters = STANDARD) -> Bools:
    """Days on which no other answer than pain is given regularly, shape (n, days)."""
    _, given = _found(diaries, p)
    return ~given


def _found(diaries: Diaries, p: Parameters) -> tuple[NDArray[np.float32], Bools]:
    signals = signals_of(diaries, p)
    values = np.zeros((*diaries.shape, len(STATISTICS)), np.float32)
    if "axial_pain" not in signals:
        return values, np.zeros(diaries.shape, dtype=bool)
    tapered = tapered_share(signals, diaries.shape, p)
    rules = statistics_of(signals, tapered, p)
    eased = 0.0 if tapered is None else p.taper_points * tapered
    found = {
        "lasting": rules.lasting**2,
        "today": rules.today,
        "under_load": rules.under_load,
        "total": np.sqrt(rules.total),
        "sudden": np.maximum(rules.sudden, _LOWEST),
        "sudden_joint": np.where(rules.is_given, np.maximum(rules.sudden_joint, _LOWEST), _LOWEST),
        **_together(signals, eased, p),
        "far_month": _far_month(signals["axial_pain"], eased, p),
    }
    for place, name in enumerate(STATISTICS):
        if name in found:
            values[:, :, place] = np.nan_to_num(found[name])
    return values, rules.is_given


def _together(
    signals: Mapping[str, Signal], eased: Floats | float, p: Parameters
) -> dict[str, Floats]:
    told = ~np.isnan(signals["axial_pain"].now.values)
    sums, weights = np.zeros(told.shape), np.zeros(told.shape)
    found: dict[str, Floats] = {}
    for key, weight in _WEIGHTS.items():
        if key not in signals:
            continue
        rise, spread = _against_usual(signals[key], p)
        if key == "axial_pain":
            rise = rise - eased
        clip = _CLIP if key in ("axial_pain", "mechanical") else _CLIP_OTHERS
        own = np.clip(rise / spread, -clip, clip)
        if key == "mechanical":
            own = _standing(own, told)
        if key in ("mobility", "walking"):
            found["moving" if key == "mobility" else key] = fading_mean(own, _HALF)
        given = ~np.isnan(own)
        sums += np.where(given, weight * own, 0.0)
        weights += np.where(given, weight * weight, 0.0)
    some = weights > 0.0
    joint = np.where(some, sums / np.sqrt(np.where(some, weights, 1.0)), np.nan)
    days = np.where(some, rhythm(some, p), 0.0)
    steps = days * (np.where(some, joint, 0.0) - _COST)
    found["together"] = fading_mean(joint, _HALF)
    found["together_slow"] = fading_mean(joint, _SLOW_HALF)
    found["together_sum"] = np.sqrt(added_up(steps, _MOST))
    return found


def _past(signal: Signal) -> Series:
    values = signal.whole.copy()
    values[:, :_FIRST_DAY] = np.nan
    return Series(values)


def _against_usual(signal: Signal, p: Parameters) -> tuple[Floats, Floats]:
    """Each answer above the own usual, NaN without one, and the own spread."""
    past = _past(signal)
    need = _ASKED if signal.kind.key == "mechanical" else _ENTRIES
    first, last, whole = _LAG, _LAG + _LENGTH - 1, past.values.shape[1]
    count = past.count(first, last)
    mean, variance = past.mean(first, last, need), past.variance(first, last)
    few = count < need
    if few.any():
        # After a long silence everything that lies before it.
        mean = np.where(few, past.mean(first, whole, need), mean)
        variance = np.where(few, past.variance(first, whole), variance)
        count = np.where(few, past.count(first, whole), count)
    prior = p.spreads[signal.kind.key] ** 2
    mixed = (count * variance + _PRIOR_DAYS * prior) / (count + _PRIOR_DAYS)
    return signal.now.values - mean, np.sqrt(np.maximum(mixed, _LEAST * prior))


def _standing(values: Floats, told: Bools) -> Floats:
    day = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, day), axis=1)
    held = np.take_along_axis(values, np.maximum(last, 0), axis=1)
    fresh = (last >= 0) & (day - last < _STANDS) & (told | (last == day))
    return np.where(fresh, held, np.nan)


def _far_month(pain: Signal, eased: Floats | float, p: Parameters) -> Floats:
    """The lowest of the last four weeks above a baseline that a slow rise has not reached."""
    past = _past(pain)
    far = past.mean(p.far_lag, p.far_lag + p.far_length - 1, _ENTRIES)
    near = past.mean(_LAG, _LAG + _LENGTH - 1, _ENTRIES)
    above = pain.now.values - eased - np.where(np.isnan(far), near, far)
    weeks = Series(np.minimum(above, _FAR_CLIP))
    means = [weeks.mean(_BLOCK_DAYS * n, _BLOCK_DAYS * (n + 1) - 1, 1) for n in range(_BLOCKS)]
    lowest = np.fmin.reduce(means)
    return np.where(np.isnan(lowest), _LOWEST, np.maximum(lowest, _LOWEST))


def fading_mean(values: Floats, half: float) -> Floats:
    """Mean of the recorded values weighted by age with a half-life of `half` days, beside some
    entries at the usual: a silence forgets slowly, and one value says little.
    """
    keeps, prior = 0.5 ** (1.0 / half), 0.15 * half + 0.5
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    result = np.empty_like(filled)
    total, number = np.zeros(len(filled)), np.zeros(len(filled))
    for day in range(filled.shape[1]):
        total = keeps * total + filled[:, day]
        number = keeps * number + known[:, day]
        result[:, day] = total / (number + prior)
    return result
