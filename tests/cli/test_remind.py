"""`remind` as cron runs it: a letter when one is due, one clear line when something is wrong."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from recovery_tracker.domain.history import DAILY
from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import accounts, people, record_rows, settings
from recovery_tracker.storage.database import open_database
from recovery_tracker.web.shared.subscription import as_preference, asked
from tests.mail_server import SENDER, mail_server

BY = Actor(None, "test", Role.SYSTEM)


@pytest.fixture
def url(empty_file, tmp_path):
    """A "just me" database whose one patient wants to be reminded at this hour, every day."""
    (tmp_path / "home").mkdir()
    url = f"sqlite:///{shutil.copy(empty_file, tmp_path / 'home' / 'diary.sqlite')}"
    now = datetime.now(UTC)
    wish = asked("nora.canary@example.org", language="en-GB", at=now)
    hour = f"{now:%H:00}"
    kept = {
        "mail": {**as_preference(wish), "is_confirmed": True},
        "reminder_time": hour,
        "quiet_from": hour,
        "quiet_to": hour,
    }
    database = open_database(url)
    with database.write() as session:
        chosen = settings.Installation(mode=Mode.JUST_ME, country="GB", emergency_number="999")
        settings.save_installation(session, chosen, by=BY, at=now)
        patient = people.create_patient(
            session, name="Nora", schedule=DAILY, preferences=kept, by=BY, at=now
        )
        operation = Operation(now.date() - timedelta(days=30), Region.LUMBAR)
        record_rows.add(session, patient.id, operation, by=BY, at=now)
        accounts.create_account(
            session,
            name="Nora",
            login="nora",
            role=Role.PATIENT,
            patient_id=patient.id,
            by=BY,
            at=now,
        )
    database.close()
    return url


@pytest.fixture
def running(monkeypatch):
    with mail_server() as found:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(found.port)), ("TLS", "off")):
            monkeypatch.setenv(f"RECOVERY_TRACKER_SMTP_{name}", value)
        monkeypatch.setenv("RECOVERY_TRACKER_SMTP_FROM", SENDER)
        yield found


def test_a_letter_when_one_is_due_and_none_the_second_time(command, url, running):
    said = command("remind", "--dry-run", "--database", url)
    assert (said.status, said.out) == (0, "Would send 1.\n")
    assert running.box.letters == []
    said = command("remind", "--database", url, "--port", "9000")
    assert (said.status, said.out, said.err) == (0, "Sent 1.\n", "")
    (letter,) = running.box.letters
    assert "http://127.0.0.1:9000/" in letter.get_content().split()
    said = command("remind", "--database", url)
    assert (said.status, said.out) == (0, "Sent 0. Not due: 1 reminded already.\n")
    assert len(running.box.letters) == 1


def test_links_lead_to_the_address_people_use(command, url, running, monkeypatch):
    monkeypatch.setenv("RECOVERY_TRACKER_TRUSTED_HOSTS", "diary.example.org")
    monkeypatch.setenv("RECOVERY_TRACKER_PROXIES", "1")
    assert command("remind", "--database", url).status == 0
    assert "https://diary.example.org/" in running.box.letters[0].get_content().split()


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("refuses", "1 could not be sent; the next run tries again"),
        ("hangs up", "1 may or may not have arrived"),
    ],
)
def test_what_went_wrong_is_one_line_for_whoever_runs_it(command, url, running, mood, words):
    running.box.mood = mood
    said = command("remind", "--database", url)
    assert said.status == 1
    assert said.out == "Sent 0.\n"
    assert said.err.startswith(f"recovery-tracker: {words}")
    assert "canary" not in said.err + said.out


def test_without_a_mail_server_it_says_what_to_set(command, url):
    said = command("remind", "--database", url)
    assert said.status == 1
    assert "RECOVERY_TRACKER_SMTP_HOST" in said.err


def test_a_timer_that_runs_before_anybody_set_it_up_has_not_failed(command, empty_file, tmp_path):
    """`systemctl --failed` and a watcher of exit codes stay quiet on the first day."""
    fresh = f"sqlite:///{shutil.copy(empty_file, tmp_path / 'diary.sqlite')}"
    said = command("remind", "--database", fresh)
    assert (said.status, said.out, said.err) == (
        0,
        "Nothing to send: the diary is not set up yet.\n",
        "",
    )


def test_nobody_of_a_demonstration_is_reminded(command, url, running):
    database = open_database(url)
    with database.write() as session:
        from recovery_tracker.storage.tables.people import InstallationRow

        session.get(InstallationRow, 1).is_demo = True
    database.close()
    said = command("remind", "--database", url)
    assert said.status == 1
    assert "demonstration" in said.err
    assert running.box.letters == []
