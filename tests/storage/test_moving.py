"""A database moves to the other kind and back with every row, and is backed up alike."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.services import erase_patient, record_day
from recovery_tracker.storage import (
    accounts,
    audit,
    audit_trail,
    backup,
    diary,
    engine,
    moving,
    people,
    soundness,
)
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.errors import DatabaseProblem, NotSaved
from recovery_tracker.storage.moving import move
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.upgrade import upgrade_database
from tests.databases import NOW, SYSTEM, TODAY, Fresh, new_clinician, new_patient
from tests.databases import url_of as sqlite


def _write(database: Database, patient: Patient, n: int) -> None:
    entry = DiaryEntry(
        TODAY - timedelta(n),
        axial_pain=3,
        temperature_c=37.23,
        signs=frozenset({"chest_pain", "wound_redness"}),
        note="größer 😀",
    )
    record_day(database, patient.id, entry, by=SYSTEM, at=NOW, today=TODAY, key=f"{patient.id}-{n}")


@pytest.fixture
def filled(database: Database) -> Database:
    """Two patients with days, flags and a clinician; a third was erased."""
    one, two, gone = (new_patient(database, name) for name in ("Ann", "Bo", "Cy"))
    new_clinician(database, one, two)
    for n in range(3):
        _write(database, one, n)
    erase_patient(database, gone.id, by=SYSTEM, at=NOW)
    return database


def _problems(url: str) -> list[str]:
    database = open_database(url)
    with database.read() as session:
        found = list(soundness.problems_of(session))
    database.close()
    return found


def test_there_and_back_every_row_is_the_same(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path
) -> None:
    server, back = fresh(), sqlite(tmp_path / "back.db")
    there = move(sqlite(file), server)
    assert there.counts["entry_version"] == 3
    assert move(server, back) == there
    assert _problems(server) == _problems(back) == []
    # Nobody gets the number of somebody who was erased.
    for url in (server, back):
        database = open_database(url)
        assert new_patient(database).id == 4
        database.close()


def test_a_stopped_move_goes_on(
    filled: Database, file: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, copy, copied = fresh(), moving._copy, []

    def stopped(table: Table, source: Connection, target: Connection) -> None:
        copied.append(table.name)
        copy(table, source, target)
        if table.name == "audit_event" and copied.count("audit_event") == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(moving, "_copy", stopped)
    with pytest.raises(KeyboardInterrupt):
        move(sqlite(file), url)
    move(sqlite(file), url)
    assert [name for name in copied if copied.count(name) > 1] == ["audit_event"] * 2
    assert _problems(url) == []


def test_what_is_there_is_not_mixed(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path
) -> None:
    url = fresh()
    upgrade_database(url)
    database = open_database(url)
    new_patient(database, "Somebody else")
    with pytest.raises(DatabaseProblem, match="already holds other rows"):
        move(sqlite(file), url)
    with database.read() as session:
        assert [one.name for one in people.all_patients(session)] == ["Somebody else"]
    database.close()
    with pytest.raises(DatabaseProblem, match="the same database"):
        move(sqlite(file), sqlite(file))


def test_postgresql_is_backed_up_and_restored(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path
) -> None:
    """As it was; who was erased or shut out since stays so, and what was there is kept."""
    url = fresh()
    move(sqlite(file), url)
    database = open_database(url)
    made = backup.backup_to(url, tmp_path / "a.zip", by=SYSTEM, at=NOW)
    assert backup.verify(made.file) == made
    with database.read() as session:
        one, two = people.all_patients(session)
        assert audit_trail.events_about(session)[0].action is audit.AuditAction.BACKED_UP
    _write(database, two, 1)
    erase_patient(database, one.id, by=SYSTEM, at=NOW)
    _, former = backup.restore_from(made.file, url, by=SYSTEM, at=NOW)
    with database.read() as session:
        assert [patient.name for patient in people.all_patients(session)] == ["Bo"]
        assert diary.entries_of(session, two.id) == ()
        assert list(soundness.problems_of(session)) == []
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("DELETE FROM audit_event"))
    assert former is not None
    assert backup.verify(former).counts["entry_version"] == 1
    database.close()


def test_nobody_saves_while_postgresql_is_restored(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day saved between the copy of what is there and what replaces it would be in neither."""
    url, fill, refused = fresh(), backup._fill, []
    move(sqlite(file), url)
    made = backup.backup_to(url, tmp_path / "a.zip", by=SYSTEM, at=NOW)
    database = open_database(url)
    with database.read() as session:
        patient = people.all_patients(session)[1]

    def meanwhile(source: Connection, target: str) -> None:
        with pytest.raises(NotSaved) as raised:
            _write(database, patient, 1)
        refused.append(raised.value.trouble)
        with database.read() as session:
            assert len(people.all_patients(session)) == 2
        fill(source, target)

    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    monkeypatch.setattr(backup, "_fill", meanwhile)
    backup.restore_from(made.file, url, by=SYSTEM, at=NOW)
    assert refused == ["busy", "busy"]
    _write(database, patient, 1)
    database.close()
    assert _problems(url) == []


