"""Invitations, second steps, recovery codes: how people get in, and only they."""

import re
import time

import pytest
from passlib.totp import TOTP
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, invitations, people
from recovery_tracker.web.auth.demo import NotADemo, demo_link
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from recovery_tracker.web.auth.passwords import SHORTEST, problem_with
from tests.databases import copied
from tests.effort import effort
from tests.web.conftest import NOW, PASSWORD, SECRET, SYSTEM, open_clinic
from tests.web.page import Page


class TestInvitations:
    """A link that works once, for the one it was made for."""

    def test_a_new_patient_gets_an_account_and_a_diary(self, clinic):
        frank = clinic.signed_in("frank")
        answer = frank.send(
            "/admin/people", "/admin/people/invite", role="patient", name="Ivy", zone="UTC"
        )
        path = _link_in(answer.text)
        ivy = clinic.browser()
        assert "Welcome, Ivy" in ivy.page(path).text
        assert ivy.send(path, login="ivy", password=PASSWORD).status_code == 303
        assert ivy.sign_in("ivy").status_code == 302
        assert "/p/" in ivy.get("/").headers["Location"]

    def test_the_link_works_once_and_runs_out(self, clinic):
        used = _path(invite(clinic.database, "", role=Role.CLINICIAN, name="H", by=SYSTEM, at=NOW))
        late = _path(invite(clinic.database, "", role=Role.CLINICIAN, name="J", by=SYSTEM, at=NOW))
        browser = clinic.browser()
        browser.send(used, login="hanna", password=PASSWORD)
        assert browser.get(used).status_code == 404
        clinic.clock.forward(days=4)
        assert browser.get(late).status_code == 404
        for path in (used, late, "/invitation/never-was"):
            page = Page(browser.get(path).text)
            assert "This link no longer works" in page.text
            assert "/account/sign-in" in page.links

    def test_a_taken_name_leaves_the_link_open(self, clinic):
        path = _path(invite(clinic.database, "", role=Role.CLINICIAN, name="H", by=SYSTEM, at=NOW))
        answer = clinic.browser().send(path, login="carol", password=PASSWORD)
        assert answer.status_code == 422
        assert clinic.browser().get(path).status_code == 200

    def test_the_same_form_sent_twice_invites_once(self, clinic):
        frank = clinic.signed_in("frank")
        form = frank.page("/admin/people").form("/admin/people/invite").hidden()
        data = {**form, "role": "patient", "name": "Ivy", "zone": "UTC"}
        for _time in range(2):
            assert frank.client.post("/admin/people/invite", data=data).status_code == 200
        with clinic.database.read() as session:
            names = [patient.name for patient in people.all_patients(session)]
        assert names.count("Ivy") == 1

    def test_a_link_for_a_new_password_ends_the_old_one(self, clinic):
        alice = clinic.signed_in("alice")
        account = clinic.accounts["alice"]
        path = _path(offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW))
        browser = clinic.browser()
        new = "eleven quiet boats at sea"
        assert browser.send(path, password=new).status_code == 303
        assert alice.get("/account").status_code == 302
        assert browser.sign_in("alice").status_code == 200
        assert browser.sign_in("alice", new).status_code == 302

    def test_the_database_keeps_no_link(self, clinic):
        path = _path(invite(clinic.database, "", role=Role.CLINICIAN, name="H", by=SYSTEM, at=NOW))
        token = path.rsplit("/", 1)[1]
        with clinic.database.read() as session:
            kept = invitations.open_invitations(session, NOW)
        assert len(kept) == 1
        assert token not in repr(kept)


