"""Messages to staff: chosen by each, claimed before they are sent; and when the commands ran."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.people import Actor
from ..storage import alerts, audit
from ..storage.database import Database, WriteSession
from .change import change, in_one_change

#: Devices as they are kept.
Devices = tuple[dict[str, str], ...]

claim_alert = in_one_change(alerts.claim)
settle_alert = in_one_change(alerts.settle)
note_run = in_one_change(alerts.note_run)


def choose_staff_mail(
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
        known = alerts.staff_mail_of(session, account_id)
        alerts.save_staff_mail(session, replace(known, address=address, each=each, digest=digest))
        _note_change(session, account_id, by, at)


def change_staff_devices(
    database: Database,
    account_id: int,
    changed: Callable[[Devices], Sequence[dict[str, str]]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The clinician is told on the devices that `changed` gives for those of this moment."""
    with change(database) as session:
        known = alerts.staff_mail_of(session, account_id)
        rings = tuple(changed(known.rings))
        if rings != known.rings:
            alerts.save_staff_mail(session, replace(known, rings=rings))
            _note_change(session, account_id, by, at)


def stop_staff_ringing(
    database: Database,
    account_id: int,
    endpoints: Collection[str] | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The clinician is no longer told on devices with these addresses; None is every one."""

    def without(rings: Devices) -> list[dict[str, str]]:
        if endpoints is None:
            return []
        return [one for one in rings if one["endpoint"] not in endpoints]

    with database.read() as reading:
        known = alerts.staff_mail_of(reading, account_id)
    if len(without(known.rings)) < len(known.rings):
        change_staff_devices(database, account_id, without, by=by, at=at)


def _note_change(session: WriteSession, account_id: int, by: Actor, at: datetime) -> None:
    details = {"account_id": account_id, "changed": ["mail"]}
    audit.record(session, audit.AuditAction.ACCOUNT_CHANGED, by=by, at=at, details=details)
