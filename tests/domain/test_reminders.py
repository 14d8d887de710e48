"""When a reminder may come: in every zone, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.domain.history import DAILY, TAPERING
from recovery_tracker.domain.reminders import (
    LATEST,
    Wishes,
    day_to_remind_of,
    is_expected,
    is_quiet,
    planned_days,
)
from recovery_tracker.domain.surgery import Operation, Region

ZONES = st.sampled_from(sorted(available_timezones()))
#: Clocks have been set in many ways; these are the years with the rules that people live by.
INSTANTS = st.integers(0, 48 * 365 * 24 * 60).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def wishes(draw) -> Wishes:
    return Wishes(draw(ZONES), draw(CLOCKS), draw(CLOCKS), draw(CLOCKS))


def in_quiet_hours(clock: time, wish: Wishes) -> bool:
    """The same said in another way: walking from the start, the end is not met before the clock."""
    minutes = [t.hour * 60 + t.minute for t in (wish.quiet_from, wish.quiet_to, clock)]
    first, last, now = minutes
    return (now - first) % 1440 < (last - first) % 1440


@given(wishes(), INSTANTS)
def test_never_in_quiet_hours_and_only_within_the_wished_time(wish, now):
    day = day_to_remind_of(now, wish)
    if day is not None:
        local = now.astimezone(ZoneInfo(wish.zone))
        assert local.date() == day
        assert not in_quiet_hours(local.time(), wish)
        waited = datetime.combine(day, local.time()) - datetime.combine(day, wish.at)
        assert timedelta(0) <= waited < LATEST


@given(ZONES, st.dates(date(1990, 1, 2), date(2037, 12, 30)), st.integers(7, 21))
def test_every_day_has_its_moment_with_the_usual_quiet_hours(zone, day, hour):
    """Somebody who runs the command every ten minutes reminds of every day that there is."""
    wish = Wishes(zone, time(hour))
    noon = datetime.combine(day, time(12), UTC)
    instants = [noon + timedelta(minutes=10 * n) for n in range(-36 * 6, 36 * 6)]
    local_days = {instant.astimezone(ZoneInfo(zone)).date() for instant in instants}
    found = {day_to_remind_of(instant, wish) for instant in instants}
    assert (day in found) == (day in local_days)


@given(wishes(), CLOCKS)
def test_quiet_hours_may_pass_midnight(wish, clock):
    assert is_quiet(clock, wish) == in_quiet_hours(clock, wish)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_the_usual_quiet_hours(clock, quiet):
    assert is_quiet(time.fromisoformat(clock), Wishes("UTC")) is quiet


def test_the_hour_that_comes_twice_belongs_to_one_day():
    """In Berlin it is half past two twice on 25 October 2026."""
    wish = Wishes("Europe/Berlin", time(2), time(22), time(1))
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [day_to_remind_of(now, wish) for now in twice] == [date(2026, 10, 25)] * 2


def test_the_hour_that_never_comes_is_made_up_for():
    """In New York it is never half past two on 8 March 2026."""
    wish = Wishes("America/New_York", time(2, 30), time(22), time(1))
    before, after = (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC))
    assert day_to_remind_of(before, wish) is None
    assert day_to_remind_of(after, wish) == date(2026, 3, 8)


FIRST = Operation(date(2026, 1, 5), Region.LUMBAR)
SECOND = Operation(date(2026, 4, 6), Region.LUMBAR)


def test_nothing_is_expected_before_the_first_operation():
    assert not is_expected(date(2026, 1, 4), DAILY, [FIRST])
    assert is_expected(date(2026, 1, 5), DAILY, [FIRST])
    assert not is_expected(date(2026, 1, 5), DAILY, [])


def test_days_are_counted_from_the_latest_operation_done_by_then():
    """A planned second operation does not stop the reminders of the first; done, it restarts."""
    tuesday = date(2026, 3, 31)
    assert not is_expected(tuesday, TAPERING, [FIRST, SECOND])
    assert is_expected(tuesday + timedelta(days=7), TAPERING, [FIRST, SECOND])
    week = planned_days(tuesday, tuesday + timedelta(days=9), TAPERING, [SECOND, FIRST])
    assert [day.day for day in week] == [2, 6, 7, 8, 9]
