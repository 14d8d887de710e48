"""A day stays the day the patient chose, in every zone and through every clock change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.surgery import Operation, Region, postoperative_day
from recovery_tracker.web.shared.clock import day_of
from tests.web.diarist import CALM, new_diarist

#: A clock change at night, a zone with half hours, the first and the last civil day on Earth.
ZONES = ("Europe/London", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago")

zones = st.sampled_from(sorted(available_timezones()))
#: Any minute of fifteen years.
instants = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(zones, instants, st.integers(-30, 800))
@settings(max_examples=300, deadline=None)
def test_entry_keeps_its_day_and_its_postoperative_day(zone, instant, pod):
    day = day_of(instant, zone)
    entry = DiaryEntry(day, walking=1, recorded_at=instant, zone=zone)
    operation = Operation(day - timedelta(days=pod), Region.LUMBAR)
    assert entry.days_late == 0
    assert postoperative_day(entry.day, operation) == pod
    moved = DiaryEntry(day, walking=1, recorded_at=instant, zone="UTC")
    assert moved.day == day


@pytest.mark.parametrize("zone", ZONES)
def test_today_is_the_patients_today(clinic, zone):
    """At 23:30 UTC on the day the clocks change, four patients write on their own civil day."""
    clinic.clock.instant = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    diarist = new_diarist(clinic, "nora", zone=zone)
    day = clinic.clock.instant.astimezone(ZoneInfo(zone)).date()
    assert str(day) in next(link for link in diarist.page().links if "/day/" in link)
    assert diarist.log(day, **CALM).status_code == 303
    stored = diarist.entry(day)
    assert stored.day == day
    assert stored.days_late == 0
    assert diarist.browser.get(diarist.day(day + timedelta(days=1))).status_code == 404


def test_moving_to_another_zone_moves_no_day(clinic):
    nora = new_diarist(clinic)
    day = date(2026, 3, 12)
    nora.log(day, **CALM)
    nora.send("settings", zone="Pacific/Auckland")
    assert nora.entry(day).day == day
    assert nora.entry(day).zone == "Europe/London"
