"""The office opens no diary, alone or by an account of its own making."""

import html
import re
from datetime import timedelta

import pytest

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, audit_trail, invitations, namesakes, people
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.tables.people import AccountRow
from recovery_tracker.web.auth.invitations import invite
from tests.pdf import text_of
from tests.web.conftest import ALICE_WORDS, NOW, PASSWORD, SYSTEM
from tests.web.test_access import _paths
from tests.web.test_ways_in import NEW_PASSWORD, _give_recovery_codes


def _link_for(clinic, name: str) -> str:
    """The link that the office sees when it asks for a new password."""
    frank = clinic.signed_in("frank")
    account = clinic.accounts[name]
    page = "/admin/people"
    if account.role is Role.PATIENT:
        page += f"/patients/{getattr(clinic, name).public_id}"
    text = frank.send(page, f"/admin/people/{account.public_id}/password").text
    return "/invitation/" + re.search(r'class="link">([^<]+)', text)[1].rsplit("/", 1)[1]


def _actions(clinic, patient) -> list[AuditAction]:
    with clinic.database.read() as session:
        return [one.action for one in audit_trail.events_about(session, patient.id)]


class TestNewPassword:
    """A link is seen by whoever made it, so it is not enough."""

    def test_the_office_cannot_use_its_own_link(self, clinic):
        link = _link_for(clinic, "alice")
        for code in ("", "12345678", "0"):
            answer = clinic.browser().send(link, password=NEW_PASSWORD, code=code)
            assert answer.status_code == 422, code
        assert clinic.browser().sign_in("alice", NEW_PASSWORD).status_code == 200
        assert clinic.browser().sign_in("alice").status_code == 302

    def test_codes_cannot_be_guessed(self, clinic):
        link = _link_for(clinic, "alice")
        sent = [clinic.browser().send(link, password=NEW_PASSWORD, code="1") for _ in range(11)]
        assert [one.status_code for one in sent] == [422] * 10 + [429]

    def test_a_clinician_s_code_opens_it_once(self, clinic):
        link = _link_for(clinic, "alice")
        code = _code_from(clinic, "carol")
        assert clinic.browser().send(link, password=NEW_PASSWORD, code=code).status_code == 303
        assert clinic.browser().sign_in("alice", NEW_PASSWORD).status_code == 302
        again = _link_for(clinic, "alice")
        assert clinic.browser().send(again, password=PASSWORD, code=code).status_code == 422

    def test_a_newer_code_ends_the_older_and_a_day_ends_both(self, clinic):
        link = _link_for(clinic, "alice")
        older, newer = _code_from(clinic, "carol"), _code_from(clinic, "carol")
        assert clinic.browser().send(link, password=NEW_PASSWORD, code=older).status_code == 422
        clinic.clock.forward(hours=25)
        link = _link_for(clinic, "alice")
        assert clinic.browser().send(link, password=NEW_PASSWORD, code=newer).status_code == 422

    def test_only_who_cares_for_the_patient_makes_a_code(self, clinic):
        path = f"/clinic/p/{clinic.alice.public_id}/access"
        for name in ("dan", "erin", "frank", "alice"):
            assert clinic.signed_in(name).get(path).status_code == 404, name

    def test_a_recovery_code_of_the_patient_will_do(self, clinic):
        link = _link_for(clinic, "alice")
        code = _give_recovery_codes(clinic, "alice")[0]
        assert clinic.browser().send(link, password=NEW_PASSWORD, code=code).status_code == 303

    def test_the_patient_reads_of_it_on_the_first_page(self, clinic):
        alice = clinic.signed_in("alice")
        path = f"/p/{clinic.alice.public_id}/"
        before = alice.page(path).text
        assert "made a link for signing in as you" not in before
        _link_for(clinic, "alice")
        for page in (path, f"{path}looked"):
            text = alice.page(page).text
            assert "Frank made a link for signing in as you" in text, page
            assert "12 Mar 2026, 09:00" in text, page
        clinic.clock.forward(days=15)
        assert "made a link" not in alice.page(path).text

    def test_a_clinician_without_a_second_step_loses_access_by_the_link(self, clinic):
        """Else the office would read as the clinician what it may not read as the patient."""
        link = _link_for(clinic, "carol")
        assert clinic.browser().send(link, password=NEW_PASSWORD).status_code == 303
        thief = clinic.browser()
        thief.sign_in("carol", NEW_PASSWORD)
        assert thief.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404
        _grant(clinic, "carol")
        assert thief.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404


