"""The weeks before there is a baseline: pain against the weeks before, when it should fall."""

from collections.abc import Mapping

import numpy as np

from .parameters import Parameters
from .signals import Signal
from .windows import Floats, Series


def early_scores(
    signals: Mapping[str, Signal], shape: tuple[int, int], p: Parameters
) -> dict[str, Floats]:
    """The early channels by name, shape (n, days); an alarm is a score of 1 or more.

    The lowest of the last blocks of days counts, so that what rises and falls again within days
    never speaks. Other answers that move the same way support it; those that get better take off
    `early_most_taken_off` at most, so that they can hide a small rise and never a large one.
    """
    result = {}
    pod = np.arange(shape[1])
    outside = (pod < p.early_first_day) | (pod > p.early_last_day)
    days = min(shape[1], p.early_last_day + 1)
    supports = [
        _early_blocks(Series(signals[key].now.values[:, :days] / p.spreads[key]), p)
        for key, _ in p.early_supports()
        if key in signals
    ]
    weights = [weight for key, weight in p.early_supports() if key in signals]
    for channel, key, alarm in (
        ("early_axial", "axial_pain", p.early_axial_alarm),
        ("early_limb", "limb_pain", p.early_limb_alarm),
    ):
        if key not in signals:
            continue
        blocks = _early_blocks(Series(signals[key].now.values[:, :days]), p)
        lowest = np.full((shape[0], days), np.inf)
        for number, block in enumerate(blocks):
            others = np.zeros_like(block)
            for support, weight in zip(supports, weights, strict=True):
                others += weight * np.nan_to_num(support[number])
            lowest = np.minimum(lowest, block + np.maximum(others, -p.early_most_taken_off))
        score = np.full(shape, -np.inf)
        score[:, :days] = np.where(np.isnan(lowest), -np.inf, lowest / alarm)
        score[:, p.first_day :] /= p.early_stricter
        score[:, outside] = -np.inf
        result[channel] = score
    return result


def _early_blocks(series: Series, p: Parameters) -> list[Floats]:
    """Difference of each block of the last days from the weeks before; NaN with too few entries."""
    values = series.values.copy()
    values[:, : p.early_ignored] = np.nan
    series = Series(values)
    before = series.mean(p.early_lag, p.early_lag + p.early_length - 1, p.early_entries)
    return [
        series.mean(n * p.early_block, (n + 1) * p.early_block - 1, p.early_block_entries) - before
        for n in range(p.early_blocks)
    ]
