"""Axial pain: four ways in which a worsening can show, and the strongest of them.

Steady pain needs nothing else. Function (moving, walking, sleep) and loading let less pain speak. A
sudden rise is seen sooner where it does not fade. See `docs/trends.md`.
"""

from collections.abc import Mapping

import numpy as np

from .parameters import Parameters
from .signals import Signal
from .windows import Bools, Floats


def axial_score(
    signals: Mapping[str, Signal],
    faded: Mapping[str, Floats],
    tapered: Floats | None,
    p: Parameters,
) -> Floats:
    """The strongest path: pain alone, with function, with function and loading, a sudden rise.

    `faded` holds the faded differences by signal, `tapered` the share by which opioid doses fell.
    """
    moved, slow = faded["axial_pain"], faded["axial_slow"]
    steady = (2.0 * moved + slow) / 3.0
    function = moved + p.slow_share * slow
    loading = np.zeros(moved.shape)
    alone = np.ones(moved.shape, dtype=bool)
    for key, weight in p.second_signals():
        if key in faded:
            given = _is_given(signals[key], p)
            added = np.where(given, weight * (faded[key] - p.second_signal_cost), 0.0)
            if key == "mechanical":
                loading = added
            else:
                function += added
            alone &= ~given
    score = np.maximum(
        steady / np.where(alone, p.alone_steady_alarm, p.steady_alarm),
        function / (p.function_alarm * (1.0 + p.slow_share)),
    )
    score = np.maximum(score, (function + loading) / (p.joint_alarm * (1.0 + p.slow_share)))
    swift, sudden = _sudden(signals, tapered, p)
    score = np.maximum(score, sudden / np.where(alone, p.alone_sudden_alarm, p.sudden_alarm))
    return np.maximum(score, swift / p.swift_alarm)


def _is_given(signal: Signal, p: Parameters) -> Bools:
    """Whether a signal is given regularly, now and in the baseline."""
    first, last = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
    recent: Bools = signal.now.count(0, 27) >= p.given_recently
    return recent & (signal.past.count(first, last) >= p.baseline_asked)


def _sudden(
    signals: Mapping[str, Signal], tapered: Floats | None, p: Parameters
) -> tuple[Floats, Floats]:
    """A rise that is there at once and is still there: the lowest of the last blocks of days over
    the baseline, of the first few blocks and of all of them. Each other signal that is given
    regularly must move too, or pain move further.
    """
    pain = signals["axial_pain"]
    before = pain.baseline(p, p.baseline_entries)
    if tapered is not None:
        before = before + p.taper_points * tapered
    supports = []
    for key, weight in p.sudden_supports():
        if key in signals:
            signal = signals[key]
            usual = np.where(_is_given(signal, p), signal.baseline(p, p.baseline_entries), np.nan)
            supports.append((weight, signal, usual + p.sudden_cost * signal.kind.spread))
    lowest = np.full(before.shape, np.inf)
    swift = lowest
    for number in range(p.sudden_blocks):
        first, last = number * p.sudden_block, (number + 1) * p.sudden_block - 1
        block = pain.now.mean(first, last, 1) - before
        for weight, signal, usual in supports:
            moved = (signal.now.mean(first, last, 1) - usual) / signal.kind.spread
            block += weight * np.nan_to_num(moved)
        lowest = np.minimum(lowest, block)
        if number + 1 == p.swift_blocks:
            swift = lowest + _loading(signals.get("mechanical"), last, p)
    lowest = lowest + _loading(signals.get("mechanical"), p.sudden_block * p.sudden_blocks - 1, p)
    return (
        np.where(np.isnan(swift), -np.inf, swift),
        np.where(np.isnan(lowest), -np.inf, lowest),
    )


def _loading(loading: Signal | None, last: int, p: Parameters) -> Floats | float:
    """What the loading and hardware answers of the last days add to a sudden rise, in points."""
    if loading is None:
        return 0.0
    usual = loading.baseline(p, p.baseline_asked) + p.sudden_loading_cost
    added: Floats = np.maximum(np.nan_to_num(loading.now.mean(0, last, 1) - usual), 0.0)
    return p.sudden_weight_mechanical * added
