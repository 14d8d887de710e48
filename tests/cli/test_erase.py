"""Somebody asks to be forgotten: the command that does it, and what it asks first."""

import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from recovery_tracker.domain.people import Mode
from recovery_tracker.services import SYSTEM
from recovery_tracker.storage import engine, people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.settings import (
    Installation,
    read_installation,
    save_installation,
)
from tests.databases import new_patient, url_of

from .server import Server, set_up


@pytest.fixture
def clinic(empty_file, tmp_path):
    """The address of a database, one patient to forget and one to keep."""
    url = url_of(shutil.copy(empty_file, tmp_path / "clinic.sqlite"))
    database = open_database(url)
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    database.close()
    return url, ann, bo


def names(url):
    database = open_database(url)
    with database.read() as session:
        found = [patient.name for patient in people.all_patients(session)]
    database.close()
    return found


def test_one_patient_is_forgotten_and_the_others_stay(command, clinic):
    url, ann, _ = clinic
    said = command("erase", "--patient", ann.public_id, "--yes", "--database", url)
    assert said.status == 0
    assert "Backups made before" in said.out
    assert names(url) == ["Bo"]


@pytest.mark.parametrize(("answer", "left"), [("n\n", ["Ann", "Bo"]), ("y\n", ["Bo"])])
def test_it_asks_by_name_and_takes_no_for_an_answer(command, clinic, monkeypatch, answer, left):
    url, ann, _ = clinic
    asked = []
    monkeypatch.setattr(
        click.termui, "visible_prompt_func", lambda text: asked.append(text) or answer.strip()
    )
    said = command("erase", "--patient", ann.public_id, "--database", url)
    assert (said.status == 0) == (left == ["Bo"])
    assert names(url) == left
    assert "Ann" in "".join(asked) + said.err


def test_nobody_is_erased_by_a_wrong_id_or_without_one(command, clinic):
    url, _, _ = clinic
    assert command("erase", "--patient", "nobody", "--yes", "--database", url).status == 1
    asked = command("erase", "--yes", "--database", url)
    assert (asked.status, "say which with --patient ID" in asked.err) == (1, True)
    assert names(url) == ["Ann", "Bo"]


def test_the_only_person_of_an_own_diary_needs_no_id_and_leaves_it_to_be_set_up_again(
    command, clinic
):
    url, _, bo = clinic
    assert command("erase", "--patient", bo.public_id, "--yes", "--database", url).status == 0
    database = open_database(url)
    own = Installation(mode=Mode.JUST_ME, emergency_number="999")
    with database.write() as session:
        save_installation(session, own, by=SYSTEM, at=datetime.now(UTC))
    said = command("erase", "--yes", "--database", url)
    assert (said.status, "prints a link to set it up again" in said.out) == (0, True)
    with database.read() as session:
        assert not read_installation(session).is_set_up
    database.close()
    assert names(url) == []


@pytest.mark.skipif(engine.driver().sqlite_version_info < engine.WAL_IS_SOUND, reason="no log")
def test_what_a_reader_keeps_in_the_file_is_said_and_goes_with_the_next_tick(
    command, clinic, tmp_path, monkeypatch
):
    url, _, _ = clinic
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    file = tmp_path / "clinic.sqlite"
    reader = open_database(url)
    gone = new_patient(reader, "Canary-Name")
    with reader.read() as session:
        people.all_patients(session)
        said = command("erase", "--patient", gone.public_id, "--yes", "--database", url)
        assert (said.status, "could not leave the database file yet" in said.out) == (0, True)
        assert b"Canary-Name" in file.read_bytes() + Path(f"{file}-wal").read_bytes()
        said = command("tick", "--database", url)
        assert (said.status, "(-wal) could not be emptied" in said.err) == (0, True)
    said = command("tick", "--database", url)
    assert (said.status, said.err) == (0, "")
    assert b"Canary-Name" not in file.read_bytes() + Path(f"{file}-wal").read_bytes()
    reader.close()


def _texts_of(process: int, words: tuple[bytes, ...]) -> int:
    """How often the words stand in the memory of a process."""
    found = 0
    with Path(f"/proc/{process}/mem").open("rb") as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            first, last, may = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if not may.startswith("rw") or "[v" in line:
                continue
            memory.seek(int(first, 16))
            try:
                held = memory.read(int(last, 16) - int(first, 16))
            except OSError:
                continue
            found += sum(held.count(word) for word in words)
    return found


def _serving(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(one) for one in children.split()]


def _still(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc here")
def test_no_serving_process_remembers_anybody_who_was_erased(command, tmp_path):
    """What is freed is not overwritten, so all processes are replaced once one of them notices."""
    url = f"sqlite:///{tmp_path}/diary.sqlite"
    server = Server("run", "--port", 0, "--database", url)
    try:
        base = server.line_with("Your diary: ").rstrip("/")
        link = server.line_with("First run. Set it up here (the link works once): ")
        visitor, where = set_up(base, urlsplit(link).path)
        words = (b"Ana Example",)
        for _ in range(20):  # Both processes have read it.
            assert visitor.get(where)[0] == 200
        before = _serving(server.process.pid)
        assert any(_texts_of(one, words) for one in before)
        assert command("erase", "--yes", "--database", url).status == 0
        assert visitor.send("GET", "/help")[0] == 200  # One notices; the other was asked nothing.
        until = time.monotonic() + 30
        while any(map(_still, before)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(map(_still, before))
        assert visitor.send("GET", "/help")[0] == 200
        after = _serving(server.process.pid)
        assert len(after) == 2
        assert [_texts_of(one, words) for one in (server.process.pid, *after)] == [0, 0, 0]
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()
