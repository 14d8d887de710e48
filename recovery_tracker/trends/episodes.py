"""From scores to episodes: when a worsening is raised, what it started from, and when it ends.

Only a day with an entry recorded in time may raise or end anything, so silence changes nothing.
A flag that stands is one flag, whatever else moves under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .evidence import CHANNELS, Evidence
from .parameters import Parameters
from .sensitivity import weighed
from .series import Diaries, IntArray
from .signals import Signal
from .windows import Bools, Floats

#: The signal that leads each channel.
LEADING = {
    "axial": "axial_pain",
    "limb": "limb_pain",
    "numbness": "numbness",
    "zone": "numbness",
    "doses": "opioid_doses",
    "early_axial": "axial_pain",
    "early_limb": "limb_pain",
}
_POINTS = frozenset({"axial_pain", "limb_pain"})


@dataclass(frozen=True)
class Rise:
    """One stretch of worsening of one patient, in postoperative days.

    `day` is the day whose entry raised it and `known` the day it was recorded; `cleared` the same
    for the entry that ended it, None while it stands. `before` and `now` are levels of the leading
    signal, more is worse.
    """

    row: int
    channel: str
    day: int
    known: int
    before: float
    now: float
    error: float
    cleared: int | None
    cleared_known: int | None
    #: Channels that spoke on the day it was raised.
    spoke: tuple[str, ...]
    #: First later day on which another group of signals, or a further rise, spoke under it.
    also: tuple[tuple[int, str], ...] = ()
    #: Day on which the one before it ended, 0 if there was none: this one began later.
    after: int = 0

    @property
    def leading(self) -> str:
        return LEADING[self.channel]

    @property
    def is_early(self) -> bool:
        """Whether it was raised before there was a baseline."""
        return self.channel.startswith("early")


def rises_of(diaries: Diaries, evidence: Evidence, p: Parameters) -> list[Rise]:
    """Every worsening of every patient, by row and then day."""
    speaks = evidence.speaks
    above = (_highest(evidence.scores) >= 1.0) & speaks
    late = diaries.lateness()
    rises = []
    for row in np.flatnonzero(above.any(axis=1)):
        rises += _rises_of_row(int(row), above[row], diaries, evidence, late[row], p)
    return rises


def _rises_of_row(
    row: int, above: Bools, diaries: Diaries, evidence: Evidence, late: IntArray, p: Parameters
) -> list[Rise]:
    rises: list[Rise] = []
    start = 0
    while True:
        raises = above[start:].nonzero()[0]
        if not raises.size:
            return rises
        day = start + int(raises[0])
        after = (rises[-1].cleared or 0) if rises else 0
        rise = replace(_raised(row, day, diaries, evidence, late, p), after=after)
        rises.append(rise)
        if rise.cleared is None:
            return rises
        start = rise.cleared + 1


def ends_within(leading: str, rise: float, p: Parameters) -> float:
    """How far above where it began a rise of that size counts as over, in units of its signal."""
    least = p.clear_points if leading in _POINTS else p.clear_levels
    return max(least, p.clear_share * rise)


def _raised(
    row: int, day: int, diaries: Diaries, evidence: Evidence, late: IntArray, p: Parameters
) -> Rise:
    spoke = tuple(
        channel
        for channel in CHANNELS
        if channel in evidence.scores and evidence.scores[channel][row, day] >= 1.0
    )
    channel = max(spoke, key=lambda name: float(evidence.scores[name][row, day]))
    leading = evidence.signals[LEADING[channel]]
    now = leading.now.row(row)
    fortnight = now.mean(0, p.recent_window - 1, 1)[0]
    compared = _compared_with(row, day, channel, evidence, p)
    before = float(compared.mean()) if compared.size else 0.0
    week = now.mean(0, p.short_window - 1, 1)[0]
    level = float(fortnight[day] if np.isnan(week[day]) else week[day])
    rise = max(level - before, 0.0)
    back_at = before + ends_within(leading.kind.key, rise, p)
    # The last week as well: right after a sudden rise the fortnight still holds the good days. And
    # a few good days end nothing while all answers together still show a worsening.
    ended = (
        evidence.speaks[row]
        & (now.count(0, p.recent_window - 1)[0] >= p.recent_entries)
        & (fortnight <= back_at)
        & ~(week > back_at)
        & (_strongest(row, day, diaries, evidence, p) < p.clear_score)
    )
    ends = ended[day + 1 :].nonzero()[0]
    cleared = day + 1 + int(ends[0]) if ends.size else None
    return Rise(
        row=row,
        channel=channel,
        day=day,
        known=day + int(late[day]),
        before=before,
        now=level,
        error=_error(compared, float(now.count(0, p.short_window - 1)[0, day]), leading, p),
        cleared=cleared,
        cleared_known=None if cleared is None else cleared + int(late[cleared]),
        spoke=spoke,
        also=_also(row, day, cleared, channel, evidence, fortnight, level, p),
    )


def _strongest(row: int, day: int, diaries: Diaries, evidence: Evidence, p: Parameters) -> Floats:
    """The highest score of each day under the setting of `day`: a later one ends no flag."""
    codes = diaries.sensitivity
    if codes is not None:
        codes = np.full_like(codes[row], codes[row, day])
    return _highest(weighed({name: score[row] for name, score in evidence.plain.items()}, codes, p))


def _highest(scores: Mapping[str, Floats]) -> Floats:
    """The highest of all channels, one after another: a cohort's scores are large."""
    first, *others = scores.values()
    top = first.copy()
    for score in others:
        np.maximum(top, score, out=top)
    return top


def _compared_with(row: int, day: int, channel: str, evidence: Evidence, p: Parameters) -> Floats:
    """The answers of the leading signal that the day was compared with."""
    signal = evidence.signals[LEADING[channel]]
    if channel.startswith("early"):
        series, first, last = signal.now, p.early_lag, p.early_lag + p.early_length - 1
    else:
        series, (first, last) = signal.past, signal.usual_days(p, row, day)
    values = series.values[row, max(0, day - last) : max(0, day - first + 1)]
    known: Floats = values[~np.isnan(values)]
    return known


def _error(compared: Floats, recent: float, leading: Signal, p: Parameters) -> float:
    """Half of the 90 % interval of the difference between a week and what stood before."""
    usual = p.spreads[leading.kind.key]
    own = float(compared.std()) if compared.size > p.size_few else usual
    worth = p.size_free_day / max(recent, 1.0) + p.size_free_day / max(compared.size, 1)
    return float(p.size_errors * max(own, p.least_spread * usual) * np.sqrt(worth))


def _also(
    row: int,
    day: int,
    cleared: int | None,
    channel: str,
    evidence: Evidence,
    fortnight: Floats,
    level: float,
    p: Parameters,
) -> tuple[tuple[int, str], ...]:
    """News under the open flag: the other group of signals, or a further rise."""
    last = len(fortnight) if cleared is None else cleared
    speaks = evidence.speaks[row, day + 1 : last]
    news: list[tuple[int, str]] = []
    for other in ("axial", "limb", "numbness", "doses"):
        if LEADING[other] == LEADING[channel] or other not in evidence.scores:
            continue
        days = (speaks & (evidence.scores[other][row, day + 1 : last] >= 1.0)).nonzero()[0]
        if days.size:
            news.append((day + 1 + int(days[0]), other))
    if LEADING[channel] in _POINTS:
        further = speaks & (fortnight[day + 1 : last] >= level + p.further_points)
        days = further.nonzero()[0]
        if days.size:
            news.append((day + 1 + int(days[0]), "further"))
    return tuple(sorted(news))
