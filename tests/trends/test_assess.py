"""Everything a diary shows as of a day: status, the next change, and what never changes."""

import doctest
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Episode, Pattern, Reason, Status, Update, Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.triage import advice_of
from recovery_tracker.trends import assess, assessment, replay
from recovery_tracker.trends.joining import join_nerve
from recovery_tracker.trends.series import diaries_of
from tests.stories import OPERATION_DAY, Story
from tests.trends.diaries import diary_tables


class TestStatus:
    """The most pressing thing first; none of them says that all is well."""

    def test_before_the_operation(self, story):
        """
        day -9      axial=7 signs=weight_loss
        day -5      axial=7 signs=calf_swelling
        """
        found = story.assess(-6)
        assert (found.status, found.episodes) == (Status.BEFORE_OPERATION, ())
        assert found.next_change_on == story.day(0)
        assert story.assess(-5).status is Status.SAME_DAY

    def test_an_emergency_outranks_everything(self, story):
        """
        day 1-30    axial=3 signs=none
        day 30      signs=calf_swelling+chest_pain+weight_loss
        """
        assert story.assess().status is Status.EMERGENCY

    def test_same_day(self, story):
        """
        day 1-30    axial=3 signs=none
        day 30      signs=calf_swelling+weight_loss
        """
        assert story.assess().status is Status.SAME_DAY

    def test_an_update_raises_the_status(self, story):
        """
        day 80-110  axial=2 signs=none
        day 100     signs=fall
        day 101     axial=6
        """
        assert story.assess(100).status is Status.REVIEW
        assert story.assess(101).status is Status.SAME_DAY

    def test_review(self, story):
        """
        day 1-30    axial=3 signs=none
        day 30      signs=weight_loss
        """
        assert story.assess().status is Status.REVIEW

    def test_gone_quiet(self, story):
        """
        day 1-30    axial=3 signs=none
        """
        assert story.assess(37).status is not Status.GONE_QUIET
        assert story.assess(38).status is Status.GONE_QUIET

    def test_too_little_data(self, story):
        """
        day 1-60/3  axial=3 signs=none
        """
        assert story.assess().status is Status.TOO_LITTLE_DATA

    def test_no_entry_at_all(self):
        """Nothing is known, so nothing is said."""
        history = History((Story("day 1 axial=3").operation,))
        found = assess(history, OPERATION_DAY + timedelta(days=30))
        assert (found.status, found.next_change_on) == (Status.TOO_LITTLE_DATA, None)

    def test_too_early(self, story):
        """
        day 1-20    axial=6..4 signs=none
        """
        assert story.assess(10).status is Status.TOO_EARLY

    def test_no_rule_matched(self, story):
        """
        day 1-40    axial=6..2 limb=2 walk=2 move=2 numb=0 signs=none
        day 41-120  axial=2 limb=1 walk=3 move=1 numb=0 signs=none
        """
        assert story.assess().status is Status.NO_RULE_MATCHED


