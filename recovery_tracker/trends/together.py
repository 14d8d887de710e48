"""The answers taken together, each in the person's own spread, and pain above a far baseline.

Points protect people who always answer the same, the own spread those whose answers vary: the
scorecard of axial pain carries both.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .parameters import Parameters
from .signals import Signal, rhythm
from .windows import Bools, Floats, Series, added_up, fading_mean


class Together(NamedTuple):
    """Statistics of shape (n, days), more is worse, 0 where nothing can be said."""

    #: The answers together over a week and over three, and what they add up to.
    together: Floats
    together_slow: Floats
    together_sum: Floats
    #: Trouble moving and less walking by themselves, over a week.
    moving: Floats
    walking: Floats
    #: The lowest of the last four weeks of pain above a far baseline, in points.
    far_month: Floats


def together_of(signals: Mapping[str, Signal], eased: Floats | float, p: Parameters) -> Together:
    """Every statistic of each day, from that day and the past alone.

    `eased` is what a taper explains of a rise of pain, in points.
    """
    own = _own_spreads(signals, eased, p)
    joint, weights = _joint(own, p)
    some = weights > 0.0
    days = np.where(some, rhythm(some, p), 0.0)
    steps = days * (np.where(some, joint, 0.0) - p.card_cost)
    none = np.zeros(some.shape)
    return Together(
        together=_faded(joint, p.card_half, p),
        together_slow=_faded(joint, p.card_slow_half, p),
        together_sum=added_up(steps, p.card_most),
        moving=_faded(own["mobility"], p.card_half, p) if "mobility" in own else none,
        walking=_faded(own["walking"], p.card_half, p) if "walking" in own else none,
        far_month=_far_month(signals["axial_pain"], eased, p),
    )


def _own_spreads(
    signals: Mapping[str, Signal], eased: Floats | float, p: Parameters
) -> dict[str, Floats]:
    """Each answer above its usual in own SDs; NaN without one."""
    told = signals["axial_pain"].now.known
    found: dict[str, Floats] = {}
    for key in p.card_weights:
        if key not in signals:
            continue
        rise, spread = _against_usual(signals[key], p)
        if key == "axial_pain":
            rise = rise - eased
        clip = p.card_clip if key in ("axial_pain", "mechanical") else p.card_clip_others
        own = np.clip(rise / spread, -clip, clip)
        found[key] = _standing(own, told, p) if key == "mechanical" else own
    return found


def _joint(own: Mapping[str, Floats], p: Parameters) -> tuple[Floats, Floats]:
    """The answers of a day together, in own SDs, NaN without any, and the weight behind them."""
    sums = np.zeros(own["axial_pain"].shape)
    weights = np.zeros(sums.shape)
    for key, value in own.items():
        weight, given = p.card_weights[key], ~np.isnan(value)
        sums += np.where(given, weight * value, 0.0)
        weights += np.where(given, weight * weight, 0.0)
    some = weights > 0.0
    return np.where(some, sums / np.sqrt(np.where(some, weights, 1.0)), np.nan), weights


def _past(signal: Signal, p: Parameters) -> Series:
    values = signal.whole.copy()
    values[:, : p.card_first_day] = np.nan
    return Series(values)


def _against_usual(signal: Signal, p: Parameters) -> tuple[Floats, Floats]:
    """Each answer above the own usual, NaN without one, and the own spread."""
    past = _past(signal, p)
    need = p.card_asked if signal.kind.key == "mechanical" else p.card_entries
    first, last, whole = p.card_lag, p.card_lag + p.card_length - 1, past.values.shape[1]
    count = past.count(first, last)
    mean, variance = past.mean(first, last, need), past.variance(first, last)
    few = count < need
    if few.any():
        # After a long silence everything that lies before it.
        mean = np.where(few, past.mean(first, whole, need), mean)
        variance = np.where(few, past.variance(first, whole), variance)
        count = np.where(few, past.count(first, whole), count)
    prior = p.spreads[signal.kind.key] ** 2
    mixed = (count * variance + p.card_prior_days * prior) / (count + p.card_prior_days)
    return signal.now.values - mean, np.sqrt(np.maximum(mixed, p.card_least * prior))


def _standing(values: Floats, told: Bools, p: Parameters) -> Floats:
    """A weekly answer on the days with pain after it, until it is asked again."""
    day = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, day), axis=1)
    held = np.take_along_axis(values, np.maximum(last, 0), axis=1)
    fresh = (last >= 0) & (day - last < p.card_stands) & (told | (last == day))
    return np.where(fresh, held, np.nan)


def _faded(values: Floats, half: float, p: Parameters) -> Floats:
    return fading_mean(values, half, p.card_prior_share * half + p.card_prior_least)


def _far_month(pain: Signal, eased: Floats | float, p: Parameters) -> Floats:
    """The lowest of the last four weeks above a baseline that a slow rise has not reached."""
    past = _past(pain, p)
    far = past.mean(p.far_lag, p.far_lag + p.far_length - 1, p.card_entries)
    near = past.mean(p.card_lag, p.card_lag + p.card_length - 1, p.card_entries)
    above = pain.now.values - eased - np.where(np.isnan(far), near, far)
    weeks = Series(np.minimum(above, p.card_far_clip))
    length = p.card_block_days
    means = [weeks.mean(length * n, length * (n + 1) - 1, 1) for n in range(p.card_blocks)]
    lowest = np.fmin.reduce(means)
    return np.where(np.isnan(lowest), p.card_lowest, np.maximum(lowest, p.card_lowest))
