"""Copies, checks, accounts and files of a real database."""

import json
import os
import pty
import stat
import subprocess
import sys
import termios
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery_tracker.cli.checks import old_numbers
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.places import CHECKED_ON, GOOD_FOR
from recovery_tracker.exchange.diary_csv import read_diary
from recovery_tracker.storage import audit, diary, people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import driver

from .conftest import EXAMPLE


@pytest.fixture
def days(url):
    """How many days the diary holds now."""

    def count():
        database = open_database(url)
        try:
            with database.read() as session:
                return len(diary.entries_of(session, people.all_patients(session)[0].id))
        finally:
            database.close()

    return count


def filled(command, url):
    return command("import", EXAMPLE, "--database", url)


def test_a_diary_is_imported_once(command, url, days):
    assert "155" in filled(command, url).out
    assert days() == 155
    said = filled(command, url)
    assert said.status == 0
    assert "Imported 0 days; already there and unchanged: 155" in said.out
    assert days() == 155


def test_a_dry_run_changes_nothing(command, url, days):
    said = command("import", EXAMPLE, "--dry-run", "--database", url)
    assert "Would import 155 days" in said.out
    assert days() == 0


def test_a_bad_file_imports_nothing(command, url, days, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("date,axial_pain\n2026-01-01,3\n2026-01-02,33\n")
    said = command("import", file, "--database", url)
    assert (said.status, days()) == (1, 0)
    assert "bad.csv, row 3, column axial_pain" in said.err


def test_an_export_can_be_imported_again(command, url, tmp_path):
    filled(command, url)
    out = tmp_path / "mine.zip"
    assert command("export", "--out", out, "--database", url).status == 0
    with zipfile.ZipFile(out) as packed:
        packed.extract("diary.csv", tmp_path)
        flags = json.loads(packed.read("flags.json"))
        person = json.loads(packed.read("patient.json"))
    again = read_diary(tmp_path / "diary.csv")
    first = read_diary(EXAMPLE)
    assert [(e.day, e.axial_pain) for e in again] == [(e.day, e.axial_pain) for e in first]
    assert person["operations"][0]["day"] == "2026-01-12"
    assert all(flag["evidence"]["rule_set"] for flag in flags)


def test_an_export_never_takes_the_place_of_the_database(command, url, days, tmp_path):
    file, before = Path(url.removeprefix("sqlite:///")), days()
    said = command("export", "--out", file, "--database", url)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert days() == before


def test_a_backup_is_verified_and_restored(command, url, days, tmp_path):
    filled(command, url)
    copy = tmp_path / "copy.zip"
    assert command("backup", copy, "--database", url).status == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "corrections 155" in command("verify", copy).out
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'diary.sqlite'}"
    assert "corrections 155" in command("restore", copy, "--database", elsewhere).out
    assert command("check", "--database", elsewhere).status == 0
    said = command("restore", copy, "--database", url)
    assert "The former database is in" in said.out
    assert days() == 155


def test_a_damaged_backup_is_refused(command, url, tmp_path):
    copy = tmp_path / "copy.zip"
    command("backup", copy, "--database", url)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 0xFF
    copy.write_bytes(content)
    assert command("verify", copy).status == 1
    said = command("restore", copy, "--database", url)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert command("check", "--database", url).status == 0


def test_check_finds_what_other_users_can_read(command, url, tmp_path):
    assert command("check", "--database", url).status == 0
    (tmp_path / "home" / "diary.sqlite").chmod(0o644)
    said = command("check", "--database", url)
    assert said.status == 1
    assert "other users can read it" in said.err


BROKEN = '["hand-broken","saddle_numbness"'


