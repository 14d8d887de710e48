"""Two operations: an answer belongs to the one it was given for, whatever is done later."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from recovery_tracker.domain.context import context_of
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.history import Event, EventKind, History
from recovery_tracker.domain.open_signs import open_signs
from recovery_tracker.domain.sign_lists import lists_for
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Approach, Operation, Region, postoperative_day
from recovery_tracker.domain.triage import triage
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.levels import levels_of
from recovery_tracker.trends.series import diaries_of
from recovery_tracker.trends.zones import zone_map

BACK = Operation(date(2026, 1, 5), Region.LUMBAR)
NECK = Operation(date(2026, 6, 1), Region.CERVICAL)


def lumbar_days(last: int = 120) -> tuple[DiaryEntry, ...]:
    """Back pain of 6, legs that hurt on both sides, a numb calf, some walking."""
    return tuple(
        DiaryEntry(
            BACK.day + timedelta(days=pod),
            axial_pain=6,
            limb_pain=4,
            limb_pain_side="both",
            numbness=2,
            numbness_zones=frozenset({"left_calf"}),
            walking=2,
            signs=frozenset(),
            region=Region.LUMBAR,
        )
        for pod in range(1, last + 1)
    )


def test_answers_of_the_back_are_no_baseline_of_the_neck() -> None:
    history = History((BACK, NECK), lumbar_days(147))
    today = NECK.day + timedelta(days=10)

    levels = levels_of(history, today)

    assert {key: level.before for key, level in levels.measures.items()} == dict.fromkeys(
        levels.measures
    )
    assert zone_map(history, today).sides_answered == 0
    assert all(history.region_of(entry) is Region.LUMBAR for entry in history.entries)


def test_a_second_operation_at_the_same_place_starts_from_its_last_four_weeks() -> None:
    again = replace(NECK, region=Region.LUMBAR)
    entries = tuple(
        replace(e, axial_pain=8 if e.day >= again.day - timedelta(days=28) else 2)
        for e in lumbar_days(146)
    )

    level = levels_of(History((BACK, again), entries), again.day).measures["axial_pain"]

    assert level.before == 8.0


def test_days_asked_about_the_back_stay_so_where_the_neck_was_entered_afterwards() -> None:
    """The operation of the neck is entered a week late; the form had gone on asking of the back."""
    late = tuple(replace(e, day=NECK.day + timedelta(days=n)) for n, e in enumerate(lumbar_days(7)))
    history = History((BACK, NECK), (*lumbar_days(), *late))
    today = NECK.day + timedelta(days=7)

    assert {history.region_of(entry) for entry in history.entries} == {Region.LUMBAR}
    diaries = diaries_of([history], [today])
    assert "axial_pain" not in diaries.numbers
    assert not diaries.zones
    # They were written all the same: walking, and the days logged.
    assert int((~np.isnan(diaries.number("walking"))).sum()) == 7
    assert assess(history, today).sufficiency.logged == 7


def test_without_a_form_the_operation_of_the_day_decides() -> None:
    entry = DiaryEntry(NECK.day, axial_pain=4)
    history = History((NECK, BACK), (entry,))

    assert history.operation_of(replace(entry, day=BACK.day - timedelta(days=9))) is BACK
    assert history.operation_of(replace(entry, day=NECK.day - timedelta(days=1))) is BACK
    assert history.operation_of(entry) is NECK
    # The region of an operation was corrected: its answers go with it.
    assert history.operation_of(replace(entry, region=Region.THORACIC)) is NECK


def test_arms_on_both_sides_are_new_although_both_legs_hurt_before() -> None:
    """With the legs taken for arms, the first pain in both arms asked for nothing."""
    day = NECK.day + timedelta(days=5)
    one_side = DiaryEntry(day - timedelta(days=1), limb_pain=3, limb_pain_side="left")
    both = DiaryEntry(day, limb_pain=5, limb_pain_side="both")
    history = History((BACK, NECK), (*lumbar_days(146), one_side, both))

    found = triage(both, context_of(history, day))

    assert [concern.sign for concern in found.concerns] == ["limb_pain_side"]


def test_every_recovery_is_kept_with_what_belongs_to_it() -> None:
    neck = tuple(
        DiaryEntry(NECK.day + timedelta(days=n), axial_pain=3, region=Region.CERVICAL)
        for n in range(3)
    )
    fall = Event(BACK.day + timedelta(days=9), EventKind.FALL)
    visit = Event(NECK.day + timedelta(days=1), EventKind.VISIT)
    history = History((BACK, NECK), (*lumbar_days(), *neck), events=(fall, visit))

    first, second = history.recoveries

    assert first.index is BACK
    assert first.entries == lumbar_days()
    assert first.events == (fall,)
    assert first.last_known == BACK.day + timedelta(days=120)
    assert levels_of(first, first.last_known).measures["axial_pain"].last == 6.0
    assert second is history
    assert History((BACK,), neck).recoveries == (History((BACK,), neck),)


FRONT = Operation(date(2026, 1, 5), Region.LUMBAR, approach=Approach.ANTERIOR)
STAGED = Operation(date(2026, 1, 8), Region.LUMBAR, approach=Approach.POSTERIOR)


@pytest.mark.parametrize("first", [FRONT, replace(NECK, day=FRONT.day)])
def test_a_sign_is_never_less_urgent_because_another_operation_followed(first: Operation) -> None:
    for second in (STAGED, replace(NECK, day=STAGED.day)):
        for pod, sign in product(range(3, 120), SIGNS.values()):
            day = first.day + timedelta(days=pod)
            after = postoperative_day(day, second)
            alone = max(sign.urgency_on(pod, first) or 0, sign.urgency_on(after, second) or 0)
            assert (sign.urgency_on(after, second, (first,)) or 0) == alone, (sign.id, pod)


def test_the_belly_after_a_front_and_then_a_back_stage_is_an_emergency_everywhere() -> None:
    """The front on 5 January, the back on the 8th; a hard, swollen belly on the 10th."""
    day = date(2026, 1, 10)
    entry = DiaryEntry(day, signs=frozenset({"belly"}))
    history = History((FRONT, STAGED), (entry,))

    found = triage(entry, context_of(history, day))
    assert (found.urgency, found.concerns[0].advice) == (Urgency.EMERGENCY, "belly_emergency")
    (flag,) = assess(history, day).episodes
    assert flag.urgency is Urgency.EMERGENCY
    (open_sign,) = open_signs(history, day)
    assert open_sign.urgency is Urgency.EMERGENCY
    listed = lists_for(STAGED, 2, (FRONT,))
    assert any("belly" in item.ids for item in listed.now)

    alone = triage(entry, context_of(History((STAGED,), (entry,)), day))
    assert alone.urgency is Urgency.SAME_DAY
