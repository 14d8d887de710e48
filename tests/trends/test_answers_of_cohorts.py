"""Many diaries at once say exactly what each of them says alone."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recovery_tracker.domain.flags import Pattern
from recovery_tracker.trends import assess, replay
from recovery_tracker.trends.answers import answer_findings
from recovery_tracker.trends.cohort import compose
from recovery_tracker.trends.series import diaries_of
from tests.stories import Story
from tests.trends.diaries import diary_tables

STORIES = (
    "imported\nday 1-90 axial=6..2 signs=none\nday 30 signs=wound_redness\nday 33 temp=38.2",
    "imported\nday 1-60 limb=2 side=left\nday 61 limb=2 side=both asked=cauda_equina_recheck",
    "imported\nday 1-99 axial=2 signs=none\nday 100 strain=bending\nday 100-104 axial=6",
    # A strain after which pain rose to its usual only, which the days before the next show.
    "imported\nday 1-85 axial=6 signs=none\nday 86 axial=2 signs=none\nday 87-89 axial=6"
    "\nday 87 strain=lifting\nday 90-99 axial=2 signs=none\nday 100 strain=bending"
    "\nday 100-104 axial=6\nday 105-120 axial=2 signs=none",
    # Bad days before a strain that were written down long after it: nobody knew of them then.
    "imported\nday 1-99 axial=2 signs=none\nday 88-96 axial=6 signs=none late=20"
    "\nday 100 strain=bending\nday 100-104 axial=6 signs=none",
    # The line of falls and shifts with nothing chosen under it, and pain two days later.
    "imported\nday 1-99 axial=2 signs=none\nday 100 axial=2 signs=shift_unspecified"
    "\nday 101 axial=2\nday 102-110 axial=6 signs=none",
    "imported\nday 1-60 axial=3 opioids=2\nday 61 axial=3 opioids=13\nday 62-90 axial=3 signs=none",
    "imported\nday 1-20 axial=3 signs=none\nday 40-50 axial=3 signs=none late=2",
    # What set-up knows makes an answer more urgent, or says that it is nothing new.
    "risks=osteoporosis imported\nday 86-99 axial=3 signs=none\nday 100 axial=3 strain=fall",
    "risks=blood_thinner imported\nday 5 signs=severe_pain\nday 90 signs=head_injury",
    "risks=opioids imported\nday 61 axial=3 opioids=9\nday 62-90 axial=3 signs=none",
    "cervical imported\nday 100 signs=throat_lump\nday 107 signs=throat_lump",
    "imported\nday 5 signs=chest_pain\nday 60 axial=10 asked=severe_pain",
    "imported\nday 1-30 numb=1 zones=left_foot\nday 31 numb=4 zones=left_foot+right_foot",
)


def together(stories, last):
    """Episodes of answers and silence by row, from the arrays of all stories."""
    diaries = diaries_of([s.history for s in stories], [s.day(last) for s in stories])
    rows = [[] for _ in stories]
    operations = [story.operation for story in stories]
    for row, episode in compose(diaries, (), operations=operations):
        rows[row].append(episode)
    return rows


def plain(episodes):
    """What must agree of answers and silence."""
    return [
        (
            e.pattern,
            e.urgency,
            e.raised_on,
            e.cleared_on,
            e.onset,
            e.signs,
            [reason.code for reason in e.evidence_for],
            [(u.day, u.urgency, u.reason.code) for u in e.updates],
        )
        for e in episodes
    ]


def test_a_cohort_of_stories():
    """Each row says what its story says alone."""
    stories = [Story(table) for table in STORIES]
    last = 120
    for story, row in zip(stories, together(stories, last), strict=True):
        answers = [e for e in row if e.pattern is not Pattern.GONE_QUIET]
        expected = answer_findings(story.history, story.day(last)).episodes
        assert plain(answers) == plain(expected)


@settings(max_examples=60, deadline=None)
@given(table=diary_tables(imported=True), last=st.integers(60, 100))
def test_any_diary_says_the_same_alone_and_in_a_cohort(table, last):
    """All patterns: answers, statistics and silence."""
    story = Story(table)
    diaries = diaries_of([story.history], [story.day(last)])
    row = [episode for _, episode in replay(diaries, operations=[story.operation])]
    expected = assess(story.history, story.day(last)).episodes
    assert plain(row) == plain(expected)


@pytest.mark.parametrize("table", STORIES)
def test_a_row_does_not_see_its_neighbours(table):
    """Another patient's diary changes nothing."""
    story = Story(table)
    other = Story("imported\nday 1-120 axial=9 signs=chest_pain temp=39.0")
    assert together([story], 120)[0] == together([other, story], 120)[1]


@pytest.mark.parametrize("known", ["", " late=30"])
@pytest.mark.parametrize("last", [2, 4, 5, 6])
def test_a_diary_that_went_quiet_says_the_same_alone_and_in_a_cohort(known, last):
    """After a jump of pain over what was known before, and after none."""
    story = Story(f"imported\nday 1-80 axial=2\nday 70-78 axial=4{known}\nday 80 axial={last}")
    alone = assess(story.history, story.day(120)).episodes
    quiet = [e for e in together([story], 120)[0] if e.pattern is Pattern.GONE_QUIET]
    assert plain(quiet) == plain(e for e in alone if e.pattern is Pattern.GONE_QUIET)
    assert quiet


def test_entries_recorded_after_the_last_day_are_not_seen():
    """As known at the end of the day of assessment."""
    story = Story("imported\nday 10 signs=chest_pain late=5\nday 11 axial=2 signs=none")
    assert together([story], 14) == [[]]
    assert len(together([story], 15)[0]) == 1
