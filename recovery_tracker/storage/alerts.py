"""Mail to staff: who wants it, which flags wait, and what was sent (claimed as reminders are)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..domain.alerts import TELLS_FROM, Alert
from ..domain.flags import Attention
from ..domain.reminders import Delivery
from .database import WriteSession
from .reminders import MOST_TRIES
from .tables.alerts import AlertRow, LastRunRow, StaffMailRow
from .tables.flags import FlagRow
from .tables.people import AccountRow
from .teams import open_to


@dataclass(frozen=True, slots=True)
class StaffMail:
    """What a clinician wants to be told by mail; with neither wish nothing is sent."""

    account_id: int
    address: str = ""
    #: Each emergency or same-day answer.
    each: bool = False
    #: How many patients wait, once a day.
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A flag that nobody has looked at; `subject` names this wait and no other."""

    subject: str
    since: datetime


def staff_mail_of(session: Session, account_id: int) -> StaffMail:
    """What this account wants; nothing where it never chose."""
    row = session.get(StaffMailRow, account_id)
    return StaffMail(account_id) if row is None else _mail(row)


def all_staff_mail(session: Session) -> tuple[StaffMail, ...]:
    """Everybody who wants mail and may sign in."""
    query = (
        select(StaffMailRow)
        .join(AccountRow, AccountRow.id == StaffMailRow.account_id)
        .where(AccountRow.active, or_(StaffMailRow.each, StaffMailRow.digest))
        .order_by(StaffMailRow.account_id)
    )
    return tuple(map(_mail, session.scalars(query)))


def save_staff_mail(session: WriteSession, wanted: StaffMail) -> None:
    """This is what the account wants from now on."""
    row = session.get(StaffMailRow, wanted.account_id)
    if row is None:
        row = StaffMailRow(account_id=wanted.account_id)
        session.add(row)
    row.address, row.each, row.digest = wanted.address, wanted.each, wanted.digest
    session.flush()


def waiting_for(session: Session, account_id: int, at: datetime) -> tuple[Waiting, ...]:
    """Urgent flags that nobody has looked at, of patients whose diaries are open to the account."""
    query = (
        select(FlagRow.public_id, FlagRow.attention_since)
        .where(
            FlagRow.patient_id.in_(open_to(account_id, at)),
            FlagRow.attention == Attention.UNSEEN,
            FlagRow.urgency >= int(TELLS_FROM),
            FlagRow.closed_on.is_(None),
        )
        .order_by(FlagRow.attention_since, FlagRow.id)
    )
    return tuple(
        Waiting(f"{public_id} {since.isoformat()}", since)
        for public_id, since in session.execute(query)
    )


def may_claim(session: Session, account_id: int, kind: Alert, subject: str) -> bool:
    """Whether this message may still be tried: it was not, or it certainly failed."""
    row = _row(session, account_id, kind, subject)
    return row is None or (row.outcome == Delivery.FAILED and row.tries < MOST_TRIES)


def claim(
    session: WriteSession, account_id: int, kind: Alert, subject: str, *, at: datetime
) -> bool:
    """Whether the caller, and nobody else, may send this message now."""
    if not may_claim(session, account_id, kind, subject):
        return False
    row = _row(session, account_id, kind, subject)
    row = row or AlertRow(account_id=account_id, kind=str(kind), subject=subject, tries=0)
    session.add(row)
    row.outcome, row.tries, row.at = str(Delivery.UNSURE), row.tries + 1, at
    session.flush()
    return True


def settle(
    session: WriteSession, account_id: int, kind: Alert, subject: str, outcome: Delivery
) -> None:
    """The outcome of a claimed message is recorded."""
    if row := _row(session, account_id, kind, subject):
        row.outcome = str(outcome)


def note_run(session: WriteSession, name: str, at: datetime) -> None:
    """The command of this name ended well at this instant."""
    row = session.get(LastRunRow, name)
    if row is None:
        session.add(LastRunRow(name=name, at=at))
    else:
        row.at = max(row.at, at)


def last_run(session: Session, name: str) -> datetime | None:
    """When the command of this name last ended well; None for never."""
    row = session.get(LastRunRow, name)
    return None if row is None else row.at


def _row(session: Session, account_id: int, kind: Alert, subject: str) -> AlertRow | None:
    query = select(AlertRow).where(
        AlertRow.account_id == account_id, AlertRow.kind == kind, AlertRow.subject == subject
    )
    return session.scalar(query.execution_options(populate_existing=True))


def _mail(row: StaffMailRow) -> StaffMail:
    return StaffMail(row.account_id, row.address, row.each, row.digest)
