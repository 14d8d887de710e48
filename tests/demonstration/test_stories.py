"""The people of the demonstration: deterministic, possible, and told so that the flags tell it."""

from datetime import UTC, datetime

import pytest

from recovery_tracker.demonstration.plots import PLOTS
from recovery_tracker.demonstration.stories import NAMES, stories
from recovery_tracker.domain.flags import TREND_PATTERNS, Pattern, Status, Urgency
from recovery_tracker.domain.measures import NUMBNESS_ZONES
from recovery_tracker.domain.surgery import Region
from recovery_tracker.trends import assess

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def told():
    """Story and assessment by title."""
    return {each.title: (each, assess(each.history, NOW.date())) for each in stories(NOW)}


def patterns(told, title):
    return {episode.pattern for episode in told[title][1].episodes}


def test_there_are_some_forty_people_with_names_of_their_own():
    assert 38 <= len(PLOTS) <= len(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    assert len({plot.title for plot in PLOTS}) == len(PLOTS)


def test_the_same_instant_gives_the_same_stories():
    assert stories(NOW) == stories(NOW)


def test_nothing_was_recorded_after_now(told):
    for story, _ in told.values():
        assert all(entry.recorded_at <= NOW for entry in story.history.entries)
        assert all(entry.day <= NOW.date() for entry in story.history.entries)


def test_every_marked_zone_belongs_to_the_region(told):
    for story, _ in told.values():
        zones = NUMBNESS_ZONES[story.history.region].keys()
        for entry in story.history.entries:
            assert (entry.numbness_zones or frozenset()) <= zones


def test_a_smooth_recovery_raises_nothing(told):
    """The patient who signs in has a flare that settled, and no trend flag."""
    title = PLOTS[0].title
    assert not patterns(told, title) & TREND_PATTERNS
    assert told[title][1].status is Status.NO_RULE_MATCHED


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Loosening at week 14: pain that had settled comes back with loading", "loose_hardware"),
        ("A fusion that never got better", "failed_fusion"),
        ("An infection in week 3", "infection"),
        ("A nerve problem in week 12: leg pain and numbness back after good weeks", "nerve"),
        ("A weak foot in week 6", "nerve"),
        ("An emergency answer yesterday: numb where one sits", "emergency_sign"),
        ("Gone quiet after the pain rose", "gone_quiet"),
        ("Loosening after a fall in week 16", "event"),
    ],
)
def test_a_telling_story_raises_the_flag_it_tells(told, title, expected):
    assert Pattern(expected) in patterns(told, title)


def test_late_failed_fusion_is_seen_as_one_of_the_two_it_can_be(told):
    title = "A late failed fusion: month ten, slowly"
    assert patterns(told, title) & {Pattern.FAILED_FUSION, Pattern.LOOSE_HARDWARE}


def test_flares_that_settle_leave_no_open_trend_flag(told):
    _, assessment = told["Flares that settle, three of them"]
    assert not {episode.pattern for episode in assessment.active} & TREND_PATTERNS


def test_yesterday_s_emergency_is_today_s(told):
    _, assessment = told["An emergency answer yesterday: numb where one sits"]
    assert assessment.status is Status.EMERGENCY
    assert max(episode.urgency for episode in assessment.active) is Urgency.EMERGENCY


def test_every_region_is_there(told):
    assert {story.history.region for story, _ in told.values()} == set(Region)
