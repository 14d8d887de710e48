"""Every command on a database with something wrong: one line, nothing lost, nothing left behind."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from recovery_tracker.cli import checks, cli, serving
from recovery_tracker.storage import database as opening
from recovery_tracker.storage import engine
from recovery_tracker.storage.engine import WAL_IS_SOUND, driver
from recovery_tracker.storage.locking import held
from tests.databases import postgresql_running

from .conftest import EXAMPLE

#: Each command that opens a database; FILE is a path that is not there yet.
COMMANDS = (
    "run --port 0",
    "upgrade",
    "backup FILE",
    "restore BACKUP",
    "verify BACKUP",
    "check",
    "tick",
    "remind",
    f"import {EXAMPLE}",
    "export --out FILE",
    "export --parquet FILE",
    "erase --patient PATIENT --yes",
    "audit heads",
    "audit compare HEADS",
    "key rotate",
    "user list",
    "user invite Cy --role clinician",
    "user reset ana",
    "user disable ana",
)
#: What only reads, or makes a file somewhere else, may work. A server starts without being able to
#: write: its pages say what is wrong.
READING = {"run", "upgrade", "check", "tick", "export", "backup", "verify", "audit", "key"}
READING |= {"user list"}


#: How the names of SQLite's write-ahead log and its index end.
LOG = ("-wal", "-shm")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(driver().connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def being_replaced(file: Path) -> Iterator[None]:
    with held(file.parent, 0, alone=True):
        yield


@contextmanager
def full(file: Path) -> Iterator[None]:
    """No file can grow; one byte more than nothing does not fit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def only_read(file: Path) -> Iterator[None]:
    """A write version that SQLite does not know: by its file format it then only reads."""
    with file.open("r+b") as opened:
        opened.seek(18)
        opened.write(b"\x03")
    yield


@contextmanager
def damaged(file: Path) -> Iterator[None]:
    file.write_bytes(b"no database at all" * 4096)
    yield


