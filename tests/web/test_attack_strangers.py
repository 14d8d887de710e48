"""What a stranger, another site or a half-finished sign-in could do, and can no longer."""

import ast
import io
import threading
from pathlib import Path

import pytest
from passlib.totp import TOTP
from sqlalchemy import func, select

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, audit_trail, people
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.tables.access import SessionRow
from recovery_tracker.web.auth import throttle
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from recovery_tracker.web.auth.passwords import LONGEST
from recovery_tracker.web.shared import access
from tests.databases import copied
from tests.sources import nodes_of
from tests.web.conftest import NOW, PASSWORD, SYSTEM, open_clinic
from tests.web.page import Page
from tests.web.test_access import _paths
from tests.web.test_ways_in import NEW_PASSWORD, Walker, _give_an_app, _keep

WEB = Path(__file__).parents[2] / "recovery_tracker" / "web"

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:9999"},
)


def _rows(clinic) -> dict[str, int]:
    with clinic.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


class TestAnotherSite:
    """A page elsewhere that makes the reader's browser send something here."""

    def test_it_signs_nobody_out_and_sets_no_cookie(self, clinic):
        for name in ("alice", "carol", "frank"):
            browser = clinic.signed_in(name)
            token = browser.client.get_cookie("recovery").value
            browser.client.delete_cookie("recovery")  # A form of another site comes without it.
            before = _rows(clinic)
            for rule, path, _terms, _patient in _paths(clinic):
                if "POST" not in rule.methods:
                    continue
                headers = FOREIGN[len(path) % len(FOREIGN)]
                answer = browser.client.post(path, data={"note": "planted"}, headers=headers)
                assert answer.status_code == 404, (path, headers, answer.status_code)
                assert "Set-Cookie" not in answer.headers, (path, headers)
            assert _rows(clinic) == before
            browser.client.set_cookie("recovery", token)
            assert browser.get("/account").status_code == 200

    def test_it_plants_no_words_in_a_form(self, clinic):
        browser = clinic.signed_in("carol")
        browser.client.delete_cookie("recovery")
        answer = browser.client.post(
            "/clinic/sensitivity", data={"note": "planted"}, headers={"Origin": "https://evil.test"}
        )
        assert answer.status_code == 404
        browser.sign_in("carol")
        assert browser.get("/carried").status_code == 302

    def test_a_picture_or_script_of_another_page_is_refused_and_a_link_is_not(self, clinic):
        carol = clinic.signed_in("carol")
        page = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert carol.get("/clinic/patients", headers=page).status_code == 404
        assert carol.get("/clinic/patients", headers=link).status_code == 200

    def test_a_link_to_any_page_signs_nobody_out(self, clinic):
        carol = clinic.signed_in("carol")
        for rule, path, _terms, _patient in _paths(clinic):
            if "GET" in rule.methods:
                carol.get(path)
        for path in ("/account/second-step/code", "/account/recovery-code", "/account/sign-out"):
            carol.get(path)
        assert carol.get("/account").status_code == 200


class TestAskingChangesNothing:
    """HEAD and OPTIONS are asked by prefetchers and link checkers."""

    def test_no_view_takes_everything_but_get_for_a_form(self):
        """`== "GET"` sends a HEAD into the branch that writes."""
        for file in WEB.rglob("*.py"):
            for node in nodes_of(file):
                if isinstance(node, ast.Compare) and ast.unparse(node.left) == "request.method":
                    said = ast.unparse(node)
                    assert "'POST'" in said or "SAFE" in said or "FORMS" in said, (file.name, said)

    def test_a_head_ends_no_access(self, clinic):
        alice = clinic.signed_in("alice")
        reader = clinic.accounts["carol"].public_id
        alice.client.head(f"/p/{clinic.alice.public_id}/readers/{reader}")
        with clinic.database.read() as session:
            assert clinic.accounts["carol"].id in people.care_of(session, clinic.alice.id, NOW)

    def test_a_head_does_not_take_what_waits(self, clinic):
        browser = clinic.signed_in("alice")
        browser.client.delete_cookie("recovery")
        browser.client.post(f"/p/{clinic.alice.public_id}/day/2026-03-12", data={"note": "kept"})
        browser.sign_in("alice")
        browser.client.head("/carried")
        assert "kept" in browser.page("/carried").text


