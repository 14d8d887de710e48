"""Ways to be locked out, and to stay in after one was put out, that an attacker found."""

import pytest

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import audit_trail
from recovery_tracker.storage import sessions as rows
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from recovery_tracker.web.auth.sessions import digest_of
from tests.web.conftest import NOW, PASSWORD, SYSTEM
from tests.web.page import Page
from tests.web.test_ways_in import Walker, _give_an_app, _give_recovery_codes


@pytest.mark.parametrize("login", ["γιάννης", "groß", "Jørgen@example.org", "ivy@EXAMPLE.org"])
@pytest.mark.parametrize(
    "password", [PASSWORD, "ñandú cigüeña río árbol 42", "六個安靜的詞在海邊慢慢走"]
)
def test_whoever_chose_a_name_and_a_password_gets_in_with_them(clinic, login, password):
    path = invite(clinic.database, "", role=Role.CLINICIAN, name="H", by=SYSTEM, at=NOW)
    assert clinic.browser().send(path, login=login, password=password).status_code == 303
    assert clinic.browser().sign_in(login, password).status_code == 302
    assert clinic.browser().sign_in(login.title(), password).status_code == 302


def test_a_password_is_the_same_from_any_keyboard(clinic):
    account = clinic.accounts["alice"]
    path = offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW)
    composed, decomposed = "ma\u00f1ana por la ma\u00f1ana 7", "man\u0303ana por la man\u0303ana 7"
    assert clinic.browser().send(path, password=composed).status_code == 303
    assert clinic.browser().sign_in("alice", decomposed).status_code == 302
    assert clinic.browser().sign_in("alice", composed).status_code == 302


def test_a_session_that_ends_while_it_is_used_stays_ended(clinic):
    """A slow page is still being made while the same account signs out everywhere."""
    alice = clinic.signed_in("alice")
    token = alice.client.get_cookie("recovery").value
    clinic.clock.forward(minutes=5)  # So that this use would be written down.

    def meanwhile() -> None:
        with clinic.database.write() as session:
            for one in rows.sessions_of(session, clinic.accounts["alice"].id):
                rows.delete_session(session, one.digest)

    clinic.app.before_request_funcs.setdefault(None, []).append(meanwhile)
    alice.get("/account")
    with clinic.database.read() as session:
        assert rows.load_session(session, digest_of(token), clinic.clock()) is None


def _lock_out(clinic, login: str) -> None:
    """A stranger who knows the name uses up its tries."""
    stranger = clinic.browser()
    while stranger.sign_in(login, "wrong").status_code != 429:
        pass


def test_a_stranger_locks_nobody_out_of_their_own_phone(clinic):
    phone = clinic.signed_in("alice")
    phone.client.delete_cookie("recovery")
    _lock_out(clinic, "alice")
    assert clinic.browser().sign_in("alice").status_code == 429
    assert phone.sign_in("alice").status_code == 302


def test_the_own_phone_has_ten_tries_and_gives_a_stranger_none(clinic):
    phone = clinic.signed_in("alice")
    phone.client.delete_cookie("recovery")
    for _try in range(10):
        assert phone.sign_in("alice", "wrong").status_code == 200
    assert phone.sign_in("alice").status_code == 429
    _lock_out(clinic, "bob")
    assert phone.sign_in("bob").status_code == 429


@pytest.mark.parametrize("mark", ["", "nonsense", "W10", '["a","b"]', "é"])
def test_the_mark_of_a_known_phone_cannot_be_made_up(clinic, mark):
    _lock_out(clinic, "alice")
    browser = clinic.browser()
    browser.client.set_cookie("recovery-device", mark)
    assert browser.sign_in("alice").status_code == 429


def test_a_refusal_still_leads_to_help(clinic):
    _lock_out(clinic, "alice")
    assert 'href="/help"' in clinic.browser().sign_in("alice").text


def test_one_recovery_code_opens_once_however_many_use_it_at_the_same_moment(clinic):
    """Each request has read the account before any of them is answered."""
    first, second, *_ = _give_recovery_codes(clinic, "carol")
    security = clinic.app.extensions["security"]
    codes = security.mf_recovery_codes_util
    with clinic.app.test_request_context():
        one, other, third = (security.datastore.find_user(email="carol") for _ in range(3))
        assert all(codes.check_recovery_code(user, first) for user in (one, other))
        assert codes.delete_recovery_code(one, first)
        assert not codes.delete_recovery_code(other, first)
        # Nor does another code that was used meanwhile bring it back.
        assert codes.delete_recovery_code(third, second)
        late = security.datastore.find_user(email="carol")
        assert not any(codes.check_recovery_code(late, code) for code in (first, second))
        assert len(late.mf_recovery_codes) == 6


def test_the_form_lets_nobody_in_with_a_code_that_was_used_since_it_was_read(clinic, monkeypatch):
    _give_an_app(clinic, "carol")
    code = _give_recovery_codes(clinic, "carol")[0]
    security = clinic.app.extensions["security"]
    walker = Walker(clinic).open("/account/sign-in")
    walker.send("/account/sign-in", email="carol", password=PASSWORD)
    form = Page(walker.client.get("/account/recovery-code").text).form("/account/recovery-code")
    check = type(security.mf_recovery_codes_util).check_recovery_code

    def used_elsewhere_right_after(self, user, code):
        found = check(self, user, code)
        self.delete_recovery_code(security.datastore.find_user(email="carol"), code)
        return found

    monkeypatch.setattr(
        type(security.mf_recovery_codes_util), "check_recovery_code", used_elsewhere_right_after
    )
    walker.client.post("/account/recovery-code", data={**form.hidden(), "code": code})
    assert walker.client.get("/account").status_code == 302


def _refused(clinic) -> int:
    with clinic.database.read() as session:
        return len(audit_trail.events_about(session, action=AuditAction.SIGN_IN_REFUSED))


def test_what_was_left_empty_is_no_wrong_try(clinic):
    """Somebody who presses Enter too early tried nothing: no count, no line in the audit."""
    _give_an_app(clinic, "carol")
    _give_recovery_codes(clinic, "carol")
    alice, half = clinic.signed_in("alice"), Walker(clinic).open("/account/sign-in")
    half.send("/account/sign-in", email="carol", password=PASSWORD)
    code = Page(half.client.get("/account/recovery-code").text).form("/account/recovery-code")
    typed = {"password": "", "new_password": "", "new_password_confirm": ""}
    for _try in range(15):
        for fields in ({"email": "", "password": ""}, {"email": "alice", "password": ""}):
            sent = clinic.browser().send("/account/sign-in", "/account/sign-in", **fields)
            assert sent.status_code == 200
        assert alice.send("/account/check", "/account/check", password="").status_code == 200
        assert alice.send("/account/password", "/account/password", **typed).status_code == 200
        sent = half.client.post("/account/recovery-code", data={**code.hidden(), "code": ""})
        assert sent.status_code == 200
    assert _refused(clinic) == 0
    assert alice.send("/account/check", "/account/check", password="wrong").status_code == 200
    assert _refused(clinic) == 1