@pytest.mark.parametrize(
    ("table", "key", "column", "said"),
    [
        ("patient", "id = 1", "schedule", "patient 1: schedule cannot be read"),
        ("patient", "id = 1", "created_at", "patient 1: created_at cannot be read"),
        ("installation", "id = 1", "set_up_at", "installation 1: set_up_at cannot be read"),
        ("operation", "id = 1", "risk_factors", "operation 1: risk_factors cannot be read"),
        ("flag", "id = 1", "episode", "flag 1: episode cannot be read"),
        ("entry_version", "id = 2", "signs", "entry 2: signs cannot be read"),
        ("audit_payload", "event_id = 1", "body", "audit chain 0, event 1: what it says was"),
        ("audit_event", "id = 1", "at", "audit chain 0, event 1: at cannot be read"),
    ],
)
def test_check_names_the_row_that_cannot_be_read_and_goes_on(
    command, url, tmp_path, table, key, column, said
):
    """Beside it another finding; what stands in the row is health data and is not told."""
    file = tmp_path / "diary.csv"
    file.write_text("date,axial_pain,signs\n2026-03-01,3,fever\n2026-03-02,3,none\n2026-03-03,3,\n")
    command("import", file, "--database", url)
    with closing(driver().connect(tmp_path / "home" / "diary.sqlite")) as raw, raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute(f"UPDATE {table} SET {column} = ? WHERE {key}", (BROKEN,))
        raw.execute("UPDATE entry_version SET axial_pain = 9 WHERE id = 3")
    found = command("check", "--database", url)
    assert found.status == 1
    lines = found.err.splitlines()
    assert [line for line in lines if line.startswith(f"database: {said}")]
    assert "database: entry 3: was changed after it was written" in lines
    assert lines[-1] == "recovery-tracker: 2 to put right"
    assert "broken" not in found.err
    assert "saddle" not in found.err


def test_tick_can_run_as_often_as_one_likes(command, url):
    filled(command, url)
    assert command("tick", "--database", url).status == 0
    assert "0 assessed" in command("tick", "--database", url).out


