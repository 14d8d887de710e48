"""Which days of many diaries may ask for something, found on arrays: all others ask for nothing for
certain, so no entry is made of them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.circumstances import (
    FEVER_C,
    JUMP,
    LAST_SCORE_DAYS,
    STRAIN_DAYS,
    STRAIN_NEEDS,
)
from ..domain.context import USUAL_DAYS, USUAL_NEEDS
from ..domain.follow_ups import SCORE_FOLLOW_UPS
from ..domain.measures import MEASURES
from ..domain.signs import WEEKLY_SIGNS
from ..domain.triage import DOSES_TWICE_FROM
from .answers import ASKING
from .series import SIDE_CODES, BoolArray, Diaries

PAINS = ("axial_pain", "limb_pain")


def single_days(diaries: Diaries) -> BoolArray:
    """Days that may ask for something by themselves (`answers.is_interesting`)."""
    found = diaries.ticked(ASKING)
    # NaN compares as False: what was not recorded asks for nothing.
    if "temperature_c" in diaries.numbers:
        found |= diaries.numbers["temperature_c"] >= FEVER_C
    if "opioid_doses" in diaries.numbers:
        found |= diaries.numbers["opioid_doses"] >= DOSES_TWICE_FROM
    if "numbness" in diaries.numbers:
        found |= diaries.numbers["numbness"] == MEASURES["numbness"].high
    if diaries.limb_pain_side is not None:
        found |= diaries.limb_pain_side == SIDE_CODES["both"]
    sides = [
        [array for zone, array in diaries.zones.items() if zone.startswith(side)]
        for side in ("left_", "right_")
    ]
    if all(sides):
        found |= np.any(sides[0], axis=0) & np.any(sides[1], axis=0)
    if "fall" in diaries.strain:
        found |= diaries.strain["fall"]
    for sign in SCORE_FOLLOW_UPS & (diaries.signs_asked or {}).keys():
        found |= ~diaries.signs_answered & (diaries.signs_asked or {})[sign]
    return found


def strained_days(diaries: Diaries) -> BoolArray:
    """Days of bending, lifting or twisting after which pain may have jumped and stayed up.

    Never misses one that `circumstances.strain_reason` finds; may name some that it does not.
    """
    found = np.zeros(diaries.shape, dtype=bool)
    kinds = [array for key, array in diaries.strain.items() if key != "fall"]
    if not kinds:
        return found
    rows, columns = np.nonzero(np.any(kinds, axis=0))
    jumped = _jumps(diaries, rows, columns, STRAIN_DAYS).sum(axis=1) >= STRAIN_NEEDS
    found[rows[jumped], columns[jumped]] = True
    return found


def jumped(diaries: Diaries, rows: NDArray[Any], columns: NDArray[Any]) -> BoolArray:
    """Whether pain may have jumped on each of these days, as `circumstances.pain_jump` finds it;
    may say so of some on which it does not.
    """
    return _jumps(diaries, rows, columns, 0)[:, 0]


def _jumps(diaries: Diaries, rows: NDArray[Any], columns: NDArray[Any], last: int) -> BoolArray:
    """Whether pain stood `JUMP` above what was usual before each of these cells, on its day and
    each of the `last` days after it.
    """
    up = np.zeros((len(rows), last + 1), dtype=bool)
    usual_days = (rows, columns, -USUAL_DAYS, -1)
    later: BoolArray = np.zeros(len(rows), dtype=bool)
    if diaries.late is not None:
        later |= np.any(_window(diaries.late, *usual_days) > 0, axis=1)
    for key in PAINS:
        if key in diaries.numbers:
            before = _window(diaries.numbers[key], *usual_days)
            after = _window(diaries.numbers[key], rows, columns, 0, last)
            known = np.sort(before, axis=1)  # NaN sorts to the end.
            count = np.sum(~np.isnan(before), axis=1)
            place = np.maximum(count - 1, 0)
            at = np.arange(len(rows))
            median = (known[at, place // 2] + known[at, (place + 1) // 2]) / 2
            # With too few days the last score stands in, and what was recorded later was not known
            # yet: take the lowest of them, to be safe.
            low = np.where((count >= USUAL_NEEDS) & ~later, median, known[:, 0])
            up |= after - low[:, None] >= JUMP
    return up


assert LAST_SCORE_DAYS <= USUAL_DAYS, "the last score must lie in the window searched above"


def _window(
    numbers: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], first: int, last: int
) -> NDArray[np.float64]:
    """Values from `first` to `last` days after each cell, NaN outside the array."""
    offsets = columns[:, None] + np.arange(first, last + 1)[None, :]
    inside = (offsets >= 0) & (offsets < numbers.shape[1])
    values = numbers[rows[:, None], np.clip(offsets, 0, numbers.shape[1] - 1)]
    return np.where(inside, values, np.nan).astype(np.float64)


def calm_days(diaries: Diaries) -> BoolArray:
    """Days on which the day's warning question was answered with nothing at all, as
    `DiaryEntry.tells_signs` says.
    """
    calm = diaries.signs_answered & ~diaries.ticked(diaries.signs)
    if diaries.signs_asked is None:
        return calm
    asked = diaries.was_asked(diaries.signs_asked)
    return calm & (~asked | diaries.was_asked(diaries.signs_asked.keys() - WEEKLY_SIGNS))
