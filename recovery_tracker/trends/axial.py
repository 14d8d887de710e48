"""Axial pain: what it stands above the usual is added up, by itself and with the other answers.

Each recorded day adds how far pain stands above the patient's usual less an allowance, never below
zero: what comes and goes adds up to little, what stays or grows adds up day by day. The second sum
also adds how other answers moved, so that less pain is enough where they speak too. A sudden rise
that does not fade is seen sooner. See `docs/trends.md`.
"""

from collections.abc import Mapping

import numpy as np

from .parameters import Parameters
from .signals import Signal, days_since_last, rhythm
from .windows import Bools, Floats, added_up


def axial_score(signals: Mapping[str, Signal], tapered: Floats | None, p: Parameters) -> Floats:
    """The strongest of two sums and a sudden rise, as a share of its alarm; shape (n, days).

    `tapered` is the share by which opioid doses fell, None where none were recorded.
    """
    pain = signals["axial_pain"]
    eased = 0.0 if tapered is None else p.taper_points * tapered
    near = pain.baseline(p, p.baseline_entries) + eased
    above = _above(pain, near, eased, p)
    known = ~np.isnan(above)
    days = np.where(known, rhythm(known, p), 0.0)
    points = np.where(known, above, 0.0)
    supported, loading, is_given = _supports(signals, p)
    sums = added_up(
        np.concatenate(
            [
                days * (points - p.pain_allowance),
                days * (points - p.joint_allowance + supported) + loading,
            ]
        ),
        p.sum_most,
    )
    by_itself, joint = np.split(sums, 2)
    score: Floats = np.maximum.reduce(
        [
            by_itself / np.where(is_given, p.steady_alarm, p.alone_steady_alarm),
            joint / np.where(is_given, p.joint_alarm, p.alone_joint_alarm),
            _sudden(pain, near, p) / p.sudden_alarm,
        ]
    )
    return score


def _above(pain: Signal, near: Floats, eased: Floats | float, p: Parameters) -> Floats:
    """Points above the own usual, clipped; NaN where either is not known.

    The usual lies between the near baseline and one further back, which a slow rise has not
    reached.
    """
    far = pain.past.mean(p.far_lag, p.far_lag + p.far_length - 1, p.baseline_entries) + eased
    usual = near + p.far_share * np.where(np.isnan(far), 0.0, far - near)
    return np.clip(pain.now.values - usual, -p.axial_clip, p.axial_clip)


def _sudden(pain: Signal, near: Floats, p: Parameters) -> Floats:
    """A rise that came at once and is still there: the lowest of the last blocks of days, in points
    above the near baseline; -inf where a block holds no entry.
    """
    blocks = [
        pain.now.mean(first, first + p.sudden_block - 1, 1)
        for first in range(0, p.sudden_block * p.sudden_blocks, p.sudden_block)
    ]
    lowest = np.minimum.reduce(blocks) - near
    return np.where(np.isnan(lowest), -np.inf, lowest)


def _supports(signals: Mapping[str, Signal], p: Parameters) -> tuple[Floats, Floats, Bools]:
    """What other answers add on each day, in points: moving, walking and sleep where pain is
    recorded too; the loading and hardware answers by themselves, each for the days since the last
    one, because they are asked weekly by design. And whether any of them is given.
    """
    shape = signals["axial_pain"].now.values.shape
    supported, loading = np.zeros(shape), np.zeros(shape)
    is_given = np.zeros(shape, dtype=bool)
    for key, weight in p.second_signals():
        if key not in signals:
            continue
        signal = signals[key]
        given = _is_given(signal, p)
        is_given |= given
        if key == "mechanical":
            moved = signal.now.values - signal.baseline(p, p.baseline_asked) - p.loading_cost
            moved = moved * days_since_last(signal.now.known)
        else:
            moved = signal.now.values - signal.baseline(p, p.baseline_entries)
            moved = np.clip(moved / signal.spread(p), -p.signal_clip, p.signal_clip)
            moved = moved - p.second_signal_cost
        added = np.where(given & ~np.isnan(moved), weight * moved, 0.0)
        if key == "mechanical":
            loading = added
        else:
            supported += added
    return supported, loading, is_given


def _is_given(signal: Signal, p: Parameters) -> Bools:
    """Whether a signal is given regularly, now and in the baseline."""
    first, last = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
    recent: Bools = signal.now.count(0, 27) >= p.given_recently
    return recent & (signal.past.count(first, last) >= p.baseline_asked)
