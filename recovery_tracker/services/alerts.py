"""Messages to staff: chosen by each, claimed before they are sent; and when the commands ran."""

from datetime import datetime

from ..domain.alerts import Alert
from ..domain.people import Actor
from ..domain.reminders import Delivery
from ..storage import alerts, audit
from ..storage.alerts import StaffMail
from ..storage.database import Database
from .change import change


def choose_staff_mail(database: Database, wanted: StaffMail, *, by: Actor, at: datetime) -> None:
    """This is what the clinician is told by mail from now on; the record says that it changed."""
    with change(database) as session:
        alerts.save_staff_mail(session, wanted)
        details = {"account_id": wanted.account_id, "changed": ["mail"]}
        audit.record(session, audit.AuditAction.ACCOUNT_CHANGED, by=by, at=at, details=details)


def claim_alert(
    database: Database, account_id: int | None, kind: Alert, subject: str, *, at: datetime
) -> bool:
    """Whether the caller, and nobody else, may send this message now; without an account it is for
    the clinic's own system.
    """
    with change(database) as session:
        return alerts.claim(session, account_id, kind, subject, at=at)


def settle_alert(
    database: Database, account_id: int | None, kind: Alert, subject: str, outcome: Delivery
) -> None:
    """What became of a claimed message is known."""
    with change(database) as session:
        alerts.settle(session, account_id, kind, subject, outcome)


def note_run(database: Database, name: str, *, at: datetime) -> None:
    """The command of this name ended well at this instant; the health page says so."""
    with change(database) as session:
        alerts.note_run(session, name, at)
