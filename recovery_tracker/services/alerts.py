"""Messages to staff: chosen by each, claimed before they are sent; and when the commands ran."""

from dataclasses import replace
from datetime import datetime

from ..domain.people import Actor
from ..storage import alerts, audit
from ..storage.database import Database, WriteSession
from .change import change, in_one_change

claim_alert = in_one_change(alerts.claim)
settle_alert = in_one_change(alerts.settle)
note_run = in_one_change(alerts.note_run)


def choose_alerts(
    database: Database,
    account_id: int,
    address: str,
    *,
    each: bool,
    digest: bool,
    by: Actor,
    at: datetime,
) -> None:
    """This is what the clinician is told from now on, and the address; devices go on ringing."""
    with change(database) as session:
        known = alerts.wishes_of(session, account_id)
        alerts.save_wishes(session, replace(known, address=address, each=each, digest=digest))
        note_wishes(session, account_id, by, at)


def note_wishes(session: WriteSession, account_id: int, by: Actor, at: datetime) -> None:
    """The audit trail says that the clinician changed what is sent, or where."""
    details = {"account_id": account_id, "changed": ["mail"]}
    audit.record(session, audit.AuditAction.ACCOUNT_CHANGED, by=by, at=at, details=details)
