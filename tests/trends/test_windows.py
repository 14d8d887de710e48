"""Known answers of the windows that everything else is built of."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.signals import rhythm
from recovery_tracker.trends.windows import (
    Series,
    added_up,
    back,
    best_so_far,
    faded,
    highest,
    running,
)

ONE_TO_TEN = np.arange(1.0, 11.0)[None, :]


def test_a_window_back_counts_both_ends() -> None:
    sums = back(running(ONE_TO_TEN), 1, 3)

    assert sums[0].tolist() == [0, 1, 3, 6, 9, 12, 15, 18, 21, 24]


def test_a_missing_day_is_left_out_of_a_mean() -> None:
    values = ONE_TO_TEN.copy()
    values[0, 4] = np.nan

    mean = Series(values).mean(0, 2, 2)

    assert np.isnan(mean[0, 0])
    assert mean[0, 4] == pytest.approx(3.5)
    assert mean[0, 6] == pytest.approx(6.5)


def test_the_variance_of_a_window_is_the_population_variance() -> None:
    assert Series(ONE_TO_TEN).variance(0, 4)[0, 9] == pytest.approx(2.0)


def test_the_best_so_far_starts_on_its_day_and_never_gets_worse() -> None:
    best = best_so_far(np.array([[0.0, 0, 9, 5, np.nan, 7, 1, 9]]), 2)[0]

    assert np.isnan(best[:2]).all()
    assert best[2:].tolist() == [9.0, 5.0, 5.0, 5.0, 1.0, 1.0]


def test_a_mean_of_some_places_and_of_one_row_is_that_of_all() -> None:
    """To the last bit, before the first day and where too few days were answered too."""
    values = np.random.default_rng(4).normal(5, 2, (3, 60))
    values[np.random.default_rng(5).random((3, 60)) < 0.6] = np.nan
    for window in ((0, 6, 3), (5, 20, 4), (28, 200, 10)):
        whole = Series(values).mean(*window)
        places = np.nonzero(values < 6)
        assert_array_equal(Series(values).mean_at(places, *window), whole[places])
        assert_array_equal(Series(values).row(1).mean(*window), whole[1:2])


def test_a_faded_mean_pauses_on_missing_days() -> None:
    assert faded(np.array([[1.0, np.nan, 1.0, 1.0]]), 0.5)[0].tolist() == [0.5, 0.5, 0.75, 0.875]


def test_a_sum_never_falls_below_nothing_nor_grows_beyond_its_limit() -> None:
    steps = np.array([[-1.0, 2.0, 0.0, 3.0, 3.0, -2.0]])
    assert added_up(steps, 6.0)[0].tolist() == [0.0, 2.0, 2.0, 5.0, 6.0, 4.0]


def test_the_highest_of_a_window_is_found_day_by_day() -> None:
    values = np.random.default_rng(2).normal(0, 1, (3, 90))
    for first, last in ((0, 0), (0, 6), (3, 3), (5, 45), (28, 209)):
        found = highest(values, first, last)
        for day in range(90):
            inside = values[:, max(0, day - last) : max(0, day - first + 1)]
            assert_array_equal(found[:, day], inside.max(axis=1, initial=-np.inf))


def test_what_a_window_says_does_not_depend_on_later_days() -> None:
    values = np.random.default_rng(1).normal(5, 2, (3, 300))
    for days in (60, 150, 299):
        whole, part = Series(values), Series(values[:, :days])
        assert_array_equal(whole.mean(3, 40, 1)[:, :days], part.mean(3, 40, 1))
        assert_array_equal(whole.variance(3, 40)[:, :days], part.variance(3, 40))


def test_an_entry_of_a_rare_diary_speaks_for_the_days_between() -> None:
    """Daily, daily with one day in seven missed, two a week, and daily with one long holiday."""
    day = np.arange(200)
    twice = np.isin(day % 7, (0, 3))
    known = np.stack([day >= 0, day % 7 != 0, twice, (day < 150) | (day > 170)])

    days = rhythm(known, STANDARD)

    assert days[[0, 1, 3], -1].tolist() == [1.0, 1.0, 1.0]
    assert 3.0 < days[2, -1] < 4.0


def test_one_patient_alone_is_the_same_to_the_last_bit_as_among_others() -> None:
    chance = np.random.default_rng(7)
    values = chance.normal(size=(20, 900))
    values[chance.random(values.shape) < 0.2] = np.nan
    steps, most = chance.normal(size=values.shape), chance.uniform(1, 6, len(values))
    for row in range(len(values)):
        one = slice(row, row + 1)
        for weight in (0.13, chance.random(values.shape)):
            own = weight if isinstance(weight, float) else weight[one]
            assert faded(values[one], own).tobytes() == faded(values, weight)[one].tobytes()
        for limit in (6.0, most):
            own = limit if isinstance(limit, float) else limit[one]
            assert added_up(steps[one], own).tobytes() == added_up(steps, limit)[one].tobytes()
