"""Each patient's summary, which lists are made of, and the order of need.

It repeats what flags and the latest assessment show, so that a list of ten thousand patients is one
query; all of it can be computed again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select, true, update
from sqlalchemy.orm import Session

from ..domain.flags import Assessment, Attention, Condition, Status, Urgency, is_missed
from ..domain.surgery import Operation
from .database import WriteSession
from .tables.flags import FlagRow, SummaryRow
from .tables.people import PatientRow

#: Need of a flag nobody has looked at, by urgency; one that was seen but not answered ranks lower.
#: The order: emergency, same day, review, gone quiet or too little data, nothing. Our default.
UNSEEN_NEED = {
    Urgency.EMERGENCY: 90,
    Urgency.SAME_DAY: 70,
    Urgency.REVIEW: 50,
    Urgency.NOTE: 30,
}
SEEN_NEED = {Urgency.EMERGENCY: 80, Urgency.SAME_DAY: 60, Urgency.REVIEW: 40, Urgency.NOTE: 20}
#: An emergency or same-day flag that ended before anybody looked at it.
ENDED_UNSEEN_NEED = 55
QUIET_NEED = 25
#: For so long after the operation, or after a patient was added, too little data asks for no look:
#: nobody has had the time yet to write more. Our default.
SETTLING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """A patient's stored summary; None where nothing has been assessed."""

    assessment_due: bool
    as_of: date | None
    next_change_on: date | None
    rule_set: str
    asks_daily: bool = False


def summary_of(session: Session, patient_id: int) -> PatientSummary:
    row = _row(session, patient_id)
    return PatientSummary(
        row.assessment_due, row.as_of, row.next_change_on, row.rule_set, bool(row.asks_daily)
    )


def mark_due(session: WriteSession, patient_id: int, *, last_entry: date | None) -> None:
    """The stored assessment may no longer match the diary: somebody has to look at the days
    themselves. The list knows the newest one.
    """
    row = _row(session, patient_id)
    row.assessment_due = True
    row.need, row.need_awake = max(row.need, QUIET_NEED), max(row.need_awake, QUIET_NEED)
    row.last_entry = last_entry
    session.flush()
    session.assessed(patient_id)


def outdate_all(session: WriteSession) -> None:
    """Every summary is one of rules that are no longer in use: due when it is next read, or on the
    next `tick`. Nothing has failed, and the list says nothing else.
    """
    session.execute(
        update(SummaryRow)
        .where(SummaryRow.as_of.is_not(None))
        .values(rule_set="", next_change_on=SummaryRow.as_of),
        execution_options={"synchronize_session": False},
    )


def nothing_to_assess(session: WriteSession, patient_id: int) -> None:
    """Without an operation there is nothing to count from, so nothing is due."""
    _row(session, patient_id).assessment_due = False
    session.flush()
    session.assessed(patient_id)


def save_summary(
    session: WriteSession,
    patient_id: int,
    assessment: Assessment,
    index: Operation,
    *,
    last_entry: date | None,
    at: datetime,
    flags: Sequence[FlagRow],
) -> None:
    """The summary is that of `assessment`, which is no longer due; `flags` are all of the
    patient's."""
    row = _row(session, patient_id)
    found = assessment.sufficiency
    row.assessment_due = False
    row.as_of = assessment.as_of
    row.status = str(assessment.status)
    row.next_change_on = assessment.next_change_on
    row.last_entry = last_entry
    row.logged, row.expected = found.kept, found.expected
    row.recent_logged, row.recent_expected = found.recent_kept, found.recent_expected
    row.operation_day = index.day
    row.region = str(index.region)
    row.rule_set = assessment.rule_set
    row.asks_daily = assessment.asks_daily
    row.computed_at = at
    _refresh(session, row, flags)
    session.assessed(patient_id)


def is_before_count(session: Session, flag: FlagRow, today: date) -> bool:
    """Whether a flag is from before the index operation, if that was done by `today`."""
    counted_from = _row(session, flag.patient_id).operation_day
    return counted_from is not None and flag.raised_on < counted_from <= today


