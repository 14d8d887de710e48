"""The record apart from the diary: operations, events, imaging, visits, instructions, scores.

Each verb writes once and leaves flags and summary as the record then is.
"""

from datetime import datetime
from typing import Any

from ..domain.instructions import Instruction
from ..domain.people import Actor
from ..storage import record_rows
from ..storage.database import Database
from ..storage.record_rows import Thing
from .change import once, patient_change


def add(
    database: Database, patient_id: int, value: Thing, *, key: str, by: Actor, at: datetime
) -> None:
    """The value is part of the record, once, however often the form of this key is sent.

    Raises:
        Refused: a text is too long, or a value is none that the record takes.
        Conflict: the key came with another value before.
        NotSaved: the database could not take it.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        once(
            session,
            key,
            content_of(patient_id, value),
            lambda: record_rows.add(session, patient_id, value, by=by, at=at),
            at=at,
            patient_id=patient_id,
        )


def edit(
    database: Database,
    patient_id: int,
    public_id: str,
    value: Thing,
    *,
    expected_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """The row `public_id` now holds `value`; its former content stays in the audit.

    Raises:
        Conflict: it was changed after `expected_version` was read.
        NotFound: this patient has no such row.
        NotSaved: the database could not take it.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        record_rows.edit(
            session, patient_id, public_id, value, expected_version=expected_version, by=by, at=at
        )


def remove(
    database: Database,
    patient_id: int,
    public_id: str,
    kind: type[Thing],
    *,
    expected_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """The row is gone; the audit keeps its content. The same errors as `edit`."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        record_rows.remove(
            session, patient_id, public_id, kind, expected_version=expected_version, by=by, at=at
        )


def content_of(patient_id: int, value: Any) -> list[Any]:
    """What two submissions of one form share; the instant of an instruction is not part of it."""
    if isinstance(value, Instruction):
        said = (value.kind, value.topic, value.text, value.due)
        return ["Instruction", patient_id, *map(str, said)]
    return [type(value).__name__, patient_id, repr(value)]
