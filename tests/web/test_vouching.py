"""Which word of the staff counts before a clinician opens a diary in an emergency, and what the
search for it costs.

What must stay refused stands in `test_attack_office.py`.
"""

import inspect
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy

from recovery_tracker import services
from recovery_tracker.domain.people import Role
from recovery_tracker.services.vouching import is_vouched_for
from recovery_tracker.storage import accounts, audit_trail, people, second_person, teams
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.errors import Refused
from recovery_tracker.storage.tables.people import CareRow
from tests.web.conftest import NOW, SYSTEM
from tests.web.test_office_sees_no_diary import accounts_actor

COLLEAGUES = 6
"""Enough that a search by every path takes hundreds of times as many statements."""

LONG_CHAIN = 250
"""Accounts in a chain, each vouched for by the one before; following it may nest no more calls."""


def _invited(clinic, login: str, role: Role = Role.CLINICIAN) -> int:
    """An account that goes back to frank, whom nobody has vouched for."""
    return clinic.add_account(login, role, invited_by=clinic.accounts["frank"].id).id


def _patient(clinic, name: str) -> int:
    with clinic.database.write() as session:
        return people.create_patient(session, name=name, by=SYSTEM, at=NOW).id


def _give(clinic, patient_id: int, number: int, by: str) -> None:
    with clinic.database.write() as session:
        people.grant_care(session, patient_id, number, by=accounts_actor(clinic, by), at=NOW)


def _counts(clinic, number: int) -> bool:
    with clinic.database.read() as session:
        return is_vouched_for(session, number, NOW)


def _statements(clinic, number: int) -> int:
    """How many statements the search takes."""
    seen = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    sqlalchemy.event.listen(clinic.database.engine, "before_cursor_execute", note)
    try:
        assert not _counts(clinic, number)
    finally:
        sqlalchemy.event.remove(clinic.database.engine, "before_cursor_execute", note)
    return len(seen)


def _let_into_a_team(clinic, number: int, *patients: int) -> int:
    carol = accounts_actor(clinic, "carol")
    with clinic.database.write() as session:
        team = teams.save_team(session, "Spine", public_id="t", team_id=None, by=SYSTEM, at=NOW)
        teams.ask_to_join(session, team.id, number, joins=True, by=carol, at=NOW)
        for patient_id in patients:
            teams.place(session, patient_id, team_id=team.id, surgeon_id=None, by=SYSTEM, at=NOW)
    return team.id


