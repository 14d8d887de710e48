"""The scorecard of axial pain: monotone, small enough to read, from the past alone."""

import json
from dataclasses import replace

import numpy as np
import pytest

from recovery_tracker.laboratory.randomised import simulate_randomised
from recovery_tracker.laboratory.train_scorecard import statistics
from recovery_tracker.trends.scorecard import (
    MOST_STEPS,
    STATISTICS,
    read_table,
    standard,
    write_table,
)


def test_the_table_of_the_package_is_monotone_and_small_enough_to_read() -> None:
    card = standard()
    assert tuple(card.points) == STATISTICS
    for name in STATISTICS:
        points = card.points[name]
        assert len(points) <= MOST_STEPS
        assert points[0] == 0
        assert all(np.diff(points) >= 0), name


def test_a_table_that_falls_is_refused(tmp_path) -> None:
    path = tmp_path / "table.json"
    write_table(standard(), path)
    held = json.loads(path.read_text())
    held["tables"]["today"]["points"][1] = -1.0
    path.write_text(json.dumps(held))
    with pytest.raises(ValueError, match="today: points must begin at 0"):
        read_table(path)


def test_a_statistic_of_a_day_never_looks_ahead_nor_at_the_company() -> None:
    diaries = simulate_randomised("loosening", 12, 3).diaries
    whole = statistics(diaries)
    alone = statistics(diaries.rows(np.array([7])))
    assert np.array_equal(whole[7], alone[0])
    numbers = {key: value.copy() for key, value in diaries.numbers.items()}
    for value in numbers.values():
        value[:, 200:] = np.nan
    cut = replace(diaries, numbers=numbers)
    assert np.array_equal(statistics(cut)[:, :200], whole[:, :200])
