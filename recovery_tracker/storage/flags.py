"""Stored flags, and what people do about them.

The two axes are written in different places: `flag_updates.reconcile` writes the condition from
what was computed; `mark_seen`, `decide` and `acknowledge` here write the attention.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..domain.flags import (
    DATED_DECISIONS,
    Attention,
    Condition,
    Decision,
    Episode,
    Pattern,
    Urgency,
    is_missed,
)
from ..domain.language import N_
from ..domain.people import Action, Actor, Mode, may
from . import patient_summary
from .as_json import episode_from_json
from .audit import AuditAction, record
from .database import WriteSession, lock_chain
from .errors import Conflict, NotFound, Refused, RefusedDay
from .settings import read_installation
from .tables.flags import AcknowledgementRow, DecisionRow, FlagRow
from .tables.record import AppointmentRow

#: The longest that a flag may be put off, unless the next visit is later. Our default.
LONGEST_WATCH = timedelta(weeks=12)


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
        if self.snoozed_until is not None and self.snoozed_until <= today:
            return Attention.SEEN
        return self.attention


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
    return _with_answers(session, [_row(session, patient_id, public_id)])[0]


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
                    Decision(made.decision), made.note, made.until, made.at, made.author_name
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


def mark_seen(
    session: WriteSession, patient_id: int, public_id: str, *, by: Actor, at: datetime
) -> StoredFlag:
    """A clinician has looked at it; a flag that had already been looked at is unchanged."""
    row = _row(session, patient_id, public_id)
    if row.attention == Attention.UNSEEN:
        row.attention = str(Attention.SEEN)
        row.version += 1
        _recorded(session, AuditAction.FLAG_SEEN, row, by, at, {})
    return flag_by_public_id(session, patient_id, public_id)


def take_on(
    session: WriteSession, patient_id: int, public_id: str, *, by: Actor, at: datetime
) -> StoredFlag:
    """This clinician sees to it, in place of whoever said so before; it still waits for a decision.

    It counts as looked at.
    """
    row = _row(session, patient_id, public_id)
    if not may(by, Action.DECIDE_FLAG, patient_id):
        raise NotFound
    row.taken_by, row.taken_at = by.name, at
    if row.attention == Attention.UNSEEN:
        row.attention = str(Attention.SEEN)
    row.version += 1
    _recorded(session, AuditAction.FLAG_TAKEN, row, by, at, {})
    return flag_by_public_id(session, patient_id, public_id)


def decide(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    decision: Decision,
    *,
    by: Actor,
    at: datetime,
    today: date,
    note: str = "",
    until: date | None = None,
    expected_version: int | None = None,
) -> StoredFlag:
    """The decision is kept with the flag for good, with its author and time.

    A decision with a day puts the flag off until then; any other answers it, and closes one that
    the patient has corrected.

    Raises:
        RefusedDay: the day is missing, is past, or is later than `latest_until`.
        Refused: an emergency sign cannot be put off.
        Conflict: the flag changed after `expected_version` was read.
    """
    row = _row(session, patient_id, public_id)
    if not may(by, Action.DECIDE_FLAG, patient_id):
        raise NotFound
    if expected_version is not None and expected_version != row.version:
        raise Conflict(current=row.version)
    is_emergency = row.urgency >= Urgency.EMERGENCY
    latest = latest_until(session, patient_id, today)
    _check_day(decision, until, today, latest, is_emergency=is_emergency)
    session.add(
        DecisionRow(
            flag_id=row.id,
            decision=str(decision),
            note=note,
            until=until,
            at=at,
            author_account_id=by.account_id,
            author_name=by.name,
        )
    )
    if until is None:
        _answered(session, row, today)
    elif is_emergency:
        row.attention = str(Attention.SEEN)
    else:
        row.attention = str(Attention.SNOOZED)
        row.snoozed_until = until
    row.version += 1
    details = {"decision": str(decision), "until": until and until.isoformat()}
    _recorded(session, AuditAction.FLAG_DECIDED, row, by, at, details)
    return flag_by_public_id(session, patient_id, public_id)


def latest_until(session: Session, patient_id: int, today: date) -> date:
    """The last day to which a flag may be put off: the next visit, or twelve weeks if later."""
    query = select(func.min(AppointmentRow.day)).where(
        AppointmentRow.patient_id == patient_id, AppointmentRow.day > today
    )
    return max(session.scalar(query) or today, today + LONGEST_WATCH)


def _check_day(
    decision: Decision, until: date | None, today: date, latest: date, *, is_emergency: bool
) -> None:
    if decision is Decision.WATCH and is_emergency:
        raise Refused(N_("An emergency sign cannot be put off."))
    if decision in DATED_DECISIONS and until is None:
        raise RefusedDay(N_("Choose a day: until when to watch, or when to try again."))
    if decision not in DATED_DECISIONS and until is not None:
        raise RefusedDay(
            N_("This decision has no day. Leave the day empty, or choose another one.")
        )
    if until is not None and until <= today:
        raise RefusedDay(N_("Choose a day after today."))
    if until is not None and until > latest:
        raise RefusedDay(
            N_("Choose a day up to the next visit, or within twelve weeks where that is later.")
        )


def acknowledge(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    answer: Acknowledged,
    *,
    by: Actor,
    at: datetime,
    today: date,
    note: str = "",
) -> StoredFlag:
    """The patient's own answer is kept with the flag.

    In "just me" it answers the flag; in a clinic a clinician still has to.
    """
    row = _row(session, patient_id, public_id)
    if not may(by, Action.ACKNOWLEDGE_FLAG, patient_id):
        raise NotFound
    session.add(
        AcknowledgementRow(
            flag_id=row.id,
            kind=str(answer),
            note=note,
            at=at,
            author_account_id=by.account_id,
            author_name=by.name,
        )
    )
    if read_installation(session).mode is Mode.JUST_ME:
        _answered(session, row, today)
    row.version += 1
    _recorded(session, AuditAction.FLAG_ACKNOWLEDGED, row, by, at, {"answer": str(answer)})
    return flag_by_public_id(session, patient_id, public_id)


def take_back(
    session: WriteSession, patient_id: int, public_id: str, *, by: Actor, at: datetime, today: date
) -> StoredFlag:
    """Somebody on their own says that an answer they have corrected was a mistake: the flag closes.

    Raises:
        NotFound: there is no such flag, it is not theirs, its answer has not been corrected, or a
            clinic has to look at it.
    """
    row = _row(session, patient_id, public_id)
    is_alone = read_installation(session).mode is Mode.JUST_ME
    if not (may(by, Action.ACKNOWLEDGE_FLAG, patient_id) and row.corrected_by_patient and is_alone):
        raise NotFound
    _answered(session, row, today)
    row.version += 1
    _recorded(session, AuditAction.FLAG_ACKNOWLEDGED, row, by, at, {"answer": "mistake"})
    return flag_by_public_id(session, patient_id, public_id)


def _answered(session: Session, row: FlagRow, today: date) -> None:
    row.attention = str(Attention.DECIDED)
    row.snoozed_until = None
    if row.corrected_by_patient:
        row.condition = str(Condition.WITHDRAWN)
        row.closed_on = today
    elif row.condition == Condition.ACTIVE and patient_summary.is_before_count(session, row, today):
        # It outlasted the operation only because nobody had answered it.
        row.condition = str(Condition.ENDED)


def _row(session: Session, patient_id: int, public_id: str) -> FlagRow:
    lock_chain(session, patient_id)
    query = select(FlagRow).where(FlagRow.public_id == public_id, FlagRow.patient_id == patient_id)
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _recorded(
    session: WriteSession,
    action: AuditAction,
    row: FlagRow,
    by: Actor,
    at: datetime,
    details: dict[str, Any],
) -> None:
    """The event is in the audit trail, and the patient's place in the list is up to date."""
    session.flush()
    details = {"flag": row.public_id, **details}
    record(session, action, by=by, at=at, patient_id=row.patient_id, details=details)
    patient_summary.refresh_need(session, row.patient_id)