class TestAWordIsHeard:
    """One way into a diary hides no other, and the newest word hides none before it."""

    def test_a_team_counts_although_its_only_patient_agreed_too(self, clinic):
        hanna = _invited(clinic, "hanna")
        _let_into_a_team(clinic, hanna, clinic.alice.id)
        assert _counts(clinic, hanna)
        _give(clinic, clinic.alice.id, hanna, by="alice")
        assert _counts(clinic, hanna)

    def test_one_who_waits_to_join_is_in_no_team(self, clinic):
        hanna = _invited(clinic, "hanna")
        with clinic.database.write() as session:
            team = teams.save_team(session, "S", public_id="t", team_id=None, by=SYSTEM, at=NOW)
            frank = accounts_actor(clinic, "frank")
            teams.ask_to_join(session, team.id, hanna, joins=False, by=frank, at=NOW)
        _give(clinic, clinic.alice.id, hanna, by="alice")
        assert not _counts(clinic, hanna)

    @pytest.mark.parametrize("givers", [("alice", "carol"), ("carol", "alice")])
    def test_a_colleague_s_word_counts_before_and_after_the_patient_s(self, clinic, givers):
        hanna = _invited(clinic, "hanna")
        for by in givers:
            _give(clinic, clinic.alice.id, hanna, by=by)
        assert _counts(clinic, hanna)

    def test_each_giver_s_word_stands_in_the_record_once(self, clinic):
        hanna = _invited(clinic, "hanna")
        for by in ("alice", "carol", "alice", "carol"):
            _give(clinic, clinic.alice.id, hanna, by=by)
        with clinic.database.read() as session:
            given = audit_trail.events_among(session, clinic.alice.id, [AuditAction.CARE_GRANTED])
            about = [one.by for one in given if one.details["account_id"] == hanna]
            assert session.get(CareRow, (hanna, clinic.alice.id)) is not None
        assert about == ["Carol", "Alice"]

    def test_a_word_ends_with_the_access_that_it_gave(self, clinic):
        hanna, alice = _invited(clinic, "hanna"), clinic.alice.id
        _give(clinic, alice, hanna, by="carol")
        services.end_care(clinic.database, alice, hanna, by=SYSTEM, at=NOW)
        _give(clinic, alice, hanna, by="alice")
        assert not _counts(clinic, hanna)
        _give(clinic, alice, hanna, by="carol")
        assert _counts(clinic, hanna)

    def test_leaving_a_team_ends_no_other_word(self, clinic):
        hanna, alice = _invited(clinic, "hanna"), clinic.alice.id
        _give(clinic, alice, hanna, by="carol")
        team = _let_into_a_team(clinic, hanna, alice)
        with clinic.database.write() as session:
            teams.leave(session, team, hanna, by=SYSTEM, at=NOW)
        assert _counts(clinic, hanna)

    def test_the_word_for_a_team_ends_with_it(self, clinic):
        hanna, alice = _invited(clinic, "hanna"), clinic.alice.id
        _give(clinic, alice, hanna, by="alice")
        team = _let_into_a_team(clinic, hanna, alice)
        with clinic.database.write() as session:
            teams.leave(session, team, hanna, by=SYSTEM, at=NOW)
        assert not _counts(clinic, hanna)

    def test_the_word_of_one_of_several_colleagues_is_enough(self, clinic):
        """Found although others, whom nobody vouched for, were asked before."""
        hanna, ivan = _invited(clinic, "hanna"), _invited(clinic, "ivan")
        first, second = _patient(clinic, "One"), _patient(clinic, "Two")
        _give(clinic, first, ivan, by="hanna")
        _give(clinic, first, hanna, by="ivan")
        _give(clinic, second, ivan, by="carol")
        assert _counts(clinic, hanna)
        assert _counts(clinic, ivan)

    def test_a_command_s_word_counts(self, clinic):
        hanna = _invited(clinic, "hanna")
        with clinic.database.write() as session:
            people.grant_care(session, clinic.alice.id, hanna, by=SYSTEM, at=NOW)
        assert _counts(clinic, hanna)

    def test_so_does_an_administrator_s_whom_somebody_else_invited(self, clinic):
        """That they are independent was asked when they gave it."""
        hanna, kim = _invited(clinic, "hanna"), _invited(clinic, "kim", Role.ADMINISTRATOR)
        with clinic.database.write() as session:
            accounts.note_inviter(session, kim, clinic.accounts["carol"].id)
        by = accounts_actor(clinic, "kim")
        services.second_person.give_care(clinic.database, clinic.bob.id, hanna, by=by, at=NOW)
        assert _counts(clinic, hanna)

    def test_cover_counts_for_whoever_stands_in_and_from_its_first_day(self, clinic):
        hanna, ivan = _invited(clinic, "hanna"), _invited(clinic, "ivan")
        carol, tomorrow = accounts_actor(clinic, "carol"), NOW + timedelta(days=1)
        with clinic.database.write() as session:
            week = (tomorrow, NOW + timedelta(days=7))
            teams.add_cover(session, ivan, carol.account_id, *week, by=carol, at=NOW)
        assert not _counts(clinic, ivan)
        with clinic.database.read() as session:
            assert is_vouched_for(session, ivan, tomorrow)
            assert not is_vouched_for(session, hanna, tomorrow)


