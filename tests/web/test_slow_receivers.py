"""A receiver that answers byte by byte holds nobody's messages up: each delivery has an end."""

from collections import Counter
from datetime import timedelta
from time import monotonic

import pytest

from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.storage import alerts, people
from recovery_tracker.web.config import Hook, MailServer
from recovery_tracker.web.shared import alerting, deadline, hook
from recovery_tracker.web.shared.mail import Post
from recovery_tracker.web.shared.ringing import public_key
from tests.databases import copied
from tests.mail_server import SENDER, mail_server
from tests.push_service import Phone, push_service
from tests.slow_server import slow_server
from tests.web.conftest import NOW, SYSTEM, open_clinic
from tests.web.diarist import CALM, new_diarist
from tests.web.test_mail import hello
from tests.web.test_reminding import EVENING
from tests.web.test_reminding import setting as setting

BASE = "https://localhost"
#: What one delivery may take here, and what a run with one slow receiver in it may.
LIMIT, RUN = 0.5, 2.5


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Every test of this module ends in time, or has failed."""
    monkeypatch.setattr(deadline, "AT_MOST", LIMIT)
    began = monotonic()
    yield
    assert monotonic() - began < RUN + 2


@pytest.fixture
def slow():
    with slow_server() as port:
        yield port


@pytest.fixture
def ward(clinic_database, tmp_path, slow):
    """Erin and hanna care for Nora, who has chest pain today; a push service answers at once."""
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    with push_service() as service:
        origins = (service.origin, f"http://127.0.0.1:{slow}")
        clinic = open_clinic(file, push_services=origins)
        nora = new_diarist(clinic)
        clinic.add_account("hanna")
        with clinic.database.write() as session:
            for name in ("erin", "hanna"):
                account_id = clinic.accounts[name].id
                people.grant_care(session, nora.patient.id, account_id, by=SYSTEM, at=NOW)
        chest = {"signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
        assert nora.log(**{**CALM, **chest}).status_code == 303
        yield clinic, service


def rings(clinic, name, *endpoints, **chosen):
    key = public_key(clinic.config.secret_key)
    devices = tuple({**Phone(one).said(), "key": key} for one in endpoints)
    with clinic.database.write() as session:
        wanted = alerts.AlertWishes(clinic.accounts[name].id, rings=devices, **chosen)
        alerts.save_wishes(session, wanted)


def taken(began):
    return monotonic() - began


def test_a_mail_server_that_greets_byte_by_byte_is_away(slow):
    server = MailServer(host="127.0.0.1", port=slow, tls=False, sender=SENDER)
    began = monotonic()
    with Post(server) as post:
        assert [post.send(hello(server)) for _ in range(3)] == [Delivery.FAILED] * 3
        assert post.is_away
    assert taken(began) < RUN


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [("drips at the reader", Delivery.FAILED), ("drips at the text", Delivery.UNSURE)],
)
def test_a_letter_ends_though_the_server_goes_on_byte_by_byte(mood, outcome):
    """Of the second, nobody knows whether it was taken; further letters are not tried."""
    with mail_server() as running:
        running.box.mood = mood
        server = running.settings()
        began = monotonic()
        with Post(server) as post:
            assert [post.send(hello(server)) for _ in range(2)] == [outcome, Delivery.FAILED]
        assert taken(began) < RUN


def test_a_webhook_that_answers_byte_by_byte_is_away(ward, slow):
    clinic, _service = ward
    with clinic.database.read() as session:
        assert len(alerts.waiting(session)) > 1
    began = monotonic()
    ward_hook = Hook(f"http://127.0.0.1:{slow}/in", b"k" * 24)
    told = hook.tell_system(clinic.app, ward_hook, base=BASE, now=clinic.clock())
    assert told == Counter({Delivery.FAILED: 1})
    assert taken(began) < RUN


def test_a_webhook_has_its_share_of_a_run_and_no_more(ward, monkeypatch):
    """Every answer is good and takes long: what is left is told in the next run."""
    clinic, _service = ward
    monkeypatch.setattr(hook, "_post", lambda *_args: 200)
    monkeypatch.setattr(hook, "SHARE", 0.0)
    there = Hook("http://127.0.0.1:9/in", b"k" * 24)

    def told():
        return hook.tell_system(clinic.app, there, base=BASE, now=clinic.clock())

    assert [told(), told()] == [Counter({Delivery.SENT: 1})] * 2


def test_one_slow_push_service_keeps_no_other_clinician_waiting(ward, slow):
    clinic, service = ward
    bad = f"http://127.0.0.1:{slow}"
    rings(clinic, "erin", f"{bad}/send/a", f"{bad}/send/b", f"{bad}/send/c", each=True)
    rings(clinic, "hanna", f"{service.origin}/send/hanna", each=True)
    began = monotonic()
    alerting.alert(clinic.app, None, base=BASE, now=clinic.clock())
    assert taken(began) < RUN
    assert [path for path, *_ in service.taken] == ["/send/hanna"]


def test_what_is_urgent_goes_before_every_digest(ward):
    clinic, service = ward
    clinic.clock.instant = (clinic.clock.instant + timedelta(days=1)).replace(hour=8)
    rings(clinic, "erin", f"{service.origin}/send/erin", digest=True)
    rings(clinic, "hanna", f"{service.origin}/send/hanna", digest=True)
    with clinic.database.read() as session:
        found = list(alerting._due(session, clinic.clock(), "UTC", 4))
    kinds = [str(one.kind) for one in found]
    assert {"again", "digest"} <= set(kinds)
    assert kinds == sorted(kinds), "again comes before digest"


def test_one_reader_at_whom_the_server_drips_is_the_last_in_the_next_run(ward):
    """The others would otherwise never be told: the server counts as away from then on."""
    clinic, _service = ward
    for name in ("erin", "hanna"):
        with clinic.database.write() as session:
            number = clinic.accounts[name].id
            wanted = alerts.AlertWishes(number, f"{name}@clinic.example", each=True)
            alerts.save_wishes(session, wanted)
    with mail_server() as running:
        running.box.mood = "drips at the reader"
        running.box.only = "erin@clinic.example"
        server = running.settings()
        for _run in range(2):
            alerting.alert(clinic.app, server, base=BASE, now=clinic.clock())
            clinic.clock.forward(minutes=10)
        assert "hanna@clinic.example" in running.box.readers


def test_a_reminder_for_which_a_run_has_no_time_left_goes_with_the_next(setting):
    setting.subscribe()
    assert setting.remind(until=monotonic() - 1).outcomes == {}
    assert setting.outcomes() == []
    assert setting.remind(EVENING + timedelta(minutes=10)).outcomes == {Delivery.SENT: 1}
