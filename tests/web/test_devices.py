"""Where one is signed in, ended one by one; and what one is told of one's own account."""

import re

from recovery_tracker.storage import people
from recovery_tracker.web.auth import devices
from recovery_tracker.web.auth.account_store import own_actor
from recovery_tracker.web.auth.sessions import HALF_SIGN_IN
from tests.mail_server import mail_server
from tests.web.conftest import NOW, SYSTEM
from tests.web.page import Page


class Immediately:
    """A thread whose work is done by the time it was started."""

    def __init__(self, target, name):
        self.target = target

    def start(self) -> None:
        """The work is done."""
        self.target()


PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def _at(clinic, name: str, agent: str):
    browser = clinic.browser()
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    assert browser.sign_in(name).status_code == 302
    return browser


def test_sessions_are_named_by_device_and_ended_one_by_one(clinic):
    phone = _at(clinic, "alice", PHONE)
    clinic.clock.forward(hours=2)
    laptop = _at(clinic, "alice", LAPTOP)
    page = laptop.page("/account").text
    assert "Firefox, Android: last used 12 Mar 2026, 09:00" in page
    assert re.search(r"Chrome, Windows: last used 12 Mar 2026, 11:00 <b>this device</b>", page)
    action = re.search(r'action="(/account/sessions/\w+)"', page)[1]
    carol = clinic.signed_in("carol")
    stolen = carol.page("/account").form().hidden()
    assert carol.client.post(action, data=stolen).status_code == 404
    assert laptop.send("/account", action).status_code == 303
    assert phone.get(f"/p/{clinic.alice.public_id}/").status_code == 302
    assert laptop.get("/account").status_code == 200
    assert "Android" not in laptop.page("/account").text


def test_a_new_device_is_told_on_the_first_page(clinic):
    first = _at(clinic, "alice", PHONE)
    home = f"/p/{clinic.alice.public_id}/"
    assert "new device" not in first.page(home).text
    clinic.clock.forward(days=1)
    _at(clinic, "alice", LAPTOP)
    told = first.page(home).text
    assert "13 Mar 2026, 09:00: Signed in on a new device (Chrome, Windows)" in told
    clinic.clock.forward(days=1)
    _at(clinic, "alice", LAPTOP)
    told = first.page(home).text
    assert told.count("Signed in on a new device") == 1
    assert "14 Mar 2026, 09:00: Signed in on a new device (Chrome, Windows), 2 times" in told
    clinic.clock.forward(days=8)
    assert "new device" not in first.page(home).text


def test_a_known_browser_is_no_new_device_even_where_others_use_it(clinic):
    """A computer on a ward: three people sign in on it in turn."""
    shared = clinic.browser()
    for name in ("carol", "dan", "carol", "dan"):
        assert shared.sign_in(name).status_code == 302
        token = Page(shared.get("/account").text).form().hidden()["csrf_token"]
        shared.client.post("/account/sign-out", data={"csrf_token": token})
    assert shared.sign_in("carol").status_code == 302
    assert "new device" not in shared.page("/clinic/patients").text


def test_a_changed_password_is_told(clinic):
    carol = clinic.signed_in("carol")
    with clinic.database.write() as session:
        from recovery_tracker.storage import accounts

        by = own_actor(clinic.accounts["carol"])
        accounts.save_credentials(
            session, clinic.accounts["carol"].id, by=by, at=NOW, totp_secret="x"
        )
    assert "Sign-in method changed" in carol.page("/clinic/patients").text


def test_every_page_leads_out(clinic):
    base = f"/p/{clinic.alice.public_id}"
    pages = {
        "alice": ("/", "/diary", "/day/2026-03-12", "/settings", "/recovery", "/share"),
        "carol": ("/clinic/patients", "/clinic/today", f"/clinic{base}", "/clinic/rules"),
        "frank": ("/admin/", "/admin/people", "/admin/events", "/admin/health"),
    }
    for name, paths in pages.items():
        browser = clinic.signed_in(name)
        for path in paths:
            text = browser.page(base + path if name == "alice" else path).text
            way = 'href="/account">My account, sign out' if name == "alice" else "/account/sign-out"
            assert way in text, (name, path)


def test_half_a_sign_in_lasts_ten_minutes():
    assert HALF_SIGN_IN.total_seconds() == 600


def test_a_patient_with_a_confirmed_address_gets_a_letter(clinic, monkeypatch):
    monkeypatch.setattr(devices, "Thread", Immediately)
    with mail_server() as running:
        object.__setattr__(clinic.config, "mail", running.settings())
        with clinic.database.write() as session:
            known = people.patient_by_id(session, clinic.alice.id)
            mail = {
                "to": "alice@example.org",
                "mark": "m",
                "asked_at": NOW.isoformat(),
                "language": "en",
                "is_confirmed": True,
            }
            changed = people.with_preferences(known, mail=mail)
            people.update_patient(
                session, changed, expected_version=known.version, by=SYSTEM, at=NOW
            )
        _at(clinic, "alice", PHONE)
        _at(clinic, "alice", LAPTOP)
        _at(clinic, "bob", PHONE)
        _at(clinic, "bob", LAPTOP)
        letters = running.box.letters
    assert len(letters) == 1
    said = letters[0].get_content()
    assert said.startswith("Signed in on a new device.")
    assert "Canary" not in said
