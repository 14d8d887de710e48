"""Axial pain: what it stands above the usual is added up, by itself and with the other answers.

Each recorded day adds how far pain stands above the patient's usual less an allowance, never below
zero: what comes and goes adds up to little, what stays or grows adds up day by day. The second sum
also adds how other answers moved, so that less pain is enough where they speak too. A sudden rise
that does not fade is seen sooner, and sooner still where they speak. See `docs/trends.md`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .parameters import Parameters
from .signals import Signal, days_since_last, rhythm
from .windows import Bools, Floats, Series, added_up, back, running

_WEEK = 7


class _Others(NamedTuple):
    """What other answers add, in points, shape (n, days)."""

    #: Moving, walking and sleep, on days with pain; loading and hardware, for the days since asked.
    moved: Floats
    loading: Floats
    #: Whether any of them is given regularly.
    is_given: Bools


def axial_score(signals: Mapping[str, Signal], tapered: Floats | None, p: Parameters) -> Floats:
    """The strongest of two sums and two sudden rises, as a share of its alarm; shape (n, days).

    `tapered` is the share by which opioid doses fell, None where none were recorded.
    """
    pain = signals["axial_pain"]
    eased = 0.0 if tapered is None else p.taper_points * tapered
    near = pain.baseline(p, p.baseline_entries) + eased
    above = pain.now.values - _usual(pain, near, eased, p)
    others = _supports(signals, p)
    by_itself, joint = _sums(above, others, p)
    jump, joint_jump = _sudden(pain.now.values - near, others, p)
    given = others.is_given
    score: Floats = np.maximum.reduce(
        [
            by_itself / np.where(given, p.steady_alarm, p.alone_steady_alarm),
            joint / np.where(given, p.joint_alarm, p.alone_joint_alarm),
            jump / np.where(given, p.sudden_alarm, p.alone_sudden_alarm),
            np.where(given, joint_jump / p.sudden_joint_alarm, -np.inf),
        ]
    )
    return score


def _usual(pain: Signal, near: Floats, eased: Floats | float, p: Parameters) -> Floats:
    """The own usual pain: between the near baseline and one further back, which a slow rise has not
    reached; the near one while there is no other.
    """
    far = pain.past.mean(p.far_lag, p.far_lag + p.far_length - 1, p.baseline_entries) + eased
    usual: Floats = near + p.far_share * np.where(np.isnan(far), 0.0, far - near)
    return usual


def _sums(above: Floats, others: _Others, p: Parameters) -> tuple[Floats, Floats]:
    """What pain adds up to by itself, and with the other answers, in points x days."""
    known = ~np.isnan(above)
    points = np.where(known, np.clip(above, -p.axial_clip, p.axial_clip), 0.0)
    most = np.where(others.is_given, p.rhythm_most, p.alone_rhythm_most)
    days = np.where(known, np.minimum(rhythm(known, p), most), 0.0)
    steps = (
        days * (points - p.pain_allowance),
        days * (points - p.joint_allowance + others.moved) + others.loading,
    )
    by_itself, joint = np.split(added_up(np.concatenate(steps), p.sum_most), 2)
    return by_itself, joint


def _sudden(above: Floats, others: _Others, p: Parameters) -> tuple[Floats, Floats]:
    """A rise that came at once and is still there, in points: the lowest of the last blocks of
    days, by itself, and of fewer blocks with what other answers moved in a week; -inf where a block
    holds no entry.
    """
    pain = Series(np.minimum(above, p.sudden_clip))
    moved = Series(np.where(pain.known, others.moved, np.nan)).mean(0, _WEEK - 1, 1)
    loading = back(running(others.loading), 0, _WEEK - 1) / _WEEK
    return (
        _lowest(pain, p.sudden_blocks, p),
        _lowest(pain, p.joint_blocks, p) + np.nan_to_num(moved) + loading,
    )


def _lowest(pain: Series, blocks: int, p: Parameters) -> Floats:
    length = p.sudden_block
    means = [pain.mean(n * length, (n + 1) * length - 1, 1) for n in range(blocks)]
    lowest = np.minimum.reduce(means)
    return np.where(np.isnan(lowest), -np.inf, lowest)


def _supports(signals: Mapping[str, Signal], p: Parameters) -> _Others:
    """The other answers against their own baselines: moving, walking and sleep where pain is
    recorded too; the loading and hardware answers by themselves, each for the days since the last
    one, because they are asked weekly by design.
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
    return _Others(supported, loading, is_given)


def _is_given(signal: Signal, p: Parameters) -> Bools:
    """Whether a signal is given regularly, now and in the baseline."""
    first, last = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
    recent: Bools = signal.now.count(0, 27) >= p.given_recently
    return recent & (signal.past.count(first, last) >= p.baseline_asked)
