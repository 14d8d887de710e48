"""A backup is proven when it is made, refused when it is damaged, and brings everything back."""

import os
import random
import resource
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.services import erase_patient
from recovery_tracker.storage import (
    audit,
    audit_trail,
    diary,
    packing,
    people,
    sessions,
    soundness,
    upgrade,
)
from recovery_tracker.storage import engine as opening
from recovery_tracker.storage.backup import backup_to, restore_from, verify
from recovery_tracker.storage.copying import copy_database, private_folder
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.errors import DatabaseProblem, NotSaved
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.sessions import StoredSession
from tests.databases import NOW, SYSTEM, TODAY, new_clinician, new_patient, url_of


def write(database: Database, patient: Patient, n: int) -> None:
    with database.write() as session:
        entry = DiaryEntry(TODAY - timedelta(n), axial_pain=n % 10, note=f"day {n}")
        diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)


def days(database: Database, patient_id: int) -> int:
    with database.read() as session:
        return len(diary.days_recorded(session, patient_id))


def make(file: Path, to: Path) -> packing.Backup:
    return backup_to(url_of(file), to, by=SYSTEM, at=NOW)


def test_a_backup_says_what_is_in_it(database: Database, file: Path, tmp_path: Path) -> None:
    patient = new_patient(database)
    for n in range(3):
        write(database, patient, n)
    made = make(file, tmp_path / "copies" / "a.zip")
    assert verify(made.file) == made
    assert (made.counts["entry_version"], made.counts["patient"]) == (3, 1)
    assert made.revision == upgrade.head_revision()
    assert made.file.stat().st_mode & 0o077 == 0
    with database.read() as session:
        assert audit_trail.events_about(session)[0].action is audit.AuditAction.BACKED_UP
    assert list((tmp_path / "copies").iterdir()) == [made.file]


