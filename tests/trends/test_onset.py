"""The stated onset holds what it says, whether a change grows in a line, in an S or at once."""

import numpy as np
import pytest

from recovery_tracker.trends.onset import change_of
from recovery_tracker.trends.windows import Floats

ONSET, DAYS = 150, 320


def grown(kind: str, days: int) -> Floats:
    share = np.clip((np.arange(DAYS) - ONSET + 1) / days, 0.0, 1.0)
    if kind == "line":
        return share
    curve = 1.0 / (1.0 + np.exp(-8.0 * (share - 0.5)))
    ends = 1.0 / (1.0 + np.exp(np.array([4.0, -4.0])))
    return np.asarray((curve - ends[0]) / (ends[1] - ends[0]))


def diary(seed: int, rise: Floats) -> Floats:
    """Whole answers around 2 with days that resemble each other, four in five of them given."""
    rng = np.random.default_rng(seed)
    fresh = rng.standard_normal(DAYS)
    noise = fresh.copy()
    for day in range(1, DAYS):
        noise[day] = 0.45 * noise[day - 1] + 0.89 * fresh[day]
    answers = np.round(np.clip(2.0 + rise + noise, 0, 10))
    return np.where(rng.random(DAYS) < 0.8, answers, np.nan)


@pytest.mark.parametrize("kind", ["line", "s"])
@pytest.mark.parametrize(("size", "days"), [(3.0, 3), (3.0, 42), (2.0, 42), (2.5, 84)])
def test_nine_of_ten_intervals_hold_the_day(kind: str, size: float, days: int) -> None:
    rise = size * grown(kind, days)
    seen = ONSET + int(np.argmax(rise[ONSET:] >= 1.5)) + 7
    held = []
    for seed in range(60):
        change = change_of(diary(seed, rise), seen, 0, 1.0)
        assert change is not None
        held.append(change.onset_first <= ONSET <= change.onset_last)

    assert np.mean(held) >= 0.8


def test_too_few_answers_say_nothing() -> None:
    values = np.full(DAYS, np.nan)
    values[100:105] = 3.0

    assert change_of(values, 200, 0, 1.0) is None


def test_a_change_for_the_better_is_none() -> None:
    values = np.where(np.arange(DAYS) < ONSET, 7.0, 2.0)

    assert change_of(values, ONSET + 14, 0, 1.0) is None
