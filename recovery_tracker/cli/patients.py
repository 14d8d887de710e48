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
from ..domain import compact
from ..domain.errors import RecoveryError
from ..domain.history import Appointment, Event, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation, Region
from ..exchange.archive import Archive, beside_days, is_archive, read_archive
from ..exchange.cells import as_cell
from ..exchange.diary_csv import diary_text, read_diary
from ..exchange.flags_csv import flag_fields
from ..exchange.scores_csv import scores_text
from ..exchange.whole_file import whole_file
from ..storage import accounts, audit, diary, flags, people, reminders, surgeries
from ..storage.database import Database, Session
from ..storage.sensitivity import changes_of
from ..web.clock import utc_now
from .database import BY_COMMAND

_README = """Everything this recovery diary keeps about one person.

diary.csv        one row a day; an empty cell was not recorded; lists are joined with ';'
patient.json     who it is, operations, events, imaging, appointments, instructions, scores of
                 forms, reminders; and of each day what diary.csv has no column for
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


def import_file(database: Database, file: Path, public_id: str | None, *, dry_run: bool) -> str:
    """Everything of the file is in the patient's record, or nothing is; says what was done.

    The file is a diary, the text of the code on a report, or a whole export. What was there already
    stays as it was.

    Raises:
        RecoveryError: the file is none of these or about somebody else, or no operation is known.
    """
    patient = the_patient(database, public_id)
    with database.read() as session:
        done = surgeries.values_of(session, patient.id, Operation)
    read = _read(file, {operation.region for operation in done})
    _check_person(read, patient, file)
    if not (done or read.operations):
        raise RecoveryError("the patient has no operation yet; add it first")
    history = History(
        operations=read.operations or done,
        entries=read.entries,
        events=read.events,
        imaging=read.imaging,
        schedule=patient.schedule,
        instructions=read.instructions,
        scores=read.scores,
    )
    at = utc_now()
    found = services.import_history(
        database,
        patient.id,
        history,
        by=BY_COMMAND,
        at=at,
        today=at.astimezone(ZoneInfo(patient.zone)).date(),
        appointments=read.appointments,
        dry_run=dry_run,
    )
    beside = f" and {found.beside} operations, events and the like" if found.beside else ""
    return (
        f"{'Would import' if dry_run else 'Imported'} {found.added} days{beside}; "
        f"{found.present} were there already and stay as they are."
    )


def _read(file: Path, regions: Collection[Region]) -> Archive:
    with file.open("rb") as stream:
        start = stream.read(compact.LONGEST + 1).decode(errors="replace")
    if is_archive(file):
        return read_archive(file)
    if not start.startswith(f"{compact.VERSION}."):
        return Archive(entries=read_diary(file, regions))
    try:
        return Archive(entries=compact.read_code(start)[1])
    except compact.UnreadableCode as error:
        raise RecoveryError(f"{file}: {error}") from error


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
    with database.write() as session:
        audit.record(
            session,
            audit.AuditAction.EXPORTED,
            by=BY_COMMAND,
            at=utc_now(),
            patient_id=patient.id,
        )
    with database.read() as session:
        entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        operations = surgeries.values_of(session, patient.id, Operation)
        scores = surgeries.values_of(session, patient.id, FormScore)
        record = _record_of(session, patient) | {"days": _plain(beside_days(entries))}
        stored_flags = flags.flags_of(session, patient.id)
        journal = audit.events_about(session, patient.id)
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