class TestTheWayOut:
    """What the refusal and `docs/operations.md` say to do can be done on the pages."""

    def test_a_colleague_confirms_who_has_the_patient_s_yes_already(self, clinic):
        hanna = _invited(clinic, "hanna")
        _give(clinic, clinic.alice.id, hanna, by="alice")
        frank, page = clinic.signed_in("frank"), f"/admin/people/patients/{clinic.alice.public_id}"
        wanted = {"account": clinic.accounts["hanna"].public_id, "cares": "1"}
        offered = f'<option value="{wanted["account"]}"'
        assert frank.page(page).text.count(offered) == 2  # as the surgeon, and to be given access
        asked = frank.send(page, "/admin/people/care", patient=clinic.alice.public_id, **wanted)
        assert asked.status_code == 200
        assert not _counts(clinic, hanna)
        with clinic.database.read() as session:
            (waits,) = second_person.care_requests(session, clinic.alice.id)
        assert waits.account_id == hanna
        carol, access = clinic.signed_in("carol"), f"/clinic/p/{clinic.alice.public_id}/access"
        carol.send(access, f"{access}/{wanted['account']}", answer="yes")
        assert _counts(clinic, hanna)
        assert frank.page(page).text.count(offered) == 1

    def test_whoever_has_a_word_of_the_staff_is_not_offered_again(self, clinic):
        page = f"/admin/people/patients/{clinic.alice.public_id}"
        offered = f'<option value="{clinic.accounts["carol"].public_id}"'
        assert clinic.signed_in("frank").page(page).text.count(offered) == 1


class TestWhatTheSearchCosts:
    """It grows with the accounts, not with the paths between them, and holds nobody up."""

    def test_colleagues_who_gave_each_other_patients(self, clinic):
        names = [f"ring{number}" for number in range(COLLEAGUES)]
        numbers = [_invited(clinic, name) for name in names]
        for giver in names:
            shared = _patient(clinic, f"Of {giver}")
            for number in numbers:
                _give(clinic, shared, number, by=giver)
        assert _statements(clinic, numbers[0]) <= 8 * COLLEAGUES

    def test_many_patients_take_no_more_statements_than_one(self, clinic):
        hanna = _invited(clinic, "hanna")
        _give(clinic, clinic.alice.id, hanna, by="alice")
        with_one = _statements(clinic, hanna)
        for number in range(5):
            _give(clinic, _patient(clinic, f"P {number}"), hanna, by="alice")
        assert _statements(clinic, hanna) == with_one

    def test_a_chain_as_long_as_a_clinic_is_followed_to_its_end(self, clinic):
        giver = accounts_actor(clinic, "carol")
        with clinic.database.write() as session:
            for number in range(LONG_CHAIN):
                made = accounts.create_account(
                    session,
                    name="Link",
                    login=f"link{number}",
                    role=Role.CLINICIAN,
                    password_hash="none",
                    invited_by=clinic.accounts["frank"].id,
                    by=SYSTEM,
                    at=NOW,
                )
                people.grant_care(session, clinic.alice.id, made.id, by=giver, at=NOW)
                giver = replace(giver, account_id=made.id)
        depth = len(inspect.stack(0))
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(depth + LONG_CHAIN)
        try:
            assert _counts(clinic, made.id)
        finally:
            sys.setrecursionlimit(usual)

    def test_a_refusal_takes_no_lock(self, clinic):
        """It is given while somebody else writes, so nobody waits for the search either."""
        hanna = _invited(clinic, "hanna")
        _give(clinic, clinic.alice.id, hanna, by="alice")
        begun = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            begun.append(statement.upper().startswith("BEGIN IMMEDIATE"))

        sqlalchemy.event.listen(clinic.database.engine, "before_cursor_execute", note)
        by = accounts_actor(clinic, "hanna")
        with pytest.raises(Refused, match="Nobody on the staff has confirmed"):
            services.emergency.open_record(
                clinic.database, clinic.bob.id, "why", by=by, at=NOW + timedelta(minutes=1)
            )
        sqlalchemy.event.remove(clinic.database.engine, "before_cursor_execute", note)
        assert begun
        assert not any(begun)
