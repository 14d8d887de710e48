"""Stored flags as they are read: what was computed, and what people did about it.

`flag_updates` writes the first, `attention` the second; neither writes the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.flags import (
    Attention,
    Condition,
    Decision,
    Episode,
    Pattern,
    Urgency,
    is_missed,
)
from .as_json import episode_from_json
from .database import lock_chain
from .errors import NotFound
from .patient_summary import need
from .tables.flags import AcknowledgementRow, DecisionRow, FlagRow


class Acknowledged(StrEnum):
    """The patient's own answer to a flag."""

    CALLED = "called"
    BEEN_SEEN = "been_seen"


@dataclass(frozen=True, slots=True)
class StoredDecision:
    decision: Decision
    note: str
    until: date | None
    at: datetime
    author: str
    #: Tag of the language of the note; "" where nobody knows.
    language: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    answer: Acknowledged
    note: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class StoredFlag:
    """A flag with everything that people did about it, oldest first."""

    id: int
    public_id: str
    patient_id: int
    episode: Episode
    condition: Condition
    attention: Attention
    snoozed_until: date | None
    #: The diary was corrected and no longer shows it; a person has to close it.
    corrected_by_patient: bool
    closed_on: date | None
    imported: bool
    stored_at: datetime
    attention_since: datetime
    #: Who said that they see to it, and when; "" and None where nobody did.
    taken_by: str
    taken_at: datetime | None
    decisions: tuple[StoredDecision, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    version: int

    @property
    def pattern(self) -> Pattern:
        return self.episode.pattern

    @property
    def urgency(self) -> Urgency:
        """The highest urgency it has reached."""
        return self.episode.worst_urgency

    @property
    def is_open(self) -> bool:
        """Whether it is still open: its advice is shown to the patient."""
        return self.condition is Condition.ACTIVE

    @property
    def is_missed(self) -> bool:
        """Whether it was urgent and ended before anybody looked at it."""
        return is_missed(self.condition, self.attention, self.urgency)

    def attention_on(self, today: date) -> Attention:
        """The attention on a given day; a snooze that has run out leaves it seen."""
        return attention_on(self, today)

    def need_on(self, today: date) -> tuple[int, int]:
        """How much it asks for a look, as in the list: now, and with what was put off."""
        whole = need(self.condition, self.attention, self.urgency)
        return 0 if self.attention_on(today) is Attention.SNOOZED else whole, whole


def attention_on(flag: StoredFlag | FlagRow, today: date) -> Attention:
    """What people did about a flag so far; a snooze that has run out leaves it seen."""
    return attention_after(flag.attention, flag.snoozed_until, today)


def attention_after(attention: str, until: date | None, today: date) -> Attention:
    """The same from what is stored: the attention, and until when the flag was put off."""
    if until is not None and until <= today:
        return Attention.SEEN
    return Attention(attention)


def wake(flag: FlagRow, today: date) -> None:
    """A flag whose snooze has run out by `today` waits again as one that was looked at."""
    if flag.attention == Attention.SNOOZED and attention_on(flag, today) is Attention.SEEN:
        flag.attention, flag.snoozed_until = str(Attention.SEEN), None


def flags_of(session: Session, patient_id: int) -> tuple[StoredFlag, ...]:
    """Every flag of a patient by the day it was raised, withdrawn ones included."""
    query = select(FlagRow).where(FlagRow.patient_id == patient_id)
    rows = session.scalars(query.order_by(FlagRow.raised_on, FlagRow.id)).all()
    return _with_answers(session, rows)


def flag_by_public_id(session: Session, patient_id: int, public_id: str) -> StoredFlag:
    """One flag of this patient.

    Raises:
        NotFound: there is none, or it is another patient's.
    """
    return _with_answers(session, [row_of(session, patient_id, public_id)])[0]


def _with_answers(session: Session, rows: Sequence[FlagRow]) -> tuple[StoredFlag, ...]:
    ids = [row.id for row in rows]
    decisions: dict[int, list[StoredDecision]] = {}
    acknowledgements: dict[int, list[Acknowledgement]] = {}
    if ids:
        for made in session.scalars(
            select(DecisionRow).where(DecisionRow.flag_id.in_(ids)).order_by(DecisionRow.id)
        ):
            decisions.setdefault(made.flag_id, []).append(
                StoredDecision(
                    Decision(made.decision),
                    made.note,
                    made.until,
                    made.at,
                    made.author_name,
                    made.language,
                )
            )
        for said in session.scalars(
            select(AcknowledgementRow)
            .where(AcknowledgementRow.flag_id.in_(ids))
            .order_by(AcknowledgementRow.id)
        ):
            acknowledgements.setdefault(said.flag_id, []).append(
                Acknowledgement(Acknowledged(said.kind), said.note, said.at, said.author_name)
            )
    return tuple(
        _to_flag(row, decisions.get(row.id, ()), acknowledgements.get(row.id, ())) for row in rows
    )


def _to_flag(
    row: FlagRow, decisions: Iterable[StoredDecision], said: Iterable[Acknowledgement]
) -> StoredFlag:
    return StoredFlag(
        id=row.id,
        public_id=row.public_id,
        patient_id=row.patient_id,
        episode=episode_from_json(row.episode),
        condition=Condition(row.condition),
        attention=Attention(row.attention),
        snoozed_until=row.snoozed_until,
        corrected_by_patient=row.corrected_by_patient,
        closed_on=row.closed_on,
        imported=row.imported,
        stored_at=row.stored_at,
        attention_since=row.attention_since,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        decisions=tuple(decisions),
        acknowledgements=tuple(said),
        version=row.version,
    )


def row_of(session: Session, patient_id: int, public_id: str) -> FlagRow:
    """The current row, with the patient's chain locked; `NotFound` where there is none."""
    lock_chain(session, patient_id)
    query = select(FlagRow).where(FlagRow.public_id == public_id, FlagRow.patient_id == patient_id)
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row
