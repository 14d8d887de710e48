"""What an onset is not given for; that its interval holds is tested in the laboratory."""

import numpy as np

from recovery_tracker.trends.onset import change_of


def test_too_few_answers_say_nothing() -> None:
    values = np.full(240, np.nan)
    values[100:105] = 3.0

    assert change_of(values, 200, 0, 1.0) is None


def test_a_change_for_the_better_is_none() -> None:
    values = np.where(np.arange(240) < 150, 7.0, 2.0)

    assert change_of(values, 164, 0, 1.0) is None
    assert change_of(9.0 - values, 164, 0, 1.0) is not None
