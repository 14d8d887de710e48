"""What must hold around every page: sessions, forged requests, guessing, hosts, redirects, logs."""

import logging
import re
import statistics
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask_security import hash_password
from sqlalchemy import func, select

from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.storage import audit, audit_trail
from recovery_tracker.storage.accounts import save_credentials
from recovery_tracker.storage.tables.record import AuditEventRow
from recovery_tracker.web.config import Config, UnsafeConfig
from recovery_tracker.web.secret_file import secrets_in
from recovery_tracker.web.shared.journal import OneLine
from recovery_tracker.web.shared.security import HEADERS, safe_path
from tests.databases import copied
from tests.effort import share
from tests.web.conftest import PASSWORD, SECRET, open_clinic
from tests.web.test_access import LEAVES, _paths, _records

#: A report that was made is in the audit.
WRITES_ON_GET = {"pictures.report"}

HOSTILE_TARGETS = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/%09/evil.example\n",
    " //evil.example",
    "///evil.example",
    "//user@evil.example/",
    "data:text/html,x",
    "/\r\nSet-Cookie: a=b",
    "evil.example",
    "",
)


class TestSessions:
    """The cookie is a key to a row, and only as long as the row is there."""

    def test_a_planted_cookie_is_worthless_after_sign_in(self, clinic):
        victim = clinic.browser()
        victim.get("/account/sign-in")
        planted = victim.client.get_cookie("recovery").value
        victim.sign_in("alice")
        attacker = clinic.browser()
        attacker.client.set_cookie("recovery", planted)
        assert attacker.get("/account").status_code == 302
        assert victim.client.get_cookie("recovery").value != planted

    def test_a_copied_cookie_dies_with_signing_out(self, clinic):
        alice = clinic.signed_in("alice")
        copied = alice.client.get_cookie("recovery").value
        assert alice.send("/account", "/account/sign-out").status_code in {302, 303}
        thief = clinic.browser()
        thief.client.set_cookie("recovery", copied)
        assert thief.get("/account").status_code == 302

    def test_signing_out_everywhere_ends_every_other_device(self, clinic):
        phone, tablet = clinic.signed_in("alice"), clinic.signed_in("alice")
        phone.send("/account", "/account/sign-out-everywhere")
        assert tablet.get("/account").status_code == 302
        assert phone.get("/account").status_code == 302

    def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(self, clinic):
        phone, tablet = clinic.signed_in("alice"), clinic.signed_in("alice")
        old = phone.client.get_cookie("recovery").value
        answer = phone.send(
            "/account/password",
            "/account/password",
            password=PASSWORD,
            new_password="seven green hats on a wall",
            new_password_confirm="seven green hats on a wall",
        )
        assert answer.status_code == 302, answer.text
        assert tablet.get("/account").status_code == 302
        assert phone.get("/account").status_code == 200
        assert phone.client.get_cookie("recovery").value != old
        assert clinic.browser().sign_in("alice").status_code == 200
        assert clinic.browser().sign_in("alice", "seven green hats on a wall").status_code == 302

    def test_a_clinician_is_out_after_a_quarter_of_an_hour(self, clinic):
        carol = clinic.signed_in("carol")
        clinic.clock.forward(minutes=14)
        assert carol.get("/account").status_code == 200
        clinic.clock.forward(minutes=14)
        assert carol.get("/account").status_code == 200
        clinic.clock.forward(minutes=16)
        assert carol.get("/account").status_code == 302

    def test_a_patient_stays_signed_in_for_a_month(self, clinic):
        alice = clinic.signed_in("alice")
        clinic.clock.forward(days=29)
        assert alice.get("/account").status_code == 200
        clinic.clock.forward(days=31)
        assert alice.get("/account").status_code == 302

    def test_a_clinician_signs_in_again_after_a_shift(self, clinic):
        carol = clinic.signed_in("carol")
        for _hour in range(12 * 5):
            clinic.clock.forward(minutes=12)
            last = carol.get("/account").status_code
        assert last == 302

    def test_the_database_keeps_no_token(self, clinic):
        alice = clinic.signed_in("alice")
        token = alice.client.get_cookie("recovery").value
        assert token.encode() not in _file_of(clinic).read_bytes()

    @pytest.mark.parametrize("cookie", ["", "x", "a" * 3000, "../../etc", "\u00e9", "' OR 1=1 --"])
    def test_a_made_up_cookie_is_nobody(self, clinic, cookie):
        browser = clinic.browser()
        browser.client.set_cookie("recovery", cookie)
        assert browser.get("/account").status_code == 302

    def test_behind_https_the_cookie_is_bound_to_the_host(self, clinic_database, tmp_path):
        clinic = _copy(clinic_database, tmp_path, secure=True)
        answer = clinic.browser().get("/account/sign-in")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-recovery=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


