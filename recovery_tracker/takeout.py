"""Everything about one patient as one zip: the file that `import` reads back."""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .domain.diary import DiaryEntry
from .domain.flags import Episode
from .domain.history import Appointment, Event, ImagingResult
from .domain.instructions import Instruction
from .domain.medicines import Medicine
from .domain.passive import PassiveValue
from .domain.phrases import summary
from .domain.questionnaires import FormScore
from .domain.surgery import Operation, Region
from .domain.ticked import sign_day, ticked_since
from .domain.ticked_words import ticked_words
from .exchange import omop, redcap
from .exchange.archive import day_details
from .exchange.cells import as_cell
from .exchange.diary_csv import diary_text
from .exchange.fhir import Person, bundle_of, bundle_text
from .exchange.flags_csv import flag_fields
from .exchange.passive_csv import passive_text
from .exchange.scores_csv import scores_text
from .storage import audit_trail, diary, flags, imports, people, record_rows, reminders
from .storage.database import Database, Session
from .storage.sensitivity import changes_of

_README = """Everything this recovery diary keeps about one person.

diary.csv        one row a day; an empty cell was not recorded; lists are joined with ';'
patient.json     who it is, operations, events, imaging, appointments, instructions, scores of
                 forms, medicines, questions, reminders, settings; and of each day what diary.csv
                 has no column for
passive.csv      what a phone or watch counted, by day and source, where there is any
scores.csv       totals of the clinic's forms, one row each
flags.json       every flag with its evidence, decisions and dates
journal.json     who looked at the record or changed it, and when

`recovery-tracker import` reads this file back, or diary.csv alone. Flags are then computed again
from the days; decisions, reminders, settings, a changed sensitivity and the journal are not read
back. The planned days are, if the diary there still has those that every diary begins with.
"""


#: What a patient chose for the pages and the reminders; addresses and keys of devices stay here.
_SETTINGS = frozenset(
    {
        *("temperature", "scores", "text_size", "contrast", "entry", "steps_source"),
        *("reminder_time", "quiet_from", "quiet_to"),
    }
)


def write_everything(
    database: Database, patient: people.Patient, stream: IO[bytes]
) -> tuple[int, int]:
    """The zip is in the stream; gives how many days and how many flags it holds."""
    with database.read() as session:
        entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        operations = record_rows.values_of(session, patient.id, Operation)
        scores = record_rows.values_of(session, patient.id, FormScore)
        record = _record_of(session, patient) | {"days": _plain(day_details(entries))}
        stored_flags = flags.flags_of(session, patient.id)
        journal = audit_trail.events_about(session, patient.id)
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
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _README)
        packed.writestr("diary.csv", diary_text(entries))
        packed.writestr("patient.json", _json(record))
        if passive:
            packed.writestr("passive.csv", passive_text(passive))
        packed.writestr("scores.csv", scores_text(scores))
        packed.writestr("flags.json", _json(shown))
        packed.writestr("journal.json", _json(_plain(journal)))
    return len(entries), len(shown)


def _told(
    episode: Episode, entries: Sequence[DiaryEntry], operation: Operation | None, today: date
) -> str:
    """What a flag is about; of warning answers also what was said, or left open, since."""
    said = summary(episode, operation.region if operation else Region.LUMBAR)
    if operation is None:
        return said
    ticked = ticked_since(episode, map(sign_day, entries), operation, today)
    return said if ticked is None else f"{said} {ticked_words(ticked, today)}"


