"""What a server has acknowledged is there once, whatever happens to the server."""

import http.client
import itertools
import random
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import diary, people, record_rows
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.soundness import problems_of
from tests.databases import postgresql_running
from tests.effort import effort

from .server import Server, Visitor, hidden_fields, set_up

#: Entries that must be acknowledged at least, by four clients, each on a day of its own.
ENTRIES = effort(100, 2000)
CLIENTS = 4
#: Seconds from the first entry after a start to the next kill, at random so that every moment of a
#: save is hit.
KILL_AFTER = (0.2, 2.0)
#: A run with fewer kills proves little.
KILLS = effort(6, 30)


class Client(threading.Thread):
    """Corrects one day over and over, sending the same form until it is acknowledged."""

    def __init__(self, number, base, cookies, path, fields):
        super().__init__(daemon=True)
        self.number, self.visitor, self.path = number, Visitor(base, cookies), path
        self.fields = fields
        self.enough = threading.Event()
        self.acknowledged = []
        self.tries = 0
        self.problem = None

    def run(self):
        for version in itertools.count():
            note = f"client {self.number}, entry {version}"
            form = {
                **self.fields,
                "key": str(uuid.uuid4()),
                "expected_version": str(version),
                "axial_pain": str(version % 5),
                "signs": "none",
                "note": note,
            }
            if not self._send(form):
                return
            self.acknowledged.append(note)
            if self.enough.is_set():
                return

    def _send(self, form):
        """Whether the form was acknowledged at last; anything but a refusal is tried again."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            self.tries += 1
            try:
                status, _, page = self.visitor.send("POST", self.path, form)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if status == 303:
                return True
            if status not in (500, 502, 503):
                self.problem = f"{status} for {form['note']}: {page[:2000]}"
                return False
        self.problem = f"never acknowledged: {form['note']}"
        return False


def _today():
    return datetime.now(ZoneInfo("Europe/London")).date()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An empty database of either kind; that of the server has its promises, not those of tests."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'diary.sqlite'}"
        return
    with postgresql_running() as running:
        running.psql("CREATE DATABASE diary;")
        yield running.get_uri(database="diary")


@pytest.fixture
def prepared(url):
    """A running server whose only patient was operated six weeks ago, and their browser."""
    server = Server("run", "--port", 0, "--database", url)
    try:
        base = server.line_with("Your diary: ").rstrip("/")
        link = server.line_with("First run. Set it up here (the link works once): ")
        visitor, _ = set_up(base, urlsplit(link).path)
        database = open_database(url)
        try:
            yield server, base, visitor, database, _operate(database)
        finally:
            database.close()
    finally:
        if server.process.poll() is None:
            server.kill()


def _operate(database):
    """The patient that set-up made, six weeks after an operation."""
    by = Actor(None, "test", Role.SYSTEM)
    with database.write() as session:
        (patient,) = people.all_patients(session)
        operation = Operation(_today() - timedelta(days=42), Region.LUMBAR)
        record_rows.add(session, patient.id, operation, by=by, at=datetime.now(UTC))
    return patient


def _count(clients):
    return sum(len(client.acknowledged) for client in clients)


def _saving(clients):
    """Waits for the next entry to be acknowledged; False when there is none to come."""
    before = _count(clients)
    while _count(clients) == before:
        if not any(client.is_alive() for client in clients):
            return False
        time.sleep(0.02)
    return True


def _days(visitor, patient):
    """Today and the three days before it, with the fields of their blank forms."""
    today = _today()
    for back in range(CLIENTS):
        path = f"/p/{patient.public_id}/day/{today - timedelta(days=back)}"
        status, page = visitor.get(path)
        assert status == 200, page
        yield path, hidden_fields(page)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_under_kill_9(prepared, url):
    """
    Four phones save while the server is killed every few seconds. A phone that hears nothing sends
    the same form again. In the end every acknowledged entry is there, exactly once.
    """
    server, base, visitor, database, patient = prepared
    chance = random.Random(20260321)
    clients = [
        Client(number, base, visitor.cookies, path, fields)
        for number, (path, fields) in enumerate(_days(visitor, patient))
    ]
    for client in clients:
        client.start()
    kills = 0
    port = urlsplit(base).port
    try:
        while _saving(clients) and (kills < KILLS or _count(clients) < ENTRIES):
            time.sleep(chance.uniform(*KILL_AFTER))
            server.kill()
            kills += 1
            server = Server("run", "--port", port, "--database", url)
            server.line_with("Your diary: ")
        for client in clients:
            client.enough.set()
        for client in clients:
            client.join()
    finally:
        server.kill()
    assert [client.problem for client in clients] == [None] * CLIENTS
    acknowledged = [note for client in clients for note in client.acknowledged]
    assert len(acknowledged) >= ENTRIES
    with database.read() as session:
        stored = Counter(
            version.entry.note
            for entry in diary.entries_of(session, patient.id)
            for version in diary.versions_of(session, patient.id, entry.day)
        )
        problems = list(problems_of(session))
    assert stored == Counter(acknowledged), "an acknowledged entry is lost or doubled"
    assert problems == []
    assert kills >= KILLS, "hardly ever killed: this run proves little"
