"""What a power cut leaves behind, made from a record of what the program asked the system to write.

`strace` records every write and every wait for the disk of a process that saves days. From that,
the files are built as a cut at any moment may leave them: what was waited for is there, of the rest
any part, the last piece perhaps torn. Every such pair of files must open, be sound, and hold every
day that was acknowledged before the cut. A disk that lies about having written is out of reach.
"""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recovery_tracker.storage.database import Database
from recovery_tracker.storage.engine import WAL_IS_SOUND, driver
from tests.databases import PROJECT, new_patient
from tests.effort import effort

ACKNOWLEDGED = effort(6, 30)
#: A disk writes whole sectors; what is torn is torn between them.
SECTOR = 512
_CALLS = "pwrite64,write,ftruncate,fsync,fdatasync"
_CALL = re.compile(r'\d+ +(\w+)\(\d+<(.*?)>(?:, "(.*?)")?(?:, (\d+))?(?:, (\d+))?\) += +\d+$')


@dataclass
class Disk:
    """One file: what is on the disk for certain, and what is still on its way there."""

    certain: bytes = b""
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.certain, self.waiting = self.with_parts(self.waiting), []

    def with_parts(self, parts: Iterable[tuple[int, bytes | None]]) -> bytes:
        content = bytearray(self.certain)
        for offset, data in parts:
            if data is None:
                del content[offset:]
                continue
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + len(data)] = data
        return bytes(content)

    def after_a_cut(self, chance: random.Random) -> bytes:
        """What is certain and any part of the rest, one piece of it torn."""
        parts = [part for part in self.waiting if chance.random() < 0.5]
        if parts and parts[-1][1] is not None and len(parts[-1][1]) > SECTOR:
            offset, data = parts[-1]
            assert data is not None
            parts[-1] = offset, data[: SECTOR * chance.randrange(1, len(data) // SECTOR + 1)]
        return self.with_parts(parts)


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    works = found and subprocess.run([found, "-o", os.devnull, "true"], check=False).returncode == 0
    if not found or not works:
        pytest.skip("strace, with leave to trace")
    return found


#: The writer, with a log that is brought into the database every few saves, not every few hundred.
_WITH_LOG = """
import runpy
from sqlalchemy import Engine, event
event.listen(Engine, "connect", lambda new, _: new.execute("PRAGMA wal_autocheckpoint = 40"))
runpy.run_module("tests.storage.writer", run_name="__main__", alter_sys=True)
"""
#: The writer where the package that brings a newer SQLite is not installed.
_WITHOUT = """
import runpy, sys
sys.modules["pysqlite3"] = None
runpy.run_module("tests.storage.writer", run_name="__main__", alter_sys=True)
"""
_HAS_LOG = driver().sqlite_version_info >= WAL_IS_SOUND
_HAS_NONE = sqlite3.sqlite_version_info < WAL_IS_SOUND

#: The program, the file that days go through first, and files that it must wait for.
JOURNALS = [
    pytest.param(
        _WITH_LOG,
        ".db-wal",
        (".db", ".db-wal"),
        marks=pytest.mark.skipif(not _HAS_LOG, reason="SQLite from 3.51.3 on"),
        id="wal",
    ),
    pytest.param(
        _WITHOUT,
        ".db-journal",
        (".db", ".db-journal"),
        marks=pytest.mark.skipif(not _HAS_NONE, reason="a Python with an older SQLite"),
        id="truncate",
    ),
]


def record(strace: str, file: Path, patient_id: int, trace: Path, program: str) -> list[str]:
    """Every call of a process that saved days and was killed, in order."""
    writer = [sys.executable, "-c", program, str(file), str(patient_id), "day", "0"]
    command = [
        strace,
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "-e",
        f"trace={_CALLS}",
        "-o",
        trace,
    ]
    process = subprocess.Popen(
        [*command, *writer],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        for _ in range(ACKNOWLEDGED):
            assert process.stdout.readline()
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return trace.read_text().splitlines()


def images(
    record: list[str], before: bytes, *, unheard: str = "nothing"
) -> Iterator[tuple[set[str], dict[str, bytes]]]:
    """(days acknowledged, files by the end of their name) of cuts at every moment of the record.

    Waits for the disk by files whose name ends in `unheard` are left out, as by a program that
    does not wait.
    """
    chance = random.Random(3)
    disks = {".db": Disk(before), ".db-journal": Disk(), ".db-wal": Disk()}
    said: set[str] = set()
    for line in record:
        call = _CALL.match(line)
        if call is None:
            continue
        name, *texts = call.groups()[:3]
        path, data = (bytes.fromhex((text or "").replace("\\x", "")) for text in texts)
        numbers = [int(number) for number in call.groups()[3:] if number]
        path = path.decode()
        if path.startswith("pipe:"):
            said |= set(data.decode().split())
        disk = disks.get(path.rpartition("recovery")[2])
        if disk is None:
            continue
        if name == "pwrite64":
            disk.waiting.append((numbers[1], data))
        elif name == "ftruncate":
            disk.waiting.append((numbers[0], None))
        elif not path.endswith(unheard):
            disk.sync()
        for _ in range(2):
            yield set(said), {end: disk.after_a_cut(chance) for end, disk in disks.items()}


def is_lost(said: set[str], files: dict[str, bytes], folder: Path) -> bool:
    """Whether a cut with these files loses an acknowledged day, or the whole diary."""
    for end, content in files.items():
        (folder / f"cut{end}").write_bytes(content)
    with closing(driver().connect(folder / "cut.db")) as opened:
        try:
            notes = {note for (note,) in opened.execute("SELECT note FROM entry_version")}
            sound = opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except driver().DatabaseError:
            return True
    return not (sound and said <= notes)


@pytest.mark.slow
@pytest.mark.parametrize(("program", "journal", "careless"), JOURNALS)
def test_no_acknowledged_day_is_lost_in_a_power_cut(
    strace: str,
    database: Database,
    file: Path,
    tmp_path: Path,
    program: str,
    journal: str,
    careless: tuple[str, ...],
) -> None:
    patient = new_patient(database)
    database.close()
    before = file.read_bytes()
    calls = record(strace, file, patient.id, tmp_path / "trace", program)
    cuts = list(images(calls, before))
    assert len(cuts) > 30 * ACKNOWLEDGED
    assert len(cuts[-1][0]) >= ACKNOWLEDGED - 1
    # It was this kind of journal and no other that the days went through.
    written = {end for _, files in cuts for end, content in files.items() if content}
    assert written == {".db", journal}
    assert len({files[".db"] for _, files in cuts}) > ACKNOWLEDGED
    assert not any(is_lost(*cut, tmp_path) for cut in cuts)
    # The same record of a program that does not wait for the disk: this test can fail.
    for unheard in careless:
        unwaited = images(calls, before, unheard=unheard)
        assert any(is_lost(*cut, tmp_path) for cut in unwaited), unheard