class TestForgery:
    """Another site cannot act in somebody's name."""

    def test_every_unsafe_route_wants_the_token(self, clinic):
        for name in ("alice", "carol", "frank"):
            browser = clinic.signed_in(name)
            for rule, path, _terms, _patient in share(list(_paths(clinic)), 2):
                if "POST" not in rule.methods or rule.endpoint in LEAVES:
                    continue
                answer = browser.client.post(path, data={"anything": "1"})
                assert answer.status_code in {400, 401, 404}, (name, path, answer.status_code)

    def test_a_token_of_another_session_is_refused(self, clinic):
        alice, frank = clinic.signed_in("alice"), clinic.signed_in("frank")
        stolen = alice.page("/account").form().hidden()["csrf_token"]
        answer = frank.client.post("/admin/", data={"csrf_token": stolen})
        assert answer.status_code == 400

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_request_from_another_site_is_refused(self, clinic, site):
        frank = clinic.signed_in("frank")
        form = frank.page("/admin/").form("/admin/").hidden()
        answer = frank.client.post("/admin/", data=form, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 404

    def test_a_foreign_origin_is_refused(self, clinic):
        frank = clinic.signed_in("frank")
        form = frank.page("/admin/").form("/admin/").hidden()
        for origin in ("https://evil.example", "http://localhost.evil.example"):
            answer = frank.client.post("/admin/", data=form, headers={"Origin": origin})
            assert answer.status_code == 404


class TestGuessing:
    """Ten wrong tries in a quarter of an hour, counted for all processes together."""

    def test_the_eleventh_try_is_not_even_looked_at(self, clinic):
        browser = clinic.browser()
        for _try in range(10):
            assert browser.sign_in("alice", "wrong").status_code == 200
        assert browser.sign_in("alice").status_code == 429
        clinic.clock.forward(minutes=16)
        assert browser.sign_in("alice").status_code == 302

    def test_two_processes_count_together_and_a_restart_forgets_nothing(
        self, clinic_database, tmp_path
    ):
        one = _copy(clinic_database, tmp_path)
        file = tmp_path / "copy.db"
        two = open_clinic(file, one.clock)
        for process in (one, two) * 5:
            process.browser().sign_in("bob", "wrong")
        assert one.browser().sign_in("bob").status_code == 429
        assert two.browser().sign_in("bob").status_code == 429
        assert open_clinic(file, one.clock).browser().sign_in("bob").status_code == 429

    def test_one_client_cannot_try_one_password_on_everybody(self, clinic):
        browser = clinic.browser()
        codes = [browser.sign_in(f"user{number}", "summer").status_code for number in range(45)]
        assert codes[-1] == 429

    def test_a_clock_that_ran_ahead_shuts_nobody_out_once_it_is_right(self, clinic):
        """Tries of next year would have counted until then."""
        clinic.clock.forward(days=400)
        for _try in range(10):
            clinic.browser().sign_in("alice", "wrong")
        assert clinic.browser().sign_in("alice").status_code == 429
        clinic.clock.forward(days=-400)
        assert clinic.browser().sign_in("alice").status_code == 302

    def test_a_clock_that_is_put_right_by_minutes_gives_no_new_tries(self, clinic):
        for _try in range(10):
            clinic.browser().sign_in("alice", "wrong")
        clinic.clock.forward(minutes=-5)
        assert clinic.browser().sign_in("alice").status_code == 429

    def test_a_forged_address_does_not_help(self, clinic):
        for number in range(10):
            browser = clinic.browser()
            form = browser.page("/account/sign-in").form("/account/sign-in").hidden()
            browser.client.post(
                "/account/sign-in",
                data={**form, "email": "alice", "password": "wrong"},
                headers={"X-Forwarded-For": f"10.0.0.{number}"},
            )
        assert clinic.browser().sign_in("alice").status_code == 429

    def test_nobody_learns_which_names_exist(self, clinic):
        pages = []
        for login in ("alice", "nobody", "gina"):
            text = clinic.browser().sign_in(login, "wrong").text
            text = re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", text)
            pages.append(text.replace(login, "LOGIN"))
        assert len(set(pages)) == 1

    @pytest.mark.slow
    def test_time_tells_nothing_about_names(self, clinic_database, tmp_path):
        clinic = _copy(clinic_database, tmp_path, quick_passwords=False)
        clinic.app.config.update(TRIES_PER_ACCOUNT=10_000, TRIES_PER_CLIENT=10_000)
        _give_a_costly_password(clinic, "alice")
        spent: dict[str, list[float]] = {"alice": [], "nobody": []}
        for _turn in range(20):
            for login, times in spent.items():
                browser = clinic.browser()
                form = browser.page("/account/sign-in").form("/account/sign-in").hidden()
                # Of the processor: what else the machine does tells nothing.
                began = time.process_time()
                browser.client.post(
                    "/account/sign-in", data={**form, "email": login, "password": "wrong"}
                )
                times.append(time.process_time() - began)
        ratio = statistics.median(spent["alice"]) / statistics.median(spent["nobody"])
        assert 0.8 < ratio < 1.25


class TestHostsAndRedirects:
    """Links go to this site, and the site answers to its own name alone."""

    @pytest.mark.parametrize(
        "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil", "a@b", "[::2]", "x:y"]
    )
    def test_a_foreign_host_is_refused(self, clinic, host):
        answer = clinic.browser().get("/help", headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text

    def test_a_forwarded_host_means_nothing_without_a_proxy(self, clinic):
        frank = clinic.signed_in("frank")
        form = frank.page("/admin/people").form("/admin/people/invite").hidden()
        answer = frank.client.post(
            "/admin/people/invite",
            data={**form, "role": "clinician", "name": "Hanna"},
            headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
        )
        assert "evil.example" not in answer.text
        assert "http://localhost/invitation/" in answer.text

    @pytest.mark.parametrize("target", HOSTILE_TARGETS)
    def test_signing_in_never_leads_away(self, clinic, target):
        assert safe_path(target) is None
        browser = clinic.browser()
        form = browser.page("/account/sign-in").form("/account/sign-in").hidden()
        data = {**form, "email": "alice", "password": PASSWORD, "next": target}
        answer = browser.client.post("/account/sign-in", data=data)
        location = answer.headers.get("Location", "/")
        assert location.startswith("/"), location
        assert not location.startswith("//"), location
        assert "evil" not in location

    def test_signing_in_leads_to_the_page_that_was_wanted(self, clinic):
        browser = clinic.browser()
        wanted = browser.get("/account").headers["Location"]
        answer = browser.send(wanted, "/account/sign-in", email="alice", password=PASSWORD)
        assert answer.headers["Location"] == "/account"


class TestCarrying:
    """A day that was typed while the session ran out is not lost."""

    def test_answers_come_back_after_signing_in(self, clinic):
        path = f"/p/{clinic.alice.public_id}/day/2026-03-12"
        browser = clinic.signed_out_again("alice")
        typed = {"walking": "2", "axial_pain": "7", "note": "typed in the bus"}
        answer = browser.client.post(path, data=typed)
        assert answer.status_code == 401
        assert answer.text.index("Get help now") < answer.text.index("Please sign in again")
        assert "typed in the bus" not in answer.text
        browser_page = _page_of(answer.text)
        form = browser_page.form("/account/sign-in")
        answer = browser.client.post(
            form.action, data={**form.hidden(), "email": "alice", "password": PASSWORD}
        )
        assert answer.headers["Location"] == "/carried"
        back = browser.page("/carried").form(path)
        assert back.hidden()["note"] == "typed in the bus"
        assert back.hidden()["axial_pain"] == "7"
        assert browser.page("/carried").form(path).hidden()["axial_pain"] == "7"
        shown = browser.client.post(path, data=dict(back.fields))
        assert shown.status_code == 200
        assert browser.get("/carried").status_code == 302

    def test_a_mistyped_password_takes_no_advice_away(self, clinic):
        path = f"/p/{clinic.alice.public_id}/day/2026-03-12"
        browser = clinic.signed_out_again("alice")
        text = browser.client.post(path, data={"walking": "2"}).text
        for password in ("not this one", "nor this", PASSWORD):
            assert "If this is urgent, do not sign in first" in text
            assert "your answers come back" in text
            form = _page_of(text).form("/account/sign-in")
            sent = {**form.hidden(), "email": "alice", "password": password}
            answer = browser.client.post(form.action, data=sent)
            text = answer.text
        assert answer.headers["Location"] == "/carried"

    def test_the_next_person_at_the_computer_does_not_see_them(self, clinic):
        path = f"/p/{clinic.alice.public_id}/day/2026-03-12"
        browser = clinic.signed_out_again("alice")
        browser.client.post(path, data={"note": "typed in the bus"})
        browser.sign_in("bob")
        answer = browser.get("/carried")
        assert answer.status_code == 302
        assert "typed in the bus" not in browser.get(answer.headers["Location"]).text

    def test_they_wait_for_an_hour_only(self, clinic, monkeypatch):
        path = f"/p/{clinic.alice.public_id}/day/2026-03-12"
        browser = clinic.signed_out_again("alice")
        browser.client.post(path, data={"note": "typed in the bus"})
        monkeypatch.setattr("recovery_tracker.web.auth.resubmission.KEPT_SECONDS", -1)
        browser.sign_in("alice")
        assert browser.get("/carried").status_code == 302

    def test_the_database_cannot_read_them(self, clinic):
        path = f"/p/{clinic.alice.public_id}/day/2026-03-12"
        clinic.signed_out_again("alice").client.post(path, data={"note": "typed in the bus"})
        assert b"typed in the bus" not in _file_of(clinic).read_bytes()


class TestStepUp:
    """A change to how one signs in wants the password once more."""

    def test_an_old_sign_in_is_checked_and_leads_back(self, clinic):
        clinic.app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)
        clinic.app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(0)
        alice = clinic.signed_in("alice")
        wanted = "/account/second-step"
        answer = alice.get(wanted)
        assert answer.status_code == 302
        check = answer.headers["Location"]
        assert check.startswith("/account/check")
        assert alice.send(check, "/account/check", password="wrong").status_code == 200
        answer = alice.send(check, "/account/check", password=PASSWORD)
        assert answer.status_code == 302
        assert answer.headers["Location"] == wanted


