"""The box of set-up for pain or numbness on both sides stands for old pain, and for a little
numbness: never for numbness of 2 or more that no answer told before.
"""

from dataclasses import replace

import pytest

from recovery_tracker.domain.alone import help_alone
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.follow_ups import SIDES, follow_ups, needed_follow_ups
from recovery_tracker.domain.triage import triage
from tests.stories import Story

E, S = Urgency.EMERGENCY, Urgency.SAME_DAY
FEET = "zones=left_foot+right_foot"


def found(text: str, day: int = 5, box: bool = True, region: str = "lumbar"):
    """The concerns of the day and the follow-ups it needs, with the box ticked or not."""
    story = Story(f"{region}\n{text}")
    context = story.context(day)
    known = frozenset({"both_sides"} if box else ())
    context = replace(context, operation=replace(context.operation, known_deficits=known))
    entry = story.entries[day]
    return triage(entry, context).concerns, needed_follow_ups(entry, context), context


@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        (f"limb=8 side=both numb=3 {FEET}", E),
        ("limb=8 side=both numb=3", E),
        ("limb=8 side=both numb=3 zones=left_foot", E),
        (f"numb=3 {FEET}", E),
        (f"limb=3 side=both numb=2 {FEET}", S),
        (f"numb=2 {FEET}", S),
        ("limb=3 side=both numb=2", S),
        # Places on both sides with no word on how numb: that is not known to be little.
        (FEET, S),
    ],
)
@pytest.mark.parametrize("region", ["lumbar", "thoracic"])
def test_much_numbness_counts_with_the_box_as_without_it(answers, urgency, region):
    concerns, needed, _ = found(f"day 5 {answers}", region=region)
    without, needed_without, _ = found(f"day 5 {answers}", box=False, region=region)
    assert concerns == without
    assert max(concern.urgency for concern in concerns) is urgency
    assert "cauda_equina_recheck" in needed == needed_without


def test_days_of_pain_on_both_sides_with_numbness_left_blank_say_nothing_of_numbness():
    concerns, needed, _ = found(f"day 1-4 limb=3 side=both\nday 5 limb=3 side=both numb=3 {FEET}")
    assert [(concern.sign, concern.urgency) for concern in concerns] == [("both_sides_deficit", E)]
    assert needed == {"cauda_equina_recheck"}


@pytest.mark.parametrize(
    "answers",
    ["limb=8 side=both", "limb=8 side=both numb=1", f"limb=3 side=both numb=1 {FEET}"],
)
def test_old_pain_and_a_little_numbness_are_no_news(answers):
    concerns, needed, _ = found(f"day 5 {answers}")
    assert concerns == ()
    assert "cauda_equina_recheck" not in needed


def test_an_earlier_answer_still_says_that_it_was_so():
    before = f"day 1 limb=3 side=both numb=2 {FEET}"
    assert found(f"{before}\nday 5 limb=3 side=both numb=2 {FEET}")[0] == ()


def test_the_form_and_the_help_without_a_signal_know_when():
    _, _, context = found("day 5 axial=3")
    assert follow_ups(context).both_sides == frozenset()
    assert follow_ups(context).both_sides_numb == frozenset(SIDES)
    assert help_alone(context).both_sides_numb == frozenset(SIDES)
    _, _, without = found("day 5 axial=3", box=False)
    assert follow_ups(without).both_sides == frozenset(SIDES)
    assert follow_ups(without).both_sides_numb == frozenset()
