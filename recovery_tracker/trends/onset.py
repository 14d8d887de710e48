"""When did it begin: an estimate with an interval.

Every onset of the last months and four speeds are fitted to the answers; each is weighed by how
well it fits and by how plausible its size is. The onset given is the middle of that weight. A
change is taken to grow in an S: its first weeks may pass unseen, so the interval reaches further
back than forward. Neighbouring days say partly the same, so they count as fewer days than they are.
"""

from dataclasses import dataclass

import numpy as np

from .parameters import STANDARD, Parameters
from .windows import Floats


@dataclass(frozen=True)
class Change:
    """Onset with its 90 % interval; days count from the operation."""

    onset: int
    onset_first: int
    onset_last: int
    #: Share of the weight on slow changes (`onset_slow`).
    slow: float
    days_used: int
    days_missing: int


def change_of(
    values: Floats, day: int, earliest: int, spread: float, p: Parameters = STANDARD
) -> Change | None:
    """The change that the answers up to `day` show; None with fewer than `onset_answers`.

    `values` is one patient's signal, more is worse; nothing before `earliest` is looked at.
    """
    first = max(earliest, day - p.onset_reach - p.onset_level)
    window = values[first : day + 1]
    known = ~np.isnan(window)
    onsets = np.arange(max(first + p.onset_first, day - p.onset_reach), day - 1, dtype=np.float64)
    if known.sum() < p.onset_answers or not onsets.size:
        return None
    at = np.arange(first, day + 1)[known].astype(np.float64)
    shapes = _shapes(onsets, at, day, p)
    noise = max(spread, p.onset_least_spread) ** 2 / p.onset_worth
    answers = window[known]
    strength = np.einsum("osd,osd->os", shapes, shapes) / noise
    moved = np.einsum("osd,d->os", shapes, answers - answers.mean()) / noise
    precision = strength + 1.0 / p.onset_sizes**2
    size = moved / precision
    weight = 0.5 * moved * size - 0.5 * np.log(precision)
    # A change for the better is no candidate.
    weight = np.where(size > 0, np.exp(weight - weight.max()), 0.0)
    if weight.sum() == 0:
        return None
    weight = weight / weight.sum()
    by_onset = np.cumsum(weight.sum(axis=1))
    low, middle, high = (
        int(onsets[min(int(np.searchsorted(by_onset, share)), onsets.size - 1)])
        for share in (p.onset_before, 0.5, p.onset_up_to)
    )
    since = known[max(0, middle - p.onset_level - first) :]
    return Change(
        onset=middle,
        onset_first=low,
        onset_last=high,
        slow=float(weight.sum(axis=0)[np.array(p.onset_speeds) >= p.onset_slow].sum()),
        days_used=int(since.sum()),
        days_missing=int((~since).sum()),
    )


def _shapes(onsets: Floats, at: Floats, day: int, p: Parameters) -> Floats:
    """Every change, by onset, speed and answered day: centred, and scaled to reach 1 on `day`, so
    that its factor is the change up to now.
    """
    speeds = np.array(p.onset_speeds)
    since = at[None, :] - onsets[:, None] + 1.0
    # Few different spans of days: what grows in each is worked out once.
    least, most = since[-1, 0], day - onsets[0] + 1.0
    grown = _grown((least + np.arange(most - least + 1.0)) / speeds[:, None])
    whole = _grown((day - onsets + 1.0) / speeds[:, None])[:, :, None]
    shape = np.empty((onsets.size, speeds.size, at.size))
    by_speed = np.moveaxis(shape, 0, 1)
    np.divide(grown[:, (since - least).astype(np.intp)], whole, out=by_speed)
    shape -= shape.mean(axis=2, keepdims=True)
    return shape


def _grown(share: Floats) -> Floats:
    """How much of a change has come when that share of its days is over: an S from 0 to 1."""
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
