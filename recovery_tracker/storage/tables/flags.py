"""Flags, what people did about them, and each patient's summary."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.flags import (
    DATED_DECISIONS,
    Attention,
    Condition,
    Decision,
    Pattern,
    Status,
    Urgency,
)
from ..columns import (
    Base,
    JsonValue,
    Key,
    OfPatient,
    PublicId,
    at_least,
    at_most,
    between,
    is_date,
    one_of,
    part_of,
    points_to,
    yes_no,
)
from .people import LASTING, STRICT

_DATED = ", ".join(f"'{decision}'" for decision in sorted(DATED_DECISIONS))


class FlagRow(Base):
    """A stored flag. `episode` is computed, `attention` is human; neither writes the other."""

    __tablename__ = "flag"
    __table_args__ = (
        one_of("pattern", Pattern),
        between("urgency", min(Urgency), max(Urgency)),
        is_date("raised_on"),
        one_of("condition", Condition),
        one_of("attention", Attention),
        CheckConstraint("(attention = 'snoozed') = (snoozed_until IS NOT NULL)", name="snoozed"),
        CheckConstraint(
            f"NOT (attention = 'snoozed' AND urgency >= {int(Urgency.EMERGENCY)})",
            name="emergency_never_snoozed",
        ),
        yes_no("corrected_by_patient"),
        yes_no("imported"),
        at_least("version", 1),
        LASTING,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    patient_id: Mapped[OfPatient]
    pattern: Mapped[str]
    #: The highest urgency it has reached.
    urgency: Mapped[int]
    raised_on: Mapped[date]
    condition: Mapped[str]
    attention: Mapped[str]
    snoozed_until: Mapped[date | None]
    #: The diary was corrected and no longer shows it, but nobody has closed it.
    corrected_by_patient: Mapped[bool]
    #: A person, or the import it came with, closed it on this day, whatever the diary shows.
    closed_on: Mapped[date | None]
    imported: Mapped[bool]
    episode: Mapped[JsonValue]
    stored_at: Mapped[datetime]
    #: Since when somebody has been asked to look, the last time.
    attention_since: Mapped[datetime]
    #: The first time, where it asked again before anybody looked; None where it asked once.
    first_asked: Mapped[datetime | None]
    #: Who said that they see to it, and when; "" and None where nobody did.
    taken_by: Mapped[str] = mapped_column(server_default="")
    taken_at: Mapped[datetime | None]
    version: Mapped[int]


#: Since when a flag that nobody has looked at waits: since the first time it asked.
WAITS_SINCE = func.coalesce(FlagRow.first_asked, FlagRow.attention_since)


class DecisionRow(Base):
    """A clinician's decision on a flag; rows are only ever added."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("decision", Decision),
        CheckConstraint(f"(decision IN ({_DATED})) = (until IS NOT NULL)", name="dated_has_a_day"),
        is_date("day"),
        at_most("note", 2000),
        LASTING,
    )

    id: Mapped[Key]
    flag_id: Mapped[int] = part_of("flag", index=True)
    decision: Mapped[str] = mapped_column(index=True)
    note: Mapped[str]
    until: Mapped[date | None]
    at: Mapped[datetime]
    author_account_id: Mapped[int | None]
    author_name: Mapped[str]
    #: Of the note; "" where nobody knows.
    language: Mapped[str] = mapped_column(default="", server_default="")
    #: The civil day where the patient is; None of decisions that were made before it was kept.
    day: Mapped[date | None]


class AcknowledgementRow(Base):
    """The patient's own answer to a flag: called, or been seen; rows are only ever added."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        one_of("kind", ("called", "been_seen")),
        at_most("note", 2000),
        LASTING,
    )

    id: Mapped[Key]
    flag_id: Mapped[int] = part_of("flag", index=True)
    kind: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    author_account_id: Mapped[int | None]
    author_name: Mapped[str]


class SummaryRow(Base):
    """A patient's summary: the latest assessment and flags, from which lists are made.

    `need` orders the list, larger first, and `flag_id` is the flag that asks most for a look; from
    `wakes_on`, when a snooze runs out, they are `need_awake` and `flag_awake_id`. All of it can be
    computed again from the rest.
    """

    __tablename__ = "standing"
    __table_args__ = (
        one_of("status", Status),
        yes_no("assessment_due"),
        Index("ix_standing_need", "need"),
        STRICT,
    )

    patient_id: Mapped[int] = part_of("patient", primary_key=True, autoincrement=False)
    assessment_due: Mapped[bool]
    as_of: Mapped[date | None]
    status: Mapped[str | None]
    next_change_on: Mapped[date | None] = mapped_column(index=True)
    last_entry: Mapped[date | None]
    logged: Mapped[int]
    expected: Mapped[int]
    recent_logged: Mapped[int]
    recent_expected: Mapped[int]
    operation_day: Mapped[date | None]
    region: Mapped[str | None]
    need: Mapped[int]
    wakes_on: Mapped[date | None]
    need_awake: Mapped[int]
    flag_awake_id: Mapped[int | None]
    flag_id: Mapped[int | None] = points_to("flag")
    flags_open: Mapped[int]
    rule_set: Mapped[str]
    computed_at: Mapped[datetime | None]
    #: Whether the loading and hardware questions are asked daily for now; None: not assessed since.
    asks_daily: Mapped[bool | None]
