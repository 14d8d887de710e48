"""Imports, and the passive values they brought: kept by day, kind and source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ..domain.passive import PassiveKind, PassiveValue
from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession
from .errors import NotFound
from .people import new_public_id
from .tables.imports import ImportRow, PassiveRow

#: Rows that are written in one statement; SQLite takes 32,766 values in one.
_MANY = 5_000


@dataclass(frozen=True, slots=True)
class StoredImport:
    """One completed import. `brought` is plain JSON; `undone_at` is None unless it was undone."""

    id: int
    public_id: str
    at: datetime
    kind: str
    brought: dict[str, Any]
    undone_at: datetime | None


def start_import(
    session: WriteSession, patient_id: int, *, kind: str, at: datetime
) -> tuple[int, str]:
    """The number and the public id of a new import that has brought nothing yet."""
    row = ImportRow(public_id=new_public_id(), patient_id=patient_id, at=at, kind=kind, brought={})
    session.add(row)
    session.flush()
    return row.id, row.public_id


def finish_import(session: WriteSession, import_id: int, brought: dict[str, Any]) -> None:
    """What the import brought is kept with it."""
    row = update(ImportRow).where(ImportRow.id == import_id)
    session.execute(row.values(brought=brought))


def mark_undone(
    session: WriteSession, patient_id: int, import_id: int, *, by: Actor, at: datetime
) -> None:
    """The import counts as undone; its passive values are gone."""
    session.execute(delete(PassiveRow).where(PassiveRow.import_id == import_id))
    session.execute(update(ImportRow).where(ImportRow.id == import_id).values(undone_at=at))
    details = {"undone": import_id}
    record(session, AuditAction.IMPORTED, by=by, at=at, patient_id=patient_id, details=details)
    session.record_changed(patient_id)


def imports_of(session: Session, patient_id: int) -> tuple[StoredImport, ...]:
    """Every import of a patient, newest first."""
    query = select(ImportRow).where(ImportRow.patient_id == patient_id)
    return tuple(_stored(row) for row in session.scalars(query.order_by(ImportRow.id.desc())))


def import_by_id(session: Session, patient_id: int, public_id: str) -> StoredImport:
    """The import of this id.

    Raises:
        NotFound: this patient has no such import.
    """
    query = select(ImportRow).where(
        ImportRow.patient_id == patient_id, ImportRow.public_id == public_id
    )
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return _stored(row)


def _stored(row: ImportRow) -> StoredImport:
    return StoredImport(row.id, row.public_id, row.at, row.kind, row.brought, row.undone_at)


def save_values(
    session: WriteSession,
    patient_id: int,
    import_id: int,
    values: Sequence[PassiveValue],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The values are stored; none may exist yet for the same day, kind and source."""
    if not values:
        return
    rows = [
        {
            "patient_id": patient_id,
            "import_id": import_id,
            "day": one.day,
            "kind": str(one.kind),
            "source": one.source,
            "value": float(one.value),
        }
        for one in values
    ]
    for first in range(0, len(rows), _MANY):
        session.execute(insert(PassiveRow), rows[first : first + _MANY])
    details = {"values": len(rows), "import": import_id}
    record(session, AuditAction.IMPORTED, by=by, at=at, patient_id=patient_id, details=details)
    session.record_changed(patient_id)


def values_of(
    session: Session, patient_id: int, kinds: Iterable[PassiveKind] = PassiveKind
) -> tuple[PassiveValue, ...]:
    """Every passive value of a patient of these kinds, by day, kind and source."""
    row = PassiveRow
    query = select(row.day, row.kind, row.source, row.value).where(
        row.patient_id == patient_id, row.kind.in_([str(kind) for kind in kinds])
    )
    found = session.execute(query.order_by(row.day, row.kind, row.source))
    return tuple(
        PassiveValue(one.day, PassiveKind(one.kind), one.source, one.value) for one in found
    )
