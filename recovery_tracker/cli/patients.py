"""One patient's diary, into the database and out of it."""

import json
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .. import services
from ..domain.errors import RecoveryError
from ..domain.history import Appointment, Event, History, ImagingResult, Schedule
from ..domain.instructions import Instruction
from ..domain.passive import PassiveKind, days_by_source
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from ..exchange.archive import Archive, beside_days
from ..exchange.cells import as_cell
from ..exchange.choices import NOTHING_CHOSEN, Choices
from ..exchange.diary_csv import Limits, diary_text
from ..exchange.flags_csv import flag_fields
from ..exchange.incoming import read_file
from ..exchange.mapping import NO_MAPPING, read_mapping
from ..exchange.passive_csv import passive_text
from ..exchange.scores_csv import scores_text
from ..exchange.whole_file import whole_file
from ..storage import accounts, audit, diary, flags, imports, people, reminders, surgeries
from ..storage.database import Database, Session
from ..storage.errors import NotFound
from ..storage.sensitivity import changes_of
from ..web.clock import utc_now
from . import import_wording
from .database import BY_COMMAND

_README = """Everything this recovery diary keeps about one person.

diary.csv        one row a day; an empty cell was not recorded; lists are joined with ';'
patient.json     who it is, operations, events, imaging, appointments, instructions, scores of
                 forms, reminders; and of each day what diary.csv has no column for
passive.csv      what a phone or watch counted, by day and source, where there is any
scores.csv       totals of the clinic's forms, one row each
flags.json       every flag with its evidence, decisions and dates
journal.json     who looked at the record or changed it, and when

`recovery-tracker import` reads this file back, or diary.csv alone. Flags are then found anew from
the days; decisions, reminders and the journal stay here.
"""


def the_patient(database: Database, public_id: str | None) -> people.Patient:
    """The patient of this id; without one, the only patient there is.

    Raises:
        RecoveryError: there is no such patient, or more than one to choose from.
    """
    with database.read() as session:
        if public_id is not None:
            patient = people.patient_by_public_id(session, public_id)
            if patient is None:
                raise RecoveryError(f"no patient has the id {public_id!r}")
            return patient
        everybody = people.all_patients(session)
    if len(everybody) != 1:
        raise RecoveryError(
            "there is no patient yet; set up the diary first (recovery-tracker run)"
            if not everybody
            else f"there are {len(everybody)} patients; say which with --patient ID"
        )
    return everybody[0]


def the_account(database: Database, login: str) -> accounts.Account:
    """The account that signs in with this name.

    Raises:
        RecoveryError: there is none.
    """
    with database.read() as session:
        account = accounts.account_by_login(session, login)
    if account is None:
        raise RecoveryError(f"no account signs in as {login!r}")
    return account


def import_file(
    database: Database,
    file: Path,
    public_id: str | None,
    *,
    dry_run: bool,
    choices: Choices = NOTHING_CHOSEN,
    mapping: Path | None = None,
) -> str:
    """Everything of the file is in the patient's record, or nothing is; says what was done.

    The file is recognised by what stands in it. What was there already stays as it was.

    Raises:
        RecoveryError: nothing for a diary can be read from it, it is about somebody else, or no
            operation is known.
    """
    patient = the_patient(database, public_id)
    at = utc_now()
    today = at.astimezone(ZoneInfo(patient.zone)).date()
    with database.read() as session:
        done = surgeries.values_of(session, patient.id, Operation)
    found = read_file(
        file,
        zone=patient.zone,
        limits=Limits({operation.region for operation in done}, today, at),
        choices=choices,
        how=read_mapping(mapping, choices) if mapping else NO_MAPPING,
    )
    read = found.archive
    _check_person(read, patient, file)
    if not (done or read.operations):
        raise RecoveryError("the patient has no operation yet; add it first")
    sources = days_by_source(found.passive, PassiveKind.STEPS)
    preferred = preferred_source(choices.source, sources, file.name)
    imported = services.import_history(
        database,
        patient.id,
        history_of(read, done, patient.schedule),
        by=BY_COMMAND,
        at=at,
        today=today,
        appointments=read.appointments,
        passive=found.passive,
        kind=found.kind,
        steps_source=preferred,
        dry_run=dry_run,
    )
    return import_wording.said(imported, found, dry_run=dry_run)


