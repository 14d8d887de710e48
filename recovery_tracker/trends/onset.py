"""When did it begin: an estimate with an interval.

Every onset of the last months and four speeds are fitted to the answers; each is weighed by how
well it fits and by how plausible its size is. The onset given is the middle of that weight. A
change is taken to grow in an S: its first weeks may pass unseen, so the interval reaches further
back than forward. Neighbouring days say partly the same, so they count as fewer days than they are.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from .parameters import STANDARD, Parameters
from .series import IntArray
from .windows import Bools, Floats


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
    onsets = np.arange(max(first + p.onset_first, day - p.onset_reach), day - 1)
    if known.sum() < p.onset_answers or not onsets.size:
        return None
    shapes = _shapes(day - onsets, known, p)
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


def _shapes(ago: IntArray, known: Bools, p: Parameters) -> Floats:
    """Every change that began so many days `ago`, by onset, speed and answered day: centred, and
    scaled to reach 1 on the last day, so that its factor is the change up to now.
    """
    courses = _courses(p.onset_speeds, p.onset_reach, p.onset_level)
    looked_at = courses[p.onset_reach - ago[0] : p.onset_reach - ago[-1] + 1, :, -known.size :]
    shape: Floats = np.take(looked_at, np.flatnonzero(known), axis=2)
    shape -= shape.mean(axis=2, keepdims=True)
    return shape


@cache
def _courses(speeds: tuple[float, ...], reach: int, level: int) -> Floats:
    """How far each change had grown on each day, the same for every diary: by onset from `reach`
    days ago to yesterday, speed, and day from `reach` and `level` days ago to today, which is 1.
    """
    ago = np.arange(reach, 0.0, -1.0)[:, None, None]
    day = np.arange(reach + level, -1.0, -1.0)
    by_speed = np.array(speeds)[:, None]
    courses: Floats = _grown((ago - day + 1.0) / by_speed) / _grown((ago + 1.0) / by_speed)
    return courses


def _grown(share: Floats) -> Floats:
    """How much of a change has come when that share of its days is over: an S from 0 to 1."""
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