class TestReading:
    """Looking changes nothing, but a look at somebody else's chart is written down."""

    def test_following_links_changes_nothing(self, clinic):
        alice = clinic.signed_in("alice")
        alice.get("/account")
        for rule, path, _terms, patient in share(list(_paths(clinic)), 2):
            if "GET" not in rule.methods or patient is clinic.bob:
                continue
            before = _records(clinic), _events(clinic)
            alice.get(path)
            after = _records(clinic), _events(clinic)
            assert after == before or rule.endpoint in WRITES_ON_GET, path

    def test_a_clinician_s_look_is_in_the_record_and_the_patient_s_own_is_not(self, clinic):
        clinic.signed_in("alice").get(f"/p/{clinic.alice.public_id}/")
        assert _looks(clinic) == 0
        path = next(
            path
            for rule, path, _terms, patient in _paths(clinic)
            if rule.endpoint.startswith("clinician.") and patient is clinic.alice
            if "GET" in rule.methods and rule.endpoint.endswith("chart")
        )
        assert clinic.signed_in("carol").get(path).status_code == 200
        assert _looks(clinic) == 1


class TestErrors:
    """Every refusal is a page of ours with every header, and says where help is."""

    def test_pages_of_refusal(self, clinic):
        browser = clinic.browser()
        answers = {
            404: browser.get("/nothing"),
            405: browser.client.delete("/help"),
            413: browser.client.post("/account/sign-in", data={"x": "y" * 3_000_000}),
            400: browser.client.post("/account/sign-in", data={"email": "x"}),
        }
        for code, answer in answers.items():
            assert answer.status_code == code
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
            assert answer.headers["Cache-Control"] == "no-store"
            assert "/help" in _page_of(answer.text).links

    def test_static_files_carry_the_headers_too(self, clinic):
        answer = clinic.browser().get("/static/app.css", buffered=True)
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
        assert "no-store" not in answer.headers["Cache-Control"]


