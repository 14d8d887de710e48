"""The record apart from the diary: operations, events, imaging, visits, instructions, audit."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.history import EventKind, Imaging
from ...domain.instructions import TEXT_LENGTH, InstructionKind
from ...domain.measures import MEASURES
from ...domain.medicines import MOST_AMOUNT, MOST_TIMES, NAME_LENGTH, UNITS
from ...domain.people import AUTHOR_ROLES, Role
from ...domain.questionnaires import FORMS
from ...domain.surgery import Approach, Region
from ..columns import (
    Base,
    Day,
    Instant,
    Json,
    Member,
    Number,
    Words,
    at_most,
    between,
    is_date,
    one_of,
)
from .people import LASTING

_VERSION = "version >= 1"
_PAIN = MEASURES["axial_pain"]


class OperationRow(Base):
    __tablename__ = "operation"
    __table_args__ = (
        is_date("day"),
        one_of("region", Region),
        one_of("approach", Approach),
        between("levels", 1, 25),
        between("preop_axial_pain", _PAIN.low or 0, _PAIN.high or 0),
        between("preop_limb_pain", _PAIN.low or 0, _PAIN.high or 0),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    region: Mapped[Region] = mapped_column(Member(Region))
    levels: Mapped[int | None]
    level_names: Mapped[str] = mapped_column(Text)
    approach: Mapped[Approach | None] = mapped_column(Member(Approach))
    hardware: Mapped[str] = mapped_column(Text)
    risk_factors: Mapped[frozenset[str]] = mapped_column(Words)
    known_deficits: Mapped[frozenset[str]] = mapped_column(Words)
    preop_axial_pain: Mapped[float | None] = mapped_column(Number)
    preop_limb_pain: Mapped[float | None] = mapped_column(Number)
    version: Mapped[int]


class EventRow(Base):
    __tablename__ = "event"
    __table_args__ = (
        is_date("day"),
        one_of("kind", EventKind),
        at_most("label", 200),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day, index=True)
    kind: Mapped[EventKind] = mapped_column(Member(EventKind))
    label: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class ImagingRow(Base):
    __tablename__ = "imaging"
    __table_args__ = (
        is_date("day"),
        one_of("modality", ("xray", "ct", "mri")),
        one_of("result", Imaging),
        at_most("note", 2000),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    modality: Mapped[str] = mapped_column(Text)
    result: Mapped[Imaging] = mapped_column(Member(Imaging), index=True)
    note: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class AppointmentRow(Base):
    __tablename__ = "appointment"
    __table_args__ = (
        is_date("day"),
        CheckConstraint("time LIKE '__:__'", name="time_shape"),
        at_most("with_whom", 200),
        at_most("place", 200),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day, index=True)
    time: Mapped[str | None] = mapped_column(Text)
    with_whom: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class InstructionRow(Base):
    """What the clinic told the patient; the meaning of `due` depends on the kind."""

    __tablename__ = "instruction"
    __table_args__ = (
        one_of("kind", InstructionKind),
        is_date("day"),
        is_date("due"),
        at_most("text", TEXT_LENGTH),
        CheckConstraint("topic != '' OR text != ''", name="says_something"),
        CheckConstraint("kind != 'clearance' OR due IS NOT NULL", name="clearance_has_a_day"),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[InstructionKind] = mapped_column(Member(InstructionKind))
    day: Mapped[date] = mapped_column(Day)
    at: Mapped[datetime] = mapped_column(Instant)
    topic: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Day)
    author: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int]


class FormScoreRow(Base):
    """A total typed in from a clinic's form; never one of its answers."""

    __tablename__ = "form_score"
    __table_args__ = (
        is_date("day"),
        one_of("form", FORMS),
        between(
            "score",
            min(form.low for form in FORMS.values()),
            max(form.high for form in FORMS.values()),
        ),
        one_of("typed_by", AUTHOR_ROLES),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    form: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Number)
    typed_by: Mapped[Role] = mapped_column(Member(Role))
    version: Mapped[int]


class MedicineRow(Base):
    """One medicine at one dose; another dose is another row."""

    __tablename__ = "medicine"
    __table_args__ = (
        is_date("day"),
        is_date("until"),
        at_most("name", NAME_LENGTH),
        one_of("unit", UNITS),
        between("amount", 0, MOST_AMOUNT),
        between("times", 0, MOST_TIMES),
        CheckConstraint(_VERSION, name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    name: Mapped[str] = mapped_column(Text)
    amount: Mapped[float | None] = mapped_column(Number)
    unit: Mapped[str] = mapped_column(Text)
    times: Mapped[float | None] = mapped_column(Number)
    until: Mapped[date | None] = mapped_column(Day)
    version: Mapped[int]


class AuditEventRow(Base):
    """One link of a chain: who did what and when, and the digest of its payload.

    `chain` is the number of a patient, or 0 for the installation. It points at nothing, because
    the chain outlives the patient.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(index=True)
    payload_digest: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)


class AuditPayloadRow(Base):
    """An event's content, apart from its link; erasure removes it and the chain still verifies."""

    __tablename__ = "audit_payload"
    __table_args__ = (LASTING,)

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    #: Random, so that a short payload cannot be guessed from its digest after erasure.
    salt: Mapped[str] = mapped_column(Text)
    body: Mapped[Any] = mapped_column(Json)


class AuditHeadRow(Base):
    """The last link of each chain, so that a missing tail is noticed."""

    __tablename__ = "audit_head"
    __table_args__ = (LASTING,)

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    #: Code of the end under the audit's key; "" where no key was there when it was written.
    seal: Mapped[str] = mapped_column(Text, server_default="")