class TestNothingOfAStranger:
    """A stranger costs no row and no byte."""

    def test_pages_and_forms_of_strangers_store_nothing(self, clinic):
        before = _rows(clinic)
        for path in ("/account/sign-in", "/account/passkey", "/help", "/"):
            clinic.browser().get(path)
        for rule, path, terms, _patient in _paths(clinic):
            if terms.roles and "POST" in rule.methods:
                answer = clinic.browser().client.post(path, data={"note": "x" * 50_000})
                assert answer.status_code == 401, path
        assert _rows(clinic) == before

    def test_a_visitor_s_cookie_cannot_be_made_up_or_read(self, clinic):
        browser = clinic.browser()
        browser.get("/account/sign-in")
        cookie = browser.client.get_cookie("recovery").value
        assert "csrf" not in cookie
        for made_up in ("visitor.", "visitor.e30=", cookie[:-4] + "AAAA", "visitor." + "A" * 3000):
            other = clinic.browser()
            other.client.set_cookie("recovery", made_up)
            assert other.get("/account/sign-in").status_code == 200

    def test_only_forms_are_read(self, clinic):
        """The sign-in library would take JSON of any shape."""
        shapes = ('"x"', "5", "[1,2]", "true", '{"email":5}', '{"email":"\\ud800"}', '{"next":5}')
        browsers = (clinic.browser(), clinic.signed_in("alice"))
        paths = [path for rule, path, *_ in _paths(clinic) if "POST" in rule.methods]
        for browser in browsers:
            for path in paths:
                body = shapes[len(path) % len(shapes)]
                answer = browser.client.post(path, data=body, content_type="application/json")
                assert answer.status_code == 415, path
        for kind in ("text/plain", "application/xml", "nonsense", "application/json; charset=x"):
            answer = browsers[0].client.post("/account/sign-in", data="x", content_type=kind)
            assert answer.status_code == 415, kind


class TestHalfSignedIn:
    """The password was right and the second step is to come."""

    @pytest.fixture
    def half(self, clinic):
        key = _give_an_app(clinic, "carol")
        walker = Walker(clinic).open("/account/sign-in")
        walker.send("/account/sign-in", email="carol", password=PASSWORD)
        assert walker.at == "/account/second-step/code"
        return walker, key

    def test_it_lasts_ten_minutes(self, clinic, half):
        walker, _key = half
        clinic.clock.forward(minutes=9)
        assert walker.open("/account/second-step/code").at == "/account/second-step/code"
        clinic.clock.forward(minutes=2)
        assert walker.open("/account/second-step/code").at == "/account/sign-in"

    @pytest.mark.parametrize(
        "change",
        [
            lambda clinic: _use_link(clinic, "carol"),
            lambda clinic: _keep(clinic, "carol", second_factor=None, totp_secret=None),
            lambda clinic: _keep(clinic, "carol", recovery_codes=("a",)),
            lambda clinic: _switch(clinic, "carol", False),
            lambda clinic: (_switch(clinic, "carol", False), _switch(clinic, "carol", True)),
            lambda clinic: _sign_out_everywhere(clinic, "carol"),
        ],
        ids=["new password", "no app", "codes", "off", "off and on", "signed out everywhere"],
    )
    def test_it_ends_with_any_change_of_its_account(self, clinic, half, change):
        walker, key = half
        form = _form_of(walker)
        change(clinic)
        code = TOTP(key=key).generate().token
        walker.client.post("/account/second-step/code", data={**form, "code": code})
        assert walker.client.get("/account").status_code == 302

    def test_setting_up_the_second_step_ends_too(self, clinic_database, tmp_path):
        """Whoever knows the old password sets up no app of their own after a new one."""

        from tests.web.conftest import open_clinic

        file = tmp_path / "strict.db"
        copied(clinic_database, file)
        clinic = open_clinic(file, staff_need_second_factor=True)
        thief = Walker(clinic).open("/account/sign-in")
        thief.send("/account/sign-in", email="carol", password=PASSWORD)
        thief.send("/account/second-step", setup="authenticator")
        form = _form_of(thief)
        key = _key_on(thief)
        _use_link(clinic, "carol")
        code = TOTP(key=key).generate().token
        thief.client.post("/account/second-step/code", data={**form, "code": code})
        assert thief.client.get("/account").status_code == 302
        with clinic.database.read() as session:
            assert accounts.account_by_login(session, "carol").second_factor is None


