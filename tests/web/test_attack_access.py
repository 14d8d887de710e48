"""Ways around who may look: other people's ids, accounts of one's own making, what stays open."""

from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from recovery_tracker.domain.history import Appointment, Event, EventKind
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import (
    accounts,
    alerts,
    audit_trail,
    flags,
    people,
    record_rows,
    teams,
    visit_links,
)
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.tables.people import AccountRow
from recovery_tracker.web.auth import devices
from recovery_tracker.web.auth.invitations import invite
from recovery_tracker.web.patient.visit import HELD_FOR
from recovery_tracker.web.shared import policies, waiting_files
from tests.mail_server import mail_server
from tests.web.conftest import BOB_WORDS, NOW, PASSWORD, SYSTEM
from tests.web.test_access import _records
from tests.web.test_devices import LAPTOP, PHONE, Immediately, _at
from tests.web.test_office_sees_no_diary import (
    _grant,
    _link_for,
    _make_administrator,
    accounts_actor,
)
from tests.web.test_visit_links import _link, _opened
from tests.web.test_ways_in import NEW_PASSWORD

#: Parts of an address that say which of several things is meant, and are no patient's.
NO_IDS = {"public_id", "day", "kind", "tag", "purpose"}


def _bobs(clinic) -> dict[str, str | int]:
    """What each id in an address is called, for a thing of bob's."""
    values = {
        "event_id": Event(NOW.date(), EventKind.OTHER, BOB_WORDS[1]),
        "medicine_id": Medicine(NOW.date(), BOB_WORDS[1]),
        "score_id": FormScore(NOW.date(), "ndi_points", 14, Role.PATIENT),
        "visit_id": Appointment(NOW.date(), "10:30", with_whom=BOB_WORDS[1]),
        "instruction_id": Instruction(
            InstructionKind.PLAN, NOW.date(), NOW, text=BOB_WORDS[1], author="Dan"
        ),
    }
    with clinic.database.write() as session:
        for value in values.values():
            record_rows.add(session, clinic.bob.id, value, by=SYSTEM, at=NOW)
        link = visit_links.make_link(
            session,
            clinic.bob.id,
            digest="d",
            day=NOW.date(),
            expires_at=NOW + timedelta(days=1),
            by=SYSTEM,
            at=NOW,
        )
        found = {
            name: record_rows.stored_of(session, clinic.bob.id, type(value))[0].public_id
            for name, value in values.items()
        }
        found["operation_id"] = record_rows.stored_of(session, clinic.bob.id, Operation)[
            0
        ].public_id
        found["flag_id"] = flags.flags_of(session, clinic.bob.id)[0].public_id
    dan = clinic.accounts["dan"].public_id
    file = FileStorage(BytesIO(f"date,note\n2026-03-01,{BOB_WORDS[1]}\n".encode()))
    with clinic.app.app_context():
        token = waiting_files.keep(file, clinic.bob.public_id)
    return {**found, "number": link.id, "reader_id": dan, "account_id": dan, "token": token}


def test_a_thing_of_somebody_else_under_the_own_address_is_not_there(clinic):
    """Every address with two ids: the patient's own, and bob's operation, flag, medicine, link."""
    bobs, asked = _bobs(clinic), set()
    for name in ("alice", "carol"):
        browser = clinic.signed_in(name)
        before = _records(clinic)
        token = browser.page("/account").form().hidden()["csrf_token"]
        for rule in clinic.app.url_map.iter_rules():
            terms = policies.policy_of(clinic.app, rule.endpoint)
            ids = rule.arguments - NO_IDS
            if terms.action is None or not ids:
                continue
            assert ids <= bobs.keys(), f"{rule}: bob has nothing that could be meant"
            wanted = {
                **{one: bobs[one] for one in ids},
                "public_id": clinic.alice.public_id,
                "kind": "plan",
                "day": "2026-03-12",
            }
            wanted = {one: wanted[one] for one in rule.arguments}
            path = clinic.path_of(rule, wanted)
            for method in rule.methods - {"OPTIONS"}:
                sent = {"csrf_token": token, "what": "called", "answer": "yes", "text": "x"}
                answer = browser.client.open(
                    path, method=method, data=sent if method == "POST" else None
                )
                assert answer.status_code < 500, path
                assert not any(word in answer.text for word in BOB_WORDS), path
                asked.add(rule.endpoint)
            assert _records(clinic) == before, (name, path)
    assert len(asked) > 12


