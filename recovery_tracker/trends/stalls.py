"""Levels instead of changes: a recovery that never improved enough.

A change detector never sees pain that simply stayed. At week 12 and week 26 a patient far behind
the personal course gets a kind note; from month 6 on, pain that never met the course and still
stands high is what failed fusion looks like, and from month 12 it is said strongly.
"""

from dataclasses import dataclass

import numpy as np

from .parameters import Parameters
from .personal import course_is_borrowed, course_shares, course_spreads, preop_score, preop_scores
from .series import Diaries
from .signals import Signal
from .windows import Bools, Floats, best_so_far

PAINS = ("axial_pain", "limb_pain")


@dataclass(frozen=True)
class Stall:
    """A level that was too high, in postoperative days; `kind` is `slow` or `failed`."""

    row: int
    kind: str
    measure: str
    day: int
    known: int
    cleared: int | None
    cleared_known: int | None
    level: float
    best: float
    preop: float
    is_own_preop: bool
    expected: float
    days_used: int
    #: Whether the course is that of another operation: none is published for this one.
    is_borrowed: bool = False
    #: First day from month 12 on on which a failed fusion still held, and when that was known.
    strong: int | None = None
    strong_known: int | None = None
    #: A mean of four weeks that is as low as this ends it.
    ends_at: float = 0.0


def stalls_of(
    diaries: Diaries, signals: dict[str, Signal], speaks: Bools, p: Parameters
) -> list[Stall]:
    """Every level finding, by row and then day."""
    if diaries.shape[1] <= p.slow_first_day:
        return []
    found: list[Stall] = []
    for measure in PAINS:
        if measure in signals:
            lines = _lines_of(diaries, measure, signals[measure], speaks, p)
            for row in np.flatnonzero((lines.far & lines.known).any(axis=1)):
                found += _slow(lines, int(row), p)
                if measure == "axial_pain":
                    found += _failed(lines, int(row), p)
    found.sort(key=lambda stall: (stall.row, stall.day, stall.kind, stall.measure))
    return _one_note_at_a_time(found)


def _one_note_at_a_time(stalls: list[Stall]) -> list[Stall]:
    """The findings without a slow-recovery note that another one of the patient still covers."""
    kept: list[Stall] = []
    standing: dict[int, Stall] = {}
    for stall in stalls:
        before = standing.get(stall.row)
        if stall.kind == "slow":
            if before is not None and (before.cleared is None or before.cleared > stall.day):
                continue
            standing[stall.row] = stall
        kept.append(stall)
    return kept


@dataclass(frozen=True)
class _Lines:
    """What one measure is judged by, shape (n, days) where not said otherwise."""

    diaries: Diaries
    measure: str
    signal: Signal
    #: Mean of four weeks, the best of them so far, and what the personal course expects.
    mean: Floats
    best: Floats
    course: Floats
    #: Pain before the operation, shape (n,), and the highest mean that meets the course.
    preop: Floats
    met: Floats
    #: Far behind the course, and bad enough to be called failed.
    far: Bools
    bad: Bools
    #: Days that speak and have a mean.
    known: Bools


def _lines_of(
    diaries: Diaries, measure: str, signal: Signal, speaks: Bools, p: Parameters
) -> _Lines:
    mean = signal.now.mean(0, p.best_length - 1, p.level_entries)
    best = best_so_far(mean, p.best_first_day + p.best_length - 1)
    preop, _ = preop_scores(diaries, measure)
    course = preop[:, None] * course_shares(diaries, measure)
    met = course + p.course_margin * course_spreads(diaries, measure)
    # A comparison with NaN is false: without enough entries nothing is behind.
    behind = (mean > (1.0 - p.least_gain) * preop[:, None]) & (mean > met) & (best > met)
    return _Lines(
        diaries=diaries,
        measure=measure,
        signal=signal,
        mean=mean,
        best=best,
        course=course,
        preop=preop,
        met=met,
        far=behind & (mean >= p.slow_level),
        bad=behind & (mean >= p.failed_level),
        known=~np.isnan(mean) & speaks,
    )


def _slow(lines: _Lines, row: int, p: Parameters) -> list[Stall]:
    """The notes at week 12 and week 26; the second only if the first has ended. Only less pain ends
    one: that the spread of the published course grows is no recovery.

    None where the course is borrowed: nobody is called slow by another operation's course.
    """
    if course_is_borrowed(lines.diaries, lines.measure, row):
        return []
    far, known = lines.far[row], lines.known[row]
    found: list[Stall] = []
    for first in (p.slow_first_day, p.slow_second_day):
        day = _next(known[: first + p.slow_window], first)
        if day is None or not far[day]:
            continue
        if found and (found[-1].cleared is None or found[-1].cleared > day):
            continue
        gained = (1.0 - p.least_gain) * float(lines.preop[row])
        goal = max(gained, float(lines.met[row, day]), p.slow_level)
        cleared = _next(known & (lines.mean[row] <= goal), day + 1)
        found.append(_stall(lines, row, "slow", day, p, goal, cleared))
    return found


def _failed(lines: _Lines, row: int, p: Parameters) -> list[Stall]:
    """Held at two looks four weeks apart, the second from month 6 on."""
    bad, known = lines.bad[row], lines.known[row]
    again = np.zeros_like(bad)
    again[p.failed_again_days :] = bad[: -p.failed_again_days]
    raises = bad & again & known
    raises[: p.failed_first_day] = False
    goal = p.failed_level - p.failed_slack
    ends = known & (lines.mean[row] < goal)
    found: list[Stall] = []
    start = 0
    while (day := _next(raises, start)) is not None:
        cleared = _next(ends, day + 1)
        strong = _next(bad & known, max(day, p.failed_strong_day))
        if strong is not None and cleared is not None and strong >= cleared:
            strong = None
        found.append(_stall(lines, row, "failed", day, p, goal, cleared, strong))
        if cleared is None:
            break
        start = cleared + 1
    return found


def _next(days: Bools, start: int) -> int | None:
    """The first true day from `start` on."""
    found = days[start:].nonzero()[0]
    return start + int(found[0]) if found.size else None


def _stall(
    lines: _Lines,
    row: int,
    kind: str,
    day: int,
    p: Parameters,
    goal: float,
    cleared: int | None,
    strong: int | None = None,
) -> Stall:
    late = lines.diaries.lateness()[row]
    preop, own = preop_score(lines.diaries, lines.measure, row)
    month = lines.signal.now.values[row, max(0, day - p.best_length + 1) : day + 1]
    return Stall(
        row=row,
        kind=kind,
        measure=lines.measure,
        day=day,
        known=day + int(late[day]),
        cleared=cleared,
        cleared_known=None if cleared is None else cleared + int(late[cleared]),
        level=float(lines.mean[row, day]),
        best=float(lines.best[row, day]),
        preop=preop,
        is_own_preop=own,
        expected=float(lines.course[row, day]),
        days_used=int((~np.isnan(month)).sum()),
        is_borrowed=course_is_borrowed(lines.diaries, lines.measure, row),
        strong=strong,
        strong_known=None if strong is None else strong + int(late[strong]),
        ends_at=goal,
    )
