"""Diaries as arrays."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.history import Event, EventKind, History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.trends.known import KnownDiary
from recovery_tracker.trends.series import Diaries, diaries_of

DAY_0 = date(2025, 3, 3)


def on(day: int) -> date:
    return DAY_0 + timedelta(days=day)


def diaries(*entries: DiaryEntry, until: int = 10, events: tuple[Event, ...] = ()) -> Diaries:
    operation = Operation(DAY_0, Region.LUMBAR, preop_axial_pain=7)
    return diaries_of([History((operation,), entries, events)], [on(until)])


def test_a_day_that_was_not_recorded_is_nan_and_not_zero() -> None:
    arrays = diaries(DiaryEntry(on(2), axial_pain=0), DiaryEntry(on(5), axial_pain=4))

    scores = arrays.number("axial_pain")[0]

    assert scores[2] == 0
    assert scores[5] == 4
    assert np.isnan(np.delete(scores, [2, 5])).all()
    assert np.isnan(arrays.number("sleep")).all()
    assert arrays.shape == (1, 11)


def test_days_before_the_operation_are_left_out() -> None:
    arrays = diaries(DiaryEntry(on(-3), axial_pain=8), DiaryEntry(on(1), axial_pain=5))

    assert arrays.logged.sum() == 1


def test_what_was_recorded_later_is_not_there_yet() -> None:
    at = datetime.combine(on(8), time(12), UTC)
    late = DiaryEntry(on(4), axial_pain=9, recorded_at=at)

    assert not diaries(late, until=7).logged.any()
    known = diaries(late, until=8)
    assert known.logged[0, 4]
    assert known.lateness()[0, 4] == 4


def test_a_diary_as_known_hides_what_was_recorded_later() -> None:
    at = datetime.combine(on(8), time(12), UTC)
    late = DiaryEntry(
        on(4), axial_pain=9, strain=frozenset({"fall"}), signs=frozenset({"clunk"}), recorded_at=at
    )
    arrays = diaries(DiaryEntry(on(3), axial_pain=2), late)

    before, after = KnownDiary(arrays, 0, 7), KnownDiary(arrays, 0, 8)

    for known, logged in ((before, [3]), (after, [3, 4])):
        assert np.flatnonzero(known.of(arrays.logged)).tolist() == logged
        assert np.flatnonzero(~np.isnan(known.number("axial_pain"))).tolist() == logged
        assert np.isnan(known.number("sleep")).all()
    for told in (arrays.strain["fall"], arrays.signs["clunk"]):
        assert not before.of(told).any()
        assert np.flatnonzero(after.of(told)).tolist() == [4]


def test_a_recorded_fall_event_is_a_fall() -> None:
    arrays = diaries(
        DiaryEntry(on(1), axial_pain=5), events=(Event(on(3), EventKind.FALL, "stairs"),)
    )

    assert arrays.strain["fall"][0, 3]
    assert not arrays.logged[0, 3]


def test_unanswered_signs_are_not_none_of_these() -> None:
    arrays = diaries(
        DiaryEntry(on(1), axial_pain=5),
        DiaryEntry(on(2), signs=frozenset()),
        DiaryEntry(on(3), signs=frozenset({"clunk"}), signs_asked=frozenset({"clunk"})),
    )

    assert arrays.signs_answered[0, 1:4].tolist() == [False, True, True]
    assert arrays.was_asked(["clunk"])[0, 1:4].tolist() == [False, True, True]
    assert arrays.was_asked(["worse_on_loading"])[0, 1:4].tolist() == [False, True, False]


def test_rows_keep_everything_of_the_chosen_patients() -> None:
    operation = Operation(DAY_0, Region.CERVICAL, preop_axial_pain=6)
    histories = [History((operation,), (DiaryEntry(on(day), axial_pain=day),)) for day in (1, 2, 3)]
    arrays = diaries_of(histories, [on(4), on(5), on(6)])

    chosen = arrays.rows(np.array([2, 0]))

    assert chosen.observed_until.tolist() == [6, 4]
    assert np.nanmax(chosen.number("axial_pain"), axis=1).tolist() == [3, 1]
    assert chosen.region == (Region.CERVICAL, Region.CERVICAL)
