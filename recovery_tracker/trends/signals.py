"""What is weighed: each answer turned so that more is worse, beside the lagged baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS
from .parameters import Parameters
from .series import Diaries
from .windows import Bools, Floats, Places, Series, back, running

#: Ticks that mean "it hurts under load, or something in there moves".
MECHANICAL_SIGNS = frozenset({*LOADING_SIGNS, *HARDWARE_SIGNS, "painful_bump", "posture_change"})


@dataclass(frozen=True)
class SignalKind:
    """How one answer enters."""

    key: str
    #: +1 where a larger answer is worse, -1 where it is better.
    worse: int = 1


#: What is weighed, in the order in which it is told; the usual spreads are in `Parameters.spreads`.
SIGNALS: Mapping[str, SignalKind] = {
    kind.key: kind
    for kind in (
        SignalKind("axial_pain"),
        SignalKind("limb_pain"),
        SignalKind("mobility"),
        SignalKind("walking", worse=-1),
        SignalKind("sleep"),
        SignalKind("numbness"),
        SignalKind("mechanical"),
        SignalKind("opioid_doses"),
    )
}


@dataclass(frozen=True, eq=False)
class Signal:
    """One signal of many patients, shape (n, days), more is worse.

    `now` holds what may add evidence (recorded in time), `past` what may serve as a baseline.
    """

    kind: SignalKind
    now: Series
    past: Series
    #: What may serve in a baseline, the first weeks included.
    whole: Floats

    @cached_property
    def _baselines(self) -> dict[int, Floats]:
        return {}

    def baseline(self, p: Parameters, entries: int) -> Floats:
        """Mean of the lagged baseline, or of what lies before a long silence; NaN with too few
        entries. Worked out once: whoever changes it takes a copy.
        """
        if entries not in self._baselines:
            self._baselines[entries] = self._baseline(p, entries)
        return self._baselines[entries]

    def _baseline(self, p: Parameters, entries: int) -> Floats:
        first, (usual, *wider) = p.baseline_lag, self._lengths(p)
        mean = self.past.mean(first, first + usual - 1, entries)
        given = self.past.count(first, first + wider[-1] - 1) >= entries
        lacking = np.nonzero(np.isnan(mean) & given)
        for length in wider:
            found = self.past.mean_at(lacking, first, first + length - 1, entries)
            mean[lacking] = found
            lacking = tuple(places[np.isnan(found)] for places in lacking)
        return mean

    def usual(self, p: Parameters) -> Floats:
        """Mean of the lagged baseline, or of the weeks since where it has settled clearly lower."""
        usual, settled = self.baseline(p, p.baseline_entries), self.settled(p, p.baseline_entries)
        return np.where(self.gives_way(usual, settled, p), settled, usual)

    def usual_since(self, since: Places, p: Parameters, entries: int, settled: int) -> Floats:
        """Mean of the lagged baseline; at the places of `since`, where the usual pain gave way, of
        the weeks since if these were better too. It needs so many entries, in those weeks
        `settled`.
        """
        usual = self.baseline(p, entries).copy()
        lately = self.past.mean_at(since, *_settled_days(p), settled)
        usual[since] = np.fmin(usual[since], lately)
        return usual

    def settled(self, p: Parameters, entries: int) -> Floats:
        """Mean of the weeks that show whether it has settled lower; NaN with too few entries."""
        return self.past.mean(*_settled_days(p), entries)

    def gives_way(self, usual: Floats, settled: Floats, p: Parameters) -> Bools:
        """Whether a usual is so much above what it has settled to since that this takes its place:
        who was bad for some weeks and got better is compared with how it has been since.
        """
        least = {
            "axial_pain": p.settled_points,
            "limb_pain": p.settled_points,
            "numbness": p.settled_levels,
        }
        return np.asarray(usual - settled >= least.get(self.kind.key, np.inf))

    def usual_days(self, p: Parameters, row: int, day: int) -> tuple[int, int]:
        """The first and the last day, back from `day`, of what it is compared with."""
        usual, settled = (p.baseline_lag, self._reach(p, row, day)), _settled_days(p)
        place = np.array([row]), np.array([day])
        before = self.past.mean_at(place, *usual, p.baseline_entries)
        since = self.past.mean_at(place, *settled, p.baseline_entries)
        return settled if self.gives_way(before, since, p)[0] else usual

    def _reach(self, p: Parameters, row: int, day: int) -> int:
        """Days from `day` back to the first that its baseline looks at."""
        known = ~np.isnan(self.past.values[row, : max(0, day - p.baseline_lag + 1)])
        enough = (n for n in self._lengths(p) if known[-n:].sum() >= p.baseline_entries)
        return p.baseline_lag + next(enough, p.baseline_length) - 1

    def _lengths(self, p: Parameters) -> tuple[int, int, int]:
        """Days that the baseline spans: more after a silence of months, which emptied the fewer."""
        return p.baseline_length, p.lasting_length, self.past.values.shape[1]

    def spread(self, p: Parameters) -> Floats:
        """This patient's own day-to-day SD over the baseline, drawn to the prior when short."""
        days = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
        return self._drawn(self.past.count(*days), self.past.variance(*days), p)

    def spread_since(self, since: Places, p: Parameters) -> Floats:
        """The same; at the places of `since` no more than over the weeks since."""
        spread = self.spread(p)
        lately = self._drawn(*self.past.variance_at(since, *_settled_days(p)), p)
        spread[since] = np.minimum(spread[since], lately)
        return spread

    def _drawn(self, count: Floats, variance: Floats, p: Parameters) -> Floats:
        prior = p.spreads[self.kind.key] ** 2
        mixed = (count * variance + p.prior_days * prior) / (count + p.prior_days)
        return np.sqrt(np.maximum(mixed, prior * p.least_spread**2))