def write_fhir(
    database: Database,
    patient: people.Patient,
    stream: IO[bytes],
    at: datetime,
    report: bytes | None,
) -> int:
    """The recovery as a FHIR R4 Bundle is in the stream, with the report where there is one; gives
    how many resources it holds.
    """
    with database.read() as session:
        entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        operations = record_rows.values_of(session, patient.id, Operation)
        stored_flags = flags.flags_of(session, patient.id)
        passive = imports.values_of(session, patient.id)
        medicines = record_rows.values_of(session, patient.id, Medicine)
        scores = record_rows.values_of(session, patient.id, FormScore)
    latest = max(operations, key=lambda operation: operation.day, default=None)
    region = latest.region if latest else Region.LUMBAR
    here = _there(at, patient.zone)
    shown = [
        {
            **flag_fields(flag.episode, region),
            "summary": _told(flag.episode, entries, latest, here.date()),
            "condition": flag.condition.value,
        }
        for flag in stored_flags
    ]
    person = Person(patient.public_id, patient.name, patient.birth_date)
    bundle = bundle_of(
        person,
        operations,
        entries,
        passive,
        shown,
        # Whether an operation is done and a dose has ended is judged where the person is.
        at=here,
        medicines=medicines,
        scores=scores,
        report=report,
    )
    stream.write(bundle_text(bundle).encode())
    return len(bundle["entry"])


def _there(at: datetime, zone: str) -> datetime:
    """The same instant by the clock of a zone; as it is where the zone is unknown here."""
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return at


def write_redcap(database: Database, patient: people.Patient, folder: Path) -> int:
    """The folder holds REDCap's dictionary and this person's record; gives how many days it has."""
    entries, operations, passive, scores = _recovery_of(database, patient)
    latest = max(operations, key=lambda operation: operation.day, default=None)
    dictionary = redcap.dictionary_text(latest.region if latest else Region.LUMBAR)
    records = redcap.records_text(patient.public_id, operations, entries, passive, scores)
    for name, text in (("dictionary.csv", dictionary), ("records.csv", records)):
        # With a byte order mark, as REDCap writes its own files.
        (folder / name).write_bytes(text.encode("utf-8-sig"))
    return len(entries)


def write_omop(database: Database, patient: people.Patient, stream: IO[bytes]) -> int:
    """Rows of OMOP's MEASUREMENT table are in the stream; gives how many."""
    entries, _, passive, scores = _recovery_of(database, patient)
    text = omop.measurement_text(patient.id, entries, passive, scores)
    stream.write(text.encode())
    return text.count("\n") - 1


def _recovery_of(
    database: Database, patient: people.Patient
) -> tuple[
    list[DiaryEntry], tuple[Operation, ...], tuple[PassiveValue, ...], tuple[FormScore, ...]
]:
    with database.read() as session:
        return (
            [stored.entry for stored in diary.entries_of(session, patient.id)],
            record_rows.values_of(session, patient.id, Operation),
            imports.values_of(session, patient.id),
            record_rows.values_of(session, patient.id, FormScore),
        )


def _record_of(session: Session, patient: people.Patient) -> dict[str, Any]:
    """Who it is, and everything about the recovery except days and flags."""
    return {
        "name": patient.name,
        "birth_date": patient.birth_date,
        "hospital_number": patient.hospital_number,
        "phone": patient.phone,
        "zone": patient.zone,
        "country": patient.country,
        "language": patient.language,
        "schedule": [[first, sorted(days)] for first, days in patient.schedule.steps],
        "settings": {
            key: patient.preferences[key] for key in _SETTINGS & patient.preferences.keys()
        },
        "operations": _plain(record_rows.values_of(session, patient.id, Operation)),
        "events": _plain(record_rows.values_of(session, patient.id, Event)),
        "imaging": _plain(record_rows.values_of(session, patient.id, ImagingResult)),
        "appointments": _plain(record_rows.values_of(session, patient.id, Appointment)),
        "instructions": _plain(record_rows.values_of(session, patient.id, Instruction)),
        "scores": _plain(record_rows.values_of(session, patient.id, FormScore)),
        "medicines": _plain(record_rows.values_of(session, patient.id, Medicine)),
        "sensitivity": _plain(changes_of(session, patient.id)),
        "questions": list(patient.questions),
        "own_item": patient.own_item,
        "reminders_to": (patient.preferences.get("mail") or {}).get("to"),
        "reminders_ring_on": len(patient.preferences.get("rings") or ()),
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
