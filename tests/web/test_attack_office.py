"""What somebody who may invite people could do with people who are themselves."""

import re
from datetime import timedelta

import pytest

from recovery_tracker import services
from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, invitations, people, second_person, teams
from recovery_tracker.storage.errors import Refused
from recovery_tracker.storage.tables.people import AccountRow
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from recovery_tracker.web.auth.sessions import digest_of
from tests.web.conftest import BOB_WORDS, NOW, PASSWORD, SYSTEM, _log_a_day
from tests.web.test_office_sees_no_diary import _make_administrator, accounts_actor
from tests.web.test_ways_in import NEW_PASSWORD, _give_an_app


def _link_in(text: str) -> str:
    return "/invitation/" + re.search(r'class="link">([^<]+)', text)[1].rsplit("/", 1)[1]


def _take_up(clinic, link: str, login: str) -> int:
    """The status of the answer, of the form where there is one."""
    browser = clinic.browser()
    if browser.get(link).status_code == 404:
        return 404
    status = browser.send(link, login=login, password=PASSWORD).status_code
    with clinic.database.read() as session:
        found = accounts.account_by_login(session, login)
    if found is not None:
        clinic.accounts[login] = found
    return status


def _invite(clinic, role: Role, login: str, by: str = "frank", patient_id: int | None = None):
    """Somebody's browser, who was invited and signed in."""
    link = invite(
        clinic.database,
        "",
        role=role,
        name=login.title(),
        patient_id=patient_id,
        by=accounts_actor(clinic, by),
        at=NOW,
    )
    assert _take_up(clinic, link, login) == 303
    return clinic.signed_in(login)


def _without_account(clinic, name: str) -> None:
    """The diary is there, its owner's account is not."""
    with clinic.database.write() as session:
        session.delete(session.get(AccountRow, clinic.accounts[name].id))


class TestASecondLinkToOneDiary:
    """A link that the office saw opens a diary only while nothing stands in it."""

    def _two_links(self, clinic) -> tuple[str, str, int]:
        with clinic.database.write() as session:
            ivy = people.create_patient(session, name="Ivy Lane", by=SYSTEM, at=NOW)
        links = [
            invite(
                clinic.database,
                "",
                role=Role.PATIENT,
                name="Ivy Lane",
                patient_id=ivy.id,
                by=accounts_actor(clinic, "frank"),
                at=NOW,
            )
            for _ in range(2)
        ]
        return *links, ivy.id

    def test_one_that_was_kept_opens_nothing_once_the_patient_has_an_account(self, clinic):
        handed, kept, ivy = self._two_links(clinic)
        assert _take_up(clinic, handed, "ivy") == 303
        _log_a_day(clinic.database, ivy, NOW, "zebra-note-ivy")
        assert _take_up(clinic, kept, "spy") == 404
        with clinic.database.read() as session:
            assert accounts.account_by_login(session, "spy") is None
            assert not [
                one for one in invitations.open_invitations(session, NOW) if one.patient_id == ivy
            ]

    def test_one_from_before_the_entries_opens_them_no_more(self, clinic):
        """They came by `import`, before the patient had an account."""
        kept, _other, ivy = self._two_links(clinic)
        _log_a_day(clinic.database, ivy, NOW, "zebra-note-ivy")
        assert _take_up(clinic, kept, "spy") == 404

    def test_a_form_that_was_open_in_the_meantime_is_refused_as_well(self, clinic):
        handed, kept, _ivy = self._two_links(clinic)
        browser = clinic.browser()
        form = browser.page(kept).form().hidden()
        assert _take_up(clinic, handed, "ivy") == 303
        sent = {**form, "login": "spy", "password": PASSWORD}
        assert browser.client.post(kept, data=sent).status_code == 404

    def test_the_diary_may_begin_between_the_page_and_the_write(self, clinic):
        """What opens an account asks once more, whoever looked before."""
        kept, _other, ivy = self._two_links(clinic)
        _log_a_day(clinic.database, ivy, NOW, "zebra-note-ivy")
        digest = digest_of(kept.rsplit("/", 1)[1])
        assert not services.accounts.take_up(clinic.database, digest, "spy", "hash", at=NOW)
        with clinic.database.read() as session:
            assert accounts.account_by_login(session, "spy") is None

    def test_a_link_of_the_command_is_not_made_again_by_the_office(self, clinic):
        """Whoever runs the computer made one for a diary with entries."""
        _without_account(clinic, "bob")
        invite(
            clinic.database,
            "",
            role=Role.PATIENT,
            name="Bob",
            patient_id=clinic.bob.id,
            by=SYSTEM,
            at=NOW,
        )
        frank = clinic.signed_in("frank")
        text = frank.send("/admin/people", "/admin/people/links/", again="1").text
        assert 'class="link"' not in text
        assert "has entries already" in text

    def test_no_other_door_makes_one(self, clinic):
        _without_account(clinic, "bob")
        with pytest.raises(Refused):
            invite(
                clinic.database,
                "",
                role=Role.PATIENT,
                name="Bob",
                patient_id=clinic.bob.id,
                by=accounts_actor(clinic, "frank"),
                at=NOW,
            )
        with clinic.database.read() as session:
            assert invitations.open_invitations(session, NOW) == ()


