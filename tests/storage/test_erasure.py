"""Erased means: not a byte of the patient is left, and everything else is whole."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from recovery_tracker.domain.alerts import Alert
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.history import (
    Appointment,
    Event,
    EventKind,
    Imaging,
    ImagingResult,
)
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Actor, Rights, Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.services import erase_patient, record_day
from recovery_tracker.storage import (
    accounts,
    alerts,
    attention,
    audit_trail,
    diary,
    emergency,
    flags,
    imports,
    invitations,
    people,
    record_rows,
    reminders,
    second_person,
    soundness,
    tags,
    teams,
    visit_links,
    ways,
)
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.copying import copy_database, free_name
from recovery_tracker.storage.database import Database, WriteSession, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.errors import NotFound
from recovery_tracker.storage.invitations import NewLink
from recovery_tracker.storage.own_copies import own_copies
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.tables.sensitivity import SensitivityRow
from recovery_tracker.storage.upgrade import backup_name, downgrade_database
from tests.databases import NOW, SYSTEM, TODAY, as_patient, new_clinician, new_patient, url_of

CANARIES = (
    *("Canary-Name", "canary@example.org", "canary note", "canary label", "canary decision"),
    *("canary medicine", "canary place", "canary finding", "canary advice", "canary reason"),
    *("canary carer", "canary watch", "canary sitting", "canary.key", "canary tag"),
)


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
        tags.set_tags(session, patient.id, ("canary tag",), by=SYSTEM, at=NOW)
        (waiting,) = alerts.waiting(session)
        for reader in (None, surgeon.account_id):
            alerts.claim(session, reader, Alert.FLAG, waiting.subject, at=NOW)
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
        _the_rest_of(session, patient, surgeon)
    return patient


def _the_rest_of(session: WriteSession, patient: Patient, surgeon: Actor) -> None:
    """A row in each table about a patient that nothing else here fills."""
    day, number = TODAY, patient.id
    on = {"by": SYSTEM, "at": NOW}
    assert surgeon.account_id is not None
    for value in (
        Medicine(day, "canary medicine"),
        Appointment(day, "10:30", place="canary place"),
        ImagingResult(day, "ct", Imaging.FUSED, "canary finding"),
        Instruction(InstructionKind.PLAN, day, NOW, text="canary advice"),
    ):
        record_rows.add(session, number, value, **on)
    until = NOW + timedelta(hours=1)
    visit_links.make_link(session, number, digest="canary.key", day=day, expires_at=until, **on)
    emergency.open_record(session, number, "canary reason", until=until, by=surgeon, at=NOW)
    link = NewLink("d", Role.PATIENT, "canary carer", until, number, rights=Rights.READ)
    invitations.create_invitation(session, link, **on)
    begun, _public_id = imports.start_import(session, number, kind="canary watch", at=NOW)
    steps = PassiveValue(day, PassiveKind.STEPS, "canary watch", 4000)
    imports.save_values(session, number, begun, [steps], **on)
    teams.place(session, number, team_id=None, surgeon_id=surgeon.account_id, **on)
    second_person.ask_for_care(session, number, surgeon.account_id, by=surgeon, at=NOW)
    ways.end_way(session, number, surgeon.account_id)
    session.add(
        SensitivityRow(
            patient_id=number,
            setting=None,
            reason="canary sitting",
            rule_set="",
            at=NOW,
            author_account_id=None,
        )
    )


def rows_about(database: Database, patient_id: int) -> dict[str, int]:
    """How many rows of each table name the patient."""
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).where(table.c.patient_id == patient_id))
            or 0
            for table in Base.metadata.sorted_tables
            if "patient_id" in table.c and table.name != "erasure"
        }


def canaries_in(file: Path) -> set[str]:
    content = b"".join(
        part.read_bytes() for part in file.parent.iterdir() if part.name.startswith(file.name)
    )
    return {canary for canary in CANARIES if canary.encode() in content}


def test_nothing_is_left_and_the_chain_still_holds(database: Database, file: Path) -> None:
    patient = full(database)
    other = new_patient(database, "Other")
    assert canaries_in(file) == set(CANARIES)
    before = rows_about(database, patient.id)
    assert all(before.values()), [name for name, count in before.items() if not count]
    erase_patient(database, patient.id, by=SYSTEM, at=NOW)
    assert canaries_in(file) == set()
    assert not any(rows_about(database, patient.id).values())
    with database.read() as session:
        assert list(soundness.problems_of(session)) == []
        events = audit_trail.events_about(session, patient.id)
        assert events
        assert all(event.details is None for event in events)
        # Who looked after them keeps their name; the patient has none any more.
        assert {event.by for event in events} == {"", "Dr Example"}
        assert [p.name for p in people.all_patients(session)] == ["Other"]
        assert people.patient_by_id(session, other.id) == other


def test_nothing_is_left_in_copies_that_the_program_made(database: Database, file: Path) -> None:
    """One from before a restore, one from before an upgrade, one that is damaged."""
    patient = full(database)
    new_patient(database, "Other")
    copies = [
        free_name(file, "before-restore"),
        backup_name(url_of(file)),
        file.with_name(f"{file.stem}.before-0007{file.suffix}"),
    ]
    for copy in copies[:2]:
        copy_database(file, copy)
    downgrade_database(url_of(copies[1]), "-1")
    copies[2].write_bytes(b"no database")
    theirs = file.with_name("kept-by-somebody.zip")
    theirs.write_bytes(b"canary note")
    assert set(copies) <= set(own_copies(file))
    erased = erase_patient(database, patient.id, by=SYSTEM, at=NOW)
    assert erased.unread == (copies[2],)
    assert theirs.read_bytes() == b"canary note"
    for copy in copies[:2]:
        assert canaries_in(copy) == set(), copy.name
        other = open_database(url_of(copy))
        with other.read() as session:
            assert [one.name for one in people.all_patients(session)] == ["Other"]
            assert list(soundness.problems_of(session)) == []
        other.close()
    assert not list(file.parent.glob(".recovery-tracker-*"))


def test_a_copy_with_a_damaged_value_does_not_keep_the_others(
    database: Database, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver opens it; reading the patient in it fails in a way that is nobody's own error."""
    patient = full(database)
    damaged, whole = (free_name(file, f"before-{word}") for word in ("a", "b"))
    for copy in (damaged, whole):
        copy_database(file, copy)
    with closing(driver().connect(damaged)) as plain, plain:
        plain.execute("update patient set preferences = '{canary note'")
    erased = erase_patient(database, patient.id, by=SYSTEM, at=NOW)
    assert erased.unread == (damaged,)
    assert canaries_in(whole) == set()
    assert [one.getMessage() for one in caplog.records] == [
        "a copy of the database could not be read: JSONDecodeError"
    ]


def test_what_lies_beside_a_copy_is_no_copy(database: Database, file: Path) -> None:
    """Somebody opened the copy and saved in it; the file for taking turns stayed."""
    patient = full(database)
    copy = free_name(file, "before-restore")
    copy_database(file, copy)
    opened = open_database(url_of(copy))
    new_patient(opened, "Other")
    opened.close()
    assert len(list(file.parent.glob(f"{copy.name}*"))) > 1
    assert own_copies(file) == (copy,)
    assert erase_patient(database, patient.id, by=SYSTEM, at=NOW).unread == ()


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