class TestLinks:
    """A link ends with its purpose."""

    def test_the_newest_link_is_the_only_one(self, clinic):
        account = clinic.accounts["bob"]
        older = offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW)
        newer = offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW)
        assert clinic.browser().get(older).status_code == 404
        assert clinic.browser().get(newer).status_code == 200

    def test_a_switched_off_account_has_no_link(self, clinic):
        account = clinic.accounts["bob"]
        link = offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW)
        _switch(clinic, "bob", False)
        assert clinic.browser().get(link).status_code == 404
        _switch(clinic, "bob", True)
        assert clinic.browser().get(link).status_code == 404

    @pytest.mark.parametrize("length", [LONGEST, LONGEST + 1, LONGEST + 90])
    def test_a_password_is_taken_where_it_signs_in(self, clinic, length):
        """At the invitation, at a new password, and by the one who is signed in: one rule."""
        password = ("seven green hats on a wall and " * 20)[:length]
        path = invite(clinic.database, "", role=Role.CLINICIAN, name="H", by=SYSTEM, at=NOW)
        answer = clinic.browser().send(path, login="hanna", password=password)
        account = clinic.accounts["bob"]
        link = offer_new_password(clinic.database, "", account, by=SYSTEM, at=NOW)
        changed = clinic.browser().send(link, password=password)
        alice = clinic.signed_in("alice")
        own = alice.send(
            "/account/password",
            "/account/password",
            password=PASSWORD,
            new_password=password,
            new_password_confirm=password,
        )
        fits = length <= LONGEST
        assert [answer.status_code, changed.status_code] == ([303, 303] if fits else [422, 422])
        assert own.status_code == (302 if fits else 200)
        for login in ("hanna", "bob", "alice"):
            assert (clinic.browser().sign_in(login, password).status_code == 302) == fits, login


