"""The diary: one row for each version of a day, with one column for each measure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from ...domain.diary import OWN_QUESTION_LENGTH, Source
from ...domain.measures import MEASURES, Kind, Measure
from ...domain.people import AUTHOR_ROLES
from ..columns import (
    Base,
    JsonValue,
    Key,
    Number,
    PublicId,
    Words,
    at_least,
    at_most,
    between,
    is_date,
    one_of,
    part_of,
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
        at_least("version", 1),
        *_bounds(iter(MEASURES.values())),
        yes_no("spoke_to_someone"),
        at_most("own_question", OWN_QUESTION_LENGTH),
        one_of("source", Source),
        one_of("author_role", AUTHOR_ROLES),
        LASTING,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    patient_id: Mapped[int] = part_of("patient")
    day: Mapped[date]
    version: Mapped[int]
    signs: Mapped[frozenset[str] | None]
    signs_asked: Mapped[frozenset[str] | None]
    sign_changes: Mapped[JsonValue]
    spoke_to_someone: Mapped[bool | None]
    recorded_at: Mapped[datetime]
    zone: Mapped[str | None]
    #: Minutes east of UTC given in a file, if no zone is known.
    recorded_offset: Mapped[int | None]
    #: Yes if nobody knows when; `recorded_at` is then noon of the day and is not shown.
    recorded_unknown: Mapped[bool | None]
    #: The temperature as typed, if that was in degrees Fahrenheit.
    temperature_f: Mapped[float | None]
    #: The words of the patient's own question, if it was answered.
    own_question: Mapped[str | None]
    source: Mapped[str]
    #: The region that the form asked about, if a form was used.
    region: Mapped[str | None]
    #: The day whose answers filled the form after a tap.
    same_as: Mapped[date | None]
    #: When the form was opened, where it is known.
    opened_at: Mapped[datetime | None]
    author_account_id: Mapped[int | None]
    author_name: Mapped[str]
    author_role: Mapped[str]
    digest: Mapped[str]


for _measure in MEASURES.values():
    setattr(EntryRow, _measure.key, mapped_column(_TYPES[_measure.kind], nullable=True))
