"""The content of a file becomes part of the record, and nothing already there is overwritten.

A missing day is added; a missing answer on an existing day is filled in; an answer that differs
stays as it is and is reported. `undoing` takes an import back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from ..domain.diary import DiaryEntry
from ..domain.file_content import FileContent
from ..domain.flags import Assessment
from ..domain.history import TAPERING, Appointment, Event, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.language import N_
from ..domain.medicines import Medicine
from ..domain.passive import PassiveValue
from ..domain.people import Actor, Occasion
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation, Region
from ..storage import diary, imports, people, record_rows
from ..storage.as_json import schedule_to_json
from ..storage.database import Database, WriteSession
from ..storage.errors import Refused
from .assessing import assess_and_store, read_history
from .change import patient_change
from .clinic_words import without_clinic_words
from .filling import Differing, Filling, filling_of


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do.

    `added` days were new, `present` ones were there and stay as they are, `filled` ones had empty
    answers that are answered now: `cells` counts them by measure and by the region they are about.
    `differing` names answers of a day that differ from what is there, which stays, and that region.
    `beside` counts new operations, events and the like, `withheld` those that only the clinic may
    record; `chosen` holds the person's own question,
    those for the visit and the planned days, where they had none. Of passive values `values_added`
    are new, `values_present` were there, `values_differing` differ from what the same source said
    before, which stays.
    """

    added: int
    present: int
    beside: int
    assessment: Assessment | None
    withheld: int = 0
    filled: int = 0
    cells: Mapping[tuple[str, Region], int] = field(default_factory=dict)
    differing: tuple[Differing, ...] = ()
    values_added: int = 0
    values_present: int = 0
    values_differing: int = 0
    chosen: Mapping[str, Any] = field(default_factory=dict)
    public_id: str = ""

    @property
    def brings(self) -> bool:
        """Whether anything in the file is new to the record."""
        return bool(self.added or self.filled or self.beside or self.values_added or self.chosen)


def import_history(
    database: Database,
    patient_id: int,
    content: FileContent,
    *,
    by: Actor,
    at: datetime,
    today: date | None = None,
    dry_run: bool = False,
) -> Imported:
    """Everything of `content` that the record does not hold yet is part of it; the rest stays.

    An answer that is there is never overwritten, so the same file twice adds nothing. Past findings
    are stored as ended and seen; a warning answer of the last fourteen days that nothing ended
    stands, and waits for a person. With `dry_run` nothing is kept.

    Raises:
        Refused: a day is still to come.
        NotSaved: the database could not take it; nothing of the file is stored.
    """
    today = today or at.date()
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        content, withheld = without_clinic_words(session, patient_id, content, by)
        plan = _plan(session, patient_id, content.history)
        _refuse_the_future(plan, content.passive, today, at)
        number, public_id = imports.start_import(session, patient_id, kind=content.kind, at=at)
        beside = _add_missing(session, patient_id, content, by, at)
        versions = _save_days(session, patient_id, plan, by, at)
        _prefer(session, patient_id, content.steps_source, by, at)
        values, differ = _new_values(session, patient_id, content.passive)
        imports.save_values(session, patient_id, number, values, by=by, at=at)
        chosen = _choose(session, patient_id, content, by, at)
        imports.finish_import(
            session, number, {"days": versions, "beside": beside, "chosen": chosen}
        )
        whole = read_history(session, patient_id)
        assessment = assess_and_store(
            session, patient_id, whole, Occasion(by, at, today), imported=True
        )
        if dry_run or not (versions or beside or values or chosen or content.steps_source):
            session.rollback()
            public_id = ""
    return Imported(
        added=len(plan.new),
        present=plan.present,
        beside=len(beside),
        assessment=assessment,
        withheld=withheld,
        filled=len(plan.filled),
        cells=plan.cells,
        differing=tuple(plan.differing),
        values_added=len(values),
        values_present=len(content.passive) - len(values) - differ,
        values_differing=differ,
        chosen=chosen,
        public_id=public_id,
    )


def _plan(session: WriteSession, patient_id: int, history: History) -> Filling:
    there = {stored.day: stored for stored in diary.entries_of(session, patient_id)}
    known = record_rows.values_of(session, patient_id, Operation)
    asked = people.patient_by_id(session, patient_id).own_item
    return filling_of(history, known, there, asked)