def refresh_need(session: WriteSession, patient_id: int) -> None:
    """The patient's place in the list matches their flags as they are now."""
    flags = session.scalars(select(FlagRow).where(FlagRow.patient_id == patient_id)).all()
    _refresh(session, _row(session, patient_id), flags)


def _refresh(session: WriteSession, row: SummaryRow, flags: Sequence[FlagRow]) -> None:
    quiet = QUIET_NEED if row.assessment_due or row.status == Status.GONE_QUIET else 0
    if row.status == Status.TOO_LITTLE_DATA and row.as_of is not None:
        settled_on = _settled_on(session, row)
        if row.as_of >= settled_on:
            quiet = QUIET_NEED
        else:
            row.next_change_on = min(row.next_change_on or settled_on, settled_on)
    awake = [flag for flag in flags if flag.attention != Attention.SNOOZED]
    leading = _leading(awake)
    row.need = max(need_of(leading) if leading else 0, quiet)
    asleep = [flag.snoozed_until for flag in flags if flag.snoozed_until and _is_open(flag)]
    row.wakes_on = min(asleep, default=None)
    if row.wakes_on is not None:
        # Once it is over everywhere, the place is found again: another may be put off for longer.
        over = row.wakes_on + timedelta(days=1)
        row.next_change_on = min(row.next_change_on or over, over)
    whole = _leading([flag for flag in flags if flag.snoozed_until in (None, row.wakes_on)])
    row.need_awake = max(need_of(whole) if whole else 0, quiet)
    row.flag_awake_id = whole.id if whole else None
    # One that was put off stands on the row while nothing else asks for a look.
    row.flag_id = leading.id if leading else row.flag_awake_id
    row.flags_open = sum(_is_open(flag) for flag in flags)
    session.flush()


def _settled_on(session: Session, row: SummaryRow) -> date:
    """First day on which too little data asks for a look."""
    patient = session.get_one(PatientRow, row.patient_id)
    added = patient.created_at.date()
    return max(row.operation_day or added, added) + SETTLING


def _leading(flags: Iterable[FlagRow]) -> FlagRow | None:
    """The flag that asks most for a look, the newest among equals; None where none asks."""
    asking = [flag for flag in flags if need_of(flag) > 0]
    return max(asking, key=lambda flag: (need_of(flag), flag.raised_on, flag.id), default=None)


def _is_open(flag: FlagRow) -> bool:
    return flag.condition == Condition.ACTIVE


def need_of(flag: FlagRow) -> int:
    """How much a flag asks for a look; 0 once a person has answered it."""
    return need(Condition(flag.condition), Attention(flag.attention), Urgency(flag.urgency))


def need(condition: Condition, attention: Attention, urgency: Urgency) -> int:
    """The same of a flag with this condition, attention and urgency; one put off is woken."""
    if attention is Attention.DECIDED:
        return 0
    if condition is Condition.ACTIVE:
        unseen = attention is Attention.UNSEEN
        return UNSEEN_NEED[urgency] if unseen else SEEN_NEED[urgency]
    return ENDED_UNSEEN_NEED if is_missed(condition, attention, urgency) else 0


def _row(session: Session, patient_id: int) -> SummaryRow:
    row = session.get(SummaryRow, patient_id)
    assert row is not None, "every patient has a standing"
    return row


def waiting_for_assessment(session: Session, latest: date, rule_set: str) -> list[tuple[int, str]]:
    """Patients, with their zones, whose summary may be out of date on any day up to `latest`; those
    whom the clinic no longer follows are assessed when somebody looks.
    """
    # A setting in the name ("…/quiet") has days of its own: `next_change_on`.
    is_current = or_(
        SummaryRow.rule_set == rule_set,
        SummaryRow.rule_set.startswith(f"{rule_set}/", autoescape=True),
    )
    query = (
        select(PatientRow.id, PatientRow.zone)
        .join(SummaryRow, SummaryRow.patient_id == PatientRow.id)
        .where(PatientRow.ended_on.is_(None))
        .where(
            or_(
                SummaryRow.assessment_due == true(),
                SummaryRow.next_change_on <= latest,
                and_(SummaryRow.as_of.is_not(None), ~is_current),
            )
        )
        .order_by(PatientRow.id)
    )
    return [(patient_id, zone) for patient_id, zone in session.execute(query)]