class TestSufficiency:
    """k of n days, as the reader will see them."""

    def test_counts(self, story):
        """
        day 1-20/2  axial=3 signs=none
        day 11      late=3
        day 13      late=1
        """
        found = story.assess(20).sufficiency
        assert (found.logged, found.expected) == (10, 20)
        assert (found.recent_logged, found.recent_expected) == (7, 14)
        assert (found.late, found.longest_gap) == (1, 1)
        assert found.last_entry == story.day(19)

    def test_a_tapering_schedule_expects_less(self, story):
        """
        tapering
        day 0-10    axial=3 signs=none
        """
        # Day 0 is a Monday: 43 days daily, then Mon Wed Fri Sun to day 84, then Mon and Thu.
        assert story.operation.day.weekday() == 0
        expected = {43: 44, 42: 43, 49: 47, 84: 67, 91: 69}
        # Day 43 is a Tuesday, on which nothing is expected any more.
        expected[43] = 43
        found = {pod: story.assess(pod).sufficiency.expected for pod in expected}
        assert found == expected

    def test_no_day_is_expected_before_the_first_entry(self, story):
        """
        day 9       axial=3 signs=none
        """
        found = story.assess(12)
        counts = found.sufficiency
        assert (counts.logged, counts.expected, counts.recent_expected) == (1, 4, 4)
        assert counts.longest_gap == 3
        assert found.status is Status.TOO_LITTLE_DATA

    def test_half_of_a_young_diary_is_not_yet_half_of_two_weeks(self, story):
        """
        day 60-64   axial=3 signs=none
        """
        found = story.assess(64)
        assert (found.sufficiency.recent_logged, found.sufficiency.recent_expected) == (5, 5)
        assert found.status is Status.TOO_LITTLE_DATA

    def test_a_patient_who_never_wrote_is_expected_to_from_the_operation(self, story):
        """
        day 25      axial=3 signs=none
        """
        found = story.assess(20)
        assert (found.sufficiency.logged, found.sufficiency.expected) == (0, 21)
        assert found.status is Status.TOO_LITTLE_DATA

    def test_a_day_that_was_not_asked_for_is_counted_apart(self, story):
        """
        tapering
        day 0-100   axial=3 signs=none
        """
        found = story.assess(100).sufficiency
        assert (found.kept, found.expected, found.unasked) == (71, 71, 30)
        assert found.logged == found.kept + found.unasked
        assert (found.recent_kept, found.recent_expected, found.recent_unasked) == (4, 4, 10)

    def test_twice_a_week_is_enough_where_twice_a_week_is_expected(self, story):
        """
        tapering
        day 1-90    axial=3 signs=none
        day 91-119/7 axial=3 signs=none
        day 94-122/7 axial=3 signs=none
        """
        assert story.assess(122).status is not Status.TOO_LITTLE_DATA


def told(assessment):
    """What must stay the same while nothing is recorded."""
    return assessment.status, assessment.episodes


@settings(max_examples=25, deadline=None)
@given(table=diary_tables(), schedule=st.sampled_from(["", "tapering"]))
def test_nothing_changes_before_the_day_it_says(table, schedule):
    """With no new entry every later day says the same, up to `next_change_on`."""
    story = Story(f"{schedule} {table}")
    today = story.last
    found = story.assess(today)
    for pod in range(today + 1, today + 45):
        later = story.assess(pod)
        due = found.next_change_on is not None and story.day(pod) >= found.next_change_on
        if told(later) != told(found):
            assert due, (pod, found.next_change_on)
        if due:
            found = later


@settings(max_examples=50, deadline=None)
@given(table=diary_tables(), early=st.integers(10, 80))
def test_what_was_raised_never_changes_afterwards(table, early):
    """An episode of a day is still there on every later day, with the same evidence.

    Only its end and its news may be added.
    """
    story = Story(table)
    before = story.assess(early).episodes
    after = {_identity(episode): episode for episode in story.assess(120).episodes}
    for episode in before:
        later = after[_identity(episode)]
        known = tuple(u for u in later.updates if u.day <= story.day(early))
        assert known == episode.updates
        assert episode.cleared_on in (None, later.cleared_on)
        ends = {"cleared_on": None, "updates": ()}
        if not episode.updates and episode.pattern is not Pattern.NERVE:
            assert replace(later, **ends) == replace(episode, **ends)


def _identity(episode: Episode):
    return episode.pattern, episode.raised_on, episode.onset, episode.signs


@settings(max_examples=40, deadline=None)
@given(table=diary_tables(), early=st.integers(10, 80))
def test_a_day_depends_on_nothing_recorded_later(table, early):
    """Later entries, and past days recorded later, cannot be seen from an earlier day."""
    story = Story(table)
    today = story.day(early)
    known = [e for e in story.history.entries if e.day <= today and e.recorded_on() <= today]
    assert story.assess(early) == assess(replace(story.history, entries=tuple(known)), today)


