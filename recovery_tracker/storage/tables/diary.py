"""The diary: one row for each version of a day, with one column for each measure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from ...domain.diary import OWN_QUESTION_LENGTH, Source
from ...domain.measures import MEASURES, Kind, Measure
from ...domain.people import AUTHOR_ROLES
from ..columns import (
    Base,
    Day,
    Instant,
    Json,
    Number,
    Words,
    YesNo,
    at_most,
    between,
    is_date,
    one_of,
    yes_no,
)
from .people import LASTING

_TYPES: dict[Kind, Any] = {
    Kind.SCORE: Integer,
    Kind.CHOICE: Integer,
    Kind.COUNT: Integer,
    Kind.NUMBER: Number,
    Kind.WORD: Text,
    Kind.WORDS: Words,
    Kind.TEXT: Text,
}


def _bounds(measures: Iterator[Measure]) -> Iterator[SchemaItem]:
    for measure in measures:
        if measure.kind is Kind.WORD:
            yield one_of(measure.key, measure.words)
        elif measure.kind is Kind.TEXT:
            yield at_most(measure.key, int(measure.high or 0))
        elif measure.low is not None and measure.high is not None:
            yield between(measure.key, measure.low, measure.high)


class EntryRow(Base):
    """One version of one day. Rows are never changed; the highest version of a day is the day.

    NULL in a measure is "not answered": never 0, never "no". `recorded_at` is when this version was
    written; `digest` covers every other column, so that a flipped bit is found.
    """

    __tablename__ = "entry_version"
    __table_args__ = (
        UniqueConstraint("patient_id", "day", "version"),
        is_date("day"),
        CheckConstraint("version >= 1", name="version_bounds"),
        *_bounds(iter(MEASURES.values())),
        yes_no("spoke_to_someone"),
        at_most("own_question", OWN_QUESTION_LENGTH),
        one_of("source", Source),
        one_of("author_role", AUTHOR_ROLES),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Day)
    version: Mapped[int]
    signs: Mapped[frozenset[str] | None] = mapped_column(Words)
    signs_asked: Mapped[frozenset[str] | None] = mapped_column(Words)
    sign_changes: Mapped[Any] = mapped_column(Json)
    spoke_to_someone: Mapped[bool | None] = mapped_column(YesNo)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    zone: Mapped[str | None] = mapped_column(Text)
    #: Minutes east of UTC given in a file, if no zone is known.
    recorded_offset: Mapped[int | None] = mapped_column(Integer)
    #: Yes if nobody knows when; `recorded_at` is then noon of the day and is not shown.
    recorded_unknown: Mapped[bool | None] = mapped_column(YesNo)
    #: The temperature as typed, if that was in degrees Fahrenheit.
    temperature_f: Mapped[float | None] = mapped_column(Number)
    #: The words of the patient's own question, if it was answered.
    own_question: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    #: The region that the form asked about, if a form was used.
    region: Mapped[str | None] = mapped_column(Text)
    #: The day whose answers filled the form after a tap.
    same_as: Mapped[date | None] = mapped_column(Day)
    #: When the form was opened, where it is known.
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    author_account_id: Mapped[int | None] = mapped_column(Integer)
    author_name: Mapped[str] = mapped_column(Text)
    author_role: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)


for _measure in MEASURES.values():
    setattr(EntryRow, _measure.key, mapped_column(_TYPES[_measure.kind], nullable=True))
