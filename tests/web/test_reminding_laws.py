"""Whatever the zone, the clocks, the mail server and the cron: at most one letter for a day.

The command is run again and again over days around a change of the clocks, while the patient writes
on some of them. Only the mail server is played here; database and program are the real ones.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.history import DAILY, TAPERING
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.reminders import Delivery, is_expected, is_quiet
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import record_day
from recovery_tracker.storage import accounts, people, record_rows
from recovery_tracker.web.config import MailServer
from recovery_tracker.web.shared import reminding
from recovery_tracker.web.shared.subscription import as_preference, asked, wishes_of
from tests.web.conftest import SYSTEM

#: Zones with every kind of change: an hour, half an hour, across midnight, a whole day left out.
ZONES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kiritimati", date(2026, 1, 1)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
)
TIMES = st.sampled_from([f"{hour:02d}:00" for hour in range(24)])
SERVER = MailServer("127.0.0.1", "diary@example.org", tls=False)


@dataclass
class PlayedServer:
    """A mail server that says what it was told to say, and remembers when it was asked."""

    says: list[Delivery]
    now: datetime | None = None
    asked: list[tuple[datetime, Delivery]] = field(default_factory=list)

    def __call__(self, _server):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def send(self, _letter):
        """The next answer."""
        outcome = self.says[len(self.asked) % len(self.says)]
        self.asked.append((self.now, outcome))
        return outcome


def new_patient(database, zone, schedule, operated, hours):
    """Somebody with an account whose reminders are on."""
    at = datetime(2011, 1, 1, tzinfo=UTC)
    wish = asked("nora@example.org", language="en-GB", at=at)
    mail = {**as_preference(wish), "is_confirmed": True}
    with database.write() as session:
        patient = people.create_patient(
            session,
            name="Nora",
            zone=zone,
            schedule=schedule,
            preferences={"mail": mail, **hours},
            by=SYSTEM,
            at=at,
        )
        record_rows.add(session, patient.id, Operation(operated, Region.LUMBAR), by=SYSTEM, at=at)
        accounts.create_account(
            session,
            name="Nora",
            login=f"nora-{patient.id}",
            role=Role.PATIENT,
            patient_id=patient.id,
            by=SYSTEM,
            at=at,
        )
    return patient


def write(database, patient, day, at):
    entry = DiaryEntry(day, axial_pain=2, signs=frozenset(), recorded_at=at, zone=patient.zone)
    key = f"{patient.id}-{day}-{at}"
    record_day(database, patient.id, entry, by=SYSTEM, at=at, today=day, key=key)


@hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.sampled_from(ZONES),
    hours=st.fixed_dictionaries({"reminder_time": TIMES, "quiet_from": TIMES, "quiet_to": TIMES}),
    schedule=st.sampled_from([DAILY, TAPERING]),
    week=st.integers(0, 14),
    says=st.lists(st.sampled_from(list(Delivery)), min_size=1, max_size=5),
    minutes=st.integers(40, 240),
    written=st.sets(st.integers(-3, 3)),
    hour=st.integers(0, 23),
)
def test_at_most_one_letter_a_day_never_in_quiet_hours_never_on_a_day_that_is_done(
    clinic, place, hours, schedule, week, says, minutes, written, hour
):
    zone, change = place
    patient = new_patient(clinic.database, zone, schedule, change - timedelta(weeks=week), hours)
    played, wish = PlayedServer(says), wishes_of(patient)
    now = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=3)
    done: dict[date, datetime] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminding, "Post", played)
        while now.date() < change + timedelta(days=3):
            local = now.astimezone(ZoneInfo(zone))
            today = local.date()
            if (today - change).days in written and today not in done and local.hour >= hour:
                write(clinic.database, patient, today, now)
                done[today] = now
            played.now = now
            reminding.remind(clinic.app, SERVER, base="http://localhost", now=now)
            now += timedelta(minutes=minutes)
    taken: Counter[date] = Counter()
    operation = Operation(change - timedelta(weeks=week), Region.LUMBAR)
    for instant, outcome in played.asked:
        local = instant.astimezone(ZoneInfo(zone))
        assert not is_quiet(local.time(), wish)
        assert local.time() >= wish.at
        assert is_expected(local.date(), schedule, [operation])
        assert local.date() not in done or done[local.date()] > instant
        taken[local.date()] += outcome is not Delivery.FAILED
    assert set(taken.values()) <= {0, 1}
    _nobody_is_left_subscribed(clinic.database, patient)


def _nobody_is_left_subscribed(database, patient):
    """The next example reminds its own patient alone."""
    with database.write() as session:
        still = people.patient_by_id(session, patient.id)
        people.update_patient(
            session,
            people.with_preferences(still, mail=None),
            expected_version=still.version,
            by=SYSTEM,
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
