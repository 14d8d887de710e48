"""An encrypted database: unreadable without its key, and otherwise like any other."""

from pathlib import Path

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.services import record_day
from recovery_tracker.storage import backup, diary, people, soundness
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.errors import NotSaved
from recovery_tracker.storage.upgrade import upgrade_database
from tests.databases import NOW, SYSTEM, TODAY, new_patient, url_of


def test_an_encrypted_diary_from_first_start_to_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret.db"
    monkeypatch.setenv("RECOVERY_TRACKER_DATABASE_KEY", "it's a key")
    upgrade_database(url_of(file))
    database = open_database(url_of(file))
    patient = new_patient(database, "Canary-Name")
    entry = DiaryEntry(TODAY, axial_pain=2, note="canary note")
    record_day(
        database, patient.id, entry, by=SYSTEM, at=NOW, today=TODAY, key="k", expected_version=0
    )
    made = backup.backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    backup.restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with database.read() as session:
        assert len(diary.entries_of(session, patient.id)) == 1
        assert list(soundness.problems_of(session)) == []
    database.close()
    for kept in tmp_path.iterdir():
        assert b"anary" not in kept.read_bytes(), kept.name
        assert not kept.read_bytes().startswith(b"SQLite format 3")
    monkeypatch.delenv("RECOVERY_TRACKER_DATABASE_KEY")
    without = open_database(url_of(file))
    with pytest.raises(NotSaved, match="the key is not the right one"), without.read() as session:
        diary.entries_of(session, patient.id)
    without.close()


#: Keys as they are: deriving one from words takes a fifth of a second for each connection.
RAW, OTHER = (f"x'{digit * 64}'" for digit in "24")


@pytest.mark.parametrize("damage", ["no header", "pages", "another key"])
def test_a_damaged_encrypted_diary_is_replaced_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = tmp_path / "secret.db"
    monkeypatch.setenv("RECOVERY_TRACKER_DATABASE_KEY", RAW)
    upgrade_database(url_of(file))
    database = open_database(url_of(file))
    patient = new_patient(database)
    database.close()
    made = backup.backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    content = bytearray(file.read_bytes())
    if damage == "another key":
        file.unlink()
        monkeypatch.setenv("RECOVERY_TRACKER_DATABASE_KEY", OTHER)
        upgrade_database(url_of(file))
        monkeypatch.setenv("RECOVERY_TRACKER_DATABASE_KEY", RAW)
    else:
        place = 0 if damage == "no header" else len(content) // 3
        content[place : place + 8192] = bytes(8192)
        file.write_bytes(content)
    before = file.read_bytes()
    _, former = backup.restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert former is not None
    assert former.read_bytes() == before
    database = open_database(url_of(file))
    with database.read() as session:
        assert [one.id for one in people.all_patients(session)] == [patient.id]
        assert list(soundness.problems_of(session)) == []
    database.close()
    assert not [kept for kept in tmp_path.iterdir() if kept.name.startswith(".")]
