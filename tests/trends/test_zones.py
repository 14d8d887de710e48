"""The map of numbness counts what was said: shares of answered days, and places that are new."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.history import History
from recovery_tracker.domain.measures import NUMBNESS_ZONES
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.zones import ENOUGH, LONG, SHORT, zone_map
from recovery_tracker.web.clinician.numbness_map import _BACK_ONLY, _FRONT_ONLY, _ZONES

TODAY = date(2026, 3, 12)
OPERATION = TODAY - timedelta(days=100)


def diary(*answers, region=Region.LUMBAR):
    """A history with one entry for each answer, the last one today; None is no entry."""
    days = [TODAY - timedelta(days=back) for back in range(len(answers) - 1, -1, -1)]
    entries = tuple(
        DiaryEntry(day, **answer)
        for day, answer in zip(days, answers, strict=True)
        if answer is not None
    )
    return History((Operation(OPERATION, region),), entries)


def numb(*zones):
    return {"numbness": 2, "numbness_zones": frozenset(zones)}


CALM = {"numbness": 0}
CALF = numb("left_calf")


def of(found, key):
    return next(zone for zone in found.zones if zone.key == key)


def test_a_share_is_of_the_days_that_say_where():
    """Not answered, and numb without a place, are neither yes nor no."""
    silent = {"numbness": 3}
    found = zone_map(diary(*[CALM] * 30, CALF, CALF, silent, {}, None, CALM), TODAY)
    assert found.window == SHORT
    assert found.answered == SHORT - 3
    assert of(found, "left_calf").short == 2
    assert found.share(of(found, "left_calf")) == pytest.approx(2 / 11)


def test_with_few_days_in_two_weeks_four_are_shown():
    found = zone_map(diary(CALF, CALF, *[CALM] * 8, *[None] * 12, CALF, CALM), TODAY)
    assert found.window == LONG
    assert (found.answered, of(found, "left_calf").long) == (12, 3)


def test_before_an_operation_that_is_still_to_come_every_day_counts():
    soon = Operation(TODAY + timedelta(days=9), Region.LUMBAR)
    before = replace(diary(*[CALF] * 6), operations=(soon,))
    assert of(zone_map(before, TODAY), "left_calf").long == 6


def test_too_few_days_are_no_share():
    found = zone_map(diary(CALF, CALM), TODAY)
    assert found.answered == 0
    assert found.share(of(found, "left_calf")) == 0
    assert ENOUGH > 2


def test_new_is_what_was_never_marked_in_a_diary_that_would_have_told():
    long_known = [CALM] * (STANDARD.zone_history + SHORT - 2)
    found = zone_map(diary(*long_known, CALF, CALF), TODAY)
    assert [zone.key for zone in found.new] == ["left_calf"]
    assert of(found, "left_calf").first == TODAY - timedelta(days=1)
    marked_long_ago = zone_map(diary(CALF, *long_known, CALF), TODAY)
    assert marked_long_ago.new == ()
    too_short_to_know = zone_map(diary(*[CALM] * SHORT, CALF), TODAY)
    assert too_short_to_know.new == ()


def test_what_was_marked_before_the_operation_is_not_shaded_and_not_new():
    operation = TODAY - timedelta(days=2)
    before = diary(*[CALF] * 60, CALM, CALM, CALF)
    history = History((Operation(operation, Region.LUMBAR),), before.entries)
    found = zone_map(history, TODAY)
    assert of(found, "left_calf").short == 1
    assert found.new == ()


def test_sides_of_the_limb_pain_are_counted():
    left, both = ({"limb_pain": 3, "limb_pain_side": side} for side in ("left", "both"))
    found = zone_map(diary(left, left, both, {"limb_pain": 0}), TODAY)
    assert dict(found.sides) == {"left": 2, "right": 0, "both": 1}
    assert found.sides_answered == 3


@pytest.mark.parametrize("region", Region)
def test_every_place_has_a_shape_on_one_view_at_least(region):
    for key in NUMBNESS_ZONES[region]:
        part = key.partition("_")[2]
        assert part in _ZONES
        assert not (part in _FRONT_ONLY and part in _BACK_ONLY)
