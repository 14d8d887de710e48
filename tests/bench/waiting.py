"""`python -m tests.bench.waiting`: how long a save waits while a million entries are backed up and
checked.

One patient saves without a pause longer than it takes; first while nothing else happens, then
beside each command. The log is SQLite's, which grows as long as somebody reads.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, groupby
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select, text, update

from recovery_tracker.cli.demo_data import fill
from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.services import record_day
from recovery_tracker.storage import audit
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.entry_rows import version_digest
from recovery_tracker.storage.errors import NotSaved
from recovery_tracker.storage.tables.diary import EntryRow
from recovery_tracker.storage.upgrade import upgrade_database
from tests.bench.visitor import SECRET
from tests.crowd import multiply
from tests.databases import NOW, SYSTEM, TODAY, new_patient

ENTRIES = 1_000_000
#: Seconds during which nothing but saves happens.
QUIET = 20
#: Between two saves.
PAUSE = 0.02
_BY = Actor(None, "bench", Role.SYSTEM)
_COMMAND = [sys.executable, "-c", "from recovery_tracker.cli import main; main()"]


def made(url: str) -> Database:
    """A database of a million entries, each with its digest and known to the audit."""
    upgrade_database(url)
    database = open_database(url)
    fill(database)
    with database.read() as session:
        few = session.execute(text("SELECT count(*), max(patient_id) FROM entry_version")).one()
    multiply(database, ENTRIES // few[0])
    with database.write() as session:
        (guard,) = session.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'entry_version_unchanged'")
        ).one()
        session.execute(text("DROP TRIGGER entry_version_unchanged"))
        table = EntryRow.__table__
        copies = session.execute(
            select(table).where(table.c.patient_id > few[1]).order_by(table.c.patient_id)
        ).mappings()
        for patient_id, rows in groupby(copies.all(), lambda row: row["patient_id"]):
            sealed = [(row, version_digest(row)) for row in rows]
            session.execute(
                update(EntryRow), [{"id": row["id"], "digest": digest} for row, digest in sealed]
            )
            told = [[str(row["day"]), row["version"], digest] for row, digest in sealed]
            audit.record(
                session,
                AuditAction.IMPORTED,
                by=_BY,
                at=NOW,
                patient_id=patient_id,
                details={"entries": told},
            )
        session.execute(text(guard))
    database.empty_log()
    return database


class Saver(threading.Thread):
    """Corrects one day over and over; remembers how long each save took."""

    def __init__(self, database: Database, file: Path) -> None:
        super().__init__(daemon=True)
        self._database, self._log = database, Path(f"{file}-wal")
        self.enough = threading.Event()
        self.waits: list[float] = []
        self.refused = self.longest_log = 0

    def run(self) -> None:
        for number in cycle(range(50)):
            if self.enough.is_set():
                return
            # A patient writes fifty days, each once.
            if number == 0:
                patient = new_patient(self._database, "Sam Saver").id
            day = TODAY - timedelta(50 - number)
            entry = DiaryEntry(day, axial_pain=number % 5, source=Source.IMPORT)
            began = time.monotonic()
            try:
                record_day(
                    self._database,
                    patient,
                    entry,
                    by=SYSTEM,
                    at=NOW,
                    today=TODAY,
                    key=str(uuid4()),
                    expected_version=0,
                )
            except NotSaved:
                self.refused += 1
            self.waits.append(time.monotonic() - began)
            if self._log.exists():
                self.longest_log = max(self.longest_log, self._log.stat().st_size)
            time.sleep(PAUSE)

    def told(self) -> str:
        waits = sorted(self.waits)
        found = (
            f"{len(waits)} saves: median {statistics.median(waits):.3f} s, 99 %"
            f" {waits[int(0.99 * len(waits))]:.3f} s, longest {waits[-1]:.3f} s,"
            f" refused {self.refused}; the log at most {self.longest_log / 1e6:.0f} MB"
        )
        self.waits, self.refused, self.longest_log = [], 0, 0
        return found


def waiting(url: str, file: Path, folder: Path) -> Iterator[str]:
    """A line for each command, and the first for none."""
    database = open_database(url)
    saver = Saver(database, file)
    saver.start()
    time.sleep(QUIET)
    yield f"nothing else: {saver.told()}"
    for words in (["backup", str(folder / f"{uuid4()}.zip")], ["check", "--full"]):
        before, began = os.times(), time.monotonic()
        done = subprocess.run(
            [*_COMMAND, *words, "--database", url],
            env={**os.environ, "RECOVERY_TRACKER_SECRET_KEY": SECRET},
            capture_output=True,
            text=True,
        )
        took, after = time.monotonic() - began, os.times()
        spent = sum(after[2:4]) - sum(before[2:4])
        said = (done.stderr or done.stdout).splitlines()
        yield (
            f"{words[0]} ({took:.0f} s, {spent:.1f} s"
            f" of the processor; {len(said)} lines, {said[0][:60]}): {saver.told()}"
        )
    saver.enough.set()
    saver.join()
    database.close()


def main() -> None:
    """On a new database, or on the one in the file that is named and was made by this before."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(sys.argv[1] if len(sys.argv) > 1 else f"{folder}/diary.sqlite")
        url = f"sqlite:///{file}"
        if not file.exists():
            made(url).close()
        sys.stdout.write(f"{file.stat().st_size / 1e9:.2f} GB, load {os.getloadavg()[0]:.1f}\n")
        for line in waiting(url, file, Path(folder)):
            sys.stdout.write(f"{line}; load {os.getloadavg()[0]:.1f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
