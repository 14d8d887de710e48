"""Milestones: facts about doing, each on its day."""

from datetime import date, timedelta

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.web.patient.milestones import milestones_of

DAY_0 = date(2026, 1, 5)
OPERATION = Operation(DAY_0, Region.LUMBAR)


def diary(**answers):
    """Entries of the days from day 0 on; each answer is a list by day, None is left out."""
    length = max(len(values) for values in answers.values())
    return [
        DiaryEntry(
            DAY_0 + timedelta(days=n),
            **{key: values[n] for key, values in answers.items() if n < len(values)},
        )
        for n in range(length)
    ]


def found(entries):
    return {first.text: (first.day - DAY_0).days for first in milestones_of(entries, OPERATION)}


def test_first_walks_keep_their_day():
    assert found(diary(walking=[0, 1, 2, 1, 3, 4])) == {
        "First walk of 10 minutes or more": 2,
        "First day with half an hour of walking": 4,
        "First day with more than an hour of walking": 5,
    }


def test_nothing_is_said_about_what_has_not_come():
    assert found(diary(walking=[0, 1, None], mobility=[4, 3, 2])) == {}


def test_before_the_operation_does_not_count():
    early = DiaryEntry(DAY_0 - timedelta(days=3), walking=4)
    assert milestones_of([early], OPERATION) == ()


def test_week_without_strong_painkillers_needs_seven_answered_days_in_a_row():
    name = "7 days in a row without strong painkillers"
    assert found(diary(opioid_doses=[2, *[0] * 7]))[name] == 7
    assert name not in found(diary(opioid_doses=[2, *[0] * 6]))
    assert name not in found(diary(opioid_doses=[2, 0, 0, 0, None, 0, 0, 0, 0]))
    assert name not in found(diary(opioid_doses=[0] * 10))


def test_gap_between_days_breaks_the_week():
    entries = diary(opioid_doses=[1, *[0] * 8])
    del entries[4]
    assert found(entries) == {}


def from_day(first, walking, apart=1):
    """Entries with these walks, the first on a day after the operation."""
    days = (DAY_0 + timedelta(days=first + apart * n) for n in range(len(walking)))
    return [DiaryEntry(day, walking=level) for day, level in zip(days, walking, strict=True)]


def test_a_diary_begun_late_claims_no_first_that_it_cannot_know():
    assert found(from_day(19, [2, 2, 3])) == {}
    # Nobody waits 200 days for a walk of ten minutes.
    assert found(from_day(200, [1, 2, 1, 2])) == {}
    assert found(from_day(10, [2, 3])) == {"First day with half an hour of walking": 11}


def test_after_a_long_silence_nobody_knows_what_was_a_first():
    assert found([*from_day(1, [1, 1]), *from_day(60, [4])]) == {}
    assert found([*from_day(1, [1, 1]), *from_day(60, [1, 4])]) == {}
    first = "First day with more than an hour of walking"
    assert found(from_day(1, [1, 1, 4], apart=14))[first] == 29


def test_the_day_of_the_operation_tells_of_the_night_and_the_walk_before_it():
    assert found(diary(walking=[3, 0, 1], sleep=[0, 3, 3], mobility=[0, 4, 4])) == {}
