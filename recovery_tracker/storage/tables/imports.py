"""What was imported: each import, and the values that a phone or watch counted."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from ...domain.passive import SOURCE_LENGTH, PassiveKind
from ..columns import (
    Base,
    JsonValue,
    Key,
    OfPatient,
    PublicId,
    at_most,
    is_date,
    one_of,
    part_of,
)
from .people import LASTING


class ImportRow(Base):
    """One import and what it brought, so that it can be undone. No file name is kept."""

    __tablename__ = "import_done"
    __table_args__ = (LASTING,)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    patient_id: Mapped[OfPatient]
    at: Mapped[datetime]
    #: What the file was, as the program names it.
    kind: Mapped[str]
    #: Days with the version that this import wrote, and public ids of the rows of the record.
    brought: Mapped[JsonValue]
    undone_at: Mapped[datetime | None]


class PassiveRow(Base):
    """What one source counted on one day."""

    __tablename__ = "passive_value"
    __table_args__ = (
        UniqueConstraint("patient_id", "day", "kind", "source"),
        is_date("day"),
        one_of("kind", PassiveKind),
        at_most("source", SOURCE_LENGTH),
        LASTING,
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = part_of("patient")
    import_id: Mapped[int] = part_of("import_done", index=True)
    day: Mapped[date]
    kind: Mapped[str]
    source: Mapped[str]
    value: Mapped[float]