class TestEmergencyByAnAccountOfOnesOwn:
    """A made-up patient agrees to a made-up clinician, who then has a patient."""

    PAGE = "/clinic/emergency"

    def _fake_patient(self, clinic) -> int:
        with clinic.database.write() as session:
            made = people.create_patient(session, name="Nobody At All", by=SYSTEM, at=NOW)
        _invite(clinic, Role.PATIENT, "fake", patient_id=made.id)
        return made.id

    def _give(self, clinic, patient_id: int, login: str, by: str) -> None:
        with clinic.database.write() as session:
            number = clinic.accounts[login].id
            actor = accounts_actor(clinic, by)
            people.grant_care(session, patient_id, number, by=actor, at=NOW)

    def _opens(self, clinic, browser) -> bool:
        typed = {"name": clinic.bob.name, "reason": "why"}
        answer = browser.send(self.PAGE, self.PAGE, **typed)
        opened = browser.get(f"/clinic/p/{clinic.bob.public_id}")
        assert (BOB_WORDS[1] in opened.text) == (answer.status_code == 303)
        if answer.status_code != 303:
            assert answer.status_code == 422
            assert "Nobody on the staff has confirmed your account" in answer.text
        return answer.status_code == 303

    def test_the_yes_of_a_patient_is_for_that_diary_alone(self, clinic):
        patient = self._fake_patient(clinic)
        hanna = _invite(clinic, Role.CLINICIAN, "hanna")
        self._give(clinic, patient, "hanna", by="fake")
        assert not self._opens(clinic, hanna)

    def test_nor_does_one_of_them_vouch_for_another(self, clinic):
        patient = self._fake_patient(clinic)
        hanna = _invite(clinic, Role.CLINICIAN, "hanna")
        ivan = _invite(clinic, Role.CLINICIAN, "ivan")
        self._give(clinic, patient, "hanna", by="fake")
        self._give(clinic, patient, "ivan", by="hanna")
        assert not self._opens(clinic, ivan)
        # Nor in a circle, nor as cover for each other.
        self._give(clinic, clinic.alice.id, "hanna", by="ivan")
        with clinic.database.write() as session:
            numbers = [clinic.accounts[name].id for name in ("ivan", "hanna")]
            week = (NOW, NOW + timedelta(days=7))
            teams.add_cover(session, *numbers, *week, by=accounts_actor(clinic, "hanna"), at=NOW)
        assert not self._opens(clinic, hanna)
        assert not self._opens(clinic, ivan)

    @pytest.mark.parametrize("by", ["carol", "iris"])
    def test_a_colleague_or_an_independent_administrator_does(self, clinic, by):
        hanna = _invite(clinic, Role.CLINICIAN, "hanna")
        if by == "iris":
            _make_administrator(clinic, "iris", by=SYSTEM)
            with clinic.database.read() as session:
                clinic.accounts["iris"] = accounts.account_by_login(session, "iris")
        self._give(clinic, clinic.alice.id, "hanna", by=by)
        assert self._opens(clinic, hanna)

    def test_so_do_a_team_and_the_one_who_is_stood_in_for(self, clinic):
        hanna = _invite(clinic, Role.CLINICIAN, "hanna")
        ivan = _invite(clinic, Role.CLINICIAN, "ivan")
        with clinic.database.write() as session:
            team = teams.save_team(session, "Spine", public_id="t", team_id=None, by=SYSTEM, at=NOW)
            number = clinic.accounts["hanna"].id
            carol = accounts_actor(clinic, "carol")
            teams.ask_to_join(session, team.id, number, joins=True, by=carol, at=NOW)
            alice = clinic.alice.id
            teams.place(session, alice, team_id=team.id, surgeon_id=None, by=SYSTEM, at=NOW)
            cover = (clinic.accounts["ivan"].id, clinic.accounts["carol"].id)
            week = (NOW, NOW + timedelta(days=7))
            teams.add_cover(session, *cover, *week, by=carol, at=NOW)
        assert self._opens(clinic, hanna)
        assert self._opens(clinic, ivan)


class TestAnotherAdministratorTakenOver:
    """A new password by a link is all it takes where there is no second step."""

    def _second(self, clinic):
        _make_administrator(clinic, "iris", by=SYSTEM)
        with clinic.database.read() as session:
            clinic.accounts["iris"] = accounts.account_by_login(session, "iris")
        return clinic.accounts["iris"]

    def _are_independent(self, clinic) -> bool:
        with clinic.database.read() as session:
            numbers = [clinic.accounts[name].id for name in ("frank", "iris")]
            return second_person.are_independent(session, *numbers)

    def _new_password(self, clinic, by) -> None:
        link = offer_new_password(clinic.database, "", clinic.accounts["iris"], by=by, at=NOW)
        assert clinic.browser().send(link, password=NEW_PASSWORD).status_code == 303

    def test_it_is_no_second_person_from_then_on(self, clinic):
        self._second(clinic)
        assert self._are_independent(clinic)
        self._new_password(clinic, accounts_actor(clinic, "frank"))
        assert not self._are_independent(clinic)

    def test_with_a_second_step_or_by_the_command_it_stays_one(self, clinic):
        self._second(clinic)
        self._new_password(clinic, SYSTEM)
        assert self._are_independent(clinic)
        _give_an_app(clinic, "iris")
        self._new_password(clinic, accounts_actor(clinic, "frank"))
        assert self._are_independent(clinic)
