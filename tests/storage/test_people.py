"""Patients, accounts, sessions, settings: what must never go wrong with them."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from recovery_tracker.domain.history import Event, EventKind
from recovery_tracker.domain.people import Mode, Role
from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import (
    accounts,
    idempotency,
    invitations,
    passkeys,
    people,
    record_rows,
    sessions,
    settings,
    setup,
)
from recovery_tracker.storage.accounts import create_account
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.errors import Conflict, NotFound, Refused
from recovery_tracker.storage.invitations import NewLink
from recovery_tracker.storage.sessions import StoredSession
from recovery_tracker.storage.settings import Installation
from tests.databases import NOW, SYSTEM, TODAY, new_clinician, new_patient


def test_a_patient_is_edited_from_the_version_that_was_read(database: Database) -> None:
    patient = new_patient(database)
    with database.write() as session:
        changed = people.update_patient(
            session, replace(patient, zone="Asia/Tokyo"), expected_version=1, by=SYSTEM, at=NOW
        )
    assert (changed.version, changed.zone) == (2, "Asia/Tokyo")
    with pytest.raises(Conflict), database.write() as session:
        people.update_patient(
            session, replace(patient, name="X"), expected_version=1, by=SYSTEM, at=NOW
        )


def test_care_is_all_a_clinician_sees_and_ends_at_once(database: Database) -> None:
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    surgeon = new_clinician(database, ann)
    assert surgeon.cares_for == {ann.id}
    assert surgeon.account_id is not None
    with database.write() as session:
        people.revoke_care(session, ann.id, surgeon.account_id, by=SYSTEM, at=NOW)
        people.grant_care(session, bo.id, surgeon.account_id, by=SYSTEM, at=NOW)
    with database.read() as session:
        actor = accounts.actor_of(session, surgeon.account_id, NOW)
        assert actor is not None
        assert actor.cares_for == {bo.id}
        assert people.care_of(session, ann.id, NOW) == ()


def test_a_patient_account_belongs_to_a_patient(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        create_account(session, name="A", login="a", role=Role.PATIENT, by=SYSTEM, at=NOW)


def test_a_login_is_taken_whatever_its_case(database: Database) -> None:
    new_clinician(database, login="Surgeon@Clinic.example")
    with pytest.raises(Refused), database.write() as session:
        create_account(
            session,
            name="B",
            login=" surgeon@clinic.EXAMPLE",
            role=Role.CLINICIAN,
            by=SYSTEM,
            at=NOW,
        )


def a_session(account_id: int | None, digest: str = "d") -> StoredSession:
    return StoredSession(digest, account_id, {"a": 1}, NOW, NOW, NOW + timedelta(hours=1))


@pytest.mark.parametrize("ending", ["password", "disabled"])
def test_sessions_end_with_a_new_password_or_a_closed_account(
    database: Database, ending: str
) -> None:
    account_id = new_clinician(database).account_id
    assert account_id is not None
    with database.write() as session:
        sessions.save_session(session, a_session(account_id))
        assert sessions.load_session(session, "d", NOW) is not None
        if ending == "password":
            accounts.save_credentials(session, account_id, password_hash="x", by=SYSTEM, at=NOW)
        else:
            accounts.set_active(session, account_id, False, by=SYSTEM, at=NOW)
            assert accounts.actor_of(session, account_id, NOW) is None
        assert sessions.load_session(session, "d", NOW) is None


def test_a_session_runs_out(database: Database) -> None:
    with database.write() as session:
        sessions.save_session(session, a_session(None))
        assert sessions.load_session(session, "d", NOW + timedelta(hours=2)) is None
        sessions.delete_expired(session, NOW + timedelta(hours=2))
        assert sessions.load_session(session, "d", NOW) is None


def test_guesses_are_counted_until_they_are_forgotten(database: Database) -> None:
    later = NOW + timedelta(minutes=20)
    with database.write() as session:
        for minutes in (0, 10, 20, 21):
            sessions.record_attempt(session, "k", NOW + timedelta(minutes=minutes))
        assert sessions.attempts_between(session, "k", NOW + timedelta(minutes=5), later) == 2
        sessions.forget_attempts(session, "k")
        assert sessions.attempts_between(session, "k", NOW, later) == 0


def test_of_fifty_who_follow_one_invitation_one_gets_in(database: Database) -> None:
    with database.write() as session:
        link = NewLink("d", Role.CLINICIAN, "C", NOW + timedelta(days=1))
        invitations.create_invitation(session, link, by=SYSTEM, at=NOW)
    got_in = []

    def follow() -> None:
        with database.write() as session:
            if invitations.redeem_invitation(session, "d", at=NOW) is not None:
                got_in.append(1)

    threads = [threading.Thread(target=follow) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got_in) == 1


def test_an_invitation_runs_out(database: Database) -> None:
    with database.write() as session:
        link = NewLink("d", Role.CLINICIAN, "C", NOW)
        invitations.create_invitation(session, link, by=SYSTEM, at=NOW)
        assert invitations.redeem_invitation(session, "d", at=NOW) is None
        assert invitations.open_invitations(session, NOW) == ()


def test_passkeys_are_found_by_their_credential(database: Database) -> None:
    account_id = new_clinician(database).account_id
    assert account_id is not None
    with database.write() as session:
        passkey = passkeys.add_passkey(
            session,
            account_id,
            credential_id=b"\x01",
            public_key=b"\x02",
            sign_count=0,
            name="phone",
            usage="first",
            backup_state=True,
            device_type="multi_device",
            by=SYSTEM,
            at=NOW,
        )
        passkeys.use_passkey(session, passkey.id, sign_count=7, at=NOW)
    with database.write() as session:
        found = passkeys.passkey_by_credential(session, b"\x01")
        assert found is not None
        assert (found.sign_count, found.last_used_at, found.account_id) == (7, NOW, account_id)
        passkeys.delete_passkey(session, found.id, by=SYSTEM, at=NOW)
        assert passkeys.passkeys_of(session, account_id) == ()


def test_the_setup_link_works_once_and_never_after_setup(database: Database) -> None:
    with database.write() as session:
        token = setup.new_setup_token(session, NOW)
        assert token is not None
        assert not setup.is_setup_token(session, "guess")
        newer = setup.new_setup_token(session, NOW)
        assert newer is not None
        assert not setup.is_setup_token(session, token)
        assert setup.use_setup_token(session, newer, NOW)
        assert not setup.use_setup_token(session, newer, NOW)
        settings.save_installation(session, Installation(mode=Mode.JUST_ME), by=SYSTEM, at=NOW)
        assert setup.new_setup_token(session, NOW) is None


def test_a_clinic_is_closed_to_patients_until_it_has_said_everything(database: Database) -> None:
    with database.write() as session:
        clinic = settings.save_installation(
            session, Installation(mode=Mode.CLINIC, emergency_number="112"), by=SYSTEM, at=NOW
        )
        assert clinic.missing_for_patients == (
            "team_number",
            "team_hours",
            "reading_promise",
            "rules_signed_by",
        )
        full = replace(
            clinic, team_number="1", team_hours="9-5", reading_promise="daily", rules_signed_by="Dr"
        )
        assert settings.save_installation(session, full, by=SYSTEM, at=NOW).is_ready_for_patients
        with pytest.raises(Conflict):
            settings.save_installation(session, full, by=SYSTEM, at=NOW)


def test_a_mode_and_the_mark_of_a_demo_stay(database: Database) -> None:
    with database.write() as session:
        first = settings.save_installation(
            session, Installation(mode=Mode.CLINIC, is_demo=True), by=SYSTEM, at=NOW
        )
        second = settings.save_installation(
            session, replace(first, mode=Mode.JUST_ME, is_demo=False), by=SYSTEM, at=NOW
        )
    assert (second.mode, second.is_demo) == (Mode.CLINIC, True)


def test_the_first_answer_is_the_answer_to_every_repeat(database: Database) -> None:
    with database.write() as session:
        assert idempotency.first_answer(session, "k", {"a": 1}) is None
        idempotency.remember(session, "k", {"a": 1}, {"id": 5}, at=NOW)
        assert idempotency.first_answer(session, "k", {"a": 1}) == {"id": 5}
        with pytest.raises(Conflict):
            idempotency.first_answer(session, "k", {"a": 2})


def test_a_row_of_the_record_is_edited_and_removed_by_version(database: Database) -> None:
    patient, other = new_patient(database), new_patient(database, "Bo")
    with database.write() as session:
        stored = record_rows.add(
            session, patient.id, Event(TODAY, EventKind.FALL, "stairs"), by=SYSTEM, at=NOW
        )
        edited = record_rows.edit(
            session,
            patient.id,
            stored.public_id,
            Event(TODAY, EventKind.VISIT),
            expected_version=1,
            by=SYSTEM,
            at=NOW,
        )
        assert (edited.version, edited.value.kind) == (2, EventKind.VISIT)
        for patient_id, version, refusal in ((patient.id, 1, Conflict), (other.id, 2, NotFound)):
            with pytest.raises(refusal):
                record_rows.remove(
                    session,
                    patient_id,
                    stored.public_id,
                    Event,
                    expected_version=version,
                    by=SYSTEM,
                    at=NOW,
                )
        record_rows.remove(
            session, patient.id, stored.public_id, Event, expected_version=2, by=SYSTEM, at=NOW
        )
        assert record_rows.values_of(session, patient.id, Event) == ()
        assert len(record_rows.values_of(session, patient.id, Operation)) == 1