class TestSecondStep:
    """Staff of a clinic need a second step; a code works once; the phone may be lost."""

    @pytest.fixture
    def strict(self, clinic_database, tmp_path):
        """The clinic with the second step required, as shipped."""
        file = tmp_path / "strict.db"
        copied(clinic_database, file)
        return open_clinic(file, staff_need_second_factor=True)

    def test_staff_cannot_get_in_without_one(self, strict):
        carol = strict.browser()
        assert carol.sign_in("carol").headers["Location"].startswith("/account/second-step")
        assert carol.get("/account").status_code == 302
        alice = strict.browser()
        assert "second-step" not in alice.sign_in("alice").headers["Location"]

    def test_setting_it_up_and_using_it(self, strict):
        carol, _key, code = _with_app(strict)
        assert carol.get("/account").status_code == 200
        again = strict.browser()
        assert "second-step" in again.sign_in("carol").headers["Location"]
        assert again.get("/account").status_code == 302
        # The code was used to set it up, so it is worth nothing now.
        path = "/account/second-step/code"
        answer = again.send(path, path, code=code)
        assert answer.status_code == 200
        assert again.get("/account").status_code == 302

    def test_a_recovery_code_works_once(self, strict):
        carol, _key, _code = _with_app(strict)
        assert "a recovery code lets you sign in" in carol.get("/account/recovery-codes").text
        text = carol.send("/account/recovery-codes", "/account/recovery-codes").text
        text = text or carol.get("/account/recovery-codes?show_codes=1").text
        code = re.search(r'class="card codes num"><li>([^<]+)', text).group(1)
        file = strict.config.database_url.removeprefix("sqlite:///")
        with open(file, "rb") as raw:
            assert code.encode() not in raw.read()
        for expected in (200, 302):
            browser = strict.browser()
            browser.sign_in("carol")
            browser.send("/account/recovery-code", "/account/recovery-code", code=code)
            assert browser.get("/account").status_code == expected

    def test_the_secret_is_not_stored_in_clear(self, strict):
        _carol, key, _code = _with_app(strict)
        with strict.database.read() as session:
            account = accounts.account_by_login(session, "carol")
        assert account.totp_secret
        assert key not in account.totp_secret

    def test_guessing_codes_is_slow(self, strict):
        _carol, key, _code = _with_app(strict)
        browser = strict.browser()
        browser.sign_in("carol")
        path = "/account/second-step/code"
        for _try in range(11):
            browser.send(path, path, code="000000")
        strict.clock.forward(seconds=1)
        browser.send(path, path, code=TOTP(key=key).generate(time=2_000_000_000).token)
        assert browser.get("/account").status_code == 302


class TestPasskeys:
    """The server's half; the browser's half is tried in Chromium."""

    def test_the_page_offers_what_the_browser_needs_and_no_inline_script(self, clinic):
        alice = clinic.signed_in("alice")
        answer = alice.send(
            "/account/passkeys", "/account/passkeys", name="my phone", usage="first"
        )
        assert answer.status_code == 200
        assert "data-options" in answer.text
        assert "passkey.js" in answer.text
        assert "<script>" not in answer.text

    def test_an_answer_from_nowhere_is_refused(self, clinic):
        browser = clinic.browser()
        answer = browser.send("/account/passkey", "/account/passkey")
        assert answer.status_code == 200
        action = re.search(r'action="(/account/passkey/[^"]+)"', answer.text).group(1)
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text).group(1)
        for credential in ("", "{}", "null", '{"id": "x"}', "[" * 5000):
            sent = {"csrf_token": token, "credential": credential}
            assert browser.client.post(action, data=sent).status_code < 500
        assert browser.get("/account").status_code == 302


