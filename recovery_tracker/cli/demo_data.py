"""Fills a throw-away database with the people of `demonstration.stories`."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import uuid4

from .. import services
from ..demonstration.stories import Story, stories
from ..domain.diary import DiaryEntry
from ..domain.file_content import FileContent
from ..domain.flags import Decision
from ..domain.history import Appointment, History
from ..domain.instructions import Instruction, InstructionKind
from ..domain.people import Actor, Mode, Role
from ..domain.signs import WEEKLY_SIGNS
from ..services import attention, import_history, record, record_day
from ..services.accounts import create_account
from ..services.attention import Decided
from ..storage import accounts, flags, settings
from ..storage.database import Database
from ..web.config import utc_now
from .options import progress

#: Days within which a warning answer counts as one that somebody must still look at.
_RECENT = 30

_SURGEON = "Dr Vera Lund"
_FILLER = Actor(None, "demonstration", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """Accounts that the demonstration signs in."""

    patient: int
    surgeon: int


def fill(database: Database) -> DemoPeople:
    """Every story as a patient of one surgeon, in a clinic that is marked as a demonstration."""
    at = utc_now()
    services.save_settings(database, _clinic(at), by=_FILLER, at=at)
    surgeon = create_account(
        database,
        name=_SURGEON,
        login="surgeon@demo.invalid",
        role=Role.CLINICIAN,
        by=_FILLER,
        at=at,
    )
    told = stories(at)
    patients = [
        _admit(database, story, surgeon.id, at)
        for story in progress(told, "synthetic patients", len(told))
    ]
    _tell(database, patients[0], at)
    patient = create_account(
        database,
        name=told[0].name,
        login="patient@demo.invalid",
        role=Role.PATIENT,
        patient_id=patients[0],
        by=_FILLER,
        at=at,
    )
    return DemoPeople(patient=patient.id, surgeon=surgeon.id)


def _tell(database: Database, patient_id: int, at: datetime) -> None:
    """What the clinic told this patient to do, not to do, and from when they may drive."""
    last_week, soon = at - timedelta(days=6), at.date() + timedelta(days=9)
    for kind, topic, text in (
        (InstructionKind.PLAN, "physio", ""),
        (InstructionKind.RESTRICTION, "lifting", "Nothing over 5 kg."),
        (InstructionKind.CLEARANCE, "driving", ""),
    ):
        said = Instruction(kind, last_week.date(), last_week, topic, text, soon, _SURGEON)
        record.add(database, patient_id, said, key="", by=_FILLER, at=at)


def _clinic(at: datetime) -> settings.Installation:
    """A clinic that does not exist; its numbers are reserved for fiction and reach nobody."""
    return settings.Installation(
        mode=Mode.CLINIC,
        country="GB",
        emergency_number="999",
        team_number="020 7946 0123",
        team_hours="Monday to Friday, 8 to 17",
        out_of_hours="111",
        reading_promise="Entries are read on working days (demonstration: nobody reads them).",
        rules_signed_by="nobody: this is a demonstration",
        clinic_name="Demonstration clinic",
        is_demo=True,
        set_up_at=at,
    )


def _admit(database: Database, story: Story, surgeon: int, at: datetime) -> int:
    patient = services.admit(
        database,
        story.name,
        birth_date=story.birth_date,
        hospital_number=story.hospital_number,
        # Numbers that are reserved for fiction, and ring nowhere.
        phone=f"07700 900{story.hospital_number[-3:]}",
        zone="UTC",
        country="GB",
        clinician=surgeon,
        by=_FILLER,
        at=at,
    )
    for day in story.visits:
        visit = Appointment(day, time(9, 30).strftime("%H:%M"), "Dr Lund", "Clinic")
        record.add(database, patient.id, visit, key="", by=_FILLER, at=at)
    _write_diary(database, patient.id, story.history, at)
    if story.decided is not None:
        _decide(database, patient.id, surgeon, *story.decided, at)
    return patient.id


def _decide(
    database: Database, patient_id: int, surgeon: int, decision: Decision, note: str, at: datetime
) -> None:
    """Every open flag of the patient carries the surgeon's decision."""
    with database.read() as session:
        by = accounts.actor_of(session, surgeon, at)
        there = flags.flags_of(session, patient_id)
    assert by is not None
    for flag in there:
        if flag.is_open:
            made = Decided(decision, note, None, None, flag.version)
            attention.decide(
                database,
                patient_id,
                flag.public_id,
                made,
                key=str(uuid4()),
                by=by,
                at=at,
                today=at.date(),
            )


def _write_diary(database: Database, patient_id: int, history: History, at: datetime) -> None:
    """The diary as if it had been kept here: older days all together, recent ones day by day.

    An imported sign is in the past and raises nothing, so days from the first recent sign onwards
    are recorded one by one, each on its own day.
    """
    today = at.date()
    recent = today - timedelta(days=_RECENT)
    told = (e.day for e in history.entries if e.day >= recent and _is_warning(e))
    live = min(told, default=today + timedelta(days=1))
    before = replace(history, entries=tuple(e for e in history.entries if e.day < live))
    import_history(
        database,
        patient_id,
        FileContent(before),
        by=_FILLER,
        at=at,
        today=min(today, live - timedelta(days=1)),
    )
    for entry in history.entries[len(before.entries) :]:
        record_day(
            database,
            patient_id,
            entry,
            by=_FILLER,
            at=entry.recorded_at or at,
            today=entry.recorded_on(),
            key=str(uuid4()),
        )


def _is_warning(entry: DiaryEntry) -> bool:
    return bool((entry.signs or frozenset()) - set(WEEKLY_SIGNS))
