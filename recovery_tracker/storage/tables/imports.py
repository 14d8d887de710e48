"""What was imported: each import, and the values that a phone or watch counted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.passive import SOURCE_LENGTH, PassiveKind
from ..columns import Base, Day, Instant, Json, Number, at_most, is_date, one_of
from .people import LASTING


class ImportRow(Base):
    """One import and what it brought, so that it can be undone. No file name is kept."""

    __tablename__ = "import_done"
    __table_args__ = (LASTING,)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(Instant)
    #: What the file was, as the program names it.
    kind: Mapped[str] = mapped_column(Text)
    #: Days with the version that this import wrote, and public ids of the rows of the record.
    brought: Mapped[Any] = mapped_column(Json)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


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

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(
        ForeignKey("import_done.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    kind: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    value: Mapped[float] = mapped_column(Number)