@settings(max_examples=30, deadline=None)
@given(table=diary_tables(), weeks=st.integers(-200, 200))
def test_other_weeks_give_the_same(table, weeks):
    """Shifted by whole weeks (a schedule knows weekdays) everything shifts along."""
    story, moved = Story(table), Story(table, OPERATION_DAY + timedelta(weeks=weeks))
    one, other = story.assess(100), moved.assess(100)
    assert one.status is other.status
    assert one.sufficiency == replace(other.sufficiency, last_entry=one.sufficiency.last_entry)
    assert [(e.pattern, story.pod(e.raised_on), story.pod(e.cleared_on)) for e in one.episodes] == [
        (e.pattern, moved.pod(e.raised_on), moved.pod(e.cleared_on)) for e in other.episodes
    ]


class TestNerve:
    """Answers and statistics may both see a nerve: one matter is one flag."""

    DAY = OPERATION_DAY + timedelta(days=100)

    def episode(self, pod, *, until=None, signs=()):
        """A nerve episode between two postoperative days."""
        return Episode(
            Pattern.NERVE,
            Urgency.SAME_DAY if signs else Urgency.REVIEW,
            OPERATION_DAY + timedelta(days=pod),
            None if until is None else OPERATION_DAY + timedelta(days=until),
            signs=signs,
            evidence_for=(Reason("numb_completely", {"day": self.DAY}),),
        )

    def test_overlapping_ones_are_joined_under_the_first(self):
        """The later one becomes news."""
        trend, sign = self.episode(100), self.episode(110, until=120, signs=("new_weakness",))
        (joined,) = join_nerve((sign, trend))
        assert (joined.raised_on, joined.cleared_on) == (trend.raised_on, None)
        assert joined.updates == (Update(sign.raised_on, Urgency.SAME_DAY, sign.evidence_for[0]),)
        assert joined.worst_urgency is Urgency.SAME_DAY
        assert advice_of(joined, Story("day 1 axial=2").operation) == (("numbness", "numbness"),)

    def test_each_answer_of_a_joined_one_is_named(self):
        """Weak and unsteady, told together while the pain in the leg stood out already."""
        told = [
            Reason("sign_given", {"sign": sign, "day": self.DAY})
            for sign in ("new_weakness", "unsteady_walking")
        ]
        sign = self.episode(110, signs=("new_weakness", "unsteady_walking"))
        (joined,) = join_nerve((self.episode(100), replace(sign, evidence_for=tuple(told))))
        assert [update.reason for update in joined.updates] == [told[1], told[0]]
        assert {sign for sign, _ in advice_of(joined, Story("day 1 axial=2").operation)} == {
            "new_weakness",
            "unsteady_walking",
        }

    def test_the_later_end_counts(self):
        """A joined matter ends when both have ended."""
        (joined,) = join_nerve((self.episode(100, until=120), self.episode(110, until=130)))
        assert joined.cleared_on == OPERATION_DAY + timedelta(days=130)

    def test_separate_ones_stay_separate(self):
        """An ended matter re-arms."""
        first, second = self.episode(100, until=110), self.episode(110)
        assert join_nerve((first, second)) == (first, second)