def test_who_reads_while_postgresql_is_restored_never_sees_it_empty(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moment before the rows were replaced has none of them once they are."""
    url, copy, seen = fresh(), backup.copy_rows, []
    move(sqlite(file), url)
    made = backup.backup_to(url, tmp_path / "a.zip", by=SYSTEM, at=NOW)
    database = open_database(url)

    def read() -> None:
        with database.read() as session:
            seen.append(len(people.all_patients(session)))

    reader = threading.Thread(target=read)

    def meanwhile(source: Connection, target: Connection) -> None:
        if target.dialect.name == "postgresql":
            reader.start()
            reader.join(0.5)
        copy(source, target)

    monkeypatch.setattr(backup, "copy_rows", meanwhile)
    backup.restore_from(made.file, url, by=SYSTEM, at=NOW)
    reader.join()
    database.close()
    assert seen == [2]


def test_a_restore_of_postgresql_beside_a_running_server_loses_no_entry(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path
) -> None:
    """Each entry that was acknowledged is in the diary now or in a former one."""
    url, stop, acknowledged = fresh(), threading.Event(), []
    move(sqlite(file), url)
    made = backup.backup_to(url, tmp_path / "a.zip", by=SYSTEM, at=NOW)
    database = open_database(url)
    with database.read() as session:
        patient = people.all_patients(session)[1]

    def keep_writing() -> None:
        while not stop.is_set():
            entry = DiaryEntry(TODAY, axial_pain=3, note=f"day {len(acknowledged)}")
            with database.write() as session:
                diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
            acknowledged.append(entry.note)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        formers = []
        for _ in range(3):
            before = len(acknowledged)
            formers.append(backup.restore_from(made.file, url, by=SYSTEM, at=NOW)[1])
            while len(acknowledged) < before + 3 and writer.is_alive():
                stop.wait(0.001)
    finally:
        stop.set()
        writer.join()
    database.close()
    found: set[str | None] = set()
    for number, former in enumerate(formers):
        assert former is not None
        copy = sqlite(tmp_path / f"former-{number}.db")
        backup.restore_from(former, copy, by=SYSTEM, at=NOW)
        found |= _notes(copy)
    assert set(acknowledged) <= found | _notes(url)
    assert _problems(url) == []


def _notes(url: str) -> set[str | None]:
    database = open_database(url)
    with database.read() as session:
        found = set(session.scalars(text("SELECT note FROM entry_version")))
    database.close()
    return found


def test_a_backup_fits_either_kind(
    filled: Database, file: Path, fresh: Fresh, tmp_path: Path
) -> None:
    url, other = fresh(), sqlite(tmp_path / "other.db")
    made = backup.backup_to(sqlite(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    backup.restore_from(made.file, url, by=SYSTEM, at=NOW)
    made = backup.backup_to(url, tmp_path / "b.zip", by=SYSTEM, at=NOW)
    backup.restore_from(made.file, other, by=SYSTEM, at=NOW)
    for each in (url, other):
        database = open_database(each)
        with database.read() as session:
            (ann, _bo) = people.all_patients(session)
            assert len(diary.entries_of(session, ann.id)) == 3
            assert accounts.all_accounts(session)
        database.close()
        assert _problems(each) == []
