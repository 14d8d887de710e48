"""Erased means: not a byte of the patient is left, and everything else is whole."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.history import Event, EventKind
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.services import erase_patient, record_day
from recovery_tracker.storage import (
    accounts,
    attention,
    audit,
    backup,
    diary,
    flags,
    people,
    record_rows,
    reminders,
)
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.errors import NotFound
from recovery_tracker.storage.people import Patient
from tests.databases import NOW, SYSTEM, TODAY, as_patient, new_clinician, new_patient

CANARIES = ("Canary-Name", "canary@example.org", "canary note", "canary label", "canary decision")


def full(database: Database) -> Patient:
    """A patient with something everywhere."""
    patient = new_patient(database, "Canary-Name")
    surgeon = new_clinician(database, patient)
    entry = DiaryEntry(TODAY, signs=frozenset({"wound_redness"}), note="canary note")
    record_day(database, patient.id, entry, by=as_patient(patient), at=NOW, today=TODAY, key="k")
    with database.write() as session:
        account = accounts.create_account(
            session,
            name="Canary-Name",
            login="canary@example.org",
            role=Role.PATIENT,
            patient_id=patient.id,
            by=SYSTEM,
            at=NOW,
        )
        actor = accounts.actor_of(session, account.id, NOW)
        assert actor is not None
        accounts.save_credentials(session, account.id, signed_in_at=NOW, by=actor, at=NOW)
        record_rows.add(
            session, patient.id, Event(TODAY, EventKind.OTHER, "canary label"), by=SYSTEM, at=NOW
        )
        score = FormScore(TODAY, "ndi_points", 14, Role.PATIENT)
        record_rows.add(session, patient.id, score, by=SYSTEM, at=NOW)
        reminders.claim(session, patient.id, TODAY, at=NOW)
        mail = people.with_preferences(
            people.patient_by_id(session, patient.id), mail={"to": "canary@example.org"}
        )
        people.update_patient(session, mail, expected_version=mail.version, by=SYSTEM, at=NOW)
        (flag,) = flags.flags_of(session, patient.id)
        attention.decide(
            session,
            patient.id,
            flag.public_id,
            Decision.WOUND_OR_BLOODS,
            note="canary decision",
            by=surgeon,
            at=NOW,
            today=TODAY,
        )
        attention.acknowledge(
            session,
            patient.id,
            flag.public_id,
            flags.Acknowledged.CALLED,
            note="canary note",
            by=actor,
            at=NOW,
            today=TODAY,
        )
    return patient


def canaries_in(file: Path) -> set[str]:
    content = b"".join(
        part.read_bytes() for part in file.parent.iterdir() if part.name.startswith(file.name)
    )
    return {canary for canary in CANARIES if canary.encode() in content}


def test_nothing_is_left_and_the_chain_still_holds(database: Database, file: Path) -> None:
    patient = full(database)
    other = new_patient(database, "Other")
    assert canaries_in(file) == set(CANARIES)
    erase_patient(database, patient.id, by=SYSTEM, at=NOW)
    assert canaries_in(file) == set()
    with database.read() as session:
        assert list(backup.problems_of(session)) == []
        events = audit.events_about(session, patient.id)
        assert events
        assert all(event.details is None for event in events)
        # Who looked after them keeps their name; the patient has none any more.
        assert {event.by for event in events} == {"", "Dr Example"}
        assert [p.name for p in people.all_patients(session)] == ["Other"]
        assert people.patient_by_id(session, other.id) == other


def test_a_number_is_never_given_again(database: Database) -> None:
    """Otherwise the guards of the erased patient would stand open for the next one."""
    first = new_patient(database)
    erase_patient(database, first.id, by=SYSTEM, at=NOW)
    assert new_patient(database).id > first.id


def test_erasing_one_opens_no_guard_for_another(database: Database) -> None:
    gone, stays = new_patient(database, "Gone"), new_patient(database, "Stays")
    with database.write() as session:
        diary.save_version(session, stays.id, DiaryEntry(TODAY, axial_pain=1), by=SYSTEM, at=NOW)
    erase_patient(database, gone.id, by=SYSTEM, at=NOW)
    for statement in ("DELETE FROM entry_version", "DELETE FROM patient"):
        with pytest.raises(IntegrityError, match="never"), database.write() as session:
            session.execute(text(statement))


def test_who_is_not_there_cannot_be_erased(database: Database) -> None:
    with pytest.raises(NotFound):
        erase_patient(database, 99, by=SYSTEM, at=NOW)
