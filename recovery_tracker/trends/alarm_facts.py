"""Everything around an alarm that helps to name and to explain it, for one patient and one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import numpy as np

from ..domain.signs import FEVER_SIGNS, HARDWARE_SIGNS, WOUND_SIGNS
from .episodes import Rise
from .evidence import Evidence
from .known import KnownDiary
from .moves import AroundAlarm, Move, mean_error
from .onset import Change, change_of
from .parameters import Parameters
from .personal import preop_score
from .series import PAINKILLER_CODES, Diaries
from .signals import SIGNALS
from .windows import Floats

#: What a phone or watch counts, best first.
_COUNTED = ("walking_minutes", "steps")
_STRAINS = ("fall", "lifting", "bending", "twisting")
_HARDWARE = (*sorted(HARDWARE_SIGNS), "painful_bump", "posture_change")
_TOLD = ("spasm", "stiffness", "insomnia")
_FEVER_OR_WOUND = tuple(sorted(FEVER_SIGNS | WOUND_SIGNS))


@dataclass(frozen=True)
class AlarmFacts:
    """What the diary shows around an alarm; days count from the operation."""

    day: int
    #: Signals by key; `mechanical` as shares of the asked days.
    moves: dict[str, Move]
    change: Change | None
    #: Pain before the operation that a gain is counted from, and whether it is this patient's own.
    preop: float
    is_own_preop: bool
    hardware: tuple[tuple[str, int], ...]
    #: Answers that are told beside a flag and not weighed.
    told: tuple[tuple[str, int], ...]
    fall: int | None
    strain: tuple[str, int] | None
    fever_or_wound: tuple[str, int] | None
    tablets_stopped: int | None
    #: Measure, before, now.
    walking_more: tuple[str, float, float] | None
    new_zones: tuple[str, ...]
    #: First and last day of the usual that the leading signal is compared with.
    usual: tuple[int, int]
    #: Numb zones that were new under the open flag, by day.
    later_zones: Mapping[int, tuple[str, ...]]

    def rise(self, key: str) -> float:
        """Change towards worse, 0 where it is not known."""
        move = self.moves.get(key)
        if move is None or isnan(move.before) or isnan(move.now):
            return 0.0
        return SIGNALS[key].worse * (move.now - move.before)

    def strength(self, key: str) -> float:
        """Rise towards worse in standard errors, 0 where it is not known."""
        move = self.moves.get(key)
        return 0.0 if move is None or isnan(move.strength) else move.strength


def facts_of(
    diaries: Diaries, evidence: Evidence, rise: Rise, moved: AroundAlarm, p: Parameters
) -> AlarmFacts:
    """The facts on the day that raised `rise`, around which the signals did what `moved` says."""
    row, day = rise.row, rise.day
    leading, (first, last) = evidence.signals[rise.leading], moved.usual
    compared = leading.now if rise.is_early else leading.past
    known = KnownDiary(diaries, row, rise.known)
    new_zones = evidence.new_zones.on(row, day)
    if rise.channel == "zone" and new_zones:
        change: Change | None = _since_marked(known, new_zones, day)
    else:
        change = change_of(
            leading.now.values[row],
            day,
            max(p.early_lag if rise.is_early else 0, rise.after - p.onset_again),
            _spread(compared.values[row], day, moved.usual, p),
            p,
        )
    preop, own = preop_score(diaries, "axial_pain", row)
    since, until = _causes(change, day, p)
    return AlarmFacts(
        day=day,
        moves=moved.moves,
        change=change,
        preop=preop,
        is_own_preop=own,
        hardware=_ticks(known, _HARDWARE, max(0, day - p.ticks_before), day),
        told=_ticks(known, _TOLD, max(0, day - p.ticks_before), day),
        fall=_last_fall(known, since, day),
        strain=_last_strain(known, since, until),
        fever_or_wound=next(
            iter(_ticks(known, _FEVER_OR_WOUND, max(0, day - p.ticks_before), day)), None
        ),
        tablets_stopped=_tablets_stopped(known, (since, until), day, day - last, day - first, p),
        walking_more=_walking_more(known, day, day - last, day - first, p),
        new_zones=new_zones,
        usual=(max(0 if rise.is_early else p.baseline_first_day, day - last), day - first),
        later_zones={
            news.day: evidence.new_zones.on(row, news.day)
            for news in rise.news
            if news.what == "zone"
        },
    )


def _since_marked(known: KnownDiary, zones: tuple[str, ...], day: int) -> Change:
    """Since the first day on which one of these places was marked, or the days without an entry
    right before it: how numb it is may be as it always was.
    """
    marked = np.any([known.of(known.diaries.zones[zone]) for zone in zones], axis=0)
    onset = int(marked.argmax())
    logged = known.of(known.diaries.logged)
    before = logged[:onset].nonzero()[0]
    since = logged[onset : day + 1]
    return Change(
        onset=onset,
        onset_first=int(before[-1]) + 1 if before.size else onset,
        onset_last=onset,
        slow=0.0,
        days_used=int(since.sum()),
        days_missing=int((~since).sum()),
    )


def _causes(change: Change | None, day: int, p: Parameters) -> tuple[int, int]:
    """First and last day on which something may have brought the rise about."""
    if change is None:
        return max(0, day - p.cause_before), day
    first = max(change.onset_first - p.cause_slack, change.onset - p.cause_before, 0)
    return first, min(change.onset_last + p.cause_slack, day)


def _spread(values: Floats, day: int, usual: tuple[int, int], p: Parameters) -> float:
    first, last = usual
    window = values[max(0, day - last) : max(0, day - first + 1)]
    window = window[~np.isnan(window)]
    return float(window.std()) if window.size >= p.onset_spread_answers else p.onset_spread


def _ticks(
    known: KnownDiary, ids: tuple[str, ...], first: int, last: int
) -> tuple[tuple[str, int], ...]:
    """The last day of each sign that was ticked between two days, in the order of `ids`."""
    found = []
    for sign in ids:
        if sign in known.diaries.signs:
            days = known.of(known.diaries.signs[sign])[first : last + 1].nonzero()[0]
            if days.size:
                found.append((sign, first + int(days[-1])))
    return tuple(found)


def _last_fall(known: KnownDiary, first: int, last: int) -> int | None:
    days = [day for _, day in _ticks(known, ("fall",), first, last)]
    if "fall" in known.diaries.strain:
        ticked = known.of(known.diaries.strain["fall"])[first : last + 1].nonzero()[0]
        days += [first + int(day) for day in ticked[-1:]]
    return max(days, default=None)


def _last_strain(known: KnownDiary, first: int, last: int) -> tuple[str, int] | None:
    for word in _STRAINS:
        if word in known.diaries.strain:
            days = known.of(known.diaries.strain[word])[first : last + 1].nonzero()[0]
            if days.size:
                return word, first + int(days[-1])
    return None


def _tablets_stopped(
    known: KnownDiary, around: tuple[int, int], day: int, first: int, last: int, p: Parameters
) -> int | None:
    """First day without the usual opioid doses, if they fell by half or more around the onset."""
    doses = known.number("opioid_doses")
    before = doses[max(0, first) : max(0, last + 1)]
    recent = doses[max(0, day - p.short_window + 1) : day + 1]
    before, recent = before[~np.isnan(before)], recent[~np.isnan(recent)]
    if before.size >= p.baseline_asked and recent.size >= p.tablets_entries:
        usual = float(before.mean())
        if usual >= p.taper_least_doses and recent.mean() <= p.tablets_share * usual:
            told = (~np.isnan(doses[: day + 1])).nonzero()[0]
            # A single day with more is no return to the usual.
            taken = doses[told] > p.tablets_share * usual
            twice = (taken[1:] & taken[:-1]).nonzero()[0]
            stopped = int(told[twice[-1] + 1]) + 1 if twice.size else 0
            return stopped if around[0] <= stopped <= around[1] else None
        return None
    if known.diaries.painkiller_change is None:
        return None
    codes = known.of(known.diaries.painkiller_change, 0)[around[0] : around[1] + 1]
    fewer = (codes == PAINKILLER_CODES["fewer"]).nonzero()[0]
    return around[0] + int(fewer[-1]) if fewer.size else None


def _walking_more(
    known: KnownDiary, day: int, first: int, last: int, p: Parameters
) -> tuple[str, float, float] | None:
    """The measure that shows clearly more walking than before, with its levels.

    Where the person answers how much they walked, that answer alone decides. Minutes and steps
    speak where it is not given, and only within one source: a new watch is not more walking.
    """
    windows = (
        slice(max(0, first), max(0, last + 1)),
        slice(max(0, day - p.recent_window + 1), day + 1),
    )
    before, recent = _both(known.number("walking"), windows)
    if _suffices(before, recent, p):
        was, now = float(before.mean()), float(recent.mean())
        # The highest answer has no room above it: there half as much is as telling.
        room = p.walking_levels if was < p.walking_full else p.walking_room * p.walking_levels
        error = max(float(before.std()), p.walking_spread) * float(
            mean_error(p.walking_free_day, recent.size, before.size)
        )
        more = now - was >= max(room, p.walking_errors * error)
        return ("walking", was, now) if more else None
    if known.diaries.counted_by is not None:
        counted_by = known.of(known.diaries.counted_by, 0)
        sources = np.concatenate([counted_by[window] for window in windows])
        if np.unique(sources[sources > 0]).size > 1:
            return None
    for key in _COUNTED:
        before, recent = _both(known.number(key), windows)
        if key == "steps":
            # So few are a phone that stayed at home.
            before, recent = before[before >= p.steps_least], recent[recent >= p.steps_least]
        if _suffices(before, recent, p):
            was, now = float(before.mean()), float(recent.mean())
            if now >= p.walking_times * max(was, 1.0):
                return key, was, now
    return None


def _both(values: Floats, windows: tuple[slice, slice]) -> tuple[Floats, Floats]:
    """What is known of a measure in each window."""
    before, recent = values[windows[0]], values[windows[1]]
    return before[~np.isnan(before)], recent[~np.isnan(recent)]


def _suffices(before: Floats, recent: Floats, p: Parameters) -> bool:
    return before.size >= p.baseline_asked and recent.size >= p.recent_entries