def _settled_days(p: Parameters) -> tuple[int, int]:
    return p.settled_lag, p.settled_lag + p.settled_length - 1


def signals_of(diaries: Diaries, p: Parameters) -> dict[str, Signal]:
    """Every signal that at least one of the patients recorded."""
    late = diaries.lateness()
    in_time = None if diaries.late is None or not late.any() else late < p.late_after
    as_past = None if in_time is None else late <= p.late_never
    values = {
        key: diaries.number(key)
        for key in SIGNALS
        if key in diaries.numbers and key != "mechanical"
    }
    mechanical = _mechanical(diaries, in_time, p)
    if mechanical is not None:
        values["mechanical"] = mechanical
    return {
        key: _signal(SIGNALS[key], value, in_time, as_past, p)
        for key, value in values.items()
        if not np.isnan(value).all()
    }


def _mechanical(diaries: Diaries, in_time: Bools | None, p: Parameters) -> Floats | None:
    """1 where a loading or hardware answer was ticked, 0 where they were asked and none was; NaN
    elsewhere. Where they are asked most days a tick stands for its week, so that a diary with daily
    lists and one with weekly questions mean the same.
    """
    asked = diaries.was_asked(LOADING_SIGNS) & diaries.signs_answered
    ticked = diaries.ticked(MECHANICAL_SIGNS)
    if in_time is not None:
        asked, ticked = asked & in_time, ticked & in_time
    if not (asked | ticked).any():
        return None
    week = p.short_window - 1
    often = back(running(asked), 0, week) >= p.often_asked
    within = back(running(ticked), 0, week) > 0
    value = np.where(often, within, ticked)
    return np.where(asked | ticked, value.astype(np.float64), np.nan)


def days_since_last(known: Bools, p: Parameters) -> Floats:
    """Days since the recorded day before, at most a week; a week for the first."""
    day = np.arange(known.shape[1], dtype=np.float32)
    last = np.maximum.accumulate(np.where(known, day, np.float32(-np.inf)), axis=1)
    gaps = np.full(known.shape, float(p.short_window))
    gaps[:, 1:] = np.minimum(day[1:] - last[:, :-1], p.short_window)
    return gaps


def rhythm(known: Bools, p: Parameters) -> Floats:
    """Days that a recorded day speaks for, 1 in a daily diary.

    Who records less than every other day or so, by schedule or by habit, has a day count for more:
    else a worsening would take as many entries as in a daily diary, and several times as long.
    """
    recorded = back(running(known), 0, p.rhythm_days - 1)
    # A holiday from the diary is one gap, not a rhythm.
    gaps = np.where(known, np.minimum(days_since_last(known, p), p.rhythm_gap), 0.0)
    usual_gap = back(running(gaps), 0, p.rhythm_days - 1) / np.maximum(recorded, 1.0)
    return np.clip(p.rhythm_times * usual_gap - p.rhythm_slack, 1.0, p.rhythm_most)


def _signal(
    kind: SignalKind,
    values: Floats,
    in_time: Bools | None,
    as_past: Bools | None,
    p: Parameters,
) -> Signal:
    turned = values * kind.worse
    whole = turned if as_past is None else np.where(as_past, turned, np.nan)
    past = whole.copy()
    # The first weeks are the fall from the operation, not a usual level.
    past[:, : p.baseline_first_day] = np.nan
    now = turned if in_time is None else np.where(in_time, turned, np.nan)
    return Signal(kind, Series(now), Series(past), whole)