class TestOneHandBehindTwoAccounts:
    """Whoever makes accounts for several people that do not exist is one person still."""

    def _hanna(self, clinic, by: str):
        path = invite(
            clinic.database,
            "",
            role=Role.CLINICIAN,
            name="Hanna",
            by=accounts_actor(clinic, by),
            at=NOW,
        )
        assert clinic.browser().send(path, login="hanna", password=PASSWORD).status_code == 303
        with clinic.database.read() as session:
            clinic.accounts["hanna"] = accounts.account_by_login(session, "hanna")
        return clinic.signed_in("hanna")

    def test_an_administrator_of_the_same_making_gives_no_access_either(self, clinic):
        _make_administrator(clinic, "jack", by=accounts_actor(clinic, "frank"))
        hanna = self._hanna(clinic, "frank")
        assert "second person has to agree" in _grant(clinic, "hanna", who="jack").text
        # Nor may a third one of that making agree.
        _make_administrator(clinic, "kate", by=accounts_actor(clinic, "frank"))
        _grant(clinic, "hanna", "yes", who="kate")
        _grant(clinic, "hanna", "yes")
        assert hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404

    def test_an_account_without_patients_opens_nothing_in_an_emergency(self, clinic):
        hanna = self._hanna(clinic, "frank")
        page = "/clinic/emergency"
        typed = {"name": clinic.alice.name, "reason": "why"}
        answer = hanna.send(page, page, **typed)
        assert answer.status_code == 422
        assert "already has patients" in answer.text
        assert hanna.get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404
        assert clinic.signed_in("dan").send(page, page, **typed).status_code == 303

    def test_cover_that_a_new_password_ends_is_in_the_record(self, clinic):
        ids = {name: clinic.accounts[name].id for name in ("carol", "dan")}
        with clinic.database.write() as session:
            week = (NOW, NOW + timedelta(days=7))
            teams.add_cover(session, ids["dan"], ids["carol"], *week, by=SYSTEM, at=NOW)
        link = _link_for(clinic, "dan")
        assert clinic.browser().send(link, password=NEW_PASSWORD).status_code == 303
        with clinic.database.read() as session:
            assert teams.covers(session, NOW) == ()
            ended = audit_trail.events_about(
                session, clinic.alice.id, action=AuditAction.COVER_ENDED
            )
        assert [one.details["account_id"] for one in ended] == [ids["dan"]]


def test_a_form_to_be_put_right_is_a_look_as_well(clinic):
    """The page that comes back with a refused form shows the record."""
    carol = clinic.signed_in("carol")
    path = f"/clinic/p/{clinic.alice.public_id}"
    token = carol.page("/account").form().hidden()["csrf_token"]
    answer = carol.client.post(f"{path}/record/imaging", data={"csrf_token": token})
    assert answer.status_code == 422
    assert clinic.alice.name in answer.text
    with clinic.database.read() as session:
        looks = audit_trail.events_about(session, clinic.alice.id, action=AuditAction.CHART_READ)
    assert len(looks) == 1


def test_the_people_that_an_answer_of_the_office_shows_are_a_list(clinic):
    """A link that was made is shown above the names of everybody."""
    frank = clinic.signed_in("frank")
    answer = frank.send("/admin/people", "/admin/people/invite", role="clinician", name="Hanna")
    assert clinic.alice.name in answer.text
    with clinic.database.read() as session:
        looks = audit_trail.events_about(session, action=AuditAction.LIST_READ)
    assert [one.details["list"] for one in looks] == ["admin.invite_person", "admin.people"]


