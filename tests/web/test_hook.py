"""The clinic's own system is told: signed, again after a failure, with no name and no answer."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import update

from recovery_tracker import services
from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.storage import alerts, people, settings
from recovery_tracker.storage.tables.flags import FlagRow
from recovery_tracker.web.config import Hook, UnsafeConfig
from recovery_tracker.web.shared import hook
from recovery_tracker.web.shared.hook import tell_system
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, new_diarist

BASE = "http://localhost"
KEY = b"0123456789abcdefghijklmnop"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), self.path, body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args):
        """Quiet."""


@contextmanager
def receiver():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 200
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def system():
    with receiver() as found:
        yield found


@pytest.fixture
def nora(clinic):
    """A patient with chest pain; nobody else's flag waits."""
    with clinic.database.write() as session:
        session.execute(update(FlagRow).values(attention="seen"))
    nora = new_diarist(clinic)
    chest = {"signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
    assert nora.log(**{**CALM, **chest}).status_code == 303
    return nora


@pytest.fixture
def tell(clinic, system):
    ward = Hook(f"http://127.0.0.1:{system.server_port}/in?to=ward", KEY)
    return lambda: tell_system(clinic.app, ward, base=BASE, now=clinic.clock())


def test_a_message_is_signed_and_says_that_somebody_should_look(clinic, system, nora, tell):
    assert tell() == Counter({Delivery.SENT: 1})
    assert tell() == Counter()
    ((headers, path, body),) = system.got
    assert path == "/in?to=ward"
    head = {name.lower(): value for name, value in headers.items()}
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    code = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{code}"
    said = json.loads(body)
    assert (said["type"], said["data"]["urgency"]) == ("flag.waiting", "emergency")
    assert said["data"]["waiting"] == 1
    for word in (nora.patient.name, nora.patient.public_id, "chest", "pain"):
        assert word not in str(headers) + body.decode()


def test_it_is_told_again_with_longer_rests_and_as_the_same_message(clinic, system, nora, tell):
    """A redirection is not followed; five, ten, twenty minutes later it is tried once more."""
    system.status = 302
    assert tell() == Counter({Delivery.FAILED: 1})
    assert tell() == Counter()
    clinic.clock.forward(minutes=5)
    assert tell() == Counter({Delivery.FAILED: 1})
    clinic.clock.forward(minutes=5)
    assert tell() == Counter()
    clinic.clock.forward(minutes=5)
    system.status = 204
    assert tell() == Counter({Delivery.SENT: 1})
    assert len({headers["webhook-id"] for headers, _path, _body in system.got}) == 1
    assert {path for _headers, path, _body in system.got} == {"/in?to=ward"}


def test_who_does_not_answer_is_asked_once_in_a_run(clinic, nora, monkeypatch):
    """The others wait for the next run, and are not counted as tried."""
    with clinic.database.write() as session:
        session.execute(update(FlagRow).values(attention="unseen"))
    with clinic.database.read() as session:
        count = len(alerts.waiting(session))
    assert count > 1
    asked = []
    monkeypatch.setattr(hook, "_post", lambda *_args: asked.append(1) or 0)
    away = Hook("http://127.0.0.1:9/in", KEY)
    assert tell_system(clinic.app, away, base=BASE, now=NOW) == Counter({Delivery.FAILED: 1})
    assert len(asked) == 1
    monkeypatch.setattr(hook, "_post", lambda *_args: 200)
    told = tell_system(clinic.app, away, base=BASE, now=NOW)
    assert told == Counter({Delivery.SENT: count - 1})


def test_a_system_that_was_away_for_hours_is_told_when_it_is_back(clinic, system, nora, tell):
    away = Hook("http://127.0.0.1:9/in", KEY)
    for _run in range(50):
        tell_system(clinic.app, away, base=BASE, now=clinic.clock())
        clinic.clock.forward(minutes=10)
    assert tell() == Counter({Delivery.SENT: 1})


def test_a_try_of_a_clock_that_ran_ahead_is_no_rest(clinic, system, nora, tell):
    with clinic.database.write() as session:
        wanted = settings.replace(settings.read_installation(session), promised_hours=72)
        settings.save_installation(session, wanted, by=SYSTEM, at=NOW)
    system.status = 500
    clinic.clock.forward(days=2)
    assert tell() == Counter({Delivery.FAILED: 1})
    clinic.clock.forward(days=-2)
    system.status = 200
    assert tell() == Counter({Delivery.SENT: 1})


def test_what_has_waited_longer_than_promised_is_told_once_more(clinic, system, nora, tell):
    with clinic.database.write() as session:
        here = settings.read_installation(session)
        wanted = settings.replace(here, promised_hours=4)
        settings.save_installation(session, wanted, by=SYSTEM, at=NOW)
    tell()
    frank = clinic.signed_in("frank")
    assert "None has waited for more than 4 hours" in frank.page("/admin/health").text
    clinic.clock.forward(hours=5)
    tell()
    types = [json.loads(body)["type"] for _headers, _path, body in system.got]
    assert types == ["flag.waiting", "flag.overdue"]
    frank = clinic.signed_in("frank")
    assert "Waiting for more than 4 hours: 1." in frank.page("/admin/health").text
    with clinic.database.write() as session:
        wanted = settings.replace(settings.read_installation(session), promised_hours=1)
        settings.save_installation(session, wanted, by=SYSTEM, at=NOW)
    assert "Waiting for more than 1 hour: 1." in frank.page("/admin/health").text


def test_nobody_is_told_of_a_patient_who_is_no_longer_followed(clinic, system, nora, tell):
    with clinic.database.write() as session:
        ended = settings.replace(
            people.patient_by_id(session, nora.patient.id), ended_on=NOW.date()
        )
        people.update_patient(session, ended, expected_version=ended.version, by=SYSTEM, at=NOW)
    assert tell() == Counter()
    assert services.follow(clinic.database, nora.patient.id, ends=False, by=SYSTEM, at=NOW) is None
    assert tell() == Counter({Delivery.SENT: 1})


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://ward.example.org/in", "whsec_" + base64.b64encode(KEY).decode()),
        ("https://user:word@ward.example.org/in", "whsec_" + base64.b64encode(KEY).decode()),
        ("file:///etc/passwd", "whsec_" + base64.b64encode(KEY).decode()),
        ("https://ward.example.org/in", "whsec_" + base64.b64encode(b"short").decode()),
        ("https://ward.example.org/in", base64.b64encode(KEY).decode()),
        ("https://ward.example.org/in", ""),
    ],
)
def test_an_address_in_the_clear_or_a_weak_key_is_refused(url, secret):
    with pytest.raises(UnsafeConfig, match="RECOVERY_TRACKER_WEBHOOK"):
        Hook.from_environment(
            {"RECOVERY_TRACKER_WEBHOOK_URL": url, "RECOVERY_TRACKER_WEBHOOK_SECRET": secret}
        )


def test_without_an_address_nobody_is_told():
    assert Hook.from_environment({}) is None
