"""Flags with what became of them: the basis of a clinic's own hit rate."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.flags import Attention, Decision, Pattern, Urgency
from ..domain.history import ImagingResult
from ..domain.outcomes import Outcome, outcome_of
from .tables.flags import DecisionRow, FlagRow
from .tables.record import ImagingRow, OperationRow


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A flag raised while somebody could look at it: imported flags belong to the past."""

    patient_id: int
    pattern: Pattern
    urgency: Urgency
    raised_on: date
    is_seen: bool
    decisions: tuple[Decision, ...]
    outcome: Outcome


def flags_raised(session: Session, first: date, last: date) -> tuple[RaisedFlag, ...]:
    """Every flag raised from `first` to `last`, including withdrawn ones, with what became of
    it."""
    query = select(FlagRow).where(FlagRow.raised_on.between(first, last), ~FlagRow.imported)
    query = query.order_by(FlagRow.raised_on, FlagRow.id)
    rows = session.execute(
        query.with_only_columns(
            FlagRow.id,
            FlagRow.patient_id,
            FlagRow.pattern,
            FlagRow.urgency,
            FlagRow.raised_on,
            FlagRow.attention,
        )
    ).all()
    decided = _decisions(session, first, last)
    imaging = _imaging(session, first)
    operated = _operations(session, last)
    found = []
    for row in rows:
        pattern = Pattern(row.pattern)
        decisions = tuple(decided.get(row.id, ()))
        days = operated.get(row.patient_id, [])
        outcome = outcome_of(
            pattern,
            row.raised_on,
            operated_on=max((day for day in days if day <= row.raised_on), default=row.raised_on),
            decisions=decisions,
            imaging=imaging.get(row.patient_id, ()),
            operations=days,
        )
        is_seen = bool(decisions) or row.attention != Attention.UNSEEN
        urgency = Urgency(row.urgency)
        found.append(
            RaisedFlag(row.patient_id, pattern, urgency, row.raised_on, is_seen, decisions, outcome)
        )
    return tuple(found)


def _decisions(session: Session, first: date, last: date) -> Mapping[int, list[Decision]]:
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    query = (
        select(DecisionRow.flag_id, DecisionRow.decision)
        .join(FlagRow, FlagRow.id == DecisionRow.flag_id)
        .where(FlagRow.raised_on.between(first, last))
    )
    for flag_id, decision in session.execute(query.order_by(DecisionRow.id)):
        found[flag_id].append(Decision(decision))
    return found


def _imaging(session: Session, first: date) -> Mapping[int, list[ImagingResult]]:
    found: defaultdict[int, list[ImagingResult]] = defaultdict(list)
    query = select(ImagingRow).where(ImagingRow.day >= first).order_by(ImagingRow.day)
    for row in session.scalars(query):
        found[row.patient_id].append(ImagingResult(row.day, row.modality, row.result))
    return found


def _operations(session: Session, last: date) -> Mapping[int, list[date]]:
    """The days of operations done by `last`; a planned one may still be postponed."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    query = select(OperationRow.patient_id, OperationRow.day).where(OperationRow.day <= last)
    for patient_id, day in session.execute(query):
        found[patient_id].append(day)
    return found
