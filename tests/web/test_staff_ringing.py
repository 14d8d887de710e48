"""Messages to clinicians that ring on a device, against a push service of our own."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from recovery_tracker import services
from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.services.alerts import note_run
from recovery_tracker.storage import alerts, people
from recovery_tracker.web.config import MailServer
from recovery_tracker.web.shared.alerting import alert, is_mail_wanted
from recovery_tracker.web.shared.ringing import Device, and_this
from tests.databases import copied
from tests.mail_server import SENDER, mail_server
from tests.push_service import Phone, push_service
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM, open_clinic
from tests.web.diarist import CALM, new_diarist

BASE = "https://localhost"


class Ward:
    """Erin cares for Nora and has a phone; the clinic has no mail server."""

    def __init__(self, clinic, service):
        self.clinic, self.service = clinic, service
        note_run(clinic.database, "remind", at=NOW)
        self.nora = new_diarist(clinic)
        self.erin_id = clinic.accounts["erin"].id
        with clinic.database.write() as session:
            people.grant_care(session, self.nora.patient.id, self.erin_id, by=SYSTEM, at=NOW)
        self.erin = clinic.signed_in("erin")
        self.phone = Phone(f"{service.origin}/send/erin")

    def choose(self, phone=None):
        """What the team page sends once the device allowed it."""
        return self.erin.send("/clinic/team", "/clinic/team/device", **(phone or self.phone).said())

    def wish(self, **fields):
        return self.erin.send("/clinic/team", "/clinic/team/messages", **fields)

    def tell(self):
        """Nora has chest pain today."""
        chest = {"signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
        assert self.nora.log(**{**CALM, **chest}).status_code == 303

    def send(self, server=None):
        return alert(self.clinic.app, server, base=BASE, now=self.clinic.clock())

    @property
    def rings(self):
        with self.clinic.database.read() as session:
            return [one["endpoint"] for one in alerts.wishes_of(session, self.erin_id).rings]


@pytest.fixture
def ward(clinic_database, tmp_path):
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    with push_service() as service:
        yield Ward(open_clinic(file, push_services=(service.origin,)), service)


def test_a_device_rings_at_an_urgent_answer_and_says_no_name_and_no_answer(ward):
    """
    hour  0            1   25           26
          told         -   told again   -
    """
    assert ward.choose().status_code == 303
    assert ward.wish(each="1").status_code == 303
    assert "Nothing is sent to you" not in ward.erin.page("/clinic/team").text
    assert ward.send() == {}
    ward.tell()
    assert [ward.send(), ward.send()] == [{Delivery.SENT: 1}, {}]
    ward.clinic.clock.forward(hours=25)
    assert [ward.send(), ward.send()] == [{Delivery.SENT: 1}, {}]
    said = [ward.phone.read(body) for _path, _headers, body in ward.service.taken]
    assert said == [
        {"title": words, "url": "/clinic/patients?show=urgent"}
        for words in (
            "A diary has an answer that needs a look today.",
            "An answer that needs a look has been waiting longer than promised. "
            "Nobody has seen it.",
        )
    ]
    for word in (*ALICE_WORDS, ward.nora.patient.name, "chest", "pain", "emergency"):
        assert word not in str(said)


def test_a_device_without_a_wish_rings_never_and_a_wish_without_a_way_is_refused(ward):
    page = ward.wish(each="1")
    assert page.status_code == 422
    assert "Choose a device first." in page.text
    ward.choose()
    assert "Nothing is sent to you yet" in ward.erin.page("/clinic/team").text
    ward.tell()
    assert ward.send() == {}


def test_one_way_that_arrives_is_enough(ward):
    with mail_server() as post:
        server = MailServer(host="127.0.0.1", port=post.port, tls=False, sender=SENDER)
        with ward.clinic.database.write() as session:
            wanted = alerts.AlertWishes(ward.erin_id, "erin@clinic.example", each=True)
            alerts.save_wishes(session, wanted)
        assert is_mail_wanted(ward.clinic.app)
        ward.choose()
        assert not is_mail_wanted(ward.clinic.app)
        ward.service.says = 503
        ward.tell()
        assert ward.send(server) == {Delivery.SENT: 1}
        assert len(post.box.letters) == len(ward.service.taken) == 1
        ward.clinic.clock.forward(hours=25)
        ward.service.says = 201
        assert ward.send() == {Delivery.SENT: 1}
        assert len(post.box.letters) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_has_expired_is_forgotten_and_the_page_says_that_nothing_is_sent(
    ward, status
):
    ward.choose()
    ward.wish(each="1")
    ward.service.says = status
    ward.tell()
    assert ward.send() == {Delivery.FAILED: 1}
    assert ward.rings == []
    assert "Nothing is sent to you at present" in ward.erin.page("/clinic/team").text
    ward.service.says = 201
    ward.choose()
    assert "Nothing is sent to you at present" not in ward.erin.page("/clinic/team").text
    assert ward.send() == {Delivery.SENT: 1}


def test_signing_out_ends_it_on_that_device_and_stopping_on_all(ward):
    other = Phone(f"{ward.service.origin}/send/other")
    ward.choose(other)
    ward.choose()
    assert "A device on which you sign out no longer" in ward.erin.page("/account").text
    forms = ward.erin.page("/account").forms
    (out,) = [one for one in forms if one.action == "/account/sign-out"]
    ward.erin.client.post(out.action, data=out.hidden())
    assert ward.rings == [other.endpoint]
    ward.erin = ward.clinic.signed_in("erin")
    ward.choose()
    ward.erin.send("/clinic/team", "/clinic/team/device", what="no_ring")
    assert ward.rings == []


def test_the_newest_devices_are_kept_each_once(ward):
    phones = [Phone(f"{ward.service.origin}/send/{n}") for n in range(7)]
    for phone in (*phones, phones[-1]):
        ward.choose(phone)
    assert ward.rings == [one.endpoint for one in phones[2:]]


def test_devices_that_are_chosen_at_one_moment_all_stand(ward):
    found = [Device(f"https://web.push.apple.com/{n}", "p", "a", "k") for n in range(4)]
    database, at = ward.clinic.database, ward.clinic.clock()

    def choose(new):
        changed = partial(and_this, new)
        services.change_staff_devices(database, ward.erin_id, changed, by=SYSTEM, at=at)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(choose, found))
    assert sorted(ward.rings) == [one.endpoint for one in found]


def test_only_a_push_service_is_contacted(ward):
    said = ward.phone.said() | {"endpoint": "https://169.254.169.254/latest/meta-data"}
    answer = ward.erin.send("/clinic/team", "/clinic/team/device", **said)
    assert answer.status_code == 422
    assert "cannot reach this device" in answer.text
    assert ward.rings == []


def test_the_page_offers_it_only_where_remind_runs(ward):
    assert "ring-on" in ward.erin.page("/clinic/team").text
    ward.clinic.clock.forward(days=2)
    ward.erin = ward.clinic.signed_in("erin")
    assert "ring-on" not in ward.erin.page("/clinic/team").text


def test_who_lost_the_patient_is_told_nothing(ward):
    ward.choose()
    ward.wish(each="1")
    ward.tell()
    with ward.clinic.database.write() as session:
        people.revoke_care(session, ward.nora.patient.id, ward.erin_id, by=SYSTEM, at=NOW)
    assert ward.send() == {}
