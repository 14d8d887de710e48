"""The other answers beside axial pain: moving, walking, sleep, and what hurts under load."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .parameters import Parameters
from .signals import Signal, days_since_last
from .windows import Bools, Floats, Places, faded, weight_of


class Others(NamedTuple):
    """What other answers add, in points, shape (n, days)."""

    #: Moving, walking and sleep, on days with pain; loading and hardware, for the days since asked.
    moved: Floats
    loading: Floats
    #: Moving, walking and sleep in own spreads, weighted and added, and the squares of the weights
    #: of those given, on days with pain.
    swung: Floats
    given_squared: Floats
    #: Rise of the loading and hardware answers over some weeks, as a share of answers.
    under_load: Floats
    #: Whether any of them is given regularly.
    is_given: Bools


def supports(signals: Mapping[str, Signal], since: Places, p: Parameters) -> Others:
    """The other answers against their own baselines, or where the usual pain gave way (`since`)
    against the weeks since if they were better too: moving, walking and sleep where pain is
    recorded too; the loading and hardware answers by themselves, each for the days since the last
    one, because they are asked weekly by design.
    """
    pain = signals["axial_pain"].now
    shape = pain.values.shape
    supported, loading, under_load = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    swung, squared = np.zeros(shape), np.zeros(shape)
    is_given = np.zeros(shape, dtype=bool)
    for key, weight in p.second_signals():
        if key not in signals:
            continue
        signal = signals[key]
        given = _is_given(signal, p)
        is_given |= given
        if key == "mechanical":
            rise = signal.now.values - signal.usual_since(
                since, p, p.baseline_asked, p.given_recently
            )
            rise = np.where(given, rise, np.nan)
            days = np.where(np.isnan(rise), 0.0, days_since_last(signal.now.known, p))
            under_load = faded(rise, weight_of(p.loading_fading, days))
            loading = weight * days * np.where(np.isnan(rise), 0.0, rise - p.loading_cost)
        else:
            moved = signal.now.values - signal.usual_since(
                since, p, p.baseline_entries, p.baseline_entries
            )
            moved = np.clip(moved / signal.spread(p), -p.signal_clip, p.signal_clip)
            counts = given & ~np.isnan(moved)
            supported += np.where(counts, weight * (moved - p.second_signal_cost), 0.0)
            counts &= pain.known
            swung += np.where(counts, weight * moved, 0.0)
            squared += np.where(counts, weight**2, 0.0)
    return Others(supported, loading, swung, squared, under_load, is_given)


def _is_given(signal: Signal, p: Parameters) -> Bools:
    """Whether a signal is given regularly, now and in the baseline."""
    first, last = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
    recent: Bools = signal.now.count(0, p.long_window - 1) >= p.given_recently
    return recent & (signal.past.count(first, last) >= p.baseline_asked)
