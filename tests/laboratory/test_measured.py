"""Noise made from the table of measured statistics has those statistics."""

import numpy as np
import pytest

from recovery_tracker.laboratory.measured import (
    MEASURED,
    SHARES,
    heavy_noise,
    silences,
    statistics_of,
)
from recovery_tracker.laboratory.real_diaries import DIARIES, real_scores
from tests import real_diaries


def test_the_noise_of_each_row_has_its_spread_its_memory_and_its_tails() -> None:
    assert sum(SHARES) == pytest.approx(1)
    for row in MEASURED:
        noise = heavy_noise(
            np.random.default_rng(3), np.full(400, row.lag_one), np.full(400, row.kurtosis), 400
        )
        neighbours = np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1]
        assert noise.std() == pytest.approx(1, abs=0.05), row.diary
        assert neighbours == pytest.approx(row.lag_one, abs=0.06), row.diary
        # The tails of a heavy series are slow to show: within a third.
        fourth = (noise**4).mean() / noise.std() ** 4
        assert fourth == pytest.approx(max(row.kurtosis, 3), rel=0.35), row.diary


def test_silences_are_mostly_of_a_day_and_seldom_of_weeks() -> None:
    lengths = silences(np.random.default_rng(1), 20000)
    assert np.median(lengths) == 1
    assert lengths.min() == 1
    assert lengths.max() <= 22
    assert lengths.mean() == pytest.approx(2.0, abs=0.4)


@real_diaries.needed
def test_the_table_is_what_the_diaries_hold() -> None:
    for row in MEASURED:
        again = statistics_of(real_scores(row.diary))
        assert again.answers == row.answers
        assert row.diary in DIARIES
        for name in ("sd", "lag_one", "same", "month_step"):
            assert getattr(again, name) == pytest.approx(getattr(row, name), abs=0.0051), row.diary
        assert again.kurtosis == pytest.approx(row.kurtosis, abs=0.051), row.diary
