"""Axial pain: one score of evidence that grows with how far and how long pain is above the usual.

Five things add to it: how far pain has stood above its last months for some ten days, how far it
stands above the usual today, how often pain came under load, and two sums over the days of what
pain and the other answers stand above their usual, one in points and one in the person's own
day-to-day swings. What comes and goes adds to one or two of them and is forgotten; what stays or
grows adds to all. A sudden rise that does not fade is seen sooner. Where pain alone is given, what
has lasted weighs more, and evidence counts more that was not as high in the months before. See
`docs/trends.md`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .others import Others, supports
from .parameters import Parameters
from .signals import Signal, rhythm
from .windows import (
    Bools,
    Floats,
    Series,
    added_up,
    back,
    faded,
    highest,
    running,
    weight_of,
)


class _Steps(NamedTuple):
    """What each day adds to a sum by pain itself and with the other answers, shape (n, days), and
    how far it grows.
    """

    by_itself: Floats
    joint: Floats
    most: float


class Statistics(NamedTuple):
    """What speaks for a worsening of axial pain, shape (n, days), more is worse."""

    #: How far pain has stood above its last months, and the last two days above the usual, points.
    lasting: Floats
    today: Floats
    #: Rise of the loading and hardware answers over some weeks, as a share of answers.
    under_load: Floats
    #: Points x days that add up, by pain alone or with the other answers, whichever is more.
    total: Floats
    #: The same in the person's own day-to-day spreads x days, with a small allowance.
    own_total: Floats
    #: A rise that came at once and is still there, in points, by itself and with other answers.
    sudden: Floats
    sudden_joint: Floats
    #: How far the evidence of pain by itself is above its highest in the days of the baseline.
    beyond: Floats
    #: Whether another answer than pain is given regularly.
    is_given: Bools


def statistics_of(
    signals: Mapping[str, Signal], tapered: Floats | None, p: Parameters
) -> Statistics:
    """Every statistic of each day, from that day and the past alone.

    `tapered` is the share by which opioid doses fell, None where none were recorded.
    """
    pain = signals["axial_pain"]
    eased = 0.0 if tapered is None else p.taper_points * tapered
    near, settled = pain.baseline(p, p.baseline_entries), pain.settled(p, p.baseline_entries)
    since = pain.gives_way(near, settled, p)
    near = np.where(since, settled, near) + eased
    places = since.nonzero()
    others = supports(signals, places, p)
    above = pain.now.values - near
    days = _days(~np.isnan(above), others.is_given, p)
    by_itself, joint = _sudden(above, others, p)
    lasting, today = _lasting(pain, settled, eased, others.is_given, p), _today(above, p)
    total, own_total = _larger_sums(
        _in_points(pain.now.values - _usual(pain, near, settled, eased, p), days, others, p),
        _in_swings(above / pain.spread_since(places, p), days, others, p),
    )
    # Where another answer is given it does not count, and takes as long.
    beyond = np.zeros_like(total)
    alone = ~others.is_given[:, p.first_day :].all(axis=1)
    by_pain = _parts_by_itself(lasting[alone], today[alone], total[alone], p)
    beyond[alone] = _beyond(np.sum(list(by_pain.values()), axis=0), pain.now.known[alone], p)
    return Statistics(
        lasting=lasting,
        today=today,
        under_load=np.maximum(others.under_load, 0.0),
        total=total,
        own_total=own_total,
        sudden=by_itself,
        sudden_joint=joint,
        beyond=beyond,
        is_given=others.is_given,
    )


def axial_score(found: Statistics, p: Parameters) -> Floats:
    """The evidence, or a sudden rise where that is stronger, as a share of its alarm; shape
    (n, days).
    """
    shares = [sum(parts.values()) / alarm for parts, alarm in parts_of(found, p)]
    score: Floats = np.maximum.reduce(shares)
    return score


def parts_on(found: Statistics, row: int, day: int, p: Parameters) -> dict[str, Floats]:
    """What each statistic adds for one patient on every day, as a share of the alarm: those of the
    evidence, or of a sudden rise where that decided on `day`.
    """
    own = Statistics(**{name: array[[row]] for name, array in found._asdict().items()})
    each = [
        {name: part[0] / alarm[0] for name, part in parts.items()}
        for parts, alarm in parts_of(own, p)
    ]
    strongest = max(each, key=lambda parts: sum(float(part[day]) for part in parts.values()))
    for name in ("beyond",) if found.is_given[row, day] else ("under_load",):
        strongest.pop(name, None)
    if found.is_given[row, day] and "sudden" in strongest:
        strongest.pop("lasting")
    # A day whose blocks hold no entry shows no rise.
    return {name: np.maximum(part, 0.0) for name, part in strongest.items()}


def parts_of(found: Statistics, p: Parameters) -> tuple[tuple[dict[str, Floats], Floats], ...]:
    """What adds up to the evidence, and each sudden rise, each group beside its alarm.

    Where pain alone is given, what has lasted and what is more than in the months before speak for
    a sudden rise too.
    """
    given = found.is_given
    parts = _parts_by_itself(found.lasting, found.today, found.total, p)
    evidence = {
        **parts,
        "lasting": np.where(given, p.weight_lasting * found.lasting**2, parts["lasting"]),
        "under_load": p.weight_loading * found.under_load,
        "own_total": p.weight_own_sum * found.own_total,
        "beyond": np.where(given, 0.0, p.alone_weight_beyond * found.beyond),
    }
    sudden = {
        "sudden": np.where(given, found.sudden, p.alone_weight_sudden * found.sudden),
        "lasting": np.where(given, 0.0, p.alone_sudden_lasting * found.lasting**2),
        "beyond": evidence["beyond"],
    }
    joint = np.where(given, found.sudden_joint, -np.inf)
    return (
        (evidence, np.where(given, p.axial_alarm, p.alone_axial_alarm)),
        (sudden, np.where(given, p.sudden_alarm, p.alone_axial_alarm)),
        ({"sudden_joint": joint}, np.full(given.shape, p.sudden_joint_alarm)),
    )


def _parts_by_itself(
    lasting: Floats, today: Floats, total: Floats, p: Parameters
) -> dict[str, Floats]:
    """What pain by itself adds to the evidence."""
    return {
        "lasting": p.alone_weight_lasting * lasting**2,
        "today": p.weight_today * today,
        "total": p.weight_sum * total,
    }


def _beyond(evidence: Floats, known: Bools, p: Parameters) -> Floats:
    """How far `evidence`, that of pain by itself, is above its highest in the days of the baseline,
    0 or more: who has just had bad weeks has to exceed them.
    """
    heard = np.where(known, evidence, 0.0)
    heard[:, : p.first_day] = 0.0
    before = highest(heard, p.baseline_lag, p.baseline_lag + p.baseline_length - 1)
    return np.clip(evidence - np.maximum(before, p.beyond_least), 0.0, p.beyond_most)


def _usual(
    pain: Signal, near: Floats, settled: Floats, eased: Floats | float, p: Parameters
) -> Floats:
    """The own usual pain: between the near baseline and one further back, which a slow rise has not
    reached; the near one while there is no other.
    """
    far = pain.past.mean(p.far_lag, p.far_lag + p.far_length - 1, p.baseline_entries)
    far = np.where(pain.gives_way(far, settled, p), settled, far) + eased
    usual: Floats = near + p.far_share * np.where(np.isnan(far), 0.0, far - near)
    return usual


def _lasting(
    pain: Signal, settled: Floats, eased: Floats | float, given: Bools, p: Parameters
) -> Floats:
    """How far pain has stood above its last months for some ten days, in points, 0 or more."""
    last = p.baseline_lag + p.lasting_length - 1
    months = pain.past.mean(p.baseline_lag, last, p.baseline_entries)
    months = np.where(pain.gives_way(months, settled, p), settled, months) + eased
    above = np.clip(pain.now.values - months, -p.lasting_clip, p.lasting_clip)
    days = _days(~np.isnan(above), given, p)
    lasting: Floats = np.maximum(faded(above, weight_of(p.lasting_fading, days)), 0.0)
    return lasting


def _today(above: Floats, p: Parameters) -> Floats:
    """Mean of the last two days above the near baseline, in points, 0 or more."""
    newest = Series(above).mean(0, 1, 1)
    return np.clip(np.nan_to_num(newest), 0.0, p.today_clip)


def _in_points(above: Floats, days: Floats, others: Others, p: Parameters) -> _Steps:
    """What pain above the usual adds, in points x days."""
    known = ~np.isnan(above)
    points = np.where(known, np.clip(above, -p.axial_clip, p.axial_clip), 0.0)
    by_itself = days * (points - p.pain_allowance)
    joint = by_itself + days * others.moved + others.loading
    return _Steps(by_itself, joint, p.sum_most)


def _in_swings(above: Floats, days: Floats, others: Others, p: Parameters) -> _Steps:
    """The same in own spreads x days. Somebody who is steady reaches as much with a smaller rise as
    somebody who is not.
    """
    known = ~np.isnan(above)
    swings = np.where(known, np.clip(above, -p.own_clip, p.own_clip), 0.0)
    joint = (swings + others.swung) / np.sqrt(1.0 + others.given_squared)
    allowance = np.where(known, p.own_allowance, 0.0)
    by_itself = days * (swings - allowance)
    return _Steps(by_itself, days * (joint - allowance) + others.loading, p.own_most)


def _larger_sums(*each: _Steps) -> list[Floats]:
    """What each adds up to by pain itself or with the other answers, whichever is more: they may
    add to it and never hide it. All in one pass over the days.
    """
    by_itself = np.concatenate([one.by_itself for one in each])
    joint = np.concatenate([one.joint for one in each])
    most = np.repeat([one.most for one in each], len(each[0].joint))
    sums = added_up(np.concatenate([by_itself, joint]), np.concatenate([most, most]))
    return np.split(np.maximum(*np.split(sums, 2)), len(each))


def _days(known: Bools, given: Bools, p: Parameters) -> Floats:
    """Days that an entry stands for, 0 without one."""
    most = np.where(given, p.rhythm_most, p.alone_rhythm_most)
    return np.where(known, np.minimum(rhythm(known, p), most), 0.0)


def _sudden(above: Floats, others: Others, p: Parameters) -> tuple[Floats, Floats]:
    """A rise that came at once and is still there, in points: the lowest of the last blocks of
    days, by itself, and of fewer blocks with what other answers moved in a week; -inf where a block
    holds no entry.
    """
    pain = Series(np.minimum(above, p.sudden_clip))
    moved = Series(np.where(pain.known, others.moved, np.nan)).mean(0, p.short_window - 1, 1)
    loading = back(running(others.loading), 0, p.short_window - 1) / p.short_window
    length, most = p.sudden_block, max(p.sudden_blocks, p.joint_blocks)
    means = [pain.mean(n * length, (n + 1) * length - 1, 1) for n in range(most)]
    joint = _lowest(means[: p.joint_blocks]) + np.nan_to_num(moved) + loading
    return _lowest(means[: p.sudden_blocks]), joint


def _lowest(means: list[Floats]) -> Floats:
    lowest = np.minimum.reduce(means)
    return np.where(np.isnan(lowest), -np.inf, lowest)
