"""Messages to clinicians who asked for them: an urgent answer waits, it still waits, how many wait.

They go by mail and to every device that rings, as each clinician chose; one that arrives is enough.
No name, no answer and no sign is in it: it says that somebody should open the list.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ... import services
from ...domain.alerts import Alert, alert_due, is_digest_time
from ...domain.reminders import Delivery, best
from ...services.alerts import claim_alert, settle_alert
from ...storage import accounts, alerts, settings
from ...storage.alerts import AlertWishes
from ...storage.database import Database, Session
from ..config import MailServer
from .clock import day_of
from .language import use_language
from .mail import Post, letter
from .ringing import Device, devices_in, ring_each, sender
from .zones import clinic_zone

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One message to be sent to one clinician; `count` patients' flags wait for a look."""

    to: AlertWishes
    kind: Alert
    subject: str
    count: int
    language: str | None
    #: When it was last tried, None for never.
    tried: datetime | None = None


def alert(
    app: Flask, server: MailServer | None, *, base: str, now: datetime, dry_run: bool = False
) -> Counter[Delivery]:
    """Every message to staff that is due at `now` was tried; with `dry_run` only counted, as sent.

    `base` is the address under which people reach the diary. Idempotent, like the reminders.
    Without a mail server, devices ring all the same.
    """
    database: Database = app.extensions["recovery_database"]
    with app.test_request_context(base_url=base), database.read() as session:
        hours = settings.read_installation(session).promised_hours
        found = _due(session, now, clinic_zone(), hours)
        due = [one for one in found if one.to.rings or (server and one.to.address)]
    outcomes: Counter[Delivery] = Counter()
    if dry_run:
        outcomes[Delivery.SENT] = len(due)
        return outcomes
    away: set[str] = set()
    with Post(server) if server else nullcontext() as post:
        for one in due:
            if post and post.is_away and not one.to.rings:
                outcomes[Delivery.FAILED] += 1  # Not tried: the next run begins with it.
                continue
            if not claim_alert(database, one.to.account_id, one.kind, one.subject, at=now):
                continue
            with app.test_request_context(base_url=base):
                use_language(one.language)
                became = _ring(database, one, sender(server, base), away, now)
                if post and server and one.to.address:
                    became.add(post.send(_letter(server, one, now)))
                    is_away = post.is_away
                else:
                    is_away = bool(away)
            outcome = best(became)
            if outcome is not Delivery.SENT:
                log.error("alert to account %d: %s", one.to.account_id, outcome)
            # An hour without a mail server would use up all tries, and nobody would be told.
            is_away = is_away and outcome is Delivery.FAILED
            settle_alert(
                database, one.to.account_id, one.kind, one.subject, outcome, is_away=is_away
            )
            outcomes[outcome] += 1
    return outcomes


def is_mail_wanted(app: Flask) -> bool:
    """Whether somebody on the staff is told by mail alone."""
    database: Database = app.extensions["recovery_database"]
    with database.read() as session:
        wanted = alerts.all_wishes(session)
    return any(one.address and not one.rings for one in wanted)


def _due(session: Session, now: datetime, zone: str, hours: int) -> list[Due]:
    """Messages that are due: what is urgent before every digest, and what was never tried before
    what was, so that one reader at whom a server is slow is the last.
    """
    found = (
        replace(one, tried=alerts.tried_at(session, one.to.account_id, one.kind, one.subject))
        for one in _wanted(session, now, zone, hours)
    )
    return sorted(
        found,
        key=lambda one: (
            one.kind is Alert.DIGEST,
            one.tried is not None,
            one.tried or now,
        ),
    )


def _wanted(session: Session, now: datetime, zone: str, hours: int) -> Iterator[Due]:
    """All of them, by clinician: about each new flag to clinicians who want that, about each flag
    that has waited longer than promised to everybody who wants any message, and the daily digest.
    """
    for wanted in alerts.all_wishes(session):
        account = accounts.account_by_id(session, wanted.account_id)
        if account is None or not account.is_clinician:
            continue
        waiting = alerts.waiting_for(session, account.id, now)
        for one in waiting:
            kind = alert_due(one.since, now, hours)
            is_wanted = wanted.each or kind is Alert.AGAIN
            if kind and is_wanted and alerts.may_claim(session, account.id, kind, one.subject, now):
                yield Due(wanted, kind, one.subject, len(waiting), account.language)
        day = day_of(now, zone).isoformat()
        if (
            wanted.digest
            and waiting
            and is_digest_time(now, zone)
            and alerts.may_claim(session, account.id, Alert.DIGEST, day, now)
        ):
            yield Due(wanted, Alert.DIGEST, day, len(waiting), account.language)


def _ring(
    database: Database, due: Due, sender: str, away: set[str], now: datetime
) -> set[Delivery]:
    """What became of the message on each device; the first line is all it says."""

    def forget(one: Device) -> None:
        gone = services.all_but({one.endpoint})
        services.change_staff_devices(database, due.to.account_id, gone, by=services.SYSTEM, at=now)

    address = url_for("clinician.patients", show="urgent")
    devices = devices_in(due.to.rings)
    return ring_each(devices, _words(due), address, sender=sender, away=away, forget=forget)


def _words(due: Due) -> str:
    return {
        Alert.FLAG: _("A diary has an answer that needs a look today."),
        Alert.AGAIN: _(
            "An answer that needs a look has been waiting longer than promised. Nobody has seen it."
        ),
        Alert.DIGEST: _("Answers are waiting to be looked at."),
    }[due.kind]


def _letter(server: MailServer, due: Due, now: datetime) -> EmailMessage:
    first = _words(due)
    waiting = ngettext(
        "%(num)s urgent flag is waiting that nobody has looked at.",
        "%(num)s urgent flags are waiting that nobody has looked at.",
        due.count,
    )
    text = "\n".join(
        (
            first,
            waiting,
            url_for("clinician.patients", show="urgent", _external=True),
            "",
            _("You asked for this e-mail. You can stop it under “Team”:"),
            url_for("clinician.team_page", _external=True),
            "",
        )
    )
    return letter(server, due.to.address, first, text, at=now)
