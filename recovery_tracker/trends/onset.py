"""When did it begin: an estimate with an interval.

Every onset of the last months and four speeds are fitted to the answers; each is weighed by how
well it fits and by how plausible its size is. The onset given is the middle of that weight. A
change is taken to grow in an S: its first weeks may pass unseen, so the interval reaches further
back than forward. Neighbouring days say partly the same, so they count as fewer days than they are.
"""

from dataclasses import dataclass

import numpy as np

from .windows import Floats

#: Days that a change may take.
_SPEEDS = (2.0, 14.0, 56.0, 112.0)
#: From so many days on it is slow. Our default: a late failed fusion rises over 8 to 16
#: weeks in the reference cohort.
_SLOW = 56.0
#: Days before the alarm in which the onset is looked for, and days of level before that.
_REACH = 110
_LEVEL = 42
#: Days that one day is worth, and the weight that lies before the interval and up to its end; set
#: on diaries of both generators (seeds below 100) so that it holds the day in about nine of ten.
_WORTH = 0.25
_BEFORE, _UP_TO = 0.02, 0.95
#: Spread of plausible sizes, in points, and least day-to-day spread. Our default.
_SIZES = 2.0
_LEAST_SPREAD = 0.4
_LEAST_ANSWERS = 6


@dataclass(frozen=True)
class Change:
    """Onset with its 90 % interval; days count from the operation."""

    onset: int
    onset_first: int
    onset_last: int
    #: Share of the weight on changes that take eight weeks or more.
    slow: float
    days_used: int
    days_missing: int


def change_of(values: Floats, day: int, earliest: int, spread: float) -> Change | None:
    """The change that the answers up to `day` show; None with fewer than six answers.

    `values` is one patient's signal, more is worse; nothing before `earliest` is looked at.
    """
    first = max(earliest, day - _REACH - _LEVEL)
    window = values[first : day + 1]
    known = ~np.isnan(window)
    onsets = np.arange(max(first + 3, day - _REACH), day - 1, dtype=np.float64)
    if known.sum() < _LEAST_ANSWERS or not onsets.size:
        return None
    at = np.arange(first, day + 1)[known].astype(np.float64)
    shapes = _shapes(onsets, at, day)
    noise = max(spread, _LEAST_SPREAD) ** 2 / _WORTH
    answers = window[known]
    strength = np.einsum("osd,osd->os", shapes, shapes) / noise
    moved = np.einsum("osd,d->os", shapes, answers - answers.mean()) / noise
    precision = strength + 1.0 / _SIZES**2
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
        for share in (_BEFORE, 0.5, _UP_TO)
    )
    since = known[max(0, middle - _LEVEL - first) :]
    return Change(
        onset=middle,
        onset_first=low,
        onset_last=high,
        slow=float(weight.sum(axis=0)[np.array(_SPEEDS) >= _SLOW].sum()),
        days_used=int(since.sum()),
        days_missing=int((~since).sum()),
    )


def _shapes(onsets: Floats, at: Floats, day: int) -> Floats:
    """Every change, by onset, speed and answered day: centred, and scaled to reach 1 on `day`, so
    that its factor is the change up to now.
    """
    speeds = np.array(_SPEEDS)
    shape = _grown((at[None, None, :] - onsets[:, None, None] + 1.0) / speeds[None, :, None])
    shape /= _grown((day - onsets[:, None] + 1.0) / speeds)[:, :, None]
    centred: Floats = shape - shape.mean(axis=2, keepdims=True)
    return centred


def _grown(share: Floats) -> Floats:
    """How much of a change has come when that share of its days is over: an S from 0 to 1."""
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