class TestQuiet:
    """Silence is never taken for well-being."""

    @pytest.mark.parametrize(("missed", "quiet"), [(7, False), (8, True)])
    def test_seven_missed_days(self, missed, quiet):
        """The day itself is not over yet, so it is never counted as missed."""
        story = Story("day 1-30 axial=3 signs=none")
        found = story.assess(30 + missed)
        assert any(e.pattern is Pattern.GONE_QUIET for e in found.episodes) is quiet

    def test_it_says_when(self, story):
        """
        day 1-30    axial=3 signs=none
        """
        assert story.assess(30).next_change_on == story.day(38)

    def test_it_ends_with_the_next_entry(self, story):
        """
        day 1-30    axial=3 signs=none
        day 50      axial=3 signs=none
        """
        (episode,) = story.assess(50).episodes
        assert (story.pod(episode.raised_on), story.pod(episode.cleared_on)) == (38, 50)
        assert episode.urgency is Urgency.NOTE
        assert story.pod(episode.onset) == 31

    def test_a_past_day_added_late_ends_it_when_it_is_recorded(self, story):
        """
        day 1-30    axial=3 signs=none
        day 41      axial=3 signs=none late=3
        """
        assert story.assess(43).active[0].pattern is Pattern.GONE_QUIET
        assert story.assess(44).active == ()

    def test_a_schedule_of_two_days_a_week_waits_longer(self, story):
        """
        tapering
        day 1-98    axial=3 signs=none
        """
        # Day 98 is a Monday: the seventh missed Monday or Thursday is day 122.
        assert story.assess(122).status is not Status.GONE_QUIET
        assert story.assess(123).status is Status.GONE_QUIET

    @pytest.mark.parametrize(("sign_day", "urgency"), [(24, Urgency.REVIEW), (23, Urgency.NOTE)])
    def test_right_after_a_sign_it_asks_for_a_review(self, sign_day, urgency):
        """Within the last seven days before it went quiet."""
        story = Story(f"imported\nday 1-30 axial=3 signs=none\nday {sign_day} signs=calf_swelling")
        quiet = [e for e in story.assess(60).episodes if e.pattern is Pattern.GONE_QUIET]
        assert [episode.urgency for episode in quiet] == [urgency]

    def test_right_after_a_bad_day_it_asks_for_a_review(self, story):
        """
        day 1-29    axial=3 signs=none
        day 30      axial=7
        """
        (quiet,) = story.assess(60).episodes
        assert quiet.urgency is Urgency.REVIEW

    def test_a_sign_told_after_the_silence_does_not_change_it(self, story):
        """
        day 1-30    axial=3 signs=none
        day 50      axial=3 signs=chest_pain
        """
        quiet = story.assess(50).episodes[0]
        assert (quiet.pattern, quiet.urgency) == (Pattern.GONE_QUIET, Urgency.NOTE)

    def test_a_day_written_up_after_the_silence_does_not_change_it(self, story):
        """
        imported
        day 28      axial=1
        day 29      axial=5 late=30
        day 30      axial=5
        """
        before, after = story.assess(45), story.assess(60)
        row = [e for _, e in replay(diaries_of([story.history], [story.day(60)]))]
        for quiet, *_ in (before.episodes, after.episodes, row):
            assert (quiet.pattern, quiet.urgency) == (Pattern.GONE_QUIET, Urgency.REVIEW)

    def test_a_diary_that_never_started_is_not_quiet(self):
        """Scheduled entries cannot stop before they began."""
        history = History((Story("day 1 axial=3").operation,))
        assert assess(history, OPERATION_DAY + timedelta(days=90)).episodes == ()


def test_an_empty_entry_counts_as_a_sign_of_life(story):
    """
    day 1-20    axial=3 signs=none
    """
    entries = (*story.history.entries, DiaryEntry(story.day(25), note="Away."))
    found = assess(replace(story.history, entries=entries), story.day(30))
    assert found.sufficiency.last_entry == story.day(25)


def test_a_diary_only_installation_looks_for_no_pattern_and_hears_every_warning_answer():
    """The same diary with and without: pain that came back, silence, and a sign."""
    story = Story("""
        day 1-42    axial=6..2 signs=none
        day 43-140  axial=2 signs=none
        day 141-190 axial=7 signs=none
        day 170     axial=7 signs=chest_pain
    """)
    full = story.assess(240)
    patterns = {episode.pattern for episode in full.episodes}
    assert {Pattern.LOOSE_HARDWARE, Pattern.GONE_QUIET, Pattern.EMERGENCY_SIGN} <= patterns
    quiet = assess(replace(story.history, diary_only=True), story.day(240))
    assert {episode.pattern for episode in quiet.episodes} == {Pattern.EMERGENCY_SIGN}
    assert quiet.status is Status.EMERGENCY


def test_the_example_of_assess_is_true() -> None:
    found = doctest.testmod(assessment)
    assert (found.failed, found.attempted >= 5) == (0, True)