class TestAccess:
    """Nobody opens a diary by an account they made themselves."""

    @pytest.fixture
    def hanna(self, clinic):
        """A clinician whom frank invited, and who cares for nobody yet."""
        frank = accounts_actor(clinic, "frank")
        path = invite(clinic.database, "", role=Role.CLINICIAN, name="Hanna", by=frank, at=NOW)
        assert clinic.browser().send(path, login="hanna", password=PASSWORD).status_code == 303
        with clinic.database.read() as session:
            clinic.accounts["hanna"] = accounts.account_by_login(session, "hanna")
        return clinic.signed_in("hanna")

    def test_the_office_s_own_account_waits(self, clinic, hanna):
        assert "second person has to agree" in _grant(clinic, "hanna").text
        _grant(clinic, "hanna", "yes")
        chart = f"/clinic/p/{clinic.alice.public_id}"
        assert hanna.get(chart).status_code == 404
        assert AuditAction.CARE_ASKED in _actions(clinic, clinic.alice)

    @pytest.mark.parametrize("answer", ["yes", "no"])
    def test_the_patient_decides(self, clinic, hanna, answer):
        _grant(clinic, "hanna")
        home = f"/p/{clinic.alice.public_id}/"
        action = f"{home}readers/{clinic.accounts['hanna'].public_id}/answer"
        alice = clinic.signed_in("alice")
        assert alice.send(home, action, answer=answer).status_code == 303
        assert "May they look?" not in alice.page(home).text
        allowed = hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 200
        assert allowed == (answer == "yes")

    def test_a_clinician_of_the_patient_decides(self, clinic, hanna):
        _grant(clinic, "hanna")
        page = f"/clinic/p/{clinic.alice.public_id}/access"
        action = f"{page}/{clinic.accounts['hanna'].public_id}"
        assert clinic.signed_in("carol").send(page, action, answer="yes").status_code == 303
        assert hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 200

    def test_another_administrator_decides_unless_they_are_of_the_same_making(self, clinic, hanna):
        _make_administrator(clinic, "iris", by=SYSTEM)
        _make_administrator(clinic, "jack", by=accounts_actor(clinic, "frank"))
        _grant(clinic, "hanna")
        _grant(clinic, "hanna", "yes", who="jack")
        assert hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404
        _grant(clinic, "hanna", "yes", who="iris")
        assert hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 200

    def test_an_account_of_somebody_else_s_making_is_given_access(self, clinic):
        assert _grant(clinic, "dan").status_code == 303
        dan = clinic.signed_in("dan")
        assert dan.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 200
        assert "gave somebody access: Dan" in html.unescape(
            clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/").text
        )


class TestTheSamePatientTwice:
    """Two diaries of one person hide half of each."""

    def _invite(self, clinic, **fields):
        frank = clinic.signed_in("frank")
        sent = {"role": "patient", "zone": "UTC", **fields}
        return frank, frank.send("/admin/people", "/admin/people/invite", **sent)

    def test_number_or_name_and_birth_date_are_asked_about(self, clinic):
        first = {"name": "Ivy Lane", "birth_date": "1964-05-23", "hospital_number": "H0001"}
        assert self._invite(clinic, **first)[1].status_code == 200
        for again in (
            first,
            {**first, "name": "I. Lane", "birth_date": ""},
            {**first, "name": "ivy  lane", "hospital_number": ""},
        ):
            _frank, answer = self._invite(clinic, **again)
            assert answer.status_code == 422, again
            assert "may have a diary already" in answer.text
        assert self._invite(clinic, name="Ivy Lane", birth_date="1970-01-01")[1].status_code == 200
        assert self._invite(clinic, **first, another="1")[1].status_code == 200

    def test_a_link_for_the_diary_that_is_there(self, clinic):
        first = {"name": "Ivy Lane", "birth_date": "1964-05-23"}
        self._invite(clinic, **first)
        frank, answer = self._invite(clinic, **first)
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]
        with clinic.database.read() as session:
            (ivy,) = namesakes.same_as(session, "Ivy Lane", ivy_born(), "")
        sent = {"csrf_token": token, "patient": ivy.public_id}
        made = frank.client.post("/admin/people/same", data=sent)
        link = "/invitation/" + re.search(r'class="link">([^<]+)', made.text)[1].rsplit("/", 1)[1]
        assert clinic.browser().send(link, login="ivy", password=PASSWORD).status_code == 303
        with clinic.database.read() as session:
            assert accounts.account_by_login(session, "ivy").patient_id == ivy.id

    def test_a_diary_with_entries_is_not_opened_by_a_link_the_office_sees(self, clinic):
        with clinic.database.write() as session:
            row = session.get(AccountRow, clinic.accounts["alice"].id)
            session.delete(row)
        frank = clinic.signed_in("frank")
        token = frank.page("/account").form().hidden()["csrf_token"]
        sent = {"csrf_token": token, "patient": clinic.alice.public_id}
        text = frank.client.post("/admin/people/same", data=sent).text
        assert 'class="link"' not in text
        assert "has entries already" in text

    def test_a_lost_link_is_made_again_or_withdrawn(self, clinic):
        frank, answer = self._invite(clinic, name="Ivy Lane")
        lost = "/invitation/" + re.search(r'class="link">([^<]+)', answer.text)[1].rsplit("/", 1)[1]
        again = frank.send("/admin/people", "/admin/people/links/")
        fresh = "/invitation/" + re.search(r'class="link">([^<]+)', again.text)[1].rsplit("/", 1)[1]
        assert clinic.browser().get(lost).status_code == 404
        assert clinic.browser().get(fresh).status_code == 200
        page = frank.page("/admin/people")
        withdraw = [one for one in page.forms if one.action.startswith("/admin/people/links/")][-1]
        frank.client.post(withdraw.action, data=withdraw.hidden())
        assert clinic.browser().get(fresh).status_code == 404