@contextmanager
def newer(file: Path) -> Iterator[None]:
    with closing(driver().connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    yield


@contextmanager
def under_a_key(file: Path) -> Iterator[None]:
    os.environ["RECOVERY_TRACKER_DATABASE_KEY"] = "a key that is not this file's"
    try:
        yield
    finally:
        del os.environ["RECOVERY_TRACKER_DATABASE_KEY"]


#: By state: the words that must be said where a command refuses.
STATES: dict[Callable[[Path], AbstractContextManager[None]], str] = {
    locked: "busy|in use",
    being_replaced: "busy|in use",
    full: "disk is full|File too large",
    only_read: "only be read|cannot be written|to put right",
    damaged: "damaged",
    newer: "newer version",
    under_a_key: "damaged, or it is encrypted|the backup is damaged",
}


def test_every_command_that_opens_a_database_is_tried():
    found = dict(leaves(cli, ()))
    asked = {words for words, command in found.items() if opens_a_database(command)}
    assert len(asked) > 12
    assert {words for words in asked if not any(c.startswith(words) for c in COMMANDS)} == set()


def leaves(group, words):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from leaves(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def opens_a_database(command):
    """`move` names two databases; `tests/storage/test_moving.py` stops it anywhere."""
    return any(option.name == "database_url" for option in command.params)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_each_command_says_in_one_line_what_is_wrong(command, url, tmp_path, monkeypatch, state):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    stop_serving(monkeypatch)
    file = Path(url.removeprefix("sqlite:///"))
    saved, heads = tmp_path / "saved.zip", tmp_path / "heads"
    assert command("backup", saved, "--database", url).status == 0
    heads.write_text(command("audit", "heads", "--database", url).out)
    good = file.read_bytes()
    with closing(driver().connect(file)) as raw:
        ((patient,),) = raw.execute("SELECT public_id FROM patient")
    for number, words in enumerate(COMMANDS):
        home = Path(shutil.rmtree(file.parent) or file.parent)
        home.mkdir()
        file.write_bytes(good)
        file.chmod(0o600)
        out = tmp_path / f"out-{number}"
        asked = (
            words.replace("FILE", str(out))
            .replace("BACKUP", str(saved))
            .replace("HEADS", str(heads))
            .replace("PATIENT", patient)
            .split()
        )
        with state(file):
            before = file.read_bytes() if state is not locked else good
            # The log and its index are there as long as somebody has the file open.
            there = [one for one in sorted(home.iterdir()) if not one.name.endswith(LOG)]
            said = command(*asked, "--database", url)
        what = f"{words}: {said.err}"
        assert "Traceback" not in said.err, what
        if said.status == 0:
            replaced = asked[0] == "restore" and state in (damaged, only_read, newer)
            assert replaced or any(words.startswith(name) for name in READING), what
            continue
        assert said.status == 1, what
        *problems, last = said.err.splitlines()
        assert last.startswith("recovery-tracker: "), what
        assert asked[0] == "check" or not problems, what
        assert any(part.lower() in said.err.lower() for part in STATES[state].split("|")), what
        assert file.read_bytes() == before, what
        # SQLite keeps its journal, empty, for the next write; a secret is made where there is none.
        kept = [one for one in sorted(home.iterdir()) if one.name != "secret-key"]
        left = [one for one in kept if one.stat().st_size]
        assert left == there, what
        assert not out.exists(), what
    assert not list(tmp_path.rglob(".recovery-tracker-*"))


def stop_serving(monkeypatch):
    """`run` ends where it would serve, and `remind` has a mail server to name."""
    monkeypatch.setattr(serving, "_serve", lambda *_: None)
    monkeypatch.setenv("RECOVERY_TRACKER_SMTP_HOST", "mail.invalid")
    monkeypatch.setenv("RECOVERY_TRACKER_SMTP_FROM", "diary@example.org")


def test_a_server_that_cannot_be_reached_is_one_line(command, tmp_path, monkeypatch):
    stop_serving(monkeypatch)
    heads = tmp_path / "heads"
    heads.write_text("")
    with postgresql_running() as server:
        there = server.get_uri()
    file_only = ("backup", "restore", "verify", "key")
    for words in (each for each in COMMANDS if not each.startswith(file_only)):
        asked = words.replace("FILE", str(tmp_path / "out")).replace("HEADS", str(heads)).split()
        said = command(*asked, "--database", there)
        assert said.status == 1, words
        assert said.err.startswith("recovery-tracker: The server of the database cannot be")
        assert said.err.count("\n") == 1, said.err


def test_check_holds_up_no_save(url, monkeypatch):
    """It reads every row of a copy: a reader of the file itself would keep writers waiting."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with checks._as_of_now(url) as still:
        reading, writing = opening.open_database(still), opening.open_database(url)
        with reading.read() as session:
            assert session.scalar(text("SELECT count(*) FROM patient")) == 1
            with writing.write() as change:
                change.execute(text("UPDATE installation SET clinic_name = 'saved'"))
        reading.close()
        writing.close()


@pytest.mark.skipif(driver().sqlite_version_info < WAL_IS_SOUND, reason="no log")
@pytest.mark.parametrize("words", ["check", "user list", "export --out FILE", "tick", "upgrade"])
def test_a_folder_that_can_only_be_read_is_told_the_way_out(url, tmp_path, words):
    """In a process of its own, that root's power to write anywhere is taken from."""
    program = [sys.executable, "-c", "from recovery_tracker.cli import main; main()"]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root writes anywhere")
        program = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-all", *program]
    folder = tmp_path / "home"
    folder.chmod(0o500)
    words = words.replace("FILE", str(tmp_path / "out.zip")).split()
    try:
        said = subprocess.run(
            [*program, *words, "--database", url], capture_output=True, text=True, check=False
        )
    finally:
        folder.chmod(0o700)
    assert said.returncode == 1
    assert "with its -wal, into a folder that can be written" in said.stderr
    assert said.stderr.count("\n") == 1
