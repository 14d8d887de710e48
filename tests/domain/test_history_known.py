"""What was known on a day: nothing later, and without copying where that is everything."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(1)
FIRST, SECOND = Operation(date(2026, 1, 5), Region.LUMBAR), Operation(LATER, Region.LUMBAR)


def test_nothing_of_a_later_day_is_known_whatever_it_is() -> None:
    dated = {field.name for field in fields(History) if field.default == ()}
    assert {"entries", "events", "sensitivity", "step_sources"} < dated
    something = SimpleNamespace(day=LATER, first=LATER)
    given = dict.fromkeys(dated, (something,)) | {"entries": (DiaryEntry(LATER),)}
    for name, parts in given.items():
        history = History((FIRST,), **{name: parts})
        assert getattr(history.known_on(DAY), name) == (), name
        assert history.known_on(LATER) is history, name


def test_a_day_recorded_later_and_a_later_operation_are_not_known() -> None:
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    history = History((FIRST,), entries=(DiaryEntry(DAY, recorded_at=at, zone="UTC"),))
    assert history.known_on(DAY).entries == ()
    assert history.known_on(LATER) is history
    assert History((FIRST, SECOND)).known_on(DAY).operations == (FIRST,)
    # Before any, the next one is the index.
    assert History((SECOND,)).known_on(DAY).operations == (SECOND,)


def test_counted_from_the_operation_that_counts_anyway_it_is_the_same() -> None:
    history = History((FIRST, SECOND))
    assert history.counted_on(LATER) is history
    assert history.counted_on(DAY).operations == (FIRST,)
    assert history.counted_on(FIRST.day - timedelta(1)) is history
