"""A line that is ticked with nothing chosen under it may be any of its signs.

So it is never less urgent than the most urgent of them, for the same person on the same day.
"""

from itertools import product

import pytest

from recovery_tracker.domain.context import context_of
from recovery_tracker.domain.diary import DiaryEntry, SignChange
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.signs import BARE_LINES, LINES, SIGNS
from recovery_tracker.domain.triage import triage
from tests.effort import effort
from tests.stories import Story

HEADS = ("lumbar", "cervical", "thoracic")
APPROACHES = ("", " approach=posterior", " approach=lateral")
RISKS = ("", " risks=blood_thinner", " risks=osteoporosis")
DAYS = (-1, 0, 7, 14, 15, 30, 31, 84, 85, 90, 91, 300)
#: What may stand beside it on the day: other signs, other bare lines, scores, risks.
BESIDE = (
    "",
    "signs=fever",
    "signs=fever_unspecified",
    "signs=vomiting",
    "signs=belly_unspecified",
    "signs=very_unwell",
    "signs=new_weakness",
    "signs=weakness_unspecified",
    "signs=wound_redness",
    "signs=neck_swelling",
    "signs=upright_headache",
    "signs=unspecified",
    "signs=calf_swelling temp=38.4",
    "signs=chills axial=8",
    "signs=cough temp=35.5",
    "signs=cough limb=5 side=both numb=1",
)


def urgency_of(sign: str, story: Story, pod: int) -> Urgency:
    entry: DiaryEntry = story.entries[pod]
    told = DiaryEntry(
        **{
            name: getattr(entry, name)
            for name in ("day", "axial_pain", "limb_pain", "limb_pain_side", "numbness",
                         "temperature_c")
        },
        signs=(entry.signs or frozenset()) | {sign},
    )  # fmt: skip
    return max(
        (one.urgency for one in triage(told, story.context(pod)).concerns if one.sign == sign),
        default=Urgency.NOTE,
    )


def test_every_line_has_a_sign_for_nothing_chosen():
    for line in LINES:
        bare = line.if_nothing_chosen
        assert bare in line.signs or BARE_LINES[bare] == line.signs


@pytest.mark.parametrize("head", HEADS)
def test_a_bare_line_is_as_urgent_as_the_most_urgent_sign_under_it(head):
    found = []
    cases = product(APPROACHES, RISKS, DAYS, BESIDE)
    for place, (approach, risks, pod, beside) in enumerate(cases):
        if place % effort(3, 1):
            continue
        story = Story(
            f"{head}{approach}{risks}\nday {pod - 1} signs=none\nday {pod} walk=2 {beside}"
        )
        for bare, signs in BARE_LINES.items():
            told = urgency_of(bare, story, pod)
            most = max(urgency_of(sign, story, pod) for sign in signs)
            if told < most:
                found.append((bare, told.name, most.name, approach, risks, pod, beside))
    assert not found, found[:12]


@pytest.mark.parametrize(
    ("head", "day", "bare", "urgency"),
    [
        ("lumbar", 5, "belly_unspecified", Urgency.EMERGENCY),
        ("lumbar approach=posterior", 5, "belly_unspecified", Urgency.SAME_DAY),
        ("lumbar", 120, "shift_unspecified", Urgency.SAME_DAY),
        ("lumbar risks=blood_thinner", 120, "shift_unspecified", Urgency.EMERGENCY),
        ("cervical", 30, "unspecified", Urgency.SAME_DAY),
        ("lumbar", 30, "unspecified", Urgency.SAME_DAY),
    ],
)
def test_a_bare_line_alone(head, day, bare, urgency):
    assert Story(f"{head}\nday {day} signs={bare}").urgencies() == {bare: urgency}


def test_a_bare_wound_with_fever_may_leak():
    story = Story("day 30 signs=wound_unspecified+fever")
    assert story.urgencies()["wound_unspecified"] is Urgency.EMERGENCY


def test_a_bare_line_that_gets_worse_counts_as_its_signs_do():
    story = Story("day 5 signs=unspecified\nday 6 worse=unspecified")
    entry = story.entries[6]
    assert entry.sign_changes == {"unspecified": SignChange.WORSE}
    found = triage(entry, context_of(story.history, entry.day))
    assert found.urgency is Urgency.EMERGENCY


def test_what_a_bare_line_raises_is_what_its_signs_raise():
    for bare, signs in BARE_LINES.items():
        for sign in signs:
            for circumstance, urgency in SIGNS[sign].raised_by.items():
                at_once = SIGNS[bare].urgency_on(100, Story("day 1 walk=1").operation)
                assert max(SIGNS[bare].raised_by.get(circumstance, 0), at_once or 0) >= urgency
