"""Flags as stored receipts: what was computed, and what people did about it.

The two axes are written by different functions: `reconcile` writes the condition, `mark_seen`,
`decide` and `acknowledge` the attention. Only a higher urgency, a further clear worsening, or a
flag that comes back raises attention again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.flags import (
    DATED_DECISIONS,
    Attention,
    Condition,
    Decision,
    Episode,
    Pattern,
    Urgency,
)
from ..domain.language import N_
from ..domain.people import Action, Actor, Mode, may
from . import standing
from .audit import AuditAction, record
from .database import lock_chain
from .errors import Conflict, NotFound, Refused
from .matching import asks_again, match, withdraws_by_itself
from .people import new_public_id
from .settings import read_installation
from .tables.flags import AcknowledgementRow, DecisionRow, FlagRow
from .typed import episode_from_json, episode_to_json


class Answer(StrEnum):
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
    answer: Answer
    note: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class StoredFlag:
    """A receipt with everything people did about it, oldest first."""

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
        """Whether it still stands: its advice is shown to the patient."""
        return self.condition is Condition.ACTIVE

    def attention_on(self, today: date) -> Attention:
        """The attention on a day; a snooze that has run out leaves it seen."""
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
                Acknowledgement(Answer(said.kind), said.note, said.at, said.author_name)
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
        decisions=tuple(decisions),
        acknowledgements=tuple(said),
        version=row.version,
    )


def reconcile(
    session: Session,
    patient_id: int,
    episodes: Sequence[Episode],
    *,
    by: Actor,
    at: datetime,
    today: date,
    since: date,
    imported: bool = False,
) -> None:
    """The stored receipts say what was computed now; what people did about them stays.

    `episodes` are all since the index operation, which was on `since`: flags raised before it end
    with it. With `imported` new flags come from a history that is over: those that are past are
    stored as ended and seen, and so is an answer of a day before `today`.
    """
    rows = {
        row.id: row
        for row in session.scalars(
            select(FlagRow).where(FlagRow.patient_id == patient_id).order_by(FlagRow.id)
        )
    }
    pairs = match({key: episode_from_json(row.episode) for key, row in rows.items()}, episodes)
    changes: list[dict[str, Any]] = []
    for place, episode in enumerate(episodes):
        if place in pairs:
            changes += _continue(rows.pop(pairs[place]), episode, at)
        else:
            row = _raise(session, patient_id, episode, at, today, imported)
            details = {"flag": row.public_id, "episode": row.episode}
            record(
                session, AuditAction.FLAG_RAISED, by=by, at=at, patient_id=patient_id,
                details=details,
            )  # fmt: skip
    for row in rows.values():
        changes += _unmatched(row, since)
    session.flush()
    if changes:
        record(
            session, AuditAction.FLAG_CHANGED, by=by, at=at, patient_id=patient_id,
            details={"changes": changes},
        )  # fmt: skip


def _raise(
    session: Session,
    patient_id: int,
    episode: Episode,
    at: datetime,
    today: date,
    imported: bool,
) -> FlagRow:
    is_past = imported and (episode.cleared_on is not None or _is_old_answer(episode, today))
    row = FlagRow(
        public_id=new_public_id(),
        patient_id=patient_id,
        pattern=str(episode.pattern),
        urgency=int(episode.worst_urgency),
        raised_on=episode.raised_on,
        condition=str(Condition.ENDED if is_past else episode.condition),
        attention=str(Attention.SEEN if is_past else Attention.UNSEEN),
        snoozed_until=None,
        corrected_by_patient=False,
        closed_on=today if is_past else None,
        imported=imported,
        episode=episode_to_json(episode),
        stored_at=at,
        attention_since=at,
        version=1,
    )
    session.add(row)
    session.flush()
    return row


def _is_old_answer(episode: Episode, today: date) -> bool:
    # Nobody can say "gone" in a diary that was only imported, so its old signs are over.
    latest = max([episode.raised_on, *(update.day for update in episode.updates)])
    return bool(episode.signs) and latest < today


def _continue(row: FlagRow, episode: Episode, at: datetime) -> list[dict[str, Any]]:
    """The receipt of an episode that goes on; what changed, for the audit."""
    before = episode_from_json(row.episode)
    was = row.condition
    again = asks_again(before, episode)
    if again or was == Condition.WITHDRAWN:
        # Closed because the patient had taken it back; now it is said again.
        row.closed_on = None
    now = Condition.ENDED if row.closed_on is not None else episode.condition
    comes_back = now is Condition.ACTIVE and (was != Condition.ACTIVE or row.corrected_by_patient)
    if before == episode and was == now and not row.corrected_by_patient:
        return []
    row.episode = episode_to_json(episode)
    row.raised_on = episode.raised_on
    row.condition = str(now)
    row.corrected_by_patient = False
    if again or comes_back:
        row.attention = str(Attention.UNSEEN)
        row.attention_since = at
        row.snoozed_until = None
    row.urgency = int(episode.worst_urgency)
    row.version += 1
    if was == now and not again:
        return []
    return [{"flag": row.public_id, "was": was, "now": str(now), "asks_again": again}]


def _unmatched(row: FlagRow, since: date) -> list[dict[str, Any]]:
    """What becomes of a receipt that the diary no longer shows."""
    episode = episode_from_json(row.episode)
    was = row.condition
    if row.raised_on < since:
        if row.condition == Condition.ACTIVE:
            # The next operation ended it: the recovery is counted anew from there.
            row.condition = str(Condition.ENDED)
            row.closed_on = since
    elif withdraws_by_itself(episode):
        row.condition = str(Condition.WITHDRAWN)
    elif row.closed_on is None and not row.corrected_by_patient:
        row.corrected_by_patient = True
        row.version += 1
        return [{"flag": row.public_id, "was": was, "now": "corrected by the patient"}]
    if row.condition == was:
        return []
    row.version += 1
    return [{"flag": row.public_id, "was": was, "now": row.condition}]


def mark_seen(
    session: Session, patient_id: int, public_id: str, *, by: Actor, at: datetime
) -> StoredFlag:
    """A clinician has looked at it; a flag that was already looked at stays as it is."""
    row = _row(session, patient_id, public_id)
    if row.attention == Attention.UNSEEN:
        row.attention = str(Attention.SEEN)
        row.version += 1
        _recorded(session, AuditAction.FLAG_SEEN, row, by, at, {})
    return flag_by_public_id(session, patient_id, public_id)


def decide(
    session: Session,
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
    """The decision stands beside the flag, with its author and instant, for good.

    One with a day puts the flag off until that day; any other answers it, and closes one that the
    patient has corrected.

    Raises:
        Refused: the day is missing, is past, or the flag is an emergency sign to be put off.
        Conflict: the flag changed after `expected_version` was read.
    """
    row = _row(session, patient_id, public_id)
    if not may(by, Action.DECIDE_FLAG, patient_id):
        raise NotFound
    if expected_version is not None and expected_version != row.version:
        raise Conflict(current=row.version)
    is_dated = decision in DATED_DECISIONS
    is_emergency = row.urgency >= Urgency.EMERGENCY
    if is_dated != (until is not None):
        raise Refused(N_("Choose a day for this decision, and only for this kind of decision."))
    if until is not None and until <= today:
        raise Refused(N_("Choose a day after today."))
    if decision is Decision.WATCH and is_emergency:
        raise Refused(N_("An emergency sign cannot be put off."))
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
    if not is_dated:
        _answered(row, today)
    elif is_emergency:
        row.attention = str(Attention.SEEN)
    else:
        row.attention = str(Attention.SNOOZED)
        row.snoozed_until = until
    row.version += 1
    details = {"decision": str(decision), "until": until and until.isoformat()}
    _recorded(session, AuditAction.FLAG_DECIDED, row, by, at, details)
    return flag_by_public_id(session, patient_id, public_id)


def acknowledge(
    session: Session,
    patient_id: int,
    public_id: str,
    answer: Answer,
    *,
    by: Actor,
    at: datetime,
    today: date,
    note: str = "",
) -> StoredFlag:
    """The patient's own answer stands beside the flag.

    Used by one person alone it answers the flag; in a clinic a clinician still has to.
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
        _answered(row, today)
    row.version += 1
    _recorded(session, AuditAction.FLAG_ACKNOWLEDGED, row, by, at, {"answer": str(answer)})
    return flag_by_public_id(session, patient_id, public_id)


def _answered(row: FlagRow, today: date) -> None:
    row.attention = str(Attention.DECIDED)
    row.snoozed_until = None
    if row.corrected_by_patient:
        row.condition = str(Condition.WITHDRAWN)
        row.closed_on = today


def _row(session: Session, patient_id: int, public_id: str) -> FlagRow:
    lock_chain(session, patient_id)
    query = select(FlagRow).where(FlagRow.public_id == public_id, FlagRow.patient_id == patient_id)
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _recorded(
    session: Session,
    action: AuditAction,
    row: FlagRow,
    by: Actor,
    at: datetime,
    details: dict[str, Any],
) -> None:
    """The event is in the audit, and the patient's place in the list follows."""
    session.flush()
    details = {"flag": row.public_id, **details}
    record(session, action, by=by, at=at, patient_id=row.patient_id, details=details)
    standing.refresh_need(session, row.patient_id)
