"""`python -m tests.bench.saving`: sixteen patients save at once, on each database, while a process
that serves is killed every two seconds.

A client sends its next entry as soon as the last one was acknowledged, and the same form again
where nobody answered: so each entry must be there once. What is told of is what a patient would
wait for.
"""

import http.client
import itertools
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from recovery_tracker.cli.demo_data import fill
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.storage import accounts, diary, people
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.web.auth.demo import demo_link
from tests.bench.visitor import SECRET
from tests.cli.server import Server, Visitor, hidden_fields
from tests.databases import postgresql_running

CLIENTS = 16
SECONDS = 30
#: Between two kills.
KILL_EVERY = 2.0
_BY = Actor(None, "bench", Role.SYSTEM)


class Client(threading.Thread):
    """A patient who corrects today over and over."""

    def __init__(self, base: str, link: str, path: str) -> None:
        super().__init__(daemon=True)
        self._visitor, self._path = Visitor(base), path
        status, page = self._visitor.get(link)
        assert status == 200, page
        self._visitor.send("POST", link, hidden_fields(page))
        status, page = self._visitor.get(path)
        assert status == 200, page
        self._fields = hidden_fields(page)
        self.enough = threading.Event()
        #: Seconds from the button to the acknowledgement, with every attempt; and the notes.
        self.waits: list[float] = []
        self.notes: list[str] = []
        self.refusals: Counter[int] = Counter()
        self.unanswered = 0

    def run(self) -> None:
        first = int(self._fields["expected_version"])
        for number in itertools.count():
            if self.enough.is_set():
                return
            note = f"entry {number}"
            form = {
                **self._fields,
                "key": str(uuid4()),
                "expected_version": str(first + number),
                "axial_pain": str(number % 5),
                "signs": "none",
                "note": note,
            }
            began = time.monotonic()
            while not self._sent(form):
                time.sleep(0.02)
            self.waits.append(time.monotonic() - began)
            self.notes.append(note)

    def _sent(self, form: dict[str, str]) -> bool:
        try:
            status, _, _ = self._visitor.send("POST", self._path, form)
        except (OSError, http.client.HTTPException):
            self.unanswered += 1
            return False
        if status != 303:
            self.refusals[status] += 1
        return status == 303


def saving(url: str, *, kill: bool) -> Iterator[str]:
    """What sixteen clients met on the database at this address."""
    upgrade_database(url)
    database = open_database(url)
    fill(database)
    today = datetime.now(UTC).date()
    settings = {"RECOVERY_TRACKER_SECRET_KEY": SECRET}
    server = Server("run", "--port", 0, "--database", url, environment=settings)
    try:
        base = server.line_with("Your diary: ").rstrip("/")
        patients, clients = [], []
        for patient, account in _accounts(database):
            path = f"/p/{patient.public_id}/day/{today}"
            link = demo_link(database, SECRET, "", account)
            patients.append(patient)
            clients.append(Client(base, link, path))
        for client in clients:
            client.start()
        kills, until = 0, time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(KILL_EVERY)
            if kill:
                os.kill(_children(server.process.pid)[kills % 2], signal.SIGKILL)
                kills += 1
        for client in clients:
            client.enough.set()
        for client in clients:
            client.join(60)
    finally:
        server.stop()
    lost = doubled = 0
    for patient, client in zip(patients, clients, strict=True):
        with database.read() as session:
            versions = diary.versions_of(session, patient.id, today)
        there = Counter(one.entry.note for one in versions if one.entry.note)
        lost += sum(note not in there for note in client.notes)
        doubled += sum(count - 1 for note, count in there.items() if str(note).startswith("entry"))
    database.close()
    waits = sorted(wait for client in clients for wait in client.waits)
    refused = sum((client.refusals for client in clients), Counter[int]())
    unanswered = sum(client.unanswered for client in clients)
    yield (
        f"{len(waits)} saves of {CLIENTS} in {SECONDS} s, {kills} kills: median"
        f" {statistics.median(waits):.3f} s, 99 % {waits[int(0.99 * len(waits))]:.3f} s,"
        f" slowest {waits[-1]:.3f} s; {unanswered} unanswered and sent again,"
        f" refused {dict(refused) or 'none'}, lost {lost}, doubled {doubled}"
    )


def _accounts(database: Database) -> Iterator[tuple[people.Patient, int]]:
    """Sixteen patients without an account yet, each with one now."""
    with database.read() as session:
        everybody = [
            patient
            for patient in people.all_patients(session)
            if accounts.account_of_patient(session, patient.id) is None
        ]
    for number, patient in enumerate(everybody[:CLIENTS]):
        with database.write() as session:
            account = accounts.create_account(
                session,
                name=patient.name,
                login=f"bench-{number}@demo.invalid",
                role=Role.PATIENT,
                patient_id=patient.id,
                by=_BY,
                at=datetime.now(UTC),
            )
        yield patient, account.id


def _children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in text.split()]


def main() -> None:
    """Each database with and without kills."""
    for kill in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            for line in saving(f"sqlite:///{folder}/diary.sqlite", kill=kill):
                sys.stdout.write(f"SQLite: {line}\n")
        with postgresql_running() as server:
            for line in saving(server.get_uri(), kill=kill):
                sys.stdout.write(f"PostgreSQL: {line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