def history_of(read: Archive, done: tuple[Operation, ...], schedule: Schedule) -> History:
    """What an import reads as a recovery; a file without operations belongs to those known."""
    return History(
        operations=read.operations or done,
        entries=read.entries,
        events=read.events,
        imaging=read.imaging,
        schedule=schedule,
        instructions=read.instructions,
        scores=read.scores,
    )


def preferred_source(said: str | None, sources: Collection[str], name: str) -> str:
    """The source whose steps are read from now on; "" where nobody said.

    Raises:
        RecoveryError: the file has no such source; the line names those it has.
    """
    if not said:
        return ""
    for source in sources:
        if source.casefold() == said.casefold():
            return source
    listed = ", ".join(sources) or "none"
    raise RecoveryError(f"{name}: counts no steps by {said!r}; its sources: {listed}")


def undo(database: Database, public_id: str | None, import_id: str) -> str:
    """The import of this id is taken back; says what became of it.

    Raises:
        RecoveryError: the patient has no such import, or it was taken back before.
    """
    patient = the_patient(database, public_id)
    try:
        undone = services.undo_import(database, patient.id, import_id, by=BY_COMMAND, at=utc_now())
    except NotFound:
        raise RecoveryError(f"no import has the id {import_id!r}") from None
    kept = f"; {undone.kept} were changed since and stay" if undone.kept else ""
    return f"Taken back: {undone.taken_back} days and other things{kept}."


def _check_person(read: Archive, patient: people.Patient, file: Path) -> None:
    surer = [n for n in _PERSON if getattr(read, n) and getattr(patient, n)]
    # A name alone may change; it decides where nothing else does.
    for name in surer or ["name"]:
        theirs, ours = getattr(read, name), getattr(patient, name)
        if theirs and ours and theirs != ours:
            what = name.replace("_", " ")
            raise RecoveryError(f"{file}: is about somebody else (another {what})")


#: What tells people apart for sure.
_PERSON = ("birth_date", "hospital_number")


def export_patient(database: Database, public_id: str | None, out: Path) -> str:
    """`out` is a zip with everything about one patient; says what is in it."""
    patient = the_patient(database, public_id)
    exported = audit.AuditAction.EXPORTED
    services.note_file(database, patient.id, exported, {}, by=BY_COMMAND, at=utc_now())
    with database.read() as session:
        entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        operations = surgeries.values_of(session, patient.id, Operation)
        scores = surgeries.values_of(session, patient.id, FormScore)
        record = _record_of(session, patient) | {"days": _plain(beside_days(entries))}
        stored_flags = flags.flags_of(session, patient.id)
        journal = audit.events_about(session, patient.id)
        passive = imports.values_of(session, patient.id)
    latest = max(operations, key=lambda operation: operation.day, default=None)
    shown = [
        {
            **(flag_fields(flag.episode, latest.region) if latest else {}),
            "condition": flag.condition.value,
            "attention": flag.attention.value,
            "decisions": _plain(flag.decisions),
        }
        for flag in stored_flags
    ]
    with whole_file(out) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _README)
        packed.writestr("diary.csv", diary_text(entries))
        packed.writestr("patient.json", _json(record))
        if passive:
            packed.writestr("passive.csv", passive_text(passive))
        packed.writestr("scores.csv", scores_text(scores))
        packed.writestr("flags.json", _json(shown))
        packed.writestr("journal.json", _json(_plain(journal)))
    return f"{len(entries)} days and {len(shown)} flags are in {out}."


def _record_of(session: Session, patient: people.Patient) -> dict[str, Any]:
    """Who it is, and everything about the recovery that is no day and no flag."""
    return {
        "name": patient.name,
        "birth_date": patient.birth_date,
        "hospital_number": patient.hospital_number,
        "zone": patient.zone,
        "operations": _plain(surgeries.values_of(session, patient.id, Operation)),
        "events": _plain(surgeries.values_of(session, patient.id, Event)),
        "imaging": _plain(surgeries.values_of(session, patient.id, ImagingResult)),
        "appointments": _plain(surgeries.values_of(session, patient.id, Appointment)),
        "instructions": _plain(surgeries.values_of(session, patient.id, Instruction)),
        "scores": _plain(surgeries.values_of(session, patient.id, FormScore)),
        "sensitivity": _plain(changes_of(session, patient.id)),
        "reminders_to": (patient.preferences.get("mail") or {}).get("to"),
        "reminders": _plain(reminders.reminders_of(session, patient.id)),
    }


def _plain(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(value) for value in values]


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=_as_text) + "\n"


def _as_text(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date):
        return as_cell(value)
    return str(value)