def test_a_backup_never_replaces_a_file(database: Database, file: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(DatabaseProblem, match="there already"):
        make(file, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_restored_is_as_it_was_and_the_former_is_kept(
    database: Database, file: Path, tmp_path: Path
) -> None:
    """A server that keeps its connections open goes on with the restored diary."""
    patient = new_patient(database)
    write(database, patient, 0)
    made = make(file, tmp_path / "a.zip")
    write(database, patient, 1)
    _, former = restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert days(database, patient.id) == 1
    write(database, patient, 5)
    assert days(database, patient.id) == 2
    assert former is not None
    with closing(driver().connect(former)) as raw:
        assert raw.execute("SELECT count(*) FROM entry_version").fetchone() == (2,)
    with database.read() as session:
        assert list(soundness.problems_of(session)) == []


def test_a_restore_beside_a_running_server_loses_no_entry(
    database: Database, file: Path, tmp_path: Path
) -> None:
    """Each entry that was acknowledged is in the diary now or in a former one."""
    patient = new_patient(database)
    made = make(file, tmp_path / "a.zip")
    acknowledged: list[int] = []
    stop = threading.Event()

    def keep_writing() -> None:
        other = open_database(url_of(file))
        while not stop.is_set():
            write(other, patient, len(acknowledged))
            acknowledged.append(len(acknowledged))
            stop.wait(0.001)
        other.close()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for _ in range(8):
            before = len(acknowledged)
            restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
            while len(acknowledged) < before + 3 and writer.is_alive():
                stop.wait(0.001)
    finally:
        stop.set()
        writer.join()
    found: set[int] = set()
    for each in [file, *file.parent.glob("recovery.before-restore-*.db")]:
        with closing(driver().connect(each)) as raw:
            found |= {int(note[4:]) for (note,) in raw.execute("SELECT note FROM entry_version")}
    assert set(acknowledged) <= found


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_file_that_another_program_holds_is_given_up(
    database: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.2)
    made = make(file, tmp_path / "a.zip")
    beside = sorted(file.parent.iterdir())
    with closing(driver().connect(file, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        with pytest.raises(DatabaseProblem, match="in use"):
            restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
        other.execute("ROLLBACK")
    assert sorted(file.parent.iterdir()) == beside


def test_a_finished_backup_is_not_called_unsaved(
    database: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program writes all the while: the copy is whole, only the audit has no note of it."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.2)
    with closing(driver().connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        made = make(file, tmp_path / "a.zip")
        other.execute("ROLLBACK")
    assert not made.is_noted
    assert verify(made.file).counts == made.counts


def test_what_a_killed_program_left_is_swept_away(database: Database, file: Path) -> None:
    """Whole copies of the diary in hidden folders; not that of a program that still runs."""
    left = file.parent / ".recovery-tracker-left"
    with private_folder(file.parent) as used:
        left.mkdir()
        shutil.copy(file, left)
        long_ago = time.time() - 60
        for folder in (left, used):
            os.utime(folder, (long_ago, long_ago))
        upgrade.upgrade_database(url_of(file))
        assert not left.exists()
        assert used.exists()
    assert not used.exists()


def test_nobody_stays_signed_in_after_a_restore(
    database: Database, file: Path, tmp_path: Path
) -> None:
    surgeon = new_clinician(database)
    with database.write() as session:
        later = NOW + timedelta(days=9)
        sessions.save_session(session, StoredSession("d", surgeon.account_id, {}, NOW, NOW, later))
    made = make(file, tmp_path / "a.zip")
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with database.read() as session:
        assert sessions.load_session(session, "d", NOW) is None
        assert audit_trail.events_about(session)[0].action is audit.AuditAction.RESTORED


def test_who_was_erased_since_stays_erased(database: Database, file: Path, tmp_path: Path) -> None:
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    write(database, ann, 0)
    write(database, bo, 0)
    made = make(file, tmp_path / "a.zip")
    erase_patient(database, ann.id, by=SYSTEM, at=NOW)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with database.read() as session:
        assert [patient.name for patient in people.all_patients(session)] == ["Bo"]
        assert list(soundness.problems_of(session)) == []


def test_a_restore_in_a_new_place(database: Database, file: Path, tmp_path: Path) -> None:
    """Another computer, and a journal left over there from something else."""
    patient = new_patient(database)
    write(database, patient, 0)
    made = make(file, tmp_path / "a.zip")
    target = tmp_path / "elsewhere" / "new.db"
    target.parent.mkdir()
    (tmp_path / "elsewhere" / "new.db-journal").write_bytes(b"\xd9\xd5\x05\xf9 not ours")
    _, former = restore_from(made.file, url_of(target), by=SYSTEM, at=NOW)
    assert former is None
    restored = open_database(url_of(target))
    assert days(restored, patient.id) == 1
    restored.close()


def test_a_database_too_damaged_to_open_is_moved_aside(
    database: Database, file: Path, tmp_path: Path
) -> None:
    patient = new_patient(database)
    write(database, patient, 0)
    made = make(file, tmp_path / "a.zip")
    database.close()
    file.write_bytes(b"no database at all" * 1000)
    _, former = restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert former is not None
    assert former.read_bytes().startswith(b"no database")
    assert days(database, patient.id) == 1


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("is_damaged", [False, True])
@pytest.mark.parametrize("share", [0.5, 1.5])
def test_a_restore_without_room_changes_nothing(
    database: Database, file: Path, tmp_path: Path, share: float, is_damaged: bool
) -> None:
    """Half of the backup fits, or all of it but not the larger database that is there now."""
    made = make(file, tmp_path / "a.zip")
    size = file.stat().st_size
    database.close()
    with closing(driver().connect(file)) as raw:
        raw.execute("CREATE TABLE ballast AS SELECT randomblob(?) AS filling", (2 * size,))
        raw.commit()
    if is_damaged:
        file.write_bytes(b"no database at all" * size)
    before = file.read_bytes()
    beside = sorted(file.parent.iterdir())
    with room_for(int(size * share)):
        if is_damaged and share > 1:
            restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
            assert file.read_bytes().startswith(b"SQLite format 3")
            return
        with pytest.raises(NotSaved, match="disk is full"):
            restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert file.read_bytes() == before
    assert sorted(file.parent.iterdir()) == beside


def test_a_backup_of_a_newer_program_changes_nothing(
    database: Database, file: Path, tmp_path: Path
) -> None:
    newer = Path(shutil.copy(file, tmp_path / "newer.db"))
    with closing(driver().connect(newer)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    made = make(newer, tmp_path / "a.zip")
    content = file.read_bytes()
    with pytest.raises(DatabaseProblem, match="newer version"):
        restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert file.read_bytes() == content


def test_backups_under_load_hold_every_acknowledged_entry(
    database: Database, file: Path, tmp_path: Path
) -> None:
    patient = new_patient(database)
    acknowledged = 0
    stop = threading.Event()

    def keep_writing() -> None:
        nonlocal acknowledged
        while not stop.is_set():
            write(database, patient, acknowledged)
            acknowledged += 1
            # SQLite has no queue: a writer that never pauses lets nobody else in.
            stop.wait(0.02)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for n in range(10):
            before = acknowledged
            made = make(file, tmp_path / f"{n}.zip")
            assert before <= made.counts["entry_version"] <= acknowledged + 1
            assert verify(made.file).counts == made.counts
    finally:
        stop.set()
        writer.join()


def test_damaged_backups_are_refused(database: Database, file: Path, tmp_path: Path) -> None:
    """Two hundred backups with flipped, cut or zeroed bytes: refused, or not a byte of difference
    in what would be restored."""
    patient = new_patient(database)
    for n in range(20):
        write(database, patient, n)
    made = make(file, tmp_path / "a.zip")
    good = made.file.read_bytes()
    with zipfile.ZipFile(made.file) as packed:
        content = packed.read("recovery-tracker.db")
    chance = random.Random(1)
    refused = 0
    broken = tmp_path / "broken.zip"
    for n in range(200):
        damaged = bytearray(good)
        place = chance.randrange(len(damaged))
        if n % 3 == 0:
            damaged[place] ^= 1 << chance.randrange(8)
        elif n % 3 == 1:
            del damaged[place:]
        else:
            damaged[place : place + 64] = bytes(len(damaged[place : place + 64]))
        broken.write_bytes(damaged)
        try:
            verify(broken)
        except DatabaseProblem:
            refused += 1
        else:
            with zipfile.ZipFile(broken) as packed:
                assert packed.read("recovery-tracker.db") == content
    assert refused > 180


def test_a_tampered_backup_with_a_new_checksum_is_refused(
    database: Database, file: Path, tmp_path: Path
) -> None:
    """Somebody edits a pain score in the copy and packs it again with the right checksum."""
    patient = new_patient(database)
    write(database, patient, 3)
    copy = tmp_path / "copy.db"
    copy_database(file, copy)
    with closing(driver().connect(copy)) as raw:
        raw.execute("DROP TRIGGER entry_version_unchanged")
        raw.execute("UPDATE entry_version SET axial_pain = 0")
        raw.commit()
    packed = tmp_path / "tampered.zip"
    packing.pack(packed, copy, packing.manifest_of(copy, NOW))
    with pytest.raises(DatabaseProblem, match="changed after it was written"):
        verify(packed)


def test_value_changing_bit_flips_in_the_live_file_are_found(
    database: Database, file: Path
) -> None:
    """Bits of the diary flipped on the disk: whatever reads back differently is found."""
    patient = new_patient(database)
    for n in range(30):
        write(database, patient, n)
    with database.read() as session:
        truth = diary.entries_of(session, patient.id)
    database.close()
    content = file.read_bytes()
    places = [n for n in range(len(content)) if content[n : n + 4] == b"day "]
    chance = random.Random(2)
    differed = found = 0
    for _ in range(150):
        damaged = bytearray(content)
        place = min(chance.choice(places) + chance.randrange(-40, 8), len(damaged) - 1)
        damaged[place] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        diary.forget_read()
        try:
            with database.read() as session:
                differs = diary.entries_of(session, patient.id) != truth
                problems = list(soundness.problems_of(session))
        except Exception:
            differs, problems = True, ["cannot be read"]
        database.close()
        differed += differs
        found += differs and bool(problems)
    assert differed > 50
    assert found == differed
