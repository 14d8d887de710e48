"""Levels instead of changes: a recovery that never improved enough.

A change detector never sees pain that simply stayed. At week 12 and week 26 a patient far behind
the personal course gets a kind note; from month 6 on, pain that never met the course and still
stands high is what failed fusion looks like, and from month 12 it is said strongly.
"""

from dataclasses import dataclass

import numpy as np

from .parameters import Parameters
from .personal import course_shares, course_spreads, preop_score, preop_scores
from .series import Diaries, IntArray
from .signals import Signal
from .windows import Bools, Floats

PAINS = ("axial_pain", "limb_pain")


@dataclass(frozen=True)
class Level:
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
    #: First day from month 12 on on which a failed fusion still held.
    strong: int | None = None


def milestones_of(
    diaries: Diaries, signals: dict[str, Signal], speaks: Bools, p: Parameters
) -> list[Level]:
    """Every level finding, by row and then day."""
    if diaries.shape[1] <= p.slow_first_day:
        return []
    found: list[Level] = []
    late = diaries.lateness()
    for measure in PAINS:
        if measure in signals:
            found += _levels_of_measure(diaries, measure, signals[measure], speaks, late, p)
    found.sort(key=lambda level: (level.row, level.day, level.kind, level.measure))
    return _one_note_at_a_time(found)


def _one_note_at_a_time(levels: list[Level]) -> list[Level]:
    """The findings without a slow-recovery note that another one of the patient still covers."""
    kept: list[Level] = []
    standing: dict[int, Level] = {}
    for level in levels:
        before = standing.get(level.row)
        if level.kind == "slow":
            if before is not None and (before.cleared is None or before.cleared > level.day):
                continue
            standing[level.row] = level
        kept.append(level)
    return kept


def _levels_of_measure(
    diaries: Diaries, measure: str, signal: Signal, speaks: Bools, late: IntArray, p: Parameters
) -> list[Level]:
    mean = signal.now.mean(0, 27, p.level_entries)
    best = signal.now.best(p.best_length, 0, p.best_first_day, p.level_entries)
    preop, _ = preop_scores(diaries, measure)
    course = preop[:, None] * course_shares(diaries, measure)
    spread = course_spreads(diaries, measure)
    with np.errstate(invalid="ignore"):
        behind = (mean > (1.0 - p.least_gain) * preop[:, None]) & (
            mean > course + p.course_margin * spread
        )
        never = best > course + p.course_margin * spread
    bad = behind & never & (mean >= p.failed_level)
    far = behind & never & (mean >= p.slow_level)
    known = ~np.isnan(mean) & speaks
    found = []
    for row in np.flatnonzero((far & known).any(axis=1)):
        around = (diaries, int(row), measure, mean[row], best[row], course[row], signal, late[row])
        found += _slow(far[row], known[row], *around, p)
        if measure == "axial_pain":
            found += _failed(bad[row], known[row], *around, p)
    return found


def _slow(
    far: Bools,
    known: Bools,
    diaries: Diaries,
    row: int,
    measure: str,
    mean: Floats,
    best: Floats,
    course: Floats,
    signal: Signal,
    late: IntArray,
    p: Parameters,
) -> list[Level]:
    """The notes at week 12 and week 26; the second only if the first has ended."""
    found: list[Level] = []
    for first in (p.slow_first_day, p.slow_second_day):
        if found and found[-1].cleared is None:
            break
        looks = np.flatnonzero(known[first : first + p.slow_window])
        if not looks.size:
            continue
        day = first + int(looks[0])
        if not far[day] or (found and (found[-1].cleared or 0) > day):
            continue
        cleared = _next(known & ~far, day + 1)
        found.append(
            _level(diaries, row, "slow", measure, day, cleared, mean, best, course, signal, late)
        )
    return found


def _failed(
    bad: Bools,
    known: Bools,
    diaries: Diaries,
    row: int,
    measure: str,
    mean: Floats,
    best: Floats,
    course: Floats,
    signal: Signal,
    late: IntArray,
    p: Parameters,
) -> list[Level]:
    """Held at two looks four weeks apart, the second from month 6 on."""
    again = np.zeros_like(bad)
    again[p.failed_again_days :] = bad[: -p.failed_again_days]
    raises = bad & again & known
    raises[: p.failed_first_day] = False
    ends = known & (mean < p.failed_level - p.failed_slack)
    found: list[Level] = []
    start = 0
    while (day := _next(raises, start)) is not None:
        cleared = _next(ends, day + 1)
        level = _level(
            diaries,
            row,
            "failed",
            measure,
            day,
            cleared,
            mean,
            best,
            course,
            signal,
            late,
            strong=_next(bad & known, max(day, p.failed_strong_day)),
        )
        found.append(level)
        if cleared is None:
            break
        start = cleared + 1
    return found


def _next(days: Bools, start: int) -> int | None:
    """The first true day from `start` on."""
    found = np.flatnonzero(days[start:])
    return start + int(found[0]) if found.size else None


def _level(
    diaries: Diaries,
    row: int,
    kind: str,
    measure: str,
    day: int,
    cleared: int | None,
    mean: Floats,
    best: Floats,
    course: Floats,
    signal: Signal,
    late: IntArray,
    strong: int | None = None,
) -> Level:
    preop, own = preop_score(diaries, measure, row)
    if strong is not None and cleared is not None and strong >= cleared:
        strong = None
    return Level(
        row=row,
        kind=kind,
        measure=measure,
        day=day,
        known=day + int(late[day]),
        cleared=cleared,
        cleared_known=None if cleared is None else cleared + int(late[cleared]),
        level=float(mean[day]),
        best=float(best[day]),
        preop=preop,
        is_own_preop=own,
        expected=float(course[day]),
        days_used=int((~np.isnan(signal.now.values[row, max(0, day - 27) : day + 1])).sum()),
        strong=strong,
    )
