"""What the audit says: the events of a patient, of an account or of the installation, read back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, func, select, true, type_coerce
from sqlalchemy.orm import Session

from .audit import INSTALLATION, AuditAction
from .tables.people import AccountRow
from .tables.record import AuditEventRow, AuditPayloadRow


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event; `details` is None if the patient has since been erased."""

    sequence: int
    at: datetime
    action: AuditAction
    account_id: int | None
    by: str
    role: str
    details: Mapping[str, Any] | None


#: A stored time further ahead of now than this is one of a wrong clock. Our default.
AHEAD = timedelta(hours=1)


def time_ahead(session: Session, now: datetime) -> datetime | None:
    """The newest time in the audit trail, if it is far ahead of now; everything stored has one."""
    newest = session.scalar(select(func.max(AuditEventRow.at)))
    return newest if newest is not None and newest > now + AHEAD else None


def lists_with(
    session: Session, patient_id: int, *, since: datetime
) -> tuple[tuple[int | None, datetime], ...]:
    """Who read a list on which this patient stood by name, and when, newest first."""
    found = session.execute(
        select(AuditEventRow.account_id, AuditEventRow.at, AuditPayloadRow.body)
        .join(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
        .where(AuditEventRow.chain == INSTALLATION, AuditEventRow.action == AuditAction.LIST_READ)
        .where(AuditEventRow.at >= since)
        # Few lists hold these digits, and only those are parsed.
        .where(type_coerce(AuditPayloadRow.body, Text).contains(str(patient_id)))
        .order_by(AuditEventRow.sequence.desc())
    )
    return tuple(
        (account_id, at)
        for account_id, at, body in found
        if patient_id in body["details"].get("patients", ())
    )


def last_readings(session: Session, patient_id: int) -> Mapping[int, datetime]:
    """When each account last read a patient's chart, by the account's number."""
    found = session.execute(
        select(AuditEventRow.account_id, func.max(AuditEventRow.at))
        .where(AuditEventRow.chain == patient_id, AuditEventRow.action == AuditAction.CHART_READ)
        .where(AuditEventRow.account_id.is_not(None))
        .group_by(AuditEventRow.account_id)
    )
    return {account_id: at for account_id, at in found if account_id is not None}


def events_about(
    session: Session,
    patient_id: int | None = None,
    *,
    action: AuditAction | None = None,
    limit: int | None = None,
) -> tuple[AuditEvent, ...]:
    """The events of a patient's chain (None: the installation's), or one kind of them.

    Newest first.
    """
    chain = INSTALLATION if patient_id is None else patient_id
    asked = true() if action is None else AuditEventRow.action == action
    return _events(session, AuditEventRow.chain == chain, asked, limit=limit)


def events_among(
    session: Session,
    patient_id: int,
    actions: Collection[AuditAction],
    *,
    since: datetime | None = None,
    limit: int | None = None,
) -> tuple[AuditEvent, ...]:
    """The events of these kinds in a patient's chain, newest first."""
    return _events(
        session,
        AuditEventRow.chain == patient_id,
        AuditEventRow.action.in_([str(one) for one in actions]),
        true() if since is None else AuditEventRow.at >= since,
        limit=limit,
    )


def events_of_account(
    session: Session, account_id: int, actions: Collection[AuditAction], *, since: datetime
) -> tuple[AuditEvent, ...]:
    """What an account did in the installation's chain, of these kinds, newest first."""
    return _events(
        session,
        AuditEventRow.account_id == account_id,
        AuditEventRow.chain == INSTALLATION,
        AuditEventRow.action.in_([str(one) for one in actions]),
        AuditEventRow.at >= since,
        limit=20,
    )


def _events(
    session: Session, *conditions: ColumnElement[bool], limit: int | None
) -> tuple[AuditEvent, ...]:
    """The events of one chain that meet the conditions, newest first."""
    found = session.execute(
        select(AuditEventRow, AuditPayloadRow, AccountRow.name)
        .outerjoin(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
        .outerjoin(AccountRow, AccountRow.id == AuditEventRow.account_id)
        .where(*conditions)
        .order_by(AuditEventRow.sequence.desc())
        .limit(limit)
    )
    return tuple(_to_event(row, payload, name) for row, payload, name in found)


def _to_event(
    row: AuditEventRow, payload: AuditPayloadRow | None, account: str | None
) -> AuditEvent:
    body = {} if payload is None else payload.body
    return AuditEvent(
        sequence=row.sequence,
        at=row.at,
        action=AuditAction(row.action),
        account_id=row.account_id,
        by=body.get("by") or account or "",
        role=body.get("role", ""),
        details=body.get("details"),
    )
