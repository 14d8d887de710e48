"""SQLite with its write-ahead log: who opens a file, what lies beside it, who waits for whom."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from recovery_tracker.services import erase_patient
from recovery_tracker.storage import backup, engine, people, soundness
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import WAL_IS_SOUND, driver
from recovery_tracker.storage.upgrade import upgrade_database
from tests.databases import NOW, PROJECT, SYSTEM, new_patient, url_of

_OLD_PYTHON = sqlite3.sqlite_version_info < WAL_IS_SOUND
pytestmark = pytest.mark.skipif(
    _OLD_PYTHON and not find_spec("pysqlite3"), reason="SQLite from 3.51.3 on"
)

#: The program where the package that brings a newer SQLite is not installed.
WITHOUT = """
import sys
sys.modules["pysqlite3"] = None
from recovery_tracker.storage import people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.errors import NotSaved
from tests.databases import new_patient
database = open_database(sys.argv[1])
try:
    new_patient(database, "Bea")
    with database.read() as session:
        print(driver().__name__, *sorted(one.name for one in people.all_patients(session)))
except NotSaved as error:
    print(error)
"""


def without(url: str) -> str:
    command = [sys.executable, "-c", WITHOUT, url]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def log_of(file: Path) -> Path:
    return Path(f"{file}-wal")


def names(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(one.name for one in people.all_patients(session))


def test_the_newer_of_two_modules_opens_files(file: Path) -> None:
    dbapi2 = pytest.importorskip("pysqlite3.dbapi2")
    newest = max(sqlite3.sqlite_version_info, dbapi2.sqlite_version_info)
    assert driver().sqlite_version_info == newest
    database = open_database(url_of(file))
    with database.read() as session:
        found = session.scalar(text("SELECT sqlite_version()"))
    database.close()
    assert tuple(map(int, str(found).split("."))) == newest


@pytest.mark.skipif(not _OLD_PYTHON, reason="a Python with an older SQLite")
def test_a_program_without_that_module_opens_the_same_file(file: Path) -> None:
    """There and back; while this one has it open the other does not, so that they never mix."""
    database = open_database(url_of(file))
    new_patient(database, "Ann")
    assert "busy" in without(url_of(file))
    database.close()
    assert without(url_of(file)).split() == ["sqlite3", "Ann", "Bea"]
    assert names(database) == ["Ann", "Bea"]
    with database.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    database.close()


def test_what_lies_beside_a_database_is_for_this_user_alone(file: Path) -> None:
    file.chmod(0o600)
    umask = os.umask(0)
    try:
        database = open_database(url_of(file))
        new_patient(database)
        beside = sorted(file.parent.glob(f"{file.name}*"))
        assert {log_of(file), Path(f"{file}-shm")} < set(beside)
        assert {stat.S_IMODE(one.stat().st_mode) for one in beside} == {0o600}
        database.close()
    finally:
        os.umask(umask)
    assert not log_of(file).exists()


def test_nobody_waits_for_a_reader(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    with database.read() as session:
        assert people.all_patients(session) == ()
        new_patient(database)
        assert people.all_patients(session) == ()
    assert len(names(database)) == 1


def test_the_log_keeps_nobody_who_was_erased_while_somebody_read(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    database = open_database(url_of(file))
    patient = new_patient(database, "Canary-Name")
    with database.read() as reader:
        people.all_patients(reader)
        assert erase_patient(database, patient.id, by=SYSTEM, at=NOW).is_in_log
        assert "tick will empty it" in caplog.text
        assert b"Canary-Name" in log_of(file).read_bytes()
    other = new_patient(database)
    assert not erase_patient(database, other.id, by=SYSTEM, at=NOW).is_in_log
    assert log_of(file).stat().st_size == 0
    assert b"Canary-Name" not in file.read_bytes()
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_full_disk_leaves_the_log_as_it_is(
    database: Database, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An erasure is committed by then: whoever asked for it is told so, and not that it failed."""
    import resource

    with database.write() as session:
        session.execute(text("CREATE TABLE filler (x BLOB)"))
        session.execute(text("INSERT INTO filler VALUES (randomblob(1000000))"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
    try:
        assert not database.empty_log()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "the write-ahead log could not be emptied: OperationalError" in caplog.text
    assert database.empty_log()
    assert log_of(file).stat().st_size == 0


def test_a_log_that_had_to_grow_is_short_again(database: Database, file: Path) -> None:
    """A long reader keeps what was written in the log; once it is done the log is used anew."""
    with database.write() as session:
        session.execute(text("CREATE TABLE filler (x BLOB)"))
    fill = text("INSERT INTO filler VALUES (randomblob(2000000))")
    with database.read() as reader:
        people.all_patients(reader)
        for _ in range(4):
            with database.write() as session:
                session.execute(fill)
    grown = log_of(file).stat().st_size
    for _ in range(3):
        new_patient(database)
    assert grown > 8_000_000 > 1_000_000 > log_of(file).stat().st_size


@pytest.mark.parametrize("is_there", [True, False], ids=["database", "only its log"])
def test_no_log_of_before_gets_into_a_restored_database(tmp_path: Path, is_there: bool) -> None:
    """As after a crash: the files as they were at some moment, the log not yet in the database."""
    home, crashed = tmp_path / "home", tmp_path / "crashed" / "diary.sqlite"
    url = url_of(home / crashed.name)
    home.mkdir()
    upgrade_database(url)
    database = open_database(url)
    new_patient(database, "Ann")
    made = backup.backup_to(url, tmp_path / "a.zip", by=SYSTEM, at=NOW)
    database.empty_log()
    new_patient(database, "Bea")
    shutil.copytree(home, crashed.parent)
    database.close()
    assert b"Bea" not in crashed.read_bytes()
    assert b"Bea" in log_of(crashed).read_bytes()
    if not is_there:
        crashed.unlink()
    backup.restore_from(made.file, url_of(crashed), by=SYSTEM, at=NOW)
    restored = open_database(url_of(crashed))
    assert names(restored) == ["Ann"]
    with restored.read() as session:
        assert list(soundness.problems_of(session)) == []
    restored.close()