class TestGuessing:
    """Limits by network and installation, counted before anybody looks."""

    def test_one_network_of_ipv6_is_one_client(self, clinic):
        clinic.app.config["TRIES_PER_CLIENT"] = 8
        codes = [_try(clinic, f"nobody{n}", f"2001:db8:1:2::{n:x}") for n in range(1, 12)]
        assert codes.count(200) == 8
        assert _try(clinic, "nobody", "2001:db8:1:3::1") == 200
        assert _try(clinic, "nobody", "::ffff:192.0.2.7") == 200

    def test_the_installation_has_a_limit_and_known_browsers_have_their_own(self, clinic):
        clinic.app.config["TRIES_IN_ALL"] = 8
        phone = clinic.signed_in("alice")
        phone.client.delete_cookie("recovery")
        codes = [_try(clinic, f"nobody{n}", f"192.0.2.{n}") for n in range(11)]
        assert codes.count(200) == 8
        assert clinic.browser().sign_in("bob").status_code == 429
        assert phone.sign_in("alice").status_code == 302

    def test_many_at_the_same_moment_get_ten(self, clinic):
        judged: list[int] = []
        browsers = [clinic.browser() for _ in range(24)]
        forms = [one.page("/account/sign-in").form("/account/sign-in").hidden() for one in browsers]
        ready = threading.Barrier(len(browsers))

        def guess(browser, form) -> None:
            ready.wait()
            sent = {**form, "email": "bob", "password": "wrong"}
            judged.append(browser.client.post("/account/sign-in", data=sent).status_code)

        threads = [
            threading.Thread(target=guess, args=pair) for pair in zip(browsers, forms, strict=True)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert judged.count(200) <= 10, judged
        assert clinic.browser().sign_in("bob").status_code == 429

    def test_the_right_code_after_too_many_wrong_ones_has_to_wait(self, clinic):
        key = _give_an_app(clinic, "carol")
        walker = Walker(clinic).open("/account/sign-in")
        walker.send("/account/sign-in", email="carol", password=PASSWORD)
        path = "/account/second-step/code"
        for _again in range(10):
            walker.send(path, code="000000")
        sent = {**_form_of(walker), "code": TOTP(key=key).generate().token}
        assert walker.client.post(path, data=sent).status_code == 429

    def test_codes_have_a_limit_for_the_day(self, clinic):
        _give_an_app(clinic, "carol")
        clinic.app.config["TRIES_PER_DAY"] = 15
        wrong = 0
        for _quarter in range(3):
            walker = Walker(clinic).open("/account/sign-in")
            walker.send("/account/sign-in", email="carol", password=PASSWORD)
            sent = {**_form_of(walker), "code": "000000"}
            while walker.client.post("/account/second-step/code", data=sent).status_code == 200:
                wrong += 1
            clinic.clock.forward(minutes=16)
        assert wrong == 15

    def test_the_record_names_the_account_that_was_tried(self, clinic):

        clinic.browser().sign_in("alice", "wrong")
        clinic.browser().sign_in("my-password-by-mistake", "wrong")
        with clinic.database.read() as session:
            newest, older = audit_trail.events_about(session, limit=2)
        assert older.details == {"account_id": clinic.accounts["alice"].id}
        assert newest.details == {}


def _try(clinic, login: str, address: str) -> int:
    browser = clinic.browser()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser.sign_in(login, "wrong").status_code


def _use_link(clinic, name: str) -> None:
    link = offer_new_password(
        clinic.database, "", clinic.accounts[name], by=SYSTEM, at=clinic.clock()
    )
    assert clinic.browser().send(link, password=NEW_PASSWORD).status_code == 303


def _switch(clinic, name: str, active: bool) -> None:
    with clinic.database.write() as session:
        accounts.set_active(session, clinic.accounts[name].id, active, by=SYSTEM, at=NOW)


def _sign_out_everywhere(clinic, name: str) -> None:
    with clinic.database.write() as session:
        accounts.renew_uniquifier(session, clinic.accounts[name].id)


def _form_of(walker: Walker) -> dict[str, str]:
    from tests.web.page import Page

    return Page(walker.text).form("/account/second-step").hidden()


def _key_on(walker: Walker) -> str:
    import re

    return re.search(r'class="num key">([^<]+)', walker.text)[1].replace("-", "").replace(" ", "")


def test_sessions_of_people_are_the_only_rows(clinic):
    clinic.signed_in("alice")
    with clinic.database.read() as session:
        assert all(row.account_id for row in session.scalars(select(SessionRow)))


class _Counted(io.BytesIO):
    """A body that says how much of it was read."""

    was_read = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.was_read += len(found)
        return found

    def readinto(self, room) -> int:
        count = super().readinto(room)
        self.was_read += count
        return count


class TestALargeFile:
    """Half a gigabyte may be sent to one address, and is kept on the disk while it is read."""

    @pytest.mark.parametrize("who", ["nobody", "ended", "bob", "carol", "frank"])
    def test_it_is_read_for_nobody_but_who_may_send_it(self, clinic, who):
        if who == "ended":
            browser = clinic.signed_out_again("alice")
        else:
            browser = clinic.browser() if who == "nobody" else clinic.signed_in(who)
        answer, was_read = self._sent(clinic, browser, "")
        assert answer.status_code == (401 if who in {"nobody", "ended"} else 404)
        assert was_read == 0

    def test_it_is_read_for_the_patient(self, clinic):
        alice = clinic.signed_in("alice")
        page = alice.page(f"/p/{clinic.alice.public_id}/data")
        answer, was_read = self._sent(clinic, alice, page.form().hidden()["csrf_token"])
        assert answer.status_code == 200
        assert was_read > 3_000_000

    def test_who_may_send_it_is_asked_once(self, clinic, monkeypatch):
        alice = clinic.signed_in("alice")
        token = alice.page(f"/p/{clinic.alice.public_id}/data").form().hidden()["csrf_token"]
        asked, ask = [], access._check_role
        monkeypatch.setattr(access, "_check_role", lambda terms: asked.append(terms) or ask(terms))
        assert self._sent(clinic, alice, token)[0].status_code == 200
        assert len(asked) == 1

    def _sent(self, clinic, browser, token: str):
        """The answer to a file that is too large for a form, and how much of it was read."""
        field = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = _Counted(
            field.format("csrf_token", "").encode()
            + f"{token}\r\n".encode()
            + field.format("file", '; filename="days.csv"').encode()
            + b"date,walking\n2026-03-01,2\n"
            + b"\n" * 3_000_000
            + b"\r\n--x--\r\n"
        )
        answer = browser.client.post(
            f"/p/{clinic.alice.public_id}/data/look",
            input_stream=body,
            content_type="multipart/form-data; boundary=x",
        )
        return answer, body.was_read


class TestTheAddressOfAVisitor:
    """What a proxy says of where a request comes from is no address of ours to trust."""

    @pytest.mark.parametrize(
        ("said", "network"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:51234", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
            ("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("unknown", "unknown"),
            ("_hidden", "unknown"),
            ("a" * 300, "unknown"),
        ],
    )
    def test_people_sign_in_whatever_it_is(self, clinic, said, network):
        behind = open_clinic(clinic.file, clinic.clock, proxies=1, trusted_hosts=("localhost",))
        browser = behind.browser()
        browser.client.environ_base |= {
            "HTTP_X_FORWARDED_FOR": said,
            "HTTP_X_FORWARDED_PROTO": "https",
        }
        answer = browser.client.get("/account/sign-in", base_url="https://localhost")
        token = Page(answer.text).form("/account/sign-in").hidden()["csrf_token"]
        answer = browser.client.post(
            "/account/sign-in",
            base_url="https://localhost",
            data={"csrf_token": token, "email": "alice", "password": PASSWORD},
            headers={"Origin": "https://localhost"},
        )
        assert answer.status_code == 302
        with behind.app.test_request_context(environ_overrides={"REMOTE_ADDR": said}):
            assert throttle.network() == f"network {network}"