class TestLogs:
    """The journal knows routes and numbers, never people."""

    def test_no_word_typed_or_stored_is_written_down(self, clinic, caplog):
        caplog.set_level(logging.DEBUG)
        alice = clinic.signed_in("alice")
        path = f"/p/{clinic.alice.public_id}"
        form = alice.page(f"{path}/day/2026-03-11").form(path).hidden()
        alice.client.post(
            f"{path}/day/2026-03-11",
            data={**form, "note": "canary-in-the-note", "axial_pain": "eleven", "new": "no"},
        )
        alice.get(f"{path}/day/canary-in-the-path?q=canary-in-the-query")
        clinic.browser().sign_in("canary-login", "canary-password")
        clinic.app.extensions["recovery_database"].close()
        written = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
        ours = "\n".join(
            record.getMessage() for record in caplog.records if "recovery" in record.name
        )
        for secret in ("canary", clinic.alice.public_id, "Canaryfield", "zebra", PASSWORD):
            assert secret not in written, secret
        assert "/p/<public_id>/day/<day>" in ours

    def test_a_failure_says_where_and_not_what(self, clinic, caplog):
        def fail(*_anything, **_more):
            raise ValueError("canary in the exception")

        clinic.app.view_functions["help"] = fail
        answer = clinic.browser().get("/help")
        assert answer.status_code == 500
        assert "canary" not in answer.text
        assert "canary" not in caplog.text
        number = re.search(r"this number to the person who runs this diary: (\w+)", answer.text)
        assert number
        assert number.group(1) in caplog.text

    def test_what_a_guard_stopped_is_written_down_and_fills_no_disk(self, clinic, caplog):
        """Each kind once a minute, with how often it was, and never what was sent."""
        caplog.set_level(logging.WARNING)
        alice = clinic.signed_in("alice")
        path = f"/p/{clinic.alice.public_id}/day/2026-03-11"
        form = alice.page(path).form(f"/p/{clinic.alice.public_id}").hidden()
        hosts = {"Host": "canary.example"}
        requests = {
            "another site": lambda: alice.client.post(
                path, data=form, headers={"Origin": "https://canary.example"}
            ),
            "a form without its token": lambda: alice.client.post(path, data={"note": "canary"}),
            "a body that is no form": lambda: alice.client.post(path, json={"note": "canary"}),
            "what cannot be read": lambda: alice.client.post(path, data={"note": "canary\0"}),
            "a foreign host": lambda: alice.client.get("/help", headers=hosts),
            "a body that is too large": lambda: alice.client.post(
                path, data={"note": "canary" * 400_000}
            ),
        }
        for _ in range(20):
            for ask in requests.values():
                assert ask().status_code in {400, 404, 413, 415}
        found = [one for one in caplog.messages if one.startswith("refused: ")]
        assert {one.split(" at ")[0] for one in found} == {f"refused: {one}" for one in requests}
        assert len(found) == len(requests)
        clinic.clock.forward(minutes=1)
        requests["another site"]()
        assert caplog.messages[-1] == (
            "refused: another site at /p/<public_id>/day/<day>, and 19 more since the last line"
        )
        assert "canary" not in caplog.text

    def test_a_record_is_one_line(self):
        record = logging.LogRecord("x", 20, "f", 1, "a\nb\r\x1b[31m\u2028c", None, None)
        text = OneLine("%(message)s").format(record)
        assert text == "a\\nb\\r\\x1b[31m\\u2028c"


