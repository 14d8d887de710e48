"""The levels that every page quotes: from days, and from sums that the database made of them."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.trends.levels import SPARSE_WINDOW, WINDOW, Sum, mean_of_sums, recent_means

Answers = list[int | None]


def _sum_of(answers: Answers) -> Sum:
    known = [answer for answer in answers if answer is not None]
    return sum(known), len(known)


@given(st.lists(st.none() | st.integers(0, 10), min_size=SPARSE_WINDOW, max_size=SPARSE_WINDOW))
def test_sums_say_the_mean_that_the_days_say(answers: Answers) -> None:
    days = np.array([math.nan if answer is None else answer for answer in answers], dtype=float)
    means, spans = recent_means(days)

    mean, span = mean_of_sums(_sum_of(answers[-WINDOW:]), _sum_of(answers[:-WINDOW]))

    assert span == spans[-1]
    assert mean == means[-1] or (math.isnan(mean) and math.isnan(means[-1]))
