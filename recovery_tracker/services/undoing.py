"""Takes back what an import brought, except for what has been changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.diary import DiaryEntry, Source
from ..domain.history import TAPERING, Appointment, Event, ImagingResult
from ..domain.instructions import Instruction
from ..domain.language import N_
from ..domain.medicines import Medicine
from ..domain.people import Actor
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from ..storage import diary, imports, people, record_rows
from ..storage.as_json import schedule_to_json
from ..storage.database import Database, WriteSession
from ..storage.errors import NotFound, Refused
from .change import patient_change

#: Kinds of rows of the record, by the name that an import keeps.
_BESIDE: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (Operation, Event, ImagingResult, Instruction, FormScore, Appointment, Medicine)
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did: days and other things that are gone or as they were before,
    and what has been changed since and therefore stays."""

    taken_back: int
    kept: int


def undo_import(
    database: Database,
    patient_id: int,
    public_id: str,
    *,
    by: Actor,
    at: datetime,
    today: date | None = None,
) -> Undone:
    """The record is as if the import had not happened: its history stays, as a further version of
    each day. A day or thing that has been changed since stays as it is.

    Raises:
        NotFound: this patient has no such import.
        Refused: it was taken back before.
    """
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        done = imports.import_by_id(session, patient_id, public_id)
        if done.undone_at is not None:
            raise Refused(N_("This import has already been taken back."))
        undone = kept = 0
        for text, version in done.brought.get("days", ()):
            is_undone = _take_back(session, patient_id, date.fromisoformat(text), version, by, at)
            undone, kept = undone + is_undone, kept + (not is_undone)
        for name, thing in done.brought.get("beside", ()):
            is_undone = _remove(session, patient_id, _BESIDE[name], thing, by, at)
            undone, kept = undone + is_undone, kept + (not is_undone)
        _choose_no_more(session, patient_id, done.brought.get("chosen", {}), by, at)
        imports.mark_undone(session, patient_id, done.id, by=by, at=at)
    return Undone(undone, kept)


def _take_back(
    session: WriteSession, patient_id: int, day: date, version: int, by: Actor, at: datetime
) -> bool:
    """Whether the day is as it was before that version; not where it was changed since."""
    versions = diary.versions_of(session, patient_id, day)
    if len(versions) != version:
        return False
    before = versions[-2].entry if version > 1 else DiaryEntry(day, source=Source.IMPORT)
    diary.save_version(session, patient_id, before, by=by, at=at)
    return True


def _remove(
    session: WriteSession, patient_id: int, kind: Any, public_id: str, by: Actor, at: datetime
) -> bool:
    """Whether the thing is gone; not where it was changed since it came."""
    there = record_rows.stored_of(session, patient_id, kind)
    found = next((one for one in there if one.public_id == public_id), None)
    if found is None or found.version != 1:
        return False
    if kind is Operation and len(there) == 1:
        # A diary without an operation has nothing to count from.
        return False
    try:
        record_rows.remove(session, patient_id, public_id, kind, expected_version=1, by=by, at=at)
    except NotFound:
        return False
    return True


def _choose_no_more(
    session: WriteSession, patient_id: int, chosen: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """What an import set of the person's own questions and planned days is gone, where it is still
    the same."""
    patient = people.patient_by_id(session, patient_id)
    same = {key for key, value in chosen.items() if patient.preferences.get(key) == value}
    changed = people.with_preferences(patient, **{key: type(chosen[key])() for key in same})
    if "schedule" in chosen and schedule_to_json(patient.schedule) == chosen["schedule"]:
        changed = replace(changed, schedule=TAPERING)
    if changed != patient:
        people.update_patient(session, changed, expected_version=patient.version, by=by, at=at)
