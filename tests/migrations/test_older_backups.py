"""A backup of any release can be made, verified and restored by this one."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from recovery_tracker.cli import main
from recovery_tracker.storage import diary, people
from recovery_tracker.storage.backup import backup_to, restore_from, verify
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import make_engine
from recovery_tracker.storage.errors import DatabaseProblem, NotSaved
from recovery_tracker.storage.soundness import problems_of
from recovery_tracker.storage.upgrade import downgrade_database, head_revision, revision_of
from tests.databases import NOW, SYSTEM, Fresh, url_of
from tests.effort import share
from tests.migrations.test_migrations import REVISIONS, filled

#: The first release, and some of the others.
OLDER = sorted({"0019", *share(REVISIONS[:-1], 4)})


@pytest.fixture(scope="module")
def older(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A database of each older revision with rows in every table that it has, by revision."""
    folder = tmp_path_factory.mktemp("older")
    file = Path(shutil.copy(empty_file, folder / "newest.db"))
    filled(file).close()
    made = {}
    for revision in reversed(REVISIONS[:-1]):
        downgrade_database(url_of(file), revision)
        (folder / revision).mkdir()
        made[revision] = Path(shutil.copy(file, folder / revision / "recovery.db"))
    return made


@pytest.mark.parametrize("revision", OLDER)
def test_a_backup_of_an_older_database_is_verified_and_restored(
    older: dict[str, Path], tmp_path: Path, revision: str
) -> None:
    """Somebody installs the new program, and needs last year's backup on that day."""
    made = backup_to(url_of(older[revision]), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    assert (made.revision, verify(made.file).counts) == (revision, made.counts)
    assert made.counts["entry_version"] > 0
    present = url_of(Path(shutil.copy(older[revision], tmp_path / "recovery.db")))
    for url in (url_of(tmp_path / "new.db"), present):
        _restored(made.file, url)


def _restored(backup: Path, url: str) -> None:
    restore_from(backup, url, by=SYSTEM, at=NOW)
    assert revision_of(url) == head_revision()
    database = open_database(url)
    with database.read() as session:
        assert list(problems_of(session)) == []
        (ann,) = people.all_patients(session)
        (day,) = diary.entries_of(session, ann.id)
        assert day.entry.note == "Größe 😀"
    database.close()


@pytest.mark.parametrize("revision", ["0019", REVISIONS[-2]])
def test_a_backup_of_another_release_moves_into_a_server(
    older: dict[str, Path], fresh: Fresh, tmp_path: Path, revision: str
) -> None:
    """A practice becomes a clinic; later its server is a release behind, and is copied first."""
    made = backup_to(url_of(older[revision]), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    url = fresh()
    _restored(made.file, url)
    downgrade_database(url, revision)
    made = backup_to(url, tmp_path / "b.zip", by=SYSTEM, at=NOW)
    assert (made.revision, verify(made.file).counts) == (revision, made.counts)
    _restored(made.file, url)
    _restored(made.file, url_of(tmp_path / "new.db"))


def test_an_upgrade_of_a_server_keeps_a_backup(
    older: dict[str, Path],
    fresh: Fresh,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Somebody starts the new program without having thought of a backup."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    url, revision = fresh(), REVISIONS[-2]
    made = backup_to(url_of(older[revision]), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    restore_from(made.file, url, by=SYSTEM, at=NOW)
    downgrade_database(url, revision)
    with suppress(SystemExit):
        main(["upgrade", "--database", url])
    said = capsys.readouterr().out
    (kept,) = tmp_path.glob("*/recovery.before-*.zip")
    assert str(kept) in said
    assert (verify(kept).revision, revision_of(url)) == (revision, head_revision())
    with suppress(SystemExit):
        main(["upgrade", "--database", url])
    assert capsys.readouterr().out == "The database is up to date.\n"
    _restored(kept, url)


@pytest.mark.parametrize("revision", OLDER)
def test_every_check_reads_an_older_database(older: dict[str, Path], revision: str) -> None:
    database = open_database(url_of(older[revision]))
    with database.read() as session:
        assert list(problems_of(session)) == []
    database.close()


@pytest.mark.parametrize("lost", ["DROP TABLE care", "ALTER TABLE patient DROP COLUMN country"])
def test_what_a_database_of_today_lacks_is_damage(file: Path, lost: str) -> None:
    engine = make_engine(url_of(file), foreign_keys=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(lost)
    engine.dispose()
    database = open_database(url_of(file))
    with pytest.raises((NotSaved, OperationalError)), database.read() as session:
        list(problems_of(session))
    database.close()


def test_a_changed_day_in_an_older_backup_is_found(older: dict[str, Path], tmp_path: Path) -> None:
    """A column that is not there is no excuse for the others."""
    file = Path(shutil.copy(older["0019"], tmp_path / "recovery.db"))
    engine = make_engine(url_of(file))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_version_unchanged")
        connection.exec_driver_sql("UPDATE entry_version SET axial_pain = axial_pain + 1")
    engine.dispose()
    with pytest.raises(DatabaseProblem, match="was changed after it was written"):
        backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