class TestStepUp:
    """What gives access to others asks for the password once more."""

    @pytest.fixture
    def stale(self, clinic):
        """Everybody's sign-in is too long ago."""
        clinic.app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)
        clinic.app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(0)
        return clinic

    def test_the_form_waits_and_comes_back(self, stale):
        frank = stale.signed_in("frank")
        answer = frank.send(
            "/admin/people", "/admin/people/invite", role="clinician", name="Hanna", zone="UTC"
        )
        assert answer.headers["Location"].startswith("/account/check?next=/carried&")
        with stale.database.read() as session:
            assert not invitations.open_invitations(session, NOW)
        stale.app.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)
        checked = frank.send(answer.headers["Location"], "/account/check", password=PASSWORD)
        assert checked.headers["Location"] == "/carried"
        form = frank.page("/carried").form("/admin/people/invite")
        assert 'class="link"' in frank.client.post(form.action, data=form.hidden()).text

    def test_nobody_is_told_of_a_sign_out_that_was_none(self, stale):
        alice, path = stale.signed_in("alice"), f"/p/{stale.alice.public_id}/share"
        answer = alice.send(path, f"{path}/carer", name="Tom", rights="read")
        stale.app.config["SECURITY_FRESHNESS"] = timedelta(minutes=10)
        alice.send(answer.headers["Location"], "/account/check", password=PASSWORD)
        page = alice.page("/carried")
        assert page.form(f"{path}/carer").hidden()["name"] == "Tom"
        assert "Thank you. Nothing is saved yet." in page.text
        for untrue in ("signed out", "Your answers", "my answers"):
            assert untrue not in page.text

    def test_every_such_route_asks(self, stale):
        from recovery_tracker.web.shared.policies import policy_of

        asked = set()
        for name in ("frank", "carol", "alice"):
            browser = stale.signed_in(name)
            token = browser.page("/account").form().hidden()["csrf_token"]
            for rule, path, terms, patient in _paths(stale):
                if not terms.fresh or (terms.action and patient is not stale.alice):
                    continue
                if stale.accounts[name].role not in terms.roles:
                    continue
                method = "POST" if "POST" in rule.methods else "GET"
                answer = browser.client.open(path, method=method, data={"csrf_token": token})
                assert answer.status_code == 303, path
                assert answer.headers["Location"].startswith("/account/check"), path
                said = browser.page(answer.headers["Location"]).text
                assert terms.fresh in said, "the page names what is about to happen"
                assert "how you sign in" not in said, path
                asked.add(rule.endpoint)
        declared = {
            rule.endpoint
            for rule in stale.app.url_map.iter_rules()
            if policy_of(stale.app, rule.endpoint).fresh
        }
        assert asked == declared
        assert {"admin.invite_person", "admin.care", "clinician.patients_csv"} <= asked