def _refuse_the_future(
    plan: Filling, passive: tuple[PassiveValue, ...], today: date, at: datetime
) -> None:
    if any(day > today for day in _days(plan.new, passive)) or any(
        _is_from_the_future(entry, at) for entry in plan.new
    ):
        raise Refused(N_("The file holds a day that is still to come. Nothing was imported."))


def _prefer(session: WriteSession, patient_id: int, source: str, by: Actor, at: datetime) -> None:
    """From now on the steps of this source are read, if one is named."""
    patient = people.patient_by_id(session, patient_id)
    if source and patient.preferences.get("steps_source") != source:
        changed = people.with_preferences(patient, steps_source=source)
        people.update_patient(session, changed, expected_version=patient.version, by=by, at=at)


def _choose(
    session: WriteSession,
    patient_id: int,
    content: FileContent,
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    """What the file says of the person's own question, of those for the visit and of the planned
    days holds where they have none; returns what was set by it."""
    patient = people.patient_by_id(session, patient_id)
    said = {"own_item": content.history.own_item, "questions": list(content.questions)}
    new: dict[str, Any] = {
        key: value for key, value in said.items() if value and not patient.preferences.get(key)
    }
    changed = people.with_preferences(patient, **new)
    planned = content.planned
    if planned is not None and planned != patient.schedule == TAPERING:
        changed = replace(changed, schedule=planned)
        new["schedule"] = schedule_to_json(planned)
    if new:
        people.update_patient(session, changed, expected_version=patient.version, by=by, at=at)
    return new


def _days(entries: list[DiaryEntry], passive: tuple[PassiveValue, ...]) -> set[date]:
    return {entry.day for entry in entries} | {value.day for value in passive}


def _save_days(
    session: WriteSession, patient_id: int, plan: Filling, by: Actor, at: datetime
) -> list[tuple[str, int]]:
    """The days with the version that each was written as."""
    before = diary.days_recorded(session, patient_id)
    first = [entry for entry in plan.new if entry.day not in before]
    diary.save_many(session, patient_id, first, by=by, at=at)
    versions = [(entry.day.isoformat(), 1) for entry in first]
    # A day that was taken back has versions already.
    again = [entry for entry in plan.new if entry.day in before]
    for entry in (*again, *plan.filled):
        stored = diary.save_version(session, patient_id, entry, by=by, at=at)
        versions.append((entry.day.isoformat(), stored.version))
    return versions


def _add_missing(
    session: WriteSession,
    patient_id: int,
    content: FileContent,
    by: Actor,
    at: datetime,
) -> list[tuple[str, str]]:
    """Adds what the record does not hold; returns the kind and the public id of each."""
    history = content.history
    # A file often knows less about an operation than the record: one a day is one operation.
    days = {known.day for known in record_rows.values_of(session, patient_id, Operation)}
    new: list[Any] = [one for one in history.operations if one.day not in days]
    kinds: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (Event, history.events),
        (ImagingResult, history.imaging),
        (Instruction, history.instructions),
        (FormScore, history.scores),
        (Medicine, history.medicines),
        (Appointment, content.appointments),
    )
    for kind, given in kinds:
        known = set(record_rows.values_of(session, patient_id, kind))
        new += [one for one in given if one not in known]
    added = []
    for kind, alike in groupby(new, type):
        stored = record_rows.add_all(session, patient_id, list(alike), by=by, at=at)
        added += [(kind.__name__, one.public_id) for one in stored]
    return added


def _new_values(
    session: WriteSession, patient_id: int, values: tuple[PassiveValue, ...]
) -> tuple[list[PassiveValue], int]:
    """The values that are not there, and how many differ from what the same source said."""
    if not values:
        return [], 0
    there = {
        (one.day, one.kind, one.source): one.value for one in imports.values_of(session, patient_id)
    }
    new, differ = [], 0
    for one in values:
        before = there.get((one.day, one.kind, one.source))
        if before is None:
            new.append(one)
        else:
            differ += before != one.value
    return new, differ


def _is_from_the_future(entry: DiaryEntry, at: datetime) -> bool:
    # A clock that is minutes fast is forgiven; a day in the wrong year would be hidden.
    return entry.recorded_at is not None and entry.recorded_at > at + timedelta(days=1)
