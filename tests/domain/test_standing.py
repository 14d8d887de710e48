"""Two answers that are an emergency on one day are one on the next days, while nobody has said that
the first is gone: a question left open is no "gone".
"""

import pytest

from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.phrases import say
from recovery_tracker.domain.surgery import Region
from tests.stories import Story

E, S, R = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW

#: Region, a sign, and an answer with which it is an emergency.
PAIRS = (
    ("lumbar", "signs=upright_headache", "temp=38.4"),
    ("lumbar", "signs=upright_headache", "signs=vomiting"),
    ("lumbar", "signs=stiff_neck", "signs=fever"),
    ("lumbar", "signs=new_weakness", "signs=chills"),
    ("thoracic", "signs=unsteady_walking", "temp=38.4"),
    ("lumbar", "signs=clear_wound_fluid", "temp=38.4"),
    ("lumbar", "signs=genital_change", "signs=new_weakness"),
    ("lumbar", "signs=severe_pain", "signs=unsteady_walking"),
    ("lumbar", "signs=vision_change", "signs=new_weakness"),
    ("lumbar", "signs=belly", "temp=38.4"),
    ("cervical", "signs=swallowing_difficulty", "temp=38.4"),
)


@pytest.mark.parametrize("imported", ["", " imported"])
@pytest.mark.parametrize(("region", "one", "other"), PAIRS)
def test_one_day_apart_is_as_urgent_as_on_one_day(region, one, other, imported):
    head = region + imported
    together = Story(f"{head}\nday 30 signs=none\nday 31 {one}\nday 31 {_added(one, other)}")
    assert max(together.urgencies().values()) is E
    for first, second in ((one, other), (other, one)):
        story = Story(f"{head}\nday 30 {first}\nday 31 {_none(second)}")
        assert E not in {urgency for _, urgency, _, _ in story.told(30)}
        assert max(story.urgencies().values()) is E
        assert E in {urgency for _, urgency, raised, _ in story.told() if raised == 31}


def _added(one: str, other: str) -> str:
    """The other answer on the same day."""
    return f"{one}+{other.removeprefix('signs=')}" if other.startswith("signs=") else other


def _none(answer: str) -> str:
    """The answer of a day on which nothing else was ticked."""
    return answer if answer.startswith("signs=") else f"{answer} signs=none"


@pytest.mark.parametrize(
    ("before", "today", "urgency"),
    [
        ("", "gone=upright_headache", S),
        ("", "better=upright_headache spoke=yes", E),
        # Said to be gone on the day between, or too long ago.
        ("day 29 signs=upright_headache\nday 30 signs=none gone=upright_headache\n", "", S),
        ("day 28 signs=upright_headache\n", "", S),
        ("day 29 signs=upright_headache\n", "", E),
    ],
)
def test_it_stands_until_it_is_said_to_be_gone(before, today, urgency):
    """For two days; "better" and a talk about it do not take it away from beside a new fever."""
    earlier = before or "day 30 signs=upright_headache\n"
    story = Story(f"lumbar\n{earlier}day 31 temp=38.4 signs=none {today}")
    assert max(story.urgencies().values()) is urgency


@pytest.mark.parametrize(("reading", "urgency"), [("37.2", S), ("38.1", E)])
def test_a_reading_ends_a_fever_of_the_day_before(reading, urgency):
    """Without a fever today the headache is what it is alone."""
    table = f"lumbar\nday 30 signs=fever\nday 31 signs=upright_headache temp={reading}"
    assert max(Story(table).urgencies().values()) is urgency


def test_a_day_added_late_stands_beside_the_days_after_it():
    story = Story("lumbar\nday 30 signs=upright_headache late=1\nday 31 temp=38.4 signs=none")
    assert story.urgencies(30)["upright_headache"] is E


def test_what_was_told_before_the_operation_does_not_stand_after_it():
    story = Story("lumbar\nday -1 signs=new_weakness\nday 1 temp=38.4 signs=none")
    assert "new_weakness" not in story.urgencies()


def test_a_fall_still_waits_for_pain_or_a_nerve():
    """What follows a fall has a rule of its own: a fever is no reason to count it again."""
    before = "lumbar\nday 180-199 axial=3 signs=none\nday 200 signs=fall axial=3\n"
    story = Story(f"{before}day 201 temp=38.4 signs=none")
    assert "fall" not in story.urgencies()


def test_two_signs_of_a_week_or_two_are_a_call_also_on_two_days():
    story = Story("lumbar\nday 200 signs=weight_loss\nday 201 signs=night_pain")
    assert story.urgencies() == {"night_pain": S, "weight_loss": S}


def test_an_emergency_of_two_days_that_is_gone_unasked_is_still_told():
    table = "lumbar\nday 30 signs=upright_headache\nday 31 temp=38.4 signs=none\n"
    story = Story(table + "day 32 signs=none gone=upright_headache temp=36.8 gone=fever")
    assert S in story.urgencies().values()


def test_the_receipt_names_both_days():
    story = Story("lumbar\nday 30 signs=upright_headache\nday 31 temp=38.4 signs=none")
    (concern,) = (one for one in story.concerns() if one.urgency is E)
    said = say(concern.reason, region=Region.LUMBAR)
    assert (
        said == "Orthostatic headache on 2025-04-02, and fever of 38\xa0°C or more on 2025-04-03."
    )
