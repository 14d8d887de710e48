"""When a flag of the statistics ends: once everything that raised it is better than on that day.

What raised it are the signals of the channels that spoke, and a new numb place; where axial pain
rose little, the other answers that carried it too, and they alone where it hardly rose. Each must
come most of the way back, over a week as well as over a fortnight: right after a sudden rise the
fortnight still holds the good days, and a few good days end nothing. A score that fades because bad
days have become usual ends nothing.
"""

from dataclasses import dataclass

import numpy as np

from .evidence import Evidence
from .parameters import Parameters
from .series import Diaries
from .signals import Signal
from .windows import Bools, Floats, back, running

_POINTS = frozenset({"axial_pain", "limb_pain"})
#: What may carry a flag of axial pain that hardly rose.
CARRIERS = ("mobility", "walking", "sleep", "mechanical")


@dataclass(frozen=True, slots=True)
class EndsAt:
    """What one signal must come back to: at most this, more is worse."""

    signal: str
    at_most: float


def back_at(key: str, before: float, rise: float, p: Parameters) -> float:
    """What a signal that rose by so much must come back to.

    Near where it began, and always clearly below where it stood; in tenths, as it is told.
    """
    if key == "mechanical":
        return before + p.clear_share * rise
    least = p.clear_points if key in _POINTS else p.clear_levels
    within = min(max(least, p.clear_share * rise), p.clear_most * rise)
    if rise <= 0.0:
        within = rise - p.clear_levels
    return float(np.floor(round((before + within) * 10.0, 6)) / 10.0)


def ends_of(
    leading: tuple[str, ...],
    row: int,
    day: int,
    usual: dict[str, float],
    evidence: Evidence,
    p: Parameters,
) -> tuple[EndsAt, ...]:
    """What must be better for a flag that these signals raised on a day, the first one first."""
    found: list[EndsAt] = []
    for key in dict.fromkeys(leading):
        if np.isnan(usual.get(key, np.nan)):
            continue
        rise = level(evidence.signals[key], row, day, p) - usual[key]
        if found and key in CARRIERS and not rise >= p.worth_saying:
            continue
        carried: list[EndsAt] = []
        if key == "axial_pain" and rise < p.clear_points / p.clear_most:
            carried = _carried(row, day, usual, evidence, p)
        if not carried or rise >= p.worth_saying:
            found.append(EndsAt(key, back_at(key, usual[key], rise, p)))
        found += carried
    return tuple(found)


def _carried(
    row: int, day: int, usual: dict[str, float], evidence: Evidence, p: Parameters
) -> list[EndsAt]:
    """The other answers that stood clearly above their usual, the strongest first."""
    rises = {}
    for key in CARRIERS:
        if key in evidence.signals and not np.isnan(usual[key]):
            rise = level(evidence.signals[key], row, day, p) - usual[key]
            if rise >= (p.carried_load if key == "mechanical" else p.worth_saying):
                rises[key] = rise
    strongest = sorted(rises, key=lambda key: -rises[key] / p.spreads[key])
    strongest.sort(key=lambda key: key == "mechanical")
    return [EndsAt(key, back_at(key, usual[key], rises[key], p)) for key in strongest]


def level(signal: Signal, row: int, day: int, p: Parameters) -> float:
    """How bad a signal stands: the higher of its means of a week and of a fortnight (more where
    entries are few); of what is asked weekly the mean of four weeks.
    """
    means = [mean[day] for mean in _means(signal, row, p)]
    if np.isnan(means).all():
        means = [signal.now.row(row).mean(0, p.rare_window - 1, 1)[0, day]]
    return float(np.fmax.reduce(means))


def _means(signal: Signal, row: int, p: Parameters) -> tuple[Floats, ...]:
    now = signal.now.row(row)
    if signal.kind.key == "mechanical":
        return (now.mean(0, p.long_window - 1, 1)[0],)
    return now.mean(0, p.short_window - 1, 1)[0], now.lately(p.recent_lengths, p.recent_entries)[0]


def are_back(ends: tuple[EndsAt, ...], row: int, evidence: Evidence, p: Parameters) -> Bools:
    """The days on which all of them are back."""
    are_over = np.ones(evidence.speaks.shape[1], dtype=bool)
    for end in ends:
        signal = evidence.signals[end.signal]
        for mean in _means(signal, row, p):
            are_over &= ~(mean > end.at_most)
        days, needed = p.rare_window, p.recent_entries
        if signal.kind.key == "mechanical":
            days, needed = p.long_window, p.given_recently
        are_over &= signal.now.row(row).count(0, days - 1)[0] >= needed
    return are_over


def are_unmarked(
    zones: tuple[str, ...], diaries: Diaries, row: int, speaks: Bools, p: Parameters
) -> Bools:
    """The days up to which, for a fortnight of answers (longer where they are few), none of these
    places was marked; every day where there are none.

    An answer that says that something is numb and not where says nothing.
    """
    days = diaries.shape[1]
    if not zones:
        return np.ones(days, dtype=bool)
    marked = np.zeros(days, dtype=bool)
    says = diaries.number("numbness")[row] == 0
    for zone, ticked in diaries.zones.items():
        says |= ticked[row]
        if zone in zones:
            marked |= ticked[row]
    says &= speaks[row]
    over = np.zeros(days, dtype=bool)
    looked = np.zeros(days, dtype=bool)
    for length in p.recent_lengths:
        seldom, often = (back(running(each[None, :]), 0, length - 1)[0] for each in (marked, says))
        enough = (often >= p.recent_entries) & ~looked
        over |= enough & (seldom == 0)
        looked |= enough
    return over