def test_a_command_does_not_upgrade_by_the_way(command, tmp_path):
    said = command("tick", "--database", f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert said.status == 1
    assert "upgrade" in said.err
    assert not (tmp_path / "none.sqlite").exists()


def test_upgrade_makes_a_database_that_only_its_user_reads(command, tmp_path):
    url = f"sqlite:///{tmp_path / 'deep' / 'diary.sqlite'}"
    assert command("upgrade", "--database", url).status == 0
    assert stat.S_IMODE((tmp_path / "deep" / "diary.sqlite").stat().st_mode) == 0o600
    said = command("check", "--database", url)
    assert "set-up: not done yet" in said.err


def test_without_an_option_the_database_is_in_the_data_folder(command, tmp_path):
    assert command("upgrade").status == 0
    assert (tmp_path / "data-home" / "recovery-tracker" / "recovery.sqlite").exists()


def test_a_folder_may_have_any_name(command, tmp_path, monkeypatch):
    """A question mark in it would cut an address short: the diary would be another file."""
    home = tmp_path / "what? #1 100% ü"
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert command("upgrade").status == 0
    assert command("backup", tmp_path / "a.zip").status == 0
    assert command("restore", tmp_path / "a.zip").status == 0
    assert (home / "recovery-tracker" / "recovery.sqlite").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", home.name]


def test_the_environment_names_the_database(command, url, monkeypatch):
    monkeypatch.setenv("RECOVERY_TRACKER_DATABASE_URL", url)
    assert "ana\tpatient\tAna\tactive" in command("user", "list").out


def test_an_address_that_is_no_database_is_one_line(command):
    said = command("upgrade", "--database", "mysql://somewhere/else")
    assert (said.status, said.err.count("\n")) == (1, 1)


def test_an_account_is_invited_disabled_and_let_in_again(command, url):
    link = command("user", "invite", "Dr Lund", "--role", "clinician", "--database", url).out
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    assert "/invitation/" in command("user", "reset", "ana", "--database", url).out
    assert command("user", "disable", "ana", "--database", url).status == 0
    assert "ana\tpatient\tAna\tdisabled" in command("user", "list", "--database", url).out
    command("user", "disable", "ana", "--undo", "--database", url)
    assert "active" in command("user", "list", "--database", url).out


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "reset", "nobody"),
        ("user", "disable", "nobody"),
        ("export", "--patient", "nobody", "--out", "x.zip"),
    ],
)
def test_somebody_who_is_not_there_is_one_line(command, url, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = command(*arguments, "--database", url)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert not (tmp_path / "x.zip").exists()


def test_a_patient_account_needs_a_patient(command, url):
    said = command("user", "invite", "Ana", "--role", "patient", "--database", url)
    assert said.status == 2


@pytest.mark.parametrize("damage", ["no header", "pages"])
@pytest.mark.parametrize(
    "words", ["run --port 0", "check", "tick", "upgrade", "user list", "export --out x.zip"]
)
def test_a_damaged_database_is_one_line(command, url, damage, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "home" / "diary.sqlite"
    content = bytearray(file.read_bytes())
    kept = 0 if damage == "no header" else 2 * 4096
    content[kept:] = b"\xa5" * (len(content) - kept)
    file.write_bytes(content)
    said = command(*words.split(), "--database", url)
    assert said.status == 1
    assert "The database is damaged, or it is encrypted" in said.err
    assert "restore the newest backup" in said.err
    assert "Traceback" not in said.err
    assert file.read_bytes() == content
    assert not (tmp_path / "x.zip").exists()


def test_check_names_a_database_that_can_only_be_read(command, url, tmp_path):
    assert "cannot be written" not in command("check", "--database", url).err
    with (tmp_path / "home" / "diary.sqlite").open("r+b") as file:
        # A write version that SQLite does not know: by its file format it then only reads.
        file.seek(18)
        file.write(b"\x03")
    assert "database: cannot be written" in command("check", "--database", url).err


def test_a_refused_write_is_one_line_and_no_log(url):
    """In a process of its own: pytest catches what is logged."""
    with Path(url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")
    program = [sys.executable, "-c", "from recovery_tracker.cli import main; main()"]
    command = ["user", "invite", "Ana", "--role", "clinician", "--database", url]
    said = subprocess.run([*program, *command], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == ("recovery-tracker: The database can only be read. Nothing was saved.\n")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_tick_shows_how_far_it_is_on_a_terminal_alone(command, url, is_terminal):
    filled(command, url)
    with closing(driver().connect(url.removeprefix("sqlite:///"))) as raw:
        raw.execute("UPDATE standing SET assessment_due = 1")
        raw.commit()
    read, write = pty.openpty() if is_terminal else os.pipe()
    if is_terminal:
        termios.tcsetwinsize(write, (24, 80))
    program = [sys.executable, "-c", "from recovery_tracker.cli import main; main()"]
    command = [*program, "tick", "--database", url]
    # Whoever runs the tests may have asked for no bars.
    shows = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=write, check=True, env=shows)
    os.write(write, b"end")
    shown = os.read(read, 10_000)
    os.close(read)
    os.close(write)
    assert said.stdout == b"1 assessed.\n"
    assert (b"patients" in shown) is is_terminal
    assert is_terminal or shown == b"end"


@pytest.mark.parametrize("minutes", [59, 61])
def test_check_says_that_the_clock_is_or_was_wrong(command, url, minutes):
    database = open_database(url)
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    with database.write() as session:
        by = Actor(None, "test", Role.SYSTEM)
        audit.record(session, audit.AuditAction.BACKED_UP, by=by, at=at, details={})
    database.close()
    said = command("check", "--database", url)
    assert said.status == 0
    assert ("clock: the newest event" in said.err) == (minutes > 60)
    assert said.err.count("\n") == (minutes > 60)


def test_check_says_when_the_numbers_to_call_are_older_than_a_year():
    """The last good day, the day after, and a country without numbers."""
    last = CHECKED_ON + GOOD_FOR
    assert list(old_numbers("GB", last)) == []
    (said,) = old_numbers("GB", last + timedelta(days=1))
    assert "GB" in said
    assert CHECKED_ON.isoformat() in said
    assert list(old_numbers("", last + timedelta(days=1))) == []
