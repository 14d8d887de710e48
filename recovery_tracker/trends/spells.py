"""Limb pain and numbness that come and go: a spell like several before it is no news.

A spell is every day on which the score is at least half an alarm; it is over once better days were
recorded and a week has passed. Up to a day it is expected if at least three earlier ones had lasted
as long and had reached as high a weekly mean, and for three weeks at most. What is higher or lasts
longer than what the person had is weighed as ever.
"""

import numpy as np

from .parameters import Parameters
from .windows import Floats, IntArray, Series


def hush_expected(score: Floats, answers: Series, p: Parameters) -> None:
    """Puts the score of `answers` below every alarm on the days of an expected spell."""
    rows = np.flatnonzero((score > p.spell_score).any(axis=1))
    high = score[rows] >= p.spell_begins
    begun = np.cumsum(high[:, 1:] & ~high[:, :-1], axis=1)
    late = ((begun > p.spell_times) & (score[rows, 1:] > p.spell_score)).any(axis=1)
    for row in rows[late].tolist():
        days = _expected(score[row], answers, row, p)
        score[row, days] = np.minimum(score[row, days], p.spell_score)


def _expected(score: Floats, answers: Series, row: int, p: Parameters) -> IntArray:
    """The days of one patient on which a spell is, as far as it has come, like those before."""
    known = answers.known[row]
    days = np.flatnonzero(known & (score >= p.spell_begins))
    was_better = np.diff(np.cumsum(known)[days]) > 1
    begins = np.flatnonzero(was_better & (np.diff(days) > p.short_window)) + 1
    starts, ends = np.array([0, *begins]), np.array([*begins, len(days)])
    late = np.maximum.reduceat(score[days], starts)[p.spell_times :] > p.spell_score
    expected = np.zeros(len(days), dtype=bool)
    if not late.any():
        return days[expected]
    week = Series(answers.values[[row]]).mean(0, p.short_window - 1, 1)[0, days]
    lengths, heights = days[ends - 1] - days[starts] + 1, np.maximum.reduceat(week, starts)
    for at in (late.nonzero()[0] + p.spell_times).tolist():
        so_far = slice(starts[at], ends[at])
        length = days[so_far] - days[starts[at]] + 1
        height = np.maximum.accumulate(week[so_far])
        like = (lengths[:at, None] >= length) & (heights[:at, None] >= height)
        expected[so_far] = (like.sum(axis=0) >= p.spell_times) & (length <= p.spell_most_days)
    return days[expected]
