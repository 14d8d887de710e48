"""Episodes of the warning answers, as stories."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from recovery_tracker.domain.flags import Pattern, Urgency, raisings
from recovery_tracker.domain.history import Event, EventKind
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.triage import advice_of
from recovery_tracker.trends.answers import answer_findings, fold, is_interesting
from tests.stories import Story

E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE
EMERGENCY, URGENT = Pattern.EMERGENCY_SIGN, Pattern.URGENT_SIGN
INFECTION, EVENT, NERVE = Pattern.INFECTION, Pattern.EVENT, Pattern.NERVE


def test_every_urgent_answer_is_raised_on_its_day_and_nothing_else():
    """All of them, the same day, none invented: whatever the region and however it came in."""
    for source, region, pod, sign in product(
        ("", "imported"), ("lumbar", "cervical", "thoracic"), (0, 5, 50, 300), SIGNS
    ):
        story = Story(
            f"{region} {source}\nday {pod - 1} signs=none\nday {pod} signs={sign}"
            f"\nday {pod + 1} signs=none"
        )
        urgency = SIGNS[sign].urgency_on(pod, story.operation)
        expected = [] if urgency is None or urgency is N else [(urgency, pod)]
        assert [(told[1], told[2]) for told in story.told()] == expected, (region, pod, sign)


class TestEmergencies:
    """One episode for each sign and day, closed by nothing but the word "gone"."""

    def test_each_sign_and_day_stands_alone(self, story):
        """
        day 30      signs=chest_pain+fainting
        day 31      signs=chest_pain
        """
        assert story.told() == [(EMERGENCY, E, 30, None)] * 2 + [(EMERGENCY, E, 31, None)]
        assert [episode.signs for episode in story.answers()] == [
            ("chest_pain",),
            ("fainting",),
            ("chest_pain",),
        ]

    def test_silence_and_other_answers_never_close_it(self, story):
        """
        day 30      signs=chest_pain
        day 31-200  axial=2 signs=none
        """
        assert story.told(600) == [(EMERGENCY, E, 30, None)]

    def test_in_a_file_silence_never_closes_it(self, story):
        """
        imported
        day 30      signs=chest_pain
        day 31-32   axial=2 signs=none
        day 33-200  axial=2
        """
        assert story.told(600) == [(EMERGENCY, E, 30, None)]

    def test_gone_with_nobody_asked_is_a_same_day_matter(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=none gone=chest_pain spoke=no
        day 32-90   axial=2 signs=none
        """
        assert story.told(44) == [(EMERGENCY, E, 30, 31), (URGENT, S, 31, None)]
        assert story.told(46) == [(EMERGENCY, E, 30, 31), (URGENT, S, 31, 46)]

    def test_in_a_file_explicit_answers_without_it_end_it(self, story):
        """
        imported
        day 30-31   signs=chest_pain
        day 32-60   axial=2 signs=none
        """
        assert story.told(45) == [(EMERGENCY, E, 30, None), (EMERGENCY, E, 31, None)]
        assert story.told(46) == [(EMERGENCY, E, 30, 46), (EMERGENCY, E, 31, 46)]

    def test_gone_closes_all_days_of_the_sign(self, story):
        """
        day 30-31   signs=chest_pain
        day 32      signs=fainting
        day 40      signs=none gone=chest_pain spoke=yes
        """
        assert story.told() == [
            (EMERGENCY, E, 30, 40),
            (EMERGENCY, E, 31, 40),
            (EMERGENCY, E, 32, None),
        ]

    def test_worse_asks_for_attention_again(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=none same=chest_pain
        day 32      signs=none worse=chest_pain
        """
        (episode,) = story.answers()
        assert [(story.pod(u.day), u.urgency) for u in episode.updates] == [(32, E)]

    def test_it_comes_back_after_it_was_gone(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=none gone=chest_pain spoke=yes
        day 40      signs=chest_pain
        """
        assert story.told() == [(EMERGENCY, E, 30, 31), (EMERGENCY, E, 40, None)]

    def test_a_fever_makes_an_open_weakness_an_emergency(self, story):
        """
        day 30      signs=new_weakness
        day 31      signs=none same=new_weakness temp=38.4
        """
        assert story.told() == [
            (NERVE, S, 30, None),
            (EMERGENCY, E, 31, None),
            (INFECTION, S, 31, None),
        ]


class TestJoining:
    """Ticks of one kind at most 14 days apart are one matter."""

    @pytest.mark.parametrize(("again", "raised"), [(24, [10]), (25, [10, 25])])
    def test_the_edge(self, again, raised):
        """A tick on the fourteenth day joins, one day later it is a new episode."""
        story = Story(f"day 10 signs=wound_redness\nday {again} signs=wound_redness")
        assert [told[2] for told in story.told()] == raised

    def test_a_further_tick_a_new_sign_and_a_higher_urgency_are_news(self, story):
        """
        day 100     signs=fall
        day 102     axial=2 signs=giving_way
        day 103     signs=fall+new_weakness
        """
        event = story.answers()[0]
        assert (event.pattern, event.urgency, event.worst_urgency) == (EVENT, R, S)
        assert [(story.pod(u.day), u.urgency) for u in event.updates] == [(102, R), (103, S)]

    def test_the_same_is_no_news(self, story):
        """
        day 30      signs=calf_swelling
        day 31-33   signs=none same=calf_swelling
        day 34      signs=none worse=calf_swelling
        """
        (episode,) = story.answers()
        assert [story.pod(update.day) for update in episode.updates] == [34]

    def test_unlike_signs_do_not_hide_each_other(self, story):
        """
        day 100     signs=weight_loss
        day 105     signs=calf_swelling
        day 108     signs=upright_headache
        """
        assert [(told[1], told[2]) for told in story.told()] == [(R, 100), (S, 105), (S, 108)]

    def test_what_an_episode_was_raised_with_stays(self, story):
        """
        day 30      signs=wound_redness
        day 31      signs=wound_drainage+chills
        """
        (episode,) = story.answers()
        assert episode.signs == ("wound_redness",)
        assert episode == replace(story.answers(30)[0], updates=episode.updates)


def test_a_list_of_flags_shows_the_day_it_became_more_urgent(story):
    """
    day 80-99   axial=2 signs=none
    day 100     axial=2 signs=fall
    day 101     axial=6
    day 102     axial=6 signs=clunk
    """
    (episode,) = story.answers()
    rows = raisings(episode)
    assert [(row.urgency, story.pod(row.raised_on)) for row in rows] == [
        (R, 100),
        (S, 101),
        (S, 102),
    ]
    assert rows[1].evidence_for[0].code == "raised_pain_jump"


def test_a_list_of_flags_shows_the_day_of_each_new_warning_answer(story):
    """
    day 20      signs=fever
    day 22      signs=fever
    day 25      signs=wound_redness
    day 27      signs=wound_drainage+fever
    day 28      signs=wound_redness
    """
    (episode,) = story.answers()
    rows = raisings(episode)
    assert [(story.pod(row.raised_on), row.urgency) for row in rows] == [(20, S), (25, S), (27, S)]
    assert [row.signs[-1] for row in rows] == ["fever", "wound_redness", "wound_drainage"]
    assert {row.pattern for row in rows} == {Pattern.INFECTION}
    for row in rows:
        (known,) = story.answers(story.pod(row.raised_on))
        assert row in raisings(known)


def test_a_new_answer_told_beside_a_known_one_is_named(story):
    """
    day 20      signs=wound_redness
    day 21      signs=wound_redness+wound_drainage+clear_wound_fluid
    """
    (episode,) = story.answers()
    _first, second = raisings(episode)
    assert set(second.signs) == {"wound_redness", "wound_drainage", "clear_wound_fluid"}
    assert {reason.values["sign"] for reason in second.evidence_for} == set(second.signs)
    assert ("clear_wound_fluid", "fluid_leak") in advice_of(episode, story.operation)


def test_a_row_of_a_list_says_what_was_known_on_its_day(story):
    """
    day 80-99   axial=2 signs=none
    day 100     axial=2 signs=fall
    day 101     axial=6
    day 102     axial=6 signs=clunk
    day 103     axial=6 signs=clunk+fall
    """
    (whole,) = (raisings(episode) for episode in story.answers())
    for row in whole:
        (known,) = story.answers(story.pod(row.raised_on))
        assert row in raisings(known)


@pytest.mark.parametrize(
    ("table", "advice"),
    [
        ("day 30 signs=chest_pain+fainting", [("chest_pain", "chest")]),
        ("day 30 signs=fainting gone=fainting late=2", [("fainting", "was_there")]),
        ("day 9 signs=neck_swelling late=6 gone=neck_swelling", [("neck_swelling", "was_there")]),
        ("day 20 signs=neck_swelling", [("neck_swelling", "throat")]),
        (
            "day 9 signs=none limb=2 side=left\nday 10 limb=2 side=both",
            [("limb_pain_side", "both_sides")],
        ),
        ("day 9 numb=0\nday 10 numb=4", [("numbness", "numbness")]),
        ("day 100 signs=fall", [("fall", "shift_review")]),
        ("day 99 axial=1\nday 100 signs=fall\nday 101 axial=7", [("fall", "shift")]),
        (
            "day 99 axial=1\nday 100 signs=shift_unspecified\nday 102 axial=4",
            [("shift_unspecified", "shift")],
        ),
        (
            "day 80-99 axial=1\nday 100 strain=bending\nday 101-103 axial=7",
            [("strain", "shift_review")],
        ),
    ],
)
def test_a_flag_finds_its_advice(table, advice):
    """By what made it as urgent as it is."""
    story = Story(table)
    assert list(advice_of(story.answers()[0], story.operation)) == advice


class TestEnding:
    """Gone where it is asked after, explicit answers where it cannot be."""

    def test_every_sign_must_be_gone(self, story):
        """
        day 30      signs=wound_redness
        day 33      signs=chills
        day 36      signs=none gone=wound_redness
        day 40      signs=none gone=chills
        """
        assert story.told(39) == [(INFECTION, S, 30, None)]
        assert story.told(40) == [(INFECTION, S, 30, 40)]

    def test_silence_never_closes_what_is_asked_after(self, story):
        """
        day 30      signs=calf_swelling
        day 31-90   axial=2 signs=none
        """
        assert story.told(400) == [(URGENT, S, 30, None)]

    def test_an_imported_sign_ends_after_fourteen_days_without_it(self, story):
        """
        imported
        day 30      signs=calf_swelling
        day 31-60   axial=2 signs=none
        """
        assert story.told(44) == [(URGENT, S, 30, None)]
        assert story.told(45) == [(URGENT, S, 30, 45)]

    def test_silence_does_not_end_an_imported_sign(self, story):
        """
        imported
        day 30      signs=calf_swelling
        day 31-32   axial=2 signs=none
        day 33-80   axial=2
        """
        assert story.told(300) == [(URGENT, S, 30, None)]

    def test_the_third_answer_ends_it_when_it_comes_late(self, story):
        """
        imported
        day 30      signs=calf_swelling
        day 31-32   signs=none
        day 70      signs=none
        """
        assert story.told(69) == [(URGENT, S, 30, None)]
        assert story.told(70) == [(URGENT, S, 30, 70)]

    def test_a_review_sign_that_nobody_asks_after_ends_the_same_way(self, story):
        """
        day 100     signs=weight_loss
        day 101-130 axial=2 signs=none
        """
        assert story.told() == [(URGENT, R, 100, 115)]

    def test_an_ended_matter_re_arms(self, story):
        """
        day 30      signs=calf_swelling
        day 31      signs=none gone=calf_swelling
        day 32      signs=calf_swelling
        """
        assert story.told() == [(URGENT, S, 30, 31), (URGENT, S, 32, None)]

    def test_what_was_never_gone_goes_along_with_a_new_episode(self, story):
        """
        day 30      signs=wound_redness
        day 60      signs=chills
        day 61      signs=none gone=chills
        """
        assert story.told() == [(INFECTION, S, 30, 60), (INFECTION, S, 60, None)]

    def test_both_sides_end_when_it_is_one_side_again(self, story):
        """
        day 1-20    limb=3 side=left
        day 21-25   limb=3 side=both
        day 26-60   limb=3 side=left
        """
        assert story.told() == [(NERVE, S, 21, 36)]

    @pytest.mark.parametrize(("numb", "ended"), [(4, None), (3, None), (2, 36)])
    def test_complete_numbness_ends_when_something_is_felt_again(self, numb, ended):
        """It stays open until no more is numb than was usual."""
        story = Story(f"day 1-20 numb=2\nday 21-22 numb=4\nday 23-60 numb={numb}")
        assert story.told() == [(NERVE, S, 21, ended)]

    def test_an_answer_that_does_not_say_is_not_an_end(self, story):
        """
        day 1-20    numb=2 limb=2 side=left
        day 21      numb=4 limb=2 side=both
        day 22-60   axial=2 signs=none
        """
        assert story.told() == [(EMERGENCY, E, 21, None), (NERVE, S, 21, None)]


@pytest.mark.parametrize(("temperature", "raised"), [(37.9, []), (38.0, [50])])
def test_a_measured_fever_is_raised_from_38_on(temperature, raised):
    """The edge itself counts."""
    assert [told[2] for told in Story(f"day 50 temp={temperature}").told()] == raised


class TestPatterns:
    """Which name a finding gets."""

    def test_pain_after_a_strain_is_an_event(self, story):
        """
        day 100-119 axial=2 signs=none
        day 120     axial=2 strain=twisting
        day 121-126 axial=6
        """
        assert story.told() == [(EVENT, R, 123, None)]

    def test_the_same_jump_is_told_once(self, story):
        """
        day 180-199 axial=2 signs=none
        day 200     axial=2 signs=clunk
        day 201-202 axial=6
        """
        (episode,) = story.answers()
        assert (episode.urgency, episode.worst_urgency) == (R, S)
        assert [story.pod(update.day) for update in episode.updates] == [201]

    def test_rising_pain_then_a_fever_is_an_infection_on_that_day(self, story):
        """
        day 1-42    axial=6..2 signs=none
        day 43-120  axial=2 signs=none
        day 121-150 axial=2..5 signs=none
        day 151     axial=5 temp=38.1 signs=none
        """
        assert story.told() == [(INFECTION, S, 151, None)]

    def test_rising_pain_then_a_wound_sign_is_an_infection_on_that_day(self, story):
        """
        day 43-120  axial=2 signs=none
        day 121-150 axial=2..5 signs=none
        day 151     axial=5 signs=wound_drainage
        """
        assert story.told() == [(INFECTION, S, 151, None)]

    def test_notes_give_advice_and_no_episode(self, story):
        """
        day 100     signs=cough+fatigue temp=35.5
        """
        assert story.told() == []

    def test_a_recorded_fall_event_counts_like_a_fall(self, story):
        """
        day 20      axial=2 signs=none
        day 40      axial=2 signs=none
        """
        falls = tuple(Event(story.day(pod), EventKind.FALL) for pod in (20, 30))
        history = replace(story.history, events=falls)
        found = answer_findings(history, story.day(40))
        assert [(e.pattern, story.pod(e.raised_on), len(e.updates)) for e in found.episodes] == [
            (EVENT, 20, 1)
        ]


class TestLateDays:
    """A day added late counts from the day it was recorded."""

    def test_raised_when_recorded_with_the_day_it_happened(self, story):
        """
        day 30      signs=calf_swelling late=3
        day 31-33   axial=2 signs=none
        """
        (episode,) = story.answers()
        assert (story.pod(episode.raised_on), story.pod(episode.onset)) == (33, 30)
        assert story.answers(32) == ()

    def test_the_window_is_that_of_the_day_it_happened(self, story):
        """
        day 84      signs=clunk late=3
        """
        assert story.told() == [(EVENT, S, 87, None)]

    def test_an_emergency_that_is_gone_is_a_same_day_matter(self, story):
        """
        day 30      signs=saddle_numbness gone=saddle_numbness late=2
        """
        assert story.told() == [(URGENT, S, 32, None)]

    def test_a_late_day_changes_nothing_that_was_said_before(self, story):
        """
        day 1-19    limb=2 side=left
        day 20      limb=2 side=both late=10
        day 21      limb=2 side=both
        """
        assert story.told(21) == [(NERVE, S, 21, None)]
        assert story.told(30)[0] == (NERVE, S, 21, None)


def test_the_day_of_the_operation_counts(story):
    """
    day 0       signs=chest_pain
    """
    assert story.told(0) == [(EMERGENCY, E, 0, None)]


def test_before_the_operation_what_asks_for_a_call_is_raised(story):
    """
    day -60     signs=chest_pain
    day -40     signs=new_weakness+weight_loss
    day -20     axial=10 asked=severe_pain
    day -5      signs=none gone=chest_pain spoke=yes
    """
    assert story.told(-1) == [
        (EMERGENCY, E, -60, -5),
        (NERVE, S, -40, None),
        (URGENT, S, -20, None),
    ]


def test_the_operation_starts_the_count_anew(story):
    """
    day -5      signs=new_weakness+chest_pain
    """
    assert story.answers(0) == ()


def test_answers_before_the_operation_are_known_as_before(story):
    """
    day -5--5   numb=4
    day 3       numb=4
    """
    assert story.told() == []


def test_a_corrected_answer_raises_nothing(story):
    """
    day 30      signs=chest_pain
    """
    corrected = replace(story.entries[30], signs=frozenset())
    history = replace(story.history, entries=(corrected,))
    assert answer_findings(history, story.day(30)).episodes == ()


LONG = """
imported
day 1-90    axial=6..2 limb=2 side=left numb=1 zones=left_foot signs=none
day 12      signs=wound_redness late=1
day 13      temp=38.3
day 60      signs=fall axial=6
day 61-64   axial=6
day 100-200 axial=2 limb=2 side=left signs=none
day 150     strain=lifting axial=6
day 151-153 axial=6
day 170     limb=3 side=both
day 180     signs=chest_pain+cough
"""


def test_the_order_of_the_entries_does_not_matter():
    """A store may hand them over in any order."""
    story = Story(LONG)
    entries = list(story.history.entries)
    expected = fold(story.operation, entries, story.day(200))
    random.Random(1).shuffle(entries)
    assert fold(story.operation, entries, story.day(200)) == expected
    assert len(expected.episodes) == 5


@pytest.mark.parametrize("days", [-400, 1, 3000])
def test_other_dates_give_the_same_episodes(days):
    """Only differences of days count; no weekday, no month, no year."""
    story = Story(LONG)
    moved = Story(LONG, story.operation.day + timedelta(days=days))
    assert moved.told() == story.told()


def test_days_that_are_skipped_would_have_said_nothing():
    """The quick look never passes over a day on which triage finds something."""
    story = Story(LONG + "\nday 210 asked=severe_pain axial=10\nday 211 gone=chest_pain")
    eventful = {pod for e in (60, 150) for pod in range(e, e + 4)}
    for pod, entry in story.entries.items():
        if story.concerns(pod) and pod not in eventful:
            assert is_interesting(entry), pod
