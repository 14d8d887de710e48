"""The record apart from the diary: operations, events, imaging, visits, instructions, audit."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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
    JsonValue,
    Key,
    Member,
    OfPatient,
    PublicId,
    at_least,
    at_most,
    between,
    is_date,
    one_of,
)
from .people import LASTING

_PAIN = MEASURES["axial_pain"]


class _PartOfRecord(Base):
    """What an operation, an event and so on have in common."""

    __abstract__ = True

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    patient_id: Mapped[OfPatient]
    version: Mapped[int] = mapped_column(sort_order=1)


class OperationRow(_PartOfRecord):
    __tablename__ = "operation"
    __table_args__ = (
        is_date("day"),
        one_of("region", Region),
        one_of("approach", Approach),
        between("levels", 1, 25),
        between("preop_axial_pain", _PAIN.low or 0, _PAIN.high or 0),
        between("preop_limb_pain", _PAIN.low or 0, _PAIN.high or 0),
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date]
    region: Mapped[Region] = mapped_column(Member(Region))
    levels: Mapped[int | None]
    level_names: Mapped[str]
    approach: Mapped[Approach | None] = mapped_column(Member(Approach))
    hardware: Mapped[str]
    risk_factors: Mapped[frozenset[str]]
    known_deficits: Mapped[frozenset[str]]
    preop_axial_pain: Mapped[float | None]
    preop_limb_pain: Mapped[float | None]


class EventRow(_PartOfRecord):
    __tablename__ = "event"
    __table_args__ = (
        is_date("day"),
        one_of("kind", EventKind),
        at_most("label", 200),
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[EventKind] = mapped_column(Member(EventKind))
    label: Mapped[str]


class ImagingRow(_PartOfRecord):
    __tablename__ = "imaging"
    __table_args__ = (
        is_date("day"),
        one_of("modality", ("xray", "ct", "mri")),
        one_of("result", Imaging),
        at_most("note", 2000),
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date]
    modality: Mapped[str]
    result: Mapped[Imaging] = mapped_column(Member(Imaging), index=True)
    note: Mapped[str]


class AppointmentRow(_PartOfRecord):
    __tablename__ = "appointment"
    __table_args__ = (
        is_date("day"),
        CheckConstraint("time LIKE '__:__'", name="time_shape"),
        at_most("with_whom", 200),
        at_most("place", 200),
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date] = mapped_column(index=True)
    time: Mapped[str | None]
    with_whom: Mapped[str]
    place: Mapped[str]


class InstructionRow(_PartOfRecord):
    """What the clinic told the patient; the meaning of `due` depends on the kind."""

    __tablename__ = "instruction"
    __table_args__ = (
        one_of("kind", InstructionKind),
        is_date("day"),
        is_date("due"),
        at_most("text", TEXT_LENGTH),
        CheckConstraint("topic != '' OR text != ''", name="says_something"),
        CheckConstraint("kind != 'clearance' OR due IS NOT NULL", name="clearance_has_a_day"),
        at_least("version", 1),
        LASTING,
    )

    kind: Mapped[InstructionKind] = mapped_column(Member(InstructionKind))
    day: Mapped[date]
    at: Mapped[datetime]
    topic: Mapped[str]
    text: Mapped[str]
    due: Mapped[date | None]
    author: Mapped[str]
    language: Mapped[str] = mapped_column(default="", server_default="")


class FormScoreRow(_PartOfRecord):
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
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date]
    form: Mapped[str]
    score: Mapped[float]
    typed_by: Mapped[Role] = mapped_column(Member(Role))


class MedicineRow(_PartOfRecord):
    """One medicine at one dose; another dose is another row."""

    __tablename__ = "medicine"
    __table_args__ = (
        is_date("day"),
        is_date("until"),
        at_most("name", NAME_LENGTH),
        one_of("unit", UNITS),
        between("amount", 0, MOST_AMOUNT),
        between("times", 0, MOST_TIMES),
        at_least("version", 1),
        LASTING,
    )

    day: Mapped[date]
    name: Mapped[str]
    amount: Mapped[float | None]
    unit: Mapped[str]
    times: Mapped[float | None]
    until: Mapped[date | None]


class AuditEventRow(Base):
    """One link of a chain: who did what and when, and the digest of its payload.

    `chain` is the number of a patient, or 0 for the installation. It points at nothing, because
    the chain outlives the patient.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        at_least("sequence", 1),
        LASTING,
    )

    id: Mapped[Key]
    chain: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(index=True)
    payload_digest: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class AuditPayloadRow(Base):
    """An event's content, apart from its link; erasure removes it and the chain still verifies."""

    __tablename__ = "audit_payload"
    __table_args__ = (LASTING,)

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    #: Random, so that a short payload cannot be guessed from its digest after erasure.
    salt: Mapped[str]
    body: Mapped[JsonValue]


class AuditHeadRow(Base):
    """The last link of each chain, so that a missing tail is noticed."""

    __tablename__ = "audit_head"
    __table_args__ = (LASTING,)

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    digest: Mapped[str]
    #: Code of the end under the audit's key; "" where no key was there when it was written.
    seal: Mapped[str] = mapped_column(server_default="")
