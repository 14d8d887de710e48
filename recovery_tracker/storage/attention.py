"""What people do about a stored flag: look, see to it, decide; the patient's own answer.

The other axis, the condition, is written by `flag_updates.reconcile` from what was computed.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.flags import DATED_DECISIONS, Attention, Condition, Decision, Urgency
from ..domain.language import N_
from ..domain.people import Action, Actor, Mode, may
from . import patient_summary
from .appointments import next_visit
from .audit import AuditAction, record
from .database import WriteSession
from .errors import Conflict, NotFound, Refused, RefusedDay
from .flags import Acknowledged, StoredFlag, flag_by_public_id, row_of, wake
from .settings import read_installation
from .tables.flags import AcknowledgementRow, DecisionRow, FlagRow

#: The longest that a flag may be put off, unless the next visit is sooner. Our default.
LONGEST_WATCH = timedelta(weeks=12)
#: The same of a flag that asks for a call the same day, and for another try to reach the patient
#: about an emergency. Our default: no source was found.
LONGEST_WATCH_URGENT = timedelta(weeks=1)


def mark_seen(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    *,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> StoredFlag:
    """A clinician has looked at it; a flag that had already been looked at is unchanged.

    Raises:
        Conflict: the flag changed after `expected_version` was read: that was not looked at.
    """
    row = row_of(session, patient_id, public_id)
    _refuse_unseen(row, expected_version)
    if row.attention == Attention.UNSEEN:
        row.attention = str(Attention.SEEN)
        row.version += 1
        _recorded(session, AuditAction.FLAG_SEEN, row, by, at, {})
    return flag_by_public_id(session, patient_id, public_id)


def take_on(
    session: WriteSession,
    patient_id: int,
    public_id: str,
    *,
    by: Actor,
    at: datetime,
    here: date,
    expected_version: int | None = None,
) -> StoredFlag:
    """This clinician has taken the flag on, in place of anybody before; it still needs a decision.

    It counts as looked at. `here` is the day where the clinician is, by which a snooze runs out.

    Raises:
        Conflict: the flag changed after `expected_version` was read.
    """
    row = row_of(session, patient_id, public_id)
    if not may(by, Action.DECIDE_FLAG, patient_id):
        raise NotFound
    _refuse_unseen(row, expected_version)
    wake(row, here)
    if row.attention not in (Attention.UNSEEN, Attention.SEEN):
        # Decided meanwhile: nobody has to see to it.
        return flag_by_public_id(session, patient_id, public_id)
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
    language: str = "",
    until: date | None = None,
    expected_version: int | None = None,
    here: date | None = None,
) -> StoredFlag:
    """The decision is kept with the flag for good, with its author and time; `language` is the tag
    of that of its note. `today` is the day where the patient is, `here` that of whoever decides,
    by which `until` is to come: without it the same.

    A decision with a day puts the flag off until then; any other answers it, and closes one that
    the patient has corrected. Nobody is seeing to it any longer.

    Raises:
        RefusedDay: the day is missing, is past, or is later than `latest_until`.
        Refused: an emergency sign cannot be put off.
        Conflict: the flag changed after `expected_version` was read.
    """
    row = row_of(session, patient_id, public_id)
    if not may(by, Action.DECIDE_FLAG, patient_id):
        raise NotFound
    _refuse_unseen(row, expected_version)
    here = here or today
    is_emergency = row.urgency >= Urgency.EMERGENCY
    is_urgent = row.urgency >= Urgency.SAME_DAY
    latest = latest_until(session, patient_id, here, is_urgent=is_urgent)
    _check_day(decision, until, here, latest, is_emergency=is_emergency, is_urgent=is_urgent)
    made = {"decision": str(decision), "note": note, "until": until, "language": language}
    who = {"author_account_id": by.account_id, "author_name": by.name}
    session.add(DecisionRow(flag_id=row.id, day=today, at=at, **made, **who))
    if until is None:
        _answered(session, row, today)
    elif is_emergency:
        row.attention = str(Attention.SEEN)
    else:
        row.attention, row.snoozed_until = str(Attention.SNOOZED), until
    row.taken_by, row.taken_at = "", None
    row.version += 1
    details = {"decision": str(decision), "until": until and until.isoformat()}
    _recorded(session, AuditAction.FLAG_DECIDED, row, by, at, details)
    return flag_by_public_id(session, patient_id, public_id)


def _refuse_unseen(row: FlagRow, expected_version: int | None) -> None:
    if expected_version is not None and expected_version != row.version:
        raise Conflict(current=row.version)


def latest_until(session: Session, patient_id: int, today: date, *, is_urgent: bool) -> date:
    """The last day to which a flag may be put off: the next visit, or so many weeks if sooner."""
    visit = session.scalar(select(next_visit(patient_id, today + timedelta(days=1))))
    longest = today + (LONGEST_WATCH_URGENT if is_urgent else LONGEST_WATCH)
    return min(visit or longest, longest)


def _check_day(
    decision: Decision,
    until: date | None,
    today: date,
    latest: date,
    *,
    is_emergency: bool,
    is_urgent: bool,
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
    if until is None or until <= latest:
        return
    if is_urgent:
        raise RefusedDay(
            N_(
                "This flag asks for a call the same day. Choose a day within a week, up to the "
                "next visit."
            )
        )
    raise RefusedDay(N_("Choose a day within twelve weeks, up to the next visit."))


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
    row = row_of(session, patient_id, public_id)
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
        NotFound: there is no such flag, or it is not theirs.
        Refused: a clinic has to look at it, or its answer has not been corrected.
    """
    row = row_of(session, patient_id, public_id)
    if not may(by, Action.ACKNOWLEDGE_FLAG, patient_id):
        raise NotFound
    if read_installation(session).mode is not Mode.JUST_ME:
        raise Refused(N_("Your team has to look at this. Only your team can close it."))
    if not row.corrected_by_patient:
        raise Refused(
            N_("First change the answer of that day. Then you can say that it was a mistake.")
        )
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