class TestALinkOnSomebodyElsesComputer:
    """The surgeon's computer is used by others too."""

    def test_nothing_of_it_is_kept(self, clinic):
        browser = _opened(clinic, _link(clinic))
        for path in ("", "/chart.svg", "/report.pdf"):
            assert browser.get(browser.opened + path).headers["Cache-Control"] == "no-store", path

    def test_it_is_open_for_an_hour_and_can_be_opened_again(self, clinic):
        link = _link(clinic)
        browser = _opened(clinic, link)
        clinic.clock.forward(seconds=HELD_FOR.total_seconds() - 1)
        assert browser.get(browser.opened).status_code == 200
        clinic.clock.forward(seconds=1)
        for path in ("", "/chart.svg", "/report.pdf"):
            assert browser.get(browser.opened + path).status_code == 404, path
        assert browser.send(link).status_code == 303
        assert browser.get(browser.opened).status_code == 200

    def test_it_is_closed_by_a_button(self, clinic):
        browser = _opened(clinic, _link(clinic))
        assert browser.send(browser.opened, f"{browser.opened}/close").status_code == 303
        assert browser.get(browser.opened).status_code == 404


class TestStaffAreTold:
    """What happens to an account of staff reaches its owner, as it reaches a patient."""

    @pytest.fixture
    def letters(self, clinic, monkeypatch):
        monkeypatch.setattr(devices, "Thread", Immediately)
        with mail_server() as running:
            object.__setattr__(clinic.config, "mail", running.settings())
            yield running.box.letters

    def test_of_a_new_device_where_they_chose_mail(self, clinic, letters):
        with clinic.database.write() as session:
            wanted = alerts.AlertWishes(clinic.accounts["carol"].id, "carol@clinic.example")
            alerts.save_wishes(session, wanted)
        for name in ("carol", "dan"):
            _at(clinic, name, PHONE)
            _at(clinic, name, LAPTOP)
        assert [one["To"] for one in letters] == ["carol@clinic.example"]
        assert letters[0].get_content().startswith("Signed in on a new device.")

    def test_of_a_password_by_a_link_at_their_sign_in_name(self, clinic, letters):
        with clinic.database.write() as session:
            session.get_one(AccountRow, clinic.accounts["dan"].id).login = "dan@clinic.example"
        link = _link_for(clinic, "dan")
        assert clinic.browser().send(link, password=NEW_PASSWORD).status_code == 303
        assert [one["To"] for one in letters] == ["dan@clinic.example"]
        assert letters[0].get_content().startswith("Sign-in method changed.")
        dan = clinic.browser()
        dan.sign_in("dan@clinic.example", NEW_PASSWORD)
        assert "Sign-in method changed" in dan.page("/clinic/patients").text

    def test_of_another_address_there_is_a_record(self, clinic, letters):
        carol = clinic.signed_in("carol")
        sent = {"address": "elsewhere@example.org", "digest": "1"}
        assert carol.send("/clinic/team", "/clinic/team/messages", **sent).status_code == 303
        with clinic.database.read() as session:
            (event,) = audit_trail.events_about(session, action=AuditAction.ACCOUNT_CHANGED)
        assert event.account_id == clinic.accounts["carol"].id
        assert event.details["changed"] == ["mail"]


def test_care_that_ended_ends_every_address_at_once(clinic):
    """The chart, its picture, its files and its forms, with the session that was open before."""
    carol = clinic.signed_in("carol")
    token = carol.page("/account").form().hidden()["csrf_token"]
    chart = f"/clinic/p/{clinic.alice.public_id}"
    assert carol.get(chart).status_code == 200
    with clinic.database.write() as session:
        people.revoke_care(session, clinic.alice.id, clinic.accounts["carol"].id, by=SYSTEM, at=NOW)
    for rule in clinic.app.url_map.iter_rules():
        terms = policies.policy_of(clinic.app, rule.endpoint)
        if terms.action is None or rule.arguments - {"public_id"}:
            continue
        path = clinic.path_of(rule, {"public_id": clinic.alice.public_id})
        for method in rule.methods - {"OPTIONS"}:
            sent = {"csrf_token": token} if method == "POST" else None
            assert carol.client.open(path, method=method, data=sent).status_code == 404, path
    assert clinic.alice.name not in carol.get("/clinic/patients.csv").text
