"""Reminders that ring on a device, against a push service of our own, read as the phone reads them.

A patient chooses it on the device; one message a day leaves, encrypted, and says nothing of health.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from recovery_tracker import services
from recovery_tracker.domain.people import Rights
from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.storage import people, reminders
from recovery_tracker.web.config import Config, UnsafeConfig
from recovery_tracker.web.shared import reminding, ringing
from recovery_tracker.web.shared.ringing import (
    PUSH_SERVICES,
    devices_of,
    is_push_service,
    public_key,
)
from tests.databases import copied
from tests.icons import SIZES, STATIC, icon
from tests.push_service import Phone, PushService, push_service, sender_of
from tests.web.conftest import NOW, SECRET, SYSTEM, Clinic, open_clinic
from tests.web.diarist import CALM, Diarist, new_diarist
from tests.web.test_taking_back import share

BASE = "https://localhost"
EVENING = datetime(2026, 3, 12, 21, 0, tzinfo=UTC)
NEW_SECRET = "another-secret-for-tests-9876543210-zyxwvu"


@dataclass
class Setting:
    """A clinic that reminds, without a mail server, and a patient whose diary waits today."""

    nora: Diarist
    service: PushService
    phone: Phone

    def remind(self, now: datetime = EVENING, clinic: Clinic | None = None):
        """What a run of the command does."""
        return reminding.remind((clinic or self.nora.clinic).app, None, base=BASE, now=now)

    def choose(self, phone: Phone | None = None):
        """What the page sends once the device allowed it."""
        return self.nora.send("reminders", what="ring", **(phone or self.phone).said())

    def devices(self):
        with self.nora.clinic.database.read() as session:
            return devices_of(people.patient_by_id(session, self.nora.patient.id))

    def outcomes(self):
        with self.nora.clinic.database.read() as session:
            return [one.outcome for one in reminders.reminders_of(session, self.nora.patient.id)]


@pytest.fixture
def setting(clinic_database, tmp_path):
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    with push_service() as service:
        clinic = open_clinic(file, push_services=(service.origin,))
        services.note_run(clinic.database, "remind", at=NOW)
        nora = new_diarist(clinic, days_ago=40)
        yield Setting(nora, service, Phone(f"{service.origin}/send/abc"))


def test_nothing_rings_until_it_is_chosen(setting):
    assert setting.remind().outcomes == {}
    assert setting.service.taken == []


def test_the_phone_reads_that_the_diary_is_open_and_nothing_else_is_in_it(setting):
    assert setting.choose().status_code == 303
    assert "Reminders go to 1 device." in setting.nora.page("reminders").text
    assert setting.remind().outcomes == {Delivery.SENT: 1}
    ((path, headers, body),) = setting.service.taken
    assert setting.phone.read(body) == {"title": "Your diary is open", "url": "/"}
    assert b"diary" not in body
    assert (path, headers["content-encoding"], headers["ttl"]) == (
        "/send/abc",
        "aes128gcm",
        "14400",
    )
    key, told = sender_of(headers)
    assert key == public_key(SECRET)
    assert (told["aud"], told["sub"]) == (setting.service.origin, BASE)
    sent = f"{path} {headers}".lower()
    assert [w for w in ("nora", "pain", "spine", "recovery", "patient") if w in sent] == []
    assert "Last reminder: sent on" in setting.nora.page("reminders").text


def test_one_a_day_none_when_it_is_done_and_none_after_three_without_an_entry(setting):
    setting.choose()
    assert setting.remind().outcomes == {Delivery.SENT: 1}
    assert setting.remind(EVENING + timedelta(minutes=10)).not_due == {reminding.REMINDED: 1}
    for days in (1, 2):
        assert setting.remind(EVENING + timedelta(days=days)).outcomes == {Delivery.SENT: 1}
    paused = setting.remind(EVENING + timedelta(days=4))
    assert (paused.outcomes, paused.not_due) == ({}, {reminding.PAUSED: 1})
    setting.nora.clinic.clock.forward(days=4)
    setting.nora.log(setting.nora.today, **CALM)
    assert setting.remind(EVENING + timedelta(days=4)).not_due == {reminding.DONE: 1}
    assert len(setting.service.taken) == 3


def test_devices_that_are_signed_out_at_one_moment_all_stop(setting):
    database, patient, at = setting.nora.clinic.database, setting.nora.patient, NOW
    phones = [Phone(f"{setting.service.origin}/send/{n}") for n in range(4)]
    for one in phones:
        setting.choose(one)

    def sign_out(phone):
        gone = services.all_but({phone.endpoint})
        services.change_devices(database, patient.id, gone, by=SYSTEM, at=at)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sign_out, phones))
    assert setting.devices() == ()


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_has_expired_is_forgotten(setting, status):
    other = Phone(f"{setting.service.origin}/send/def")
    setting.choose()
    setting.service.says = status
    assert setting.remind().outcomes == {Delivery.FAILED: 1}
    assert setting.devices() == ()
    assert setting.remind(EVENING + timedelta(minutes=10)).outcomes == {}
    setting.service.says = 201
    setting.choose(other)
    assert setting.remind(EVENING + timedelta(minutes=20)).outcomes == {Delivery.SENT: 1}
    assert [path for path, *_ in setting.service.taken] == ["/send/abc", "/send/def"]


def test_what_was_refused_is_tried_again_and_what_was_not_answered_is_not(
    setting, monkeypatch, caplog
):
    setting.choose()
    setting.service.says = 503
    assert setting.remind().outcomes == {Delivery.FAILED: 1}
    setting.service.says, setting.service.waits = 201, 1.0
    monkeypatch.setattr(ringing, "PATIENCE", 0.2)
    assert setting.remind(EVENING + timedelta(minutes=10)).outcomes == {Delivery.UNSURE: 1}
    setting.service.waits = 0.0
    assert setting.remind(EVENING + timedelta(minutes=20)).outcomes == {}
    assert len(setting.service.taken) == 2
    assert "/send/abc" not in caplog.text
    assert len(setting.devices()) == 1


def test_nothing_rings_for_whoever_was_let_go_while_others_were_reminded(setting, monkeypatch):
    setting.choose()
    app, nora = setting.nora.clinic.app, setting.nora
    database = app.extensions["recovery_database"]
    due = list(reminding._subscribed(database, False, EVENING))
    assert len(due) == 1
    monkeypatch.setattr(reminding, "_subscribed", lambda *_args: due)
    services.follow(database, nora.patient.id, ends=True, by=SYSTEM, at=NOW)
    assert setting.remind().outcomes == {}
    services.erase_patient(database, nora.patient.id, by=SYSTEM, at=NOW)
    assert setting.remind().outcomes == {}
    assert setting.service.taken == []


def test_a_service_that_cannot_be_reached_is_asked_once_in_a_run(setting, monkeypatch):
    asked = []

    def timed_out(*_args, **_options):
        asked.append(1)
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests.Session, "post", timed_out)
    for phone in (setting.phone, Phone(f"{setting.service.origin}/send/def")):
        setting.choose(phone)
    assert len(setting.devices()) == 2
    assert setting.remind().outcomes == {Delivery.FAILED: 1}
    assert len(asked) == 1


def test_no_redirect_is_followed(setting):
    setting.choose()
    setting.service.says = 307
    assert setting.remind().outcomes == {Delivery.FAILED: 1}
    assert [path for path, *_ in setting.service.taken] == ["/send/abc"]


def test_several_devices_ring_and_one_that_is_gone_hinders_none(setting):
    gone = Phone(f"{setting.service.origin.replace('127.0.0.1', 'localhost')}/send/gone")
    setting.choose()
    with setting.nora.clinic.database.read() as session:
        patient = people.patient_by_id(session, setting.nora.patient.id)
    stale = ringing.Device(**gone.said(), key=public_key(SECRET))
    kept = ringing.as_preference([stale, *devices_of(patient)])
    changed = people.with_preferences(patient, rings=kept)
    services.save_patient(setting.nora.clinic.database, changed, by=SYSTEM, at=NOW)
    assert setting.remind().outcomes == {Delivery.SENT: 1}
    assert [one.endpoint for one in setting.devices()] == [setting.phone.endpoint]


def test_the_newest_devices_are_kept_and_all_can_be_stopped(setting):
    phones = [Phone(f"{setting.service.origin}/send/{n}") for n in range(7)]
    for phone in (*phones, phones[-1]):
        setting.choose(phone)
    assert [one.endpoint for one in setting.devices()] == [p.endpoint for p in phones[2:]]
    setting.nora.send("reminders", what="no_ring")
    assert setting.devices() == ()
    assert setting.remind().outcomes == {}


def test_after_a_change_of_the_key_a_device_hears_the_one_it_knows(setting):
    setting.choose()
    file = setting.nora.clinic.database.engine.url.database
    origin = (setting.service.origin,)
    later = open_clinic(file, push_services=origin, secret_key=NEW_SECRET, older_secrets=(SECRET,))
    assert setting.remind(clinic=later).outcomes == {Delivery.SENT: 1}
    assert sender_of(setting.service.taken[0][1])[0] == public_key(SECRET)
    lost = open_clinic(file, push_services=origin, secret_key=NEW_SECRET)
    assert setting.remind(EVENING + timedelta(days=1), lost).outcomes == {Delivery.FAILED: 1}
    assert setting.devices() == ()


def test_the_page_offers_it_only_where_remind_runs(setting):
    assert public_key(SECRET) in setting.nora.page("reminders").text
    setting.nora.clinic.clock.forward(days=2)
    assert "ring-on" not in setting.nora.page("reminders").text


KNOWN = (
    "https://fcm.googleapis.com/fcm/send/abc:APA91b",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QGu",
    "https://wns2-par02p.notify.windows.com/w/?token=BQY",
)
STRANGE = (
    "",
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/fcm/send/abc",
    "https://fcm.googleapis.com.example.org/fcm/send/abc",
    "https://somebody@fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com@127.0.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://192.168.1.1/",
    "https://2130706433/",
    "https://localhost/",
    "https://push.apple.com.example.org/",
    "https://evilpush.apple.com.example.org/",
    "https://notify.windows.com:99999/",
    "https://fcm.googleapis.com/\r\nHost: 127.0.0.1",
    "https://fcm.googleapis.com/" + "a" * 1000,
    "file:///etc/passwd",
    "ftp://web.push.apple.com/",
    "https://fcm.gооgleapis.com/",
    "https://evil.example\\.push.apple.com/x",
    "https://127.0.0.1\\.notify.windows.com/",
    "https://127.0.0.1%2f.push.apple.com/",
    "https://127.0.0.1%00.push.apple.com/",
    "https://127.0.0.1;.push.apple.com/",
    "https://127.0.0.1 .push.apple.com/",
    "https://.push.apple.com/",
)


def test_only_the_push_services_of_browsers_are_asked_and_no_address_of_a_network_at_home():
    assert [one for one in KNOWN if not is_push_service(one)] == []
    assert [one for one in STRANGE if is_push_service(one)] == []
    assert all("." in name.strip(".") for name in PUSH_SERVICES)


@given(
    before=st.text(alphabet="evil.127:@", max_size=12),
    between=st.text(alphabet="\\\\/%;#?@:[]. \t|^{}<>\"'`,", max_size=3),
    service=st.sampled_from(PUSH_SERVICES),
)
def test_whoever_sends_reads_the_same_host_as_the_check(before, between, service):
    """Two readers of one address may disagree about where its host ends."""
    endpoint = f"https://{before}{between}{service}/x"
    if is_push_service(endpoint):
        sent = urlsplit(requests.Request("POST", endpoint).prepare().url).hostname
        assert sent == service or sent.endswith(f".{service.lstrip('.')}"), endpoint


def test_a_device_that_no_message_could_reach_is_refused_on_the_page(setting):
    good = setting.phone.said()
    wrong = [{"endpoint": one} for one in STRANGE]
    wrong += [{"p256dh": text} for text in ("", "AAAA", "B" * 87)]
    wrong += [{"auth": text} for text in ("short", "!" * 22)]
    for one in wrong:
        answer = setting.nora.send("reminders", what="ring", **good | one)
        assert answer.status_code == 422, one
        assert "cannot reach this device" in answer.text
    assert setting.devices() == ()


@pytest.mark.parametrize(
    "origin", ["http://push.example.org", "https://push.example.org/path", "x"]
)
def test_further_services_are_origins_over_tls(origin):
    with pytest.raises(UnsafeConfig, match="PUSH_SERVICES"):
        Config(database_url="sqlite://", secret_key=SECRET, push_services=(origin,))


def test_a_further_service_may_be_named_by_whoever_runs_the_diary():
    found = Config.from_environment(
        {"RECOVERY_TRACKER_PUSH_SERVICES": "https://push.example.org, https://up.example.net"},
        database_url="sqlite://",
        secret_key=SECRET,
    )
    assert is_push_service("https://up.example.net/abc", found.push_services)
    assert not is_push_service("https://up.example.net:444/abc", found.push_services)


def test_the_icons_are_those_of_the_drawing_and_the_manifest_names_them(clinic):
    for pixels in SIZES:
        with Image.open(STATIC / f"icon-{pixels}.png") as kept:
            assert kept.size == (pixels, pixels)
            assert not ImageChops.difference(kept.convert("RGB"), icon(pixels)).getbbox()
    browser = clinic.browser()
    named = browser.get("/manifest.webmanifest").json["icons"]
    assert {"192x192", "512x512"} <= {one["sizes"] for one in named}
    head = browser.get("/help").text
    found = [one["src"] for one in named] + re.findall(r'apple-touch-icon" href="([^"]+)', head)
    assert len(found) == 5
    for path in found:
        with browser.get(path) as answer:
            assert answer.status_code == 200


def sign_out(setting, **more):
    """What the page of the account sends; its script adds where this device rings."""
    forms = setting.nora.browser.page("/account").forms
    (form,) = [one for one in forms if one.action == "/account/sign-out"]
    return setting.nora.browser.client.post(form.action, data={**form.hidden(), **more})


def test_signing_out_ends_the_reminders_of_the_device(setting):
    other = Phone(f"{setting.service.origin}/send/def")
    setting.choose(other)
    setting.choose()
    account = setting.nora.browser.page("/account").text
    assert "A device on which you sign out no longer reminds you." in account
    # The session knows the device that was chosen in it last.
    assert sign_out(setting).status_code == 302
    assert [one.endpoint for one in setting.devices()] == [other.endpoint]
    # A later session knows nothing of it: the script of the page says which device this is.
    setting.nora.browser = setting.nora.clinic.signed_in("nora")
    assert "leave.js" in setting.nora.browser.page("/account").text
    sign_out(setting, endpoint=other.endpoint)
    assert setting.devices() == ()
    assert setting.remind().outcomes == {}


def test_signing_out_elsewhere_or_everywhere_ends_them_too(setting):
    phone = setting.nora.clinic.signed_in("nora")
    at_home, setting.nora.browser = setting.nora.browser, phone
    setting.choose()
    setting.nora.browser = at_home
    page = at_home.page("/account")
    (mark,) = {f.action for f in page.forms if "/account/sessions/" in f.action}
    assert at_home.send("/account", mark).status_code == 303
    assert setting.devices() == ()
    setting.choose()
    setting.choose(Phone(f"{setting.service.origin}/send/def"))
    at_home.send("/account", "/account/sign-out-everywhere")
    assert setting.devices() == ()


def test_a_carer_who_signs_out_ends_no_reminder_of_the_patient(setting):
    setting.choose()
    carer = share(setting.nora.clinic, setting.nora, "anna", Rights.READ)
    carer.send("/account", "/account/sign-out-everywhere", endpoint=setting.phone.endpoint)
    assert len(setting.devices()) == 1
