"""When did it begin, and how large is it: an estimate with an interval for both.

Every onset of the last months and five speeds are fitted to the answers by least squares; what
fits nearly as well as the best is the interval. Neighbouring days say partly the same, so they
count as fewer days than they are.
"""

from dataclasses import dataclass

import numpy as np

from .windows import Floats

#: Days that a change may take.
_SPEEDS = (1.0, 7.0, 21.0, 42.0, 84.0)
#: Days before the alarm in which the onset is looked for, and days of level before that.
_REACH = 110
_LEVEL = 42
#: A fit whose log-likelihood is this much below the best still belongs to the 90 % interval.
_NEARLY = 1.35
#: Days that one day is worth: (1 - 0.4) / (1 + 0.4) for a lag-one correlation of 0.4.
_WORTH = 0.43
#: Half-width of a 90 % interval in standard errors.
_NINETY = 1.645


@dataclass(frozen=True)
class Change:
    """Onset and size with 90 % intervals; days count from the operation, size in points."""

    onset: int
    onset_first: int
    onset_last: int
    size: float
    size_low: float
    size_high: float
    #: Days that the best-fitting change took.
    speed: float
    days_used: int
    days_missing: int


def change_of(values: Floats, day: int, earliest: int, spread: float) -> Change | None:
    """The change that the answers up to `day` show; None with fewer than six answers.

    `values` is one patient's signal, more is worse; nothing before `earliest` is looked at.
    """
    first = max(earliest, day - _REACH - _LEVEL)
    days = np.arange(first, day + 1)
    known = ~np.isnan(values[first : day + 1])
    if known.sum() < 6:
        return None
    at, answers = days[known].astype(np.float64), values[first : day + 1][known]
    onsets = np.arange(max(first + 3, day - _REACH), day, dtype=np.float64)
    if not onsets.size:
        return None
    speeds = np.array(_SPEEDS)
    passed = at[None, None, :] - onsets[:, None, None] + 1.0
    shape = np.clip(passed / speeds[None, :, None], 0.0, 1.0)
    # A shape is scaled to end at 1 today, so that its factor is the change up to now.
    reached = np.clip((day - onsets[:, None] + 1.0) / speeds[None, :], 0.0, 1.0)[:, :, None]
    shape = shape / reached
    centred = shape - shape.mean(axis=2, keepdims=True)
    strength = np.einsum("osd,osd->os", centred, centred)
    moved = np.einsum("osd,d->os", centred, answers - answers.mean())
    size = moved / np.maximum(strength, 1e-9)
    noise = max(spread, 0.4) ** 2 / _WORTH
    gain = np.where(size > 0, moved * size, 0.0) / (2.0 * noise)
    best = np.unravel_index(int(np.argmax(gain)), gain.shape)
    by_onset = gain.max(axis=1)
    near = np.flatnonzero(by_onset >= by_onset.max() - _NEARLY)
    error = _NINETY * float(np.sqrt(noise / max(float(strength[best]), 1e-9)))
    amount = float(size[best])
    onset = int(onsets[best[0]])
    window = known[max(0, onset - _LEVEL - first) :]
    return Change(
        onset=onset,
        onset_first=int(onsets[near[0]]),
        onset_last=int(onsets[near[-1]]),
        size=amount,
        size_low=amount - error,
        size_high=amount + error,
        speed=float(speeds[best[1]]),
        days_used=int(window.sum()),
        days_missing=int((~window).sum()),
    )
