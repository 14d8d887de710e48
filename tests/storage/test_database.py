"""The two ways to use a database hold what they promise."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from recovery_tracker.storage import engine
from recovery_tracker.storage import engine as engine_module
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver, make_engine
from recovery_tracker.storage.errors import DatabaseProblem, NotSaved
from tests.databases import url_of


def pragma(session: Session, name: str) -> object:
    return session.scalar(text(f"PRAGMA {name}"))


def test_every_connection_is_durable_and_keeps_foreign_keys(database: Database) -> None:
    with database.read() as session:
        assert pragma(session, "foreign_keys") == 1
        assert pragma(session, "synchronous") == 2
        assert pragma(session, "secure_delete") == 1
        mode = pragma(session, "journal_mode")
    sound = driver().sqlite_version_info >= engine.WAL_IS_SOUND
    assert mode == ("wal" if sound else "truncate")


def counted(database: Database, begin: str) -> int:
    """8 threads add 1 to one number 50 times each; gives the number."""
    with database.write() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    engine = database.engine.execution_options(begin=begin)

    def count() -> None:
        for _ in range(50):
            with Session(engine) as session:
                try:
                    n = session.scalar(text("SELECT n FROM counter"))
                    session.execute(text("UPDATE counter SET n = :n"), {"n": (n or 0) + 1})
                    session.commit()
                except OperationalError:
                    session.rollback()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        return session.scalar(text("SELECT n FROM counter")) or 0


def test_no_update_is_lost(database: Database) -> None:
    """Eight writers, fifty times each: every one counts."""
    assert counted(database, "BEGIN IMMEDIATE") == 400


def test_the_test_above_can_fail(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SQLite's ordinary BEGIN the same writers do not all get through."""
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.02)
    database = open_database(url_of(file))
    assert counted(database, "BEGIN") < 400
    database.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as session, pytest.raises(OperationalError, match="readonly"):
        session.execute(text("DELETE FROM patient"))
    with database.write() as session:
        session.execute(text("DELETE FROM patient"))


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            session.execute(text("INSERT INTO setup_token VALUES (1, 'x', 'y', NULL)"))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM setup_token")) == 0


def test_a_busy_database_is_refused_kindly(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    database = open_database(url_of(file))
    other = driver().connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NotSaved, match="busy"), database.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    with database.write() as session:
        session.execute(text("SELECT 1"))
    database.close()


def test_a_full_disk_loses_nothing_that_was_acknowledged(database: Database) -> None:
    """Every row that was acknowledged is there, the refusal is honest, and reading goes on."""
    with database.write() as session:
        session.execute(text("CREATE TABLE filler (x TEXT)"))
        pages = pragma(session, "page_count")
    acknowledged = 0

    def fill() -> None:
        with database.write() as session:
            session.execute(text(f"PRAGMA max_page_count = {int(str(pages)) + 10}"))
            session.execute(text("INSERT INTO filler VALUES (:x)"), {"x": "x" * 500})

    refusal = None
    while refusal is None:
        try:
            fill()
            acknowledged += 1
        except NotSaved as error:
            refusal = error
    assert "disk is full" in str(refusal)
    assert acknowledged > 5
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM filler")) == acknowledged
        assert pragma(session, "integrity_check") == "ok"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense"])
def test_an_address_that_cannot_work_is_one_clear_line(url: str) -> None:
    with pytest.raises(DatabaseProblem) as refused:
        make_engine(url)
    assert "\n" not in str(refused.value)
