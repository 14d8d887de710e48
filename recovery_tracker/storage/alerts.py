"""Messages to staff and to the clinic's own system: who wants them, what waits, what was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from ..domain.alerts import TELLS_FROM, Alert
from ..domain.flags import Attention, Condition, Urgency
from ..domain.reminders import Delivery
from . import claims
from .audit import INSTALLATION
from .database import WriteSession, lock_chain
from .tables.alerts import AlertRow, AlertWishesRow, HookRow, LastRunRow
from .tables.flags import WAITS_SINCE, FlagRow
from .tables.people import AccountRow, PatientRow
from .ways import open_to


@dataclass(frozen=True, slots=True)
class AlertWishes:
    """What a clinician wants to be told, and where; with neither wish nothing is sent."""

    account_id: int
    address: str = ""
    #: Each emergency or same-day answer.
    each: bool = False
    #: How many patients wait, once a day.
    digest: bool = False
    #: Devices that show it, as their browsers described them.
    rings: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A flag that nobody has looked at; `subject` names this wait and no other."""

    subject: str
    since: datetime
    urgency: Urgency


def wishes_of(session: Session, account_id: int) -> AlertWishes:
    """What this account wants; nothing where it never chose."""
    row = session.get(AlertWishesRow, account_id)
    return AlertWishes(account_id) if row is None else _wishes(row)


def all_wishes(session: Session) -> tuple[AlertWishes, ...]:
    """Everybody who wants to be told of something and may sign in."""
    query = (
        select(AlertWishesRow)
        .join(AccountRow, AccountRow.id == AlertWishesRow.account_id)
        .where(AccountRow.active, or_(AlertWishesRow.each, AlertWishesRow.digest))
        .order_by(AlertWishesRow.account_id)
    )
    return tuple(map(_wishes, session.scalars(query)))


def save_wishes(session: WriteSession, wanted: AlertWishes) -> None:
    """This is what the account wants from now on."""
    row = session.get(AlertWishesRow, wanted.account_id)
    if row is None:
        row = AlertWishesRow(account_id=wanted.account_id)
        session.add(row)
    row.address, row.each, row.digest = wanted.address, wanted.each, wanted.digest
    row.rings = list(wanted.rings)
    session.flush()


def waiting_for(session: Session, account_id: int, at: datetime) -> tuple[Waiting, ...]:
    """Urgent flags that nobody has looked at, of patients whose diaries are open to the account."""
    return waiting(session, FlagRow.patient_id.in_(open_to(account_id, at)))


def waiting(session: Session, *conditions: ColumnElement[bool]) -> tuple[Waiting, ...]:
    """Urgent flags that nobody has looked at, of everybody whom the clinic follows."""
    query = (
        select(FlagRow.public_id, FlagRow.attention_since, WAITS_SINCE, FlagRow.urgency)
        .join(PatientRow, PatientRow.id == FlagRow.patient_id)
        .where(
            PatientRow.ended_on.is_(None),
            FlagRow.attention == Attention.UNSEEN,
            FlagRow.urgency >= int(TELLS_FROM),
            FlagRow.closed_on.is_(None),
            FlagRow.condition != Condition.WITHDRAWN,
            *conditions,
        )
        .order_by(WAITS_SINCE, FlagRow.id)
    )
    return tuple(
        Waiting(f"{public_id} {asked.isoformat()}", since, Urgency(urgency))
        for public_id, asked, since, urgency in session.execute(query)
    )


def waits(session: Session, patient_id: int) -> bool:
    """Whether an urgent flag of this patient waits for somebody to look."""
    return bool(waiting(session, FlagRow.patient_id == patient_id))


def may_claim(
    session: Session, account_id: int | None, kind: Alert, subject: str, at: datetime
) -> bool:
    """Whether this message may be tried now; without an account it is for the clinic's system."""
    table, key = _message(account_id, kind, subject)
    return claims.may_claim(session, table, at, _after_rest(account_id, kind), **key)


def tried_at(
    session: Session, account_id: int | None, kind: Alert, subject: str
) -> datetime | None:
    """When this message was last tried; None for never."""
    table, key = _message(account_id, kind, subject)
    return claims.tried_at(session, table, **key)


def claim(
    session: WriteSession, account_id: int | None, kind: Alert, subject: str, *, at: datetime
) -> bool:
    """Whether the caller, and nobody else, may send this message now."""
    lock_chain(session, INSTALLATION)
    table, key = _message(account_id, kind, subject)
    return claims.claim(session, table, at=at, after_rest=_after_rest(account_id, kind), **key)


def settle(
    session: WriteSession,
    account_id: int | None,
    kind: Alert,
    subject: str,
    outcome: Delivery,
    *,
    is_away: bool = False,
) -> None:
    """The outcome of a claimed message is recorded; nobody was tried where they were away."""
    table, key = _message(account_id, kind, subject)
    claims.settle(session, table, outcome, is_away=is_away, **key)


def forget(session: WriteSession, patient_id: int) -> None:
    """Nothing says any longer that anybody was told of this patient's flags."""
    for flag in session.scalars(select(FlagRow.public_id).where(FlagRow.patient_id == patient_id)):
        for table in (AlertRow, HookRow):
            session.execute(
                delete(table).where(table.subject.startswith(f"{flag} ", autoescape=True))
            )


def _message(
    account_id: int | None, kind: Alert, subject: str
) -> tuple[type[AlertRow | HookRow], dict[str, Any]]:
    key = {"kind": str(kind), "subject": subject}
    return (HookRow, key) if account_id is None else (AlertRow, {**key, "account_id": account_id})


def _after_rest(account_id: int | None, kind: Alert) -> frozenset[Delivery]:
    """After which outcomes a message is tried again once it has rested.

    Of two urgent messages the second costs a look, of none an emergency stays unseen.
    """
    if account_id is None:
        return frozenset({Delivery.FAILED, Delivery.UNSURE})
    return frozenset() if kind is Alert.DIGEST else frozenset({Delivery.UNSURE})


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


def _wishes(row: AlertWishesRow) -> AlertWishes:
    return AlertWishes(row.account_id, row.address, row.each, row.digest, tuple(row.rings))
