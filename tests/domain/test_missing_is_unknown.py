"""A rule about what is new needs an answer from before; where there is none, nothing is "as usual".

A first entry, a diary that never answered the question, an import without the column, a second
operation, a diary begun late: each reads as not known, which asks, and never reassures.
"""

from dataclasses import replace

import pytest

from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.follow_ups import SIDES, follow_ups, needed_follow_ups
from recovery_tracker.domain.surgery import KNOWN_DEFICITS
from recovery_tracker.domain.triage import triage
from tests.stories import Story

E, S, R = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW

#: What came before the day that is asked about: nothing that answers the question.
BEFORE = {
    "first entry": "",
    "first entry late": "",
    "always blank": "day 10-39 axial=3 signs=none",
    "an import without the column": "day 10-39 axial=3 limb=3",
}
BOTH = "limb=2 side=both"
NUMB = "numb=1 zones=left_foot+right_foot"


def story_of(before: str, answers: str, day: int = 40, region: str = "lumbar") -> Story:
    head = region + (" imported" if "import" in before else "")
    return Story("\n".join([head, BEFORE[before], f"day {day} {answers}"]))


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("region", ["lumbar", "thoracic"])
@pytest.mark.parametrize(("answers", "measure"), [(BOTH, SIDES[0]), (NUMB, SIDES[1])])
def test_both_sides_with_no_earlier_answer_ask_the_recheck(before, region, answers, measure):
    story = story_of(before, answers, region=region)
    context = story.context(40)
    assert measure in follow_ups(context).both_sides
    assert needed_follow_ups(story.entries[40], context) == {"cauda_equina_recheck"}
    (concern,) = story.concerns()
    assert (concern.sign, concern.urgency) == (measure, S)
    # Nobody knows that it is new, and nobody says so.
    assert concern.reason.code == "both_sides_unknown"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ("limb=3 side=both", ("limb_pain_side", S, "both_sides")),
        ("limb=4 side=both", ("limb_pain_side", S, "both_sides_hospital")),
        ("limb=3 side=both numb=1 zones=left_foot", ("limb_pain_side", S, "both_sides_hospital")),
        ("numb=2 zones=left_foot+right_foot", ("numbness_zones", S, "both_sides_hospital")),
        ("limb=8 side=both numb=3", ("both_sides_deficit", E, "both_sides_emergency")),
        ("numb=3 zones=left_foot+right_foot", ("both_sides_deficit", E, "both_sides_emergency")),
        (f"{BOTH} signs=new_weakness", ("both_sides_deficit", E, "both_sides_emergency")),
    ],
)
def test_what_is_not_known_to_be_new_is_seen_on_the_same_day(answers, found):
    """With weakness or much numbness now; a little numbness that may be old at a hospital today."""
    (concern, *_rest) = story_of("first entry", answers, day=5).concerns()
    assert (concern.sign, concern.urgency, concern.advice) == found


def test_an_earlier_answer_says_that_it_was_so():
    for earlier in (f"day 1 {BOTH}", f"day -10 {BOTH}"):
        assert Story(f"{earlier}\nday 5 {BOTH}").concerns() == ()


def test_what_set_up_recorded_is_no_news():
    """It was there before the operation: it is named in the advice, and is not new."""
    assert "both_sides" in KNOWN_DEFICITS
    story = Story(f"day 5 {BOTH} numb=1 zones=left_foot+right_foot")
    context = story.context(5)
    known = replace(context.operation, known_deficits=frozenset({"both_sides"}))
    assert triage(story.entries[5], replace(context, operation=known)).urgency is None
    # A diary that says one side for days knows better than set-up.
    story = Story(f"day 1-6 limb=2 side=left\nday 7 {BOTH}")
    known = replace(story.context(7), operation=known)
    assert triage(story.entries[7], known).urgency is S


class TestAfterAFall:
    """From week 13 on a fall alone is a matter of a week or two."""

    @pytest.mark.parametrize("pain", ["axial=3", "limb=5 side=left"])
    def test_pain_that_nothing_can_be_compared_with_counts_as_more(self, pain):
        assert Story(f"day 200 signs=fall {pain}").urgencies() == {"fall": S}
        assert Story(f"day 200 signs=fall\nday 201 {pain}").urgencies(201) == {"fall": S}

    def test_numbness_that_nothing_can_be_compared_with_counts_as_new(self):
        """Two steps of it, or any marked place."""
        assert Story("day 200 signs=fall numb=2").urgencies() == {"fall": S}
        assert Story("day 200 signs=fall numb=1 zones=left_foot").urgencies() == {"fall": S}

    def test_the_last_answer_stands_in_for_a_usual(self):
        assert Story("day 196 axial=4\nday 200 signs=fall axial=5").urgencies() == {"fall": R}
        story = Story("day 196 numb=2 zones=left_foot\nday 200 signs=fall numb=2 zones=left_foot")
        assert story.urgencies() == {"fall": R}

    def test_little_pain_and_no_numbness_are_no_rise(self):
        assert Story("day 200 signs=fall axial=2 numb=0").urgencies() == {"fall": R}
        assert Story("day 200 signs=fall").urgencies() == {"fall": R}


class TestDoses:
    """More than twice the usual."""

    def test_with_no_earlier_answer_eight_doses_ask_for_a_call(self):
        assert Story("day 30 opioids=8").urgencies() == {"opioid_doses": S}

    def test_twice_nothing_is_more_than_nothing(self):
        assert Story("day 20-29 opioids=0\nday 30 opioids=8").urgencies() == {"opioid_doses": S}

    def test_the_last_answer_stands_in_for_a_usual(self):
        assert Story("day 28 opioids=8\nday 30 opioids=9").urgencies() == {}
        assert Story("day 28 opioids=3\nday 30 opioids=9").urgencies() == {"opioid_doses": S}

    def test_strong_painkillers_every_day_were_recorded_at_set_up(self):
        assert Story("lumbar risks=opioids\nday 30 opioids=9").urgencies() == {}


class TestThroat:
    """A feeling of a lump counts once it has lasted a week."""

    def test_nobody_knows_how_long_it_has_been_there(self):
        """The first entry, or the first for more than a week."""
        for days in ("day 40", "day 20 signs=none\nday 40"):
            story = Story(f"cervical approach=anterior\n{days} signs=throat_lump")
            assert story.urgencies() == {"throat_lump": S}, days

    def test_it_was_not_there_a_few_days_ago(self):
        for days in ("day 38 signs=none\nday 40", "day 5"):
            story = Story(f"cervical approach=anterior\n{days} signs=throat_lump")
            assert story.urgencies() == {"throat_lump": Urgency.NOTE}, days