class TestConfig:
    """The program refuses to start where it would be unsafe, in one line."""

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"secret_key": "secret"}, "well-known"),
            ({"secret_key": "short-one"}, "at least"),
            ({"secret_key": "a" * 40}, "at least"),
            ({"host": "0.0.0.0"}, "PROXIES"),
            ({"host": "192.168.1.2"}, "PROXIES"),
            ({"host": "::"}, "PROXIES"),
            ({"host": "0.0.0.0", "proxies": 1}, "TRUSTED_HOSTS"),
            ({"host": "0.0.0.0", "debug": True, "proxies": 1}, "this machine"),
            ({"debug": True, "proxies": 1}, "proxy"),
            ({"quick_passwords": True}, "tests"),
        ],
    )
    def test_unsafe_is_refused(self, more, says):
        with pytest.raises(UnsafeConfig, match=says) as refused:
            Config(**{"database_url": "sqlite:///x.db", "secret_key": SECRET, **more})
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
    def test_loopback_needs_nothing(self, host):
        assert not Config(database_url="sqlite:///x.db", secret_key=SECRET, host=host).is_https

    def test_the_environment_is_read_once(self):
        found = Config.from_environment(
            {
                "RECOVERY_TRACKER_TRUSTED_HOSTS": "diary.example, other.example",
                "RECOVERY_TRACKER_PROXIES": "1",
            },
            database_url="sqlite:///x.db",
            secret_key=SECRET,
            host="0.0.0.0",
        )
        assert found.trusted_hosts == ("diary.example", "other.example")
        assert found.is_https

    def test_the_secret_is_made_once_and_for_one_reader(self, tmp_path):
        first = secrets_in(tmp_path / "data")[0]
        assert secrets_in(tmp_path / "data")[0] == first
        assert len(first) >= 43
        assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
        assert secrets_in(tmp_path / "other")[0] != first


def _copy(source, folder, **more):

    file = folder / "copy.db"
    copied(source, file)
    return open_clinic(file, **more)


def _give_a_costly_password(clinic, name) -> None:
    """The people of the tests have cheap hashes; this one gets what the product would store."""
    with clinic.app.app_context():
        password_hash = hash_password(PASSWORD)
    with clinic.database.write() as session:
        save_credentials(
            session,
            clinic.accounts[name].id,
            by=Actor(None, "test", Role.SYSTEM),
            at=clinic.clock(),
            password_hash=password_hash,
        )


def _looks(clinic) -> int:
    with clinic.database.read() as session:
        events = audit_trail.events_about(session, clinic.alice.id)
    return sum(one.action is audit.AuditAction.CHART_READ for one in events)


def _events(clinic) -> int:
    with clinic.database.read() as session:
        return session.scalar(select(func.count()).select_from(AuditEventRow))


def _file_of(clinic) -> Path:
    return Path(clinic.config.database_url.removeprefix("sqlite:///"))


def _page_of(text: str):
    from tests.web.page import Page

    return Page(text)