class TestPasswords:
    """Long, and not the first thing anybody tries."""

    def test_none_of_the_commonest_will_do(self, clinic):
        """Of three thousand of them, brought to the length that is asked for."""
        commonest = list(FREQUENCY_LISTS["passwords"])[: 3000 : effort(6, 1)]
        with clinic.app.test_request_context():
            for word in commonest:
                assert problem_with((word * 10)[: max(SHORTEST, len(word))]), word
                assert problem_with(f"{word}1234567890"[: max(SHORTEST, len(word) + 2)]), word

    def test_a_long_one_is_looked_at_quickly(self, clinic):
        with clinic.app.test_request_context():
            began = time.process_time()
            problem_with("password1234qwerty" * 11)
            assert time.process_time() - began < 1

    @pytest.mark.parametrize(
        "password",
        [
            "short",
            "aaaaaaaaaaaa",
            "1234567890",
            "password123",
            "Recovery2026",
            "0987654321",
            "alice smith 1",
            "P@ssw0rd2024!",
            "qwertzuiop12",
        ],
    )
    def test_weak_ones_are_refused(self, clinic, password):
        with clinic.app.test_request_context():
            assert problem_with(password, ("alice smith",))

    @pytest.mark.parametrize(
        "password", [PASSWORD, "天地玄黃宇宙洪荒日月", "ünïcödé wörds here", "x" * 3 + "yz! 7k q"]
    )
    def test_others_will_do(self, clinic, password):
        with clinic.app.test_request_context():
            assert problem_with(password) is None


def test_a_demo_link_works_in_a_demo_only(clinic):
    with pytest.raises(NotADemo):
        demo_link(clinic.database, SECRET, "http://localhost", clinic.accounts["alice"].id)
    assert clinic.browser().get("/demo/anything").status_code == 404


@pytest.mark.parametrize("name", ["carol", "frank"])
def test_a_clinician_and_an_administrator_choose_their_language(clinic, name):
    browser = clinic.signed_in(name)
    answer = browser.send("/account", "/account/language", language="es")
    assert answer.status_code == 303
    assert browser.page("/account").language == "es"
    assert browser.page(browser.get("/").location).language == "es"
    elsewhere = clinic.signed_in(name)
    assert elsewhere.page("/account").language == "es"
    refused = browser.send("/account", "/account/language", language="xx")
    assert refused.status_code == 400


def test_a_patient_finds_the_language_among_the_settings_only(clinic):
    alice = clinic.signed_in("alice")
    assert 'action="/account/language"' not in alice.page("/account").text


def _with_app(clinic):
    """Carol, signed in after setting up an authenticator app, the app's key and the code used."""
    carol = clinic.browser()
    carol.sign_in("carol")
    path = "/account/second-step"
    text = carol.send(path, path, setup="authenticator").text
    key = re.search(r'class="num key">([^<]+)', text).group(1).replace("-", "").replace(" ", "")
    token = re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)
    code = TOTP(key=key).generate().token
    answer = carol.client.post(f"{path}/code", data={"csrf_token": token, "code": code})
    assert answer.status_code == 302, answer.text
    return carol, key, code


def _link_in(text: str) -> str:
    return _path(re.search(r'class="link">([^<]+)', text).group(1))


def _path(link: str) -> str:
    return "/invitation/" + link.rsplit("/", 1)[1]


def test_staff_are_told_before_they_are_signed_out_and_one_press_keeps_them_in(clinic):
    """What the script reads: after how long, which words, and an address that counts as use."""
    page = clinic.signed_in("carol").page("/clinic/patients").text
    after = int(re.search(r'id="leaving"[^>]* data-after="(\d+)"', page)[1])
    path = re.search(r'id="leaving"[^>]* data-path="([^"]+)"', page)[1]
    assert 'data-words="You will be signed out in 2 minutes."' in page
    assert 'id="leaving"' in clinic.signed_in("frank").page("/admin/").text
    assert 'id="leaving"' not in clinic.signed_in("alice").page("/account").text
    assert 'id="leaving"' not in clinic.browser().page("/help").text
    for stays in (True, False):
        carol = clinic.signed_in("carol")
        clinic.clock.forward(seconds=59)  # Not noted: the last use was a moment ago.
        carol.page("/clinic/patients")
        clinic.clock.forward(seconds=after + 119)
        # Two minutes less a second after the warning nobody is signed out yet.
        if stays:
            assert carol.get(path).status_code == 200
        clinic.clock.forward(seconds=122)
        assert carol.get("/clinic/patients").status_code == (200 if stays else 302)
