"""Killed without warning, again and again: what was acknowledged is there, once.

Acknowledgements are counted by this process, never by the one that is killed. A kill leaves the
operating system running, so this says nothing about a power cut; `test_power_cut` does.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from recovery_tracker.storage import backup, diary, soundness
from recovery_tracker.storage.database import Database
from tests.databases import NOW, OPERATED, PROJECT, SYSTEM, calm, new_patient, url_of
from tests.effort import effort, first_of


class Writer:
    """A writing process and the keys it acknowledged."""

    def __init__(self, file: Path, patient_id: int, name: str, first: int) -> None:
        command = [sys.executable, "-m", "tests.storage.writer", str(file), str(patient_id), name]
        self.process = subprocess.Popen(
            [*command, str(first)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
        )
        self.acknowledged: list[str] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.acknowledged.append(line.strip())

    def wait_for_one(self) -> None:
        """Returns when a day was acknowledged; a writer that ended by itself is a failure."""
        while not self.acknowledged:
            assert self.process.poll() is None, "the writer ended before its first day"
            time.sleep(0.02)

    def kill(self) -> list[str]:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.acknowledged


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_writers_are_killed(
    database: Database, file: Path
) -> None:
    """Two writers, killed again and again at random."""
    kills = effort(4, 12)
    patients = [new_patient(database, name) for name in ("Ann", "Bo")]
    chance = random.Random(7)
    acknowledged: list[str] = []
    next_number = [0, 0]
    for _ in range(kills):
        writers = [
            Writer(file, patient.id, str(patient.id), first)
            for patient, first in zip(patients, next_number, strict=True)
        ]
        try:
            for writer in writers:
                writer.wait_for_one()
            time.sleep(chance.uniform(0, 0.6))
        finally:
            for n, writer in enumerate(writers):
                done = writer.kill()
                acknowledged += done
                # The last one was perhaps saved without an answer: the client sends it again.
                next_number[n] += len(done)
    with database.read() as session:
        notes = session.scalars(text("SELECT note FROM entry_version")).all()
        events = session.scalar(
            text("SELECT count(*) FROM audit_event WHERE action LIKE 'entry_%'")
        )
        assert list(soundness.problems_of(session)) == []
    lost = set(acknowledged) - set(notes)
    doubled = [note for note, count in Counter(notes).items() if count > 1]
    assert (lost, doubled) == (set(), [])
    assert events == len(notes)
    assert len(acknowledged) >= 2 * kills


_COMMANDS = {
    "backup": "b.backup_to(url, Path(sys.argv[2]), by=SYSTEM, at=NOW)",
    "restore": "b.restore_from(Path(sys.argv[2]), url, by=SYSTEM, at=NOW)",
    "erase": "erase_patient(open_database(url), 1, by=SYSTEM, at=NOW)",
}
_PROLOGUE = """
import sys
from pathlib import Path
from recovery_tracker.storage import backup as b
from recovery_tracker.storage.database import open_database
from recovery_tracker.services import erase_patient
from tests.databases import NOW, SYSTEM
url = sys.argv[1]
print("ready", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("command", first_of(*sorted(_COMMANDS)))
def test_a_killed_command_leaves_the_old_or_the_new(
    database: Database, file: Path, tmp_path: Path, command: str
) -> None:
    """Killed at many points: the database is sound, and the same command works again."""
    patient = new_patient(database)
    for entry in calm(OPERATED, 40):
        with database.write() as session:
            diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    saved = backup.backup_to(url_of(file), tmp_path / "saved.zip", by=SYSTEM, at=NOW).file
    database.close()
    content = file.read_bytes()
    for n in range(0, 12, effort(2, 1)):
        file.write_bytes(content)
        target = saved if command == "restore" else tmp_path / f"{n}.zip"
        process = subprocess.Popen(
            [sys.executable, "-c", _PROLOGUE + _COMMANDS[command], url_of(file), str(target)],
            stdout=subprocess.PIPE,
            cwd=PROJECT,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03 * n)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with database.read() as session:
            assert list(soundness.problems_of(session)) == []
            left = session.scalar(text("SELECT count(*) FROM entry_version"))
        assert left in ((0, 40) if command == "erase" else (40,))
        if command == "backup" and target.exists():
            assert backup.verify(target).counts["entry_version"] == 40
        database.close()
    backup.restore_from(saved, url_of(file), by=SYSTEM, at=NOW)
