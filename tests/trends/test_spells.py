"""A spell of limb pain or numbness like several before it is no news; a higher or longer one is."""

import numpy as np
import pytest

from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.spells import hush_expected
from recovery_tracker.trends.windows import Floats, Series

#: First day, days and height of a spell.
Spell = tuple[int, int, float]

BEFORE: tuple[Spell, ...] = ((80, 10, 5.0), (120, 10, 5.0), (160, 10, 5.0))
NOW = 200


def hushed(*spells: Spell, every: int = 1) -> list[int]:
    """The days, from 1, of the last spell that are taken for one like those before; recorded
    `every` so many days.
    """
    score, answers = np.zeros((1, 300)), np.ones((1, 300))
    for first, days, height in spells:
        score[0, first : first + days] = 1.2
        answers[0, first : first + days] = height
    answers[0, np.arange(300) % every != 0] = np.nan
    after: Floats = score.copy()
    hush_expected(after, Series(answers), STANDARD)
    return [int(day) - NOW + 1 for day in np.flatnonzero(after[0] < score[0]) if day >= NOW]


def test_the_fourth_of_its_kind_is_expected() -> None:
    assert hushed(*BEFORE, (NOW, 10, 5.0)) == list(range(1, 11))


def test_two_before_are_too_few() -> None:
    assert not hushed(*BEFORE[1:], (NOW, 10, 5.0))


def test_one_of_the_three_was_shorter_or_lower() -> None:
    shorter = hushed((80, 5, 5.0), *BEFORE[1:], (NOW, 10, 5.0))
    lower = hushed((80, 10, 4.0), *BEFORE[1:], (NOW, 10, 5.0))

    assert shorter == list(range(1, 6))
    assert max(lower) < 7


def test_what_is_higher_is_heard_within_a_week() -> None:
    assert max(hushed(*BEFORE, (NOW, 10, 6.0))) < 6


def test_what_lasts_longer_is_heard_from_the_next_day_on() -> None:
    assert hushed(*BEFORE, (NOW, 60, 5.0)) == list(range(1, 11))


def test_nothing_is_expected_for_longer_than_three_weeks() -> None:
    long = ((60, 35, 5.0), (105, 35, 5.0), (150, 35, 5.0))

    assert max(hushed(*long, (NOW, 60, 5.0))) == STANDARD.spell_most_days


def test_somebody_who_writes_rarely_has_one_spell_and_not_one_for_each_entry() -> None:
    entries = ((81, 1, 5.0), (117, 1, 5.0), (153, 1, 5.0))

    assert hushed(*entries, (NOW, 90, 5.0), every=9)[-1] < 10


@pytest.mark.parametrize("factor", [STANDARD.factor_sensitive, 1.0, STANDARD.factor_quiet])
def test_what_is_expected_raises_nothing_under_any_setting(factor: float) -> None:
    assert STANDARD.spell_score / factor < 1.0
