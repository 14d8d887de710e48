"""What is worth considering depends on the day after the operation."""

import pytest

from recovery_tracker.domain.flags import Pattern
from recovery_tracker.domain.phrases import CONSIDER
from recovery_tracker.trends.considering import considered
from recovery_tracker.trends.parameters import STANDARD


@pytest.mark.parametrize(
    ("pattern", "day", "expected"),
    [
        (Pattern.NERVE, 3, ("infection", "haematoma", "loosening")),
        (Pattern.NERVE, 14, ("infection", "haematoma", "loosening")),
        (Pattern.NERVE, 44, ("infection", "loosening")),
        (Pattern.NERVE, 120, ("infection", "adjacent_level", "loosening")),
        (Pattern.INFECTION, 24, ()),
        (Pattern.INFECTION, 60, ("loosening",)),
        (Pattern.EVENT, 5, ("fracture", "loosening")),
        (Pattern.WORSENING, 40, ("infection", "fracture", "loosening")),
        (Pattern.LOOSE_HARDWARE, 200, ("infection", "fracture", "adjacent_level", "loosening")),
        (Pattern.GONE_QUIET, 200, ()),
    ],
)
def test_what_fits_the_day_is_considered(pattern, day, expected):
    assert considered(pattern, day, STANDARD) == expected


def test_nothing_of_the_operation_is_considered_before_it():
    assert {considered(pattern, -1, STANDARD) for pattern in Pattern} == {()}


def test_everything_considered_has_its_words():
    named = {
        key
        for pattern in Pattern
        for day in (0, 30, 365)
        for is_function in (False, True)
        for key in considered(pattern, day, STANDARD, is_function=is_function)
    }
    assert named == CONSIDER.keys()
