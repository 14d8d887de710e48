"""What steps say beside the diary: for or against a worsening, and in a note of their own.

A person is compared with themselves alone, as a ratio, within one source and over whole weeks, so
that neither a new watch nor a Sunday looks like a change. Steps raise and end no flag, change no
name, no urgency and no status: published steps and answers go together too little for that. Where
no device counted any, everything stays as it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ..domain.flags import TREND_PATTERNS, Episode, MeasureChange, Pattern, Reason, Urgency
from ..domain.history import History
from ..domain.passive import PassiveKind
from .answers import Findings
from .parameters import Parameters
from .step_course import WEEK, typical


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of one source on the days 0 to the last after the operation on `first`.

    NaN where there were none, or so few that the device was not carried.
    """

    first: date
    values: NDArray[np.float64]

    def on(self, day: int) -> date:
        return self.first + timedelta(days=day)


def steps_of(known: History, today: date, p: Parameters) -> Steps | None:
    """The steps that are read; None where no device counted any."""
    first = known.index.day
    counted = [v for v in known.passive if v.kind is PassiveKind.STEPS]
    if not counted or today < first:
        return None
    values = np.full((today - first).days + 1, np.nan)
    for one in counted:
        day = (one.day - first).days
        if 0 <= day < values.size and one.value >= p.steps_least:
            values[day] = one.value
    return Steps(first, values)


# Beside a flag.


def with_steps(
    episodes: Sequence[Episode], steps: Steps | None, p: Parameters
) -> tuple[Episode, ...]:
    """The same episodes; those that statistics found with what the steps say for or against."""
    if steps is None:
        return tuple(episodes)
    return tuple(_beside(episode, steps, p) for episode in episodes)


def _beside(episode: Episode, steps: Steps, p: Parameters) -> Episode:
    usual = next((r.values for r in episode.evidence_for if r.code == "usual_from"), None)
    if episode.pattern not in TREND_PATTERNS or usual is None:
        return episode
    days = (usual["first"], usual["last"])
    first, last = ((day - steps.first).days for day in days if isinstance(day, date))
    noticed = (episode.raised_on - steps.first).days
    now = _known(steps, noticed - p.steps_now + 1, noticed)
    before = _known(steps, first, last)
    if now.size < p.steps_now_needs or before.size < p.steps_usual_needs:
        return episode
    was, is_now = _typical(before), _typical(now)
    share = is_now / was
    values = {"before": round(was), "now": round(is_now), "percent": round(100 * share)}
    if share <= p.steps_fell:
        return replace(
            episode,
            evidence_for=(
                *episode.evidence_for,
                Reason("steps_fell", {"measure": "steps", **values}),
            ),
        )
    if share >= p.steps_held:
        return replace(
            episode, evidence_against=(*episode.evidence_against, Reason("steps_held", {**values}))
        )
    return episode


def _known(steps: Steps, first: int, last: int) -> NDArray[np.float64]:
    values = steps.values[max(0, first) : max(0, last + 1)]
    return values[~np.isnan(values)]


def _typical(values: NDArray[np.float64]) -> float:
    return float(np.exp(np.log(values).mean()))


# A note of their own.


def step_notes(steps: Steps | None, p: Parameters) -> Findings:
    """A note for every stretch of whole weeks in which walking was at half the usual."""
    if steps is None:
        return Findings(())
    falls = tuple(_falls(steps.values, p))
    last = steps.values.size - 1
    ends = None
    if falls and falls[-1].cleared is None:
        ends = steps.on(_last_counted(steps.values, last) + p.steps_silent)
    return Findings(tuple(_note(fall, steps, p) for fall in falls), ends)


@dataclass(frozen=True, slots=True)
class _Fall:
    """A lasting fall: the day it was noticed, the usual before it, the week then, its end."""

    day: int
    usual: float
    week: float
    cleared: int | None


def _falls(values: NDArray[np.float64], p: Parameters) -> Iterator[_Fall]:
    weeks = typical(values, WEEK, p.steps_week_needs)
    usable = values.copy()
    usable[: p.steps_first] = np.nan
    usuals = typical(usable, p.steps_before, p.steps_before_needs)
    span = p.steps_weeks * WEEK
    day = span
    while day < values.size:
        usual = usuals[day - span]
        ends = weeks[[day - WEEK * back for back in range(p.steps_weeks)]]
        # NaN compares as False: a week with too few days is no fall.
        if not np.all(ends <= p.steps_half * usual):
            day += 1
            continue
        cleared = next(
            (
                later
                for later in range(day + 1, values.size)
                if weeks[later] >= p.steps_back * usual
                or later - _last_counted(values, later) >= p.steps_silent
            ),
            None,
        )
        yield _Fall(day, float(usual), float(weeks[day]), cleared)
        if cleared is None:
            return
        # What is back at its usual may fall once more; the weeks of this fall are no new one.
        day = cleared + span


def _last_counted(values: NDArray[np.float64], day: int) -> int:
    known = np.flatnonzero(~np.isnan(values[: day + 1]))
    return int(known[-1]) if known.size else 0


def _note(fall: _Fall, steps: Steps, p: Parameters) -> Episode:
    span = p.steps_weeks * WEEK
    used = int(_known(steps, fall.day - span + 1, fall.day).size)
    onset = steps.on(fall.day - span + 1)
    return Episode(
        pattern=Pattern.LESS_WALKING,
        urgency=Urgency.NOTE,
        raised_on=steps.on(fall.day),
        cleared_on=None if fall.cleared is None else steps.on(fall.cleared),
        onset=onset,
        onset_first=onset,
        onset_last=steps.on(fall.day - span + WEEK),
        days_used=used,
        days_missing=span - used,
        signals=(MeasureChange("steps", round(fall.usual), round(fall.week), used, span - used),),
        evidence_for=(
            Reason(
                "steps_halved",
                {
                    "before": round(fall.usual),
                    "now": round(fall.week),
                    "percent": round(100 * fall.week / fall.usual),
                    "weeks": p.steps_weeks,
                },
            ),
        ),
        evidence_against=(Reason("steps_left_at_home"),),
        would_clear=Reason("ends_when_steps_back", {"level": round(p.steps_back * fall.usual)}),
        rule_set=p.rule_set,
    )