class TestEveryLookIsRecorded:
    """Whatever route shows a patient's name or words to somebody else leaves an event."""

    def test_over_every_get_route(self, clinic):
        seen = []
        for name in ("carol", "frank"):
            browser = clinic.signed_in(name)
            for rule, path, _terms, patient in _paths(clinic):
                if "GET" not in rule.methods or patient is clinic.bob:
                    continue
                clinic.clock.forward(minutes=2)
                before = _looks(clinic)
                answer = browser.get(path)
                is_pdf = answer.mimetype == "application/pdf"
                shown = text_of(answer.data) if is_pdf else answer.data.decode(errors="replace")
                shows = answer.mimetype == "image/svg+xml" or any(
                    word in shown for word in ALICE_WORDS
                )
                if answer.status_code == 200 and shows:
                    assert _looks(clinic) > before, (name, path)
                    seen.append(rule.endpoint)
        for endpoint in (
            "clinician.patients",
            "clinician.patients_csv",
            "clinician.chart",
            "clinician.own_sensitivity",
            "admin.people",
            "pictures.chart",
        ):
            assert endpoint in seen, endpoint

    def test_a_list_is_one_event_that_says_who_stood_on_it(self, clinic):
        """However many patients; the same page within a minute is no second look, another is."""
        carol = clinic.signed_in("carol")
        for path in ("/clinic/patients", "/clinic/patients", "/clinic/patients?show=urgent"):
            carol.get(path)
        with clinic.database.read() as session:
            looks = audit_trail.events_about(session, action=AuditAction.LIST_READ)
            own = audit_trail.events_about(session, clinic.alice.id, action=AuditAction.LIST_READ)
        pages = [one.details["patients"] for one in looks]
        assert [clinic.alice.id] in pages
        assert len(pages) == len({tuple(page) for page in pages})
        assert clinic.bob.id not in {patient for page in pages for patient in page}
        assert not own

    def test_the_patient_reads_who_had_their_name_on_a_list(self, clinic):
        """A line for each day, with everybody who read one; lists without them are not told of."""
        for name in ("carol", "dan"):
            browser = clinic.signed_in(name)
            for path in ("/clinic/patients", "/clinic/patients?show=urgent"):
                browser.get(path)
        clinic.clock.forward(days=1)
        clinic.signed_in("carol").get("/clinic/patients")
        text = clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/looked").text
        own = text[text.index("On lists") :]
        assert own.count("Carol") == 2
        assert "Dan" not in own
        clinic.clock.forward(days=15)
        text = clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/looked").text
        assert "On lists" not in text

    def test_a_refused_look_leaves_an_event_and_one_alone(self, clinic):
        for name in ("dan", "bob", "frank"):
            browser = clinic.signed_in(name)
            for path in ("/clinic/p/{}", "/p/{}/", "/p/{}/chart.svg"):
                browser.get(path.format(clinic.alice.public_id))
        refused = _actions(clinic, clinic.alice).count(AuditAction.ACCESS_REFUSED)
        assert refused == 2  # Frank's role is refused before anybody is looked up.

    def test_the_patient_sees_them_all_with_day_and_hour_former_clinicians_too(self, clinic):
        carol = clinic.signed_in("carol")
        carol.get(f"/clinic/p/{clinic.alice.public_id}")
        clinic.clock.forward(hours=1)
        carol = clinic.signed_in("carol")
        carol.get(f"/clinic/p/{clinic.alice.public_id}/days.csv")
        # It is sent in parts, each written down before: one that nobody reads was not taken.
        assert carol.get("/clinic/patients.csv").data
        with clinic.database.write() as session:
            people.revoke_care(
                session, clinic.alice.id, clinic.accounts["carol"].id, by=SYSTEM, at=clinic.clock()
            )
        text = clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/looked").text
        assert "09:00" in text
        assert "10:00" in text
        assert "Carol looked at the diary" in text
        assert text.count("Carol saved a file of the diary") == 2

    def test_a_clinician_s_browser_keeps_no_picture(self, clinic):
        path = f"/p/{clinic.alice.public_id}/chart.svg"
        assert clinic.signed_in("carol").get(path).headers["Cache-Control"] == "no-store"
        own = clinic.signed_in("alice").get(path).headers["Cache-Control"]
        assert own == "private, no-cache"


def _looks(clinic) -> int:
    kinds = (
        AuditAction.CHART_READ,
        AuditAction.REPORT_MADE,
        AuditAction.EXPORTED,
        AuditAction.LIST_READ,
    )
    with clinic.database.read() as session:
        house = audit_trail.events_about(session)
        own = audit_trail.events_about(session, clinic.alice.id)
    return sum(one.action in kinds for one in (*house, *own))


def _code_from(clinic, name: str) -> str:
    page = f"/clinic/p/{clinic.alice.public_id}/access"
    text = clinic.signed_in(name).send(page, f"{page}/code").text
    return re.search(r'<b class="num">(\d{4} \d{4})</b>', text)[1]


def _grant(clinic, name: str, cares: str = "1", who: str = "frank"):
    frank = clinic.signed_in(who)
    token = frank.page("/account").form().hidden()["csrf_token"]
    sent = {
        "csrf_token": token,
        "patient": clinic.alice.public_id,
        "account": clinic.accounts[name].public_id,
        "cares": cares,
    }
    return frank.client.post("/admin/people/care", data=sent)


def _make_administrator(clinic, name: str, by) -> None:
    path = invite(clinic.database, "", role=Role.ADMINISTRATOR, name=name, by=by, at=NOW)
    assert clinic.browser().send(path, login=name, password=PASSWORD).status_code == 303


def accounts_actor(clinic, name: str):
    """Who acts when this person does."""
    with clinic.database.read() as session:
        return accounts.actor_of(session, clinic.accounts[name].id, NOW)


def ivy_born():
    """The date of birth of the patient who is invited twice."""
    from datetime import date

    return date(1964, 5, 23)
