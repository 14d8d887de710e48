"""A rule about what is new needs an answer from before; where there is none, nothing is "as usual".

A first entry, a diary that never answered the question, an import without the column, a second
operation, a diary begun late: each reads as not known, which asks, and never reassures.
"""

from dataclasses import replace

import pytest

from recovery_tracker.domain.answer_rules import ANSWERS
from recovery_tracker.domain.circumstances import is_bad_with_nothing_before
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.follow_ups import SIDES, follow_ups, needed_follow_ups
from recovery_tracker.domain.sign_catalogue import FEVER_FROM
from recovery_tracker.domain.surgery import KNOWN_DEFICITS
from recovery_tracker.domain.triage import DOSES_TWICE_FROM, MANY_DOSES, triage
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

    def test_in_the_first_days_eight_are_what_hospitals_give(self):
        """The first entry on the day of the operation, 8 doses: nobody is asked to call the team.

        More than 12 are many on any day, and from day 4 on patients are taken to be at home.
        """
        assert Story("day 0 opioids=8").urgencies() == {}
        assert Story("day 3 opioids=12").urgencies() == {}
        assert Story("day 3 opioids=13").urgencies() == {"opioid_doses": S}
        assert Story("day 4 opioids=8").urgencies() == {"opioid_doses": S}
        assert Story("day -5 opioids=8").urgencies() == {"opioid_doses": S}
        assert Story("day 0 opioids=4\nday 1 opioids=8").urgencies() == {"opioid_doses": S}

    def test_the_words_for_surgeons_name_the_numbers_of_the_rule(self):
        when = ANSWERS["opioid_doses"].when
        assert f"more than {MANY_DOSES} doses in a day, or {DOSES_TWICE_FROM} or more and" in when
        assert f"{DOSES_TWICE_FROM} or more, but not on days 0 to {FEVER_FROM - 1}," in when

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


class TestSteadyButSeldom:
    """Who writes every other week is compared with the last answers, however old they are."""

    @pytest.mark.parametrize("sign", ["fall", "shift_unspecified"])
    @pytest.mark.parametrize("every", [8, 14, 30])
    def test_the_same_pain_as_ever_is_no_rise_after_a_fall(self, sign, every):
        before = f"day 94-{213 - every}/{every} axial=5"
        daily = Story(f"day 172-213 axial=5\nday 214 axial=5 signs={sign}")
        seldom = Story(f"{before}\nday 214 axial=5 signs={sign}")
        assert seldom.urgencies() == daily.urgencies()
        story = Story(f"{before}\nday 214 signs={sign}\nday 215 axial=5")
        assert story.urgencies(215) == {}

    def test_more_pain_than_the_last_answer_is_a_rise(self):
        story = Story("day 172 axial=2\nday 186 axial=2\nday 214 axial=5 signs=fall")
        (concern,) = story.concerns()
        assert (concern.urgency, concern.reason.code) == (S, "raised_pain_jump")
        assert (concern.reason.values["before"], concern.reason.values["now"]) == (2, 5)

    def test_the_same_numbness_is_no_new_one(self):
        foot = "numb=2 zones=left_foot"
        before = f"day 172 {foot}\nday 186 {foot}"
        assert Story(f"{before}\nday 200 {foot} signs=fall").urgencies() == {"fall": R}
        story = Story(f"{before}\nday 200 numb=2 zones=left_foot+left_calf signs=fall")
        (concern,) = story.concerns()
        assert (concern.urgency, concern.reason.code) == (S, "raised_new_zone")
        story = Story(f"{before}\nday 200 numb=4 zones=left_foot signs=fall")
        fall = next(concern for concern in story.concerns() if concern.sign == "fall")
        assert fall.reason.code == "raised_numb_completely"

    def test_the_same_doses_are_not_many_again(self):
        before = "day 30 opioids=8\nday 38 opioids=8"
        assert Story(f"{before}\nday 46 opioids=8").urgencies() == {}
        assert Story(f"{before}\nday 46 opioids=13").urgencies() == {"opioid_doses": S}
        assert Story("day 30 opioids=4\nday 46 opioids=8").urgencies() == {"opioid_doses": S}

    def test_what_was_before_the_operation_is_not_usual_after_it(self):
        assert Story("day -10 axial=8\nday 200 axial=6 signs=fall").urgencies() == {"fall": S}

    def test_much_after_weeks_without_a_word_is_still_called_no_bad_day(self):
        for before, is_bad in (("day 170 axial=3", True), ("day 195 axial=3", False)):
            story = Story(f"{before}\nday 200 axial=8")
            assert is_bad_with_nothing_before(story.entries[200], story.context(200)) is is_bad
