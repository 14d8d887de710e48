"""From scores to episodes: when a worsening is raised, what it started from, and when it ends.

Only a day with an entry recorded in time may raise or end anything, so silence changes nothing.
A flag that stands is one flag, whatever else moves under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .endings import CARRIERS, EndsAt, are_back, are_unmarked, ends_of
from .evidence import CHANNELS, Evidence
from .parameters import Parameters
from .sensitivity import weighed
from .series import Diaries, IntArray
from .signals import Signal
from .windows import Bools, Floats, Series

#: The signal that leads each channel.
LEADING = {
    "axial": "axial_pain",
    "limb": "limb_pain",
    "numbness": "numbness",
    "zone": "numbness",
    "doses": "opioid_doses",
    "moving": "mobility",
    "walking": "walking",
    "early_axial": "axial_pain",
    "early_limb": "limb_pain",
}
_POINTS = frozenset({"axial_pain", "limb_pain"})


@dataclass(frozen=True, slots=True)
class News:
    """What must be looked at under an open flag: the day whose entry showed it, and the day on
    which that was recorded.

    `what` is `zone`, or the code of a reason about `measure`.
    """

    day: int
    known: int
    what: str
    measure: str


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
    #: Days whose mean would end it: as many as held enough entries on the day it was raised.
    ends_over: int
    #: Channels that spoke on the day it was raised.
    spoke: tuple[str, ...]
    #: What must be back for it to end, the first one first, and the new numb places that raised it.
    ends: tuple[EndsAt, ...] = ()
    zones: tuple[str, ...] = ()
    #: What came to light under it, in order.
    news: tuple[News, ...] = ()
    #: Day on which the one before it ended, 0 if there was none: this one began later.
    after: int = 0

    @property
    def leading(self) -> str:
        return LEADING[self.channel]

    @property
    def is_function(self) -> bool:
        """Whether moving or walking raised it, and no pain."""
        return self.channel in _FUNCTION

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


def _raised(
    row: int, day: int, diaries: Diaries, evidence: Evidence, late: IntArray, p: Parameters
) -> Rise:
    spoke = tuple(
        channel
        for channel in CHANNELS
        if channel in evidence.scores and evidence.scores[channel][row, day] >= 1.0
    )
    # Where pain or numbness speaks it leads: moving and walking follow.
    leaders = [name for name in spoke if name not in _FUNCTION] or list(spoke)
    channel = max(leaders, key=lambda name: float(evidence.scores[name][row, day]))
    leading = evidence.signals[LEADING[channel]]
    now = leading.now.row(row)
    fortnight = now.mean(0, p.recent_window - 1, 1)[0]
    compared = _compared_with(row, day, channel, evidence, p)
    before = float(compared.mean()) if compared.size else 0.0
    week = now.mean(0, p.short_window - 1, 1)[0]
    level = float(fortnight[day] if np.isnan(week[day]) else week[day])
    zones = evidence.new_zones.on(row, day) if "zone" in spoke else ()
    usual = _usual(row, day, (channel, *spoke), evidence, p)
    ends = ends_of(_led_by(channel, spoke), row, day, usual, evidence, p)
    # And what carried it may be back while all answers together still show a worsening.
    ended = are_back(ends, row, evidence, p) & are_unmarked(zones, diaries, row, evidence.speaks, p)
    ended &= evidence.speaks[row] & (_strongest(row, day, diaries, evidence, p) < p.clear_score)
    after = ended[day + 1 :].nonzero()[0]
    cleared = day + 1 + int(after[0]) if after.size else None
    rise = Rise(
        row=row,
        channel=channel,
        day=day,
        known=day + int(late[day]),
        before=before,
        now=level,
        error=_error(compared, float(now.count(0, p.short_window - 1)[0, day]), leading, p),
        cleared=cleared,
        cleared_known=None if cleared is None else cleared + int(late[cleared]),
        ends_over=_ends_over(now, day, p),
        spoke=spoke,
        ends=ends,
        zones=zones,
    )
    return replace(rise, news=tuple(_news(rise, evidence, now, late, p)))


def _ends_over(now: Series, day: int, p: Parameters) -> int:
    enough = (n for n in p.recent_lengths if now.count(0, n - 1)[0, day] >= p.recent_entries)
    return next(enough, p.rare_window)


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


def _led_by(channel: str, spoke: tuple[str, ...]) -> tuple[str, ...]:
    """The signals that raised a flag, the leading one first."""
    led = [LEADING[name] for name in (channel, *spoke) if name != "zone"]
    if channel in _FUNCTION:
        led += ["mobility", "walking"]
    return tuple(led)


def _usual(
    row: int, day: int, spoke: tuple[str, ...], evidence: Evidence, p: Parameters
) -> dict[str, float]:
    """What each signal that raised or carried a flag was compared with, by its key."""
    found: dict[str, float] = {}
    for name in spoke:
        if name == "zone":
            continue
        days = _usual_days(row, day, name, evidence, p)
        carriers = CARRIERS if LEADING[name] in _BY_PAIN else ()
        for key in (LEADING[name], *carriers):
            if key in evidence.signals and key not in found:
                compared = _values(evidence.signals[key], row, day, name, days)
                found[key] = float(compared.mean()) if compared.size else np.nan
        if np.isnan(found[LEADING[name]]):
            found[LEADING[name]] = 0.0
    return found


def _usual_days(
    row: int, day: int, channel: str, evidence: Evidence, p: Parameters
) -> tuple[int, int]:
    """First and last day, back from a day, of what its leading signal was compared with."""
    if channel.startswith("early"):
        return p.early_lag, p.early_lag + p.early_length - 1
    return evidence.signals[LEADING[channel]].usual_days(p, row, day)


def _values(signal: Signal, row: int, day: int, channel: str, days: tuple[int, int]) -> Floats:
    series, (first, last) = signal.now if channel.startswith("early") else signal.past, days
    values = series.values[row, max(0, day - last) : max(0, day - first + 1)]
    known: Floats = values[~np.isnan(values)]
    return known


def _compared_with(row: int, day: int, channel: str, evidence: Evidence, p: Parameters) -> Floats:
    """The answers of the leading signal that the day was compared with."""
    days = _usual_days(row, day, channel, evidence, p)
    return _values(evidence.signals[LEADING[channel]], row, day, channel, days)


def _error(compared: Floats, recent: float, leading: Signal, p: Parameters) -> float:
    """Half of the 90 % interval of the difference between a week and what stood before."""
    usual = p.spreads[leading.kind.key]
    own = float(compared.std()) if compared.size > p.size_few else usual
    worth = p.size_free_day / max(recent, 1.0) + p.size_free_day / max(compared.size, 1)
    return float(p.size_errors * max(own, p.least_spread * usual) * np.sqrt(worth))


#: What may be news under an open flag, by what it is about.
_GROUPS = {
    "axial_pain": ("axial", "early_axial"),
    "limb_pain": ("limb", "early_limb"),
    "numbness": ("numbness",),
    "zone": ("zone",),
    "opioid_doses": ("doses",),
    "mobility": ("moving",),
    "walking": ("walking",),
}
#: What moving and walking follow.
_BY_PAIN = frozenset({"axial_pain", "mobility", "walking"})
#: Channels of moving and walking, without pain.
_FUNCTION = frozenset({"moving", "walking"})
assert sorted(sum(_GROUPS.values(), ())) == sorted(CHANNELS)


def _news(rise: Rise, evidence: Evidence, now: Series, late: IntArray, p: Parameters) -> list[News]:
    """News under the open flag of `rise`: what would have raised one of its own, and a further
    rise; `now` is its leading signal.
    """
    row, first = rise.row, rise.day + 1
    last = evidence.speaks.shape[1] if rise.cleared is None else rise.cleared
    found: list[tuple[int, str, str]] = []
    for about, channels in _GROUPS.items():
        if rise.leading in _BY_PAIN and not _FUNCTION.isdisjoint(channels):
            continue  # It moves less because it hurts: that is the same worsening.
        what = about if about == "zone" else "also_rising"
        if rise.channel in channels and about != "zone":
            # In the first weeks other answers may carry it: that is no second rise.
            what, channels = "rose_again", channels[:1]
        given = [evidence.scores[name][row] for name in channels if name in evidence.scores]
        if given:
            score = np.maximum.reduce(given)[rise.day : last]
            days = _alarms(score, evidence.speaks[row, rise.day : last], p)
            found += [(rise.day + day, what, about) for day in days if day]
    week = now.mean(0, p.short_window - 1, 1)[0]
    found = [each for each in found if each[1] != "rose_again" or week[each[0]] >= rise.now]
    if rise.leading in _POINTS:
        fortnight = now.mean(0, p.recent_window - 1, 1)[0, first:last]
        further = evidence.speaks[row, first:last] & (fortnight >= rise.now + p.further_points)
        found += [(first + int(d), "rose_further", rise.leading) for d in further.nonzero()[0][:1]]
    news = [News(day, day + int(late[day]), *each) for day, *each in sorted(found)]
    return sorted(news, key=lambda each: (each.known, each.day))


def _alarms(score: Floats, speaks: Bools, p: Parameters) -> list[int]:
    """Days on which a score reaches its alarm; again only once it has been well below it."""
    found: list[int] = []
    is_calm = True
    for day in speaks.nonzero()[0].tolist():
        if is_calm and score[day] >= 1.0:
            found.append(day)
            is_calm = False
        elif score[day] < p.clear_score:
            is_calm = True
    return found
