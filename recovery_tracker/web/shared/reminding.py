"""Sending the reminders that are due: at most one a day, however often this runs.

It goes by e-mail and to every device that rings, as the patient chose.

Each reminder is claimed in the database before it is sent and settled afterwards; see
`storage/reminders.py` for what happens when the line breaks or the program is killed in between.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from email.message import EmailMessage
from time import monotonic
from zoneinfo import ZoneInfoNotFoundError

from flask import Flask, url_for
from flask_babel import gettext as _

from ... import services
from ...domain.errors import RecoveryError
from ...domain.reminders import PAUSE_AFTER, Delivery, best, day_to_remind_of, is_expected
from ...domain.surgery import Operation
from ...storage import accounts, diary, people, record_rows, reminders, settings
from ...storage.database import Database, Session
from ...storage.errors import NotFound
from ...storage.people import Patient
from ..config import MailServer
from .language import use_language
from .mail import Post, letter
from .ringing import Device, devices_of, ring_each, sender
from .subscription import CONFIRM_WITHIN, Purpose, Subscription, link, subscription_of, wishes_of

log = logging.getLogger(__name__)

#: Why nothing is sent to somebody who asked for reminders, for `--dry-run`.
NOT_THE_TIME = "not the time"
NOT_A_SET_DAY = "not a set day"
DONE = "done already"
REMINDED = "reminded already"
PAUSED = f"paused after {PAUSE_AFTER} without an entry"
ENDED = "follow-up ended"
ZONE_UNKNOWN = "time zone not known here"
NO_SERVER = "no mail server"


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder to be sent: whose day it is about, by which ways, and in which language."""

    patient: Patient
    wish: Subscription | None
    devices: tuple[Device, ...]
    day: date
    language: str | None


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a run did: how each reminder ended, and why the others were not due."""

    outcomes: Counter[Delivery]
    not_due: Counter[str]


def is_set_up(app: Flask) -> bool:
    """Whether anybody has said what this installation is for; timers may run before that."""
    return _installation(app).is_set_up


def require_open(app: Flask) -> None:
    """Real patients can use their pages, so messages may be sent.

    Raises:
        RecoveryError: patient pages are closed, or the database is a demonstration.
    """
    installation = _installation(app)
    if installation.is_demo:
        raise RecoveryError("this database is a demonstration; nobody in it can be reminded")
    if not installation.is_ready_for_patients:
        raise RecoveryError("patient pages are still closed; `recovery-tracker check` says why")


def _installation(app: Flask) -> settings.Installation:
    database: Database = app.extensions["recovery_database"]
    with database.read() as session:
        return settings.read_installation(session)


def remind(
    app: Flask,
    server: MailServer | None,
    *,
    base: str,
    now: datetime,
    dry_run: bool = False,
    until: float | None = None,
) -> Reminded:
    """Every reminder that is due at `now` was tried; with `dry_run` only counted, as sent.

    `base` is the address under which people reach the diary. Idempotent: run at once again, or
    twice at the same time, it sends no second reminder for a day. Without a mail server, devices
    ring all the same. Whoever calls it has asked `require_open`. From the instant `until` of the
    clock `monotonic` on no further one is begun; the next run goes on.
    """
    database: Database = app.extensions["recovery_database"]
    found = list(_subscribed(database, server is not None, now))
    due = [one for one in found if isinstance(one, Due)]
    outcomes: Counter[Delivery] = Counter()
    if dry_run:
        outcomes[Delivery.SENT] = len(due)
        due = []
    away: set[str] = set()
    with Post(server) if server else nullcontext() as post:
        for one in due:
            if until is not None and monotonic() >= until:
                break
            with suppress(NotFound):  # Erased meanwhile.
                outcome = _send(app, server, post, one, base, now, away)
                if outcome is not None:
                    outcomes[outcome] += 1
    return Reminded(outcomes, Counter(one for one in found if isinstance(one, str)))


def _subscribed(database: Database, has_mail: bool, now: datetime) -> Iterator[Due | str]:
    """Of everybody who asked for reminders: the one that is due, or why none is."""
    with database.read() as session:
        languages = {
            account.patient_id: account.language
            for account in accounts.all_accounts(session)
            if account.active and account.patient_id is not None and not account.rights
        }
        wanted = [
            (patient, wish, devices)
            for patient in people.all_patients(session)
            if patient.id in languages
            and any((wish := _confirmed(patient), devices := devices_of(patient)))
        ]
        tallies = reminders.since_last_entry(session, [patient.id for patient, *_ways in wanted])
        for patient, wish, devices in wanted:
            found = _day_or_why_not(session, patient, tallies.get(patient.id, Counter()), now)
            if not (has_mail or devices):
                yield NO_SERVER
            elif isinstance(found, str):
                yield found
            else:
                language = languages[patient.id] or (wish.language if wish else None)
                yield Due(patient, wish if has_mail else None, devices, found, language)


def _confirmed(patient: Patient) -> Subscription | None:
    wish = subscription_of(patient)
    return wish if wish and wish.is_confirmed else None


def _day_or_why_not(
    session: Session, patient: Patient, tally: Counter[Delivery], now: datetime
) -> date | str:
    if patient.ended_on is not None:
        return ENDED
    try:
        day = day_to_remind_of(now, wishes_of(patient))
    except (ZoneInfoNotFoundError, ValueError):
        return ZONE_UNKNOWN
    if day is None:
        return NOT_THE_TIME
    operations = record_rows.values_of(session, patient.id, Operation)
    if not is_expected(day, patient.schedule, operations):
        return NOT_A_SET_DAY
    if day in diary.days_recorded(session, patient.id):
        return DONE
    if not reminders.may_claim(session, patient.id, day, now):
        return REMINDED
    if tally[Delivery.SENT] + tally[Delivery.UNSURE] >= PAUSE_AFTER:
        return PAUSED
    return day


def _send(
    app: Flask,
    server: MailServer | None,
    post: Post | None,
    due: Due,
    base: str,
    now: datetime,
    away: set[str],
) -> Delivery | None:
    """What became of one reminder, by the way that did best; None where it is no longer due."""
    database: Database = app.extensions["recovery_database"]
    patient_id = due.patient.id

    def is_wanted(patient: Patient) -> bool:
        is_followed = patient.ended_on is None
        ways = devices_of(patient) == due.devices and due.wish in (None, _confirmed(patient))
        return is_followed and ways

    def forget(one: Device) -> None:
        gone = services.all_but_this(asdict(one))
        services.change_devices(database, patient_id, gone, by=services.SYSTEM, at=now)

    if not services.claim_reminder(database, patient_id, due.day, is_wanted, at=now):
        return None
    outcomes = set()
    # A reminder is written like a page: addresses and language come from a request.
    with app.test_request_context(base_url=base):
        use_language(due.language)
        if due.wish and server and post:
            outcomes.add(post.send(_reminder(server, due.patient, due.wish, now)))
        outcomes |= ring_each(
            due.devices,
            _("Your diary is open"),
            url_for("home"),
            sender=sender(server, base),
            away=away,
            forget=forget,
        )
    outcome = best(outcomes)
    if outcome is not Delivery.SENT:
        log.error("reminder of patient %d: %s", patient_id, outcome)
    services.settle_reminder(database, patient_id, due.day, outcome)
    return outcome


def _reminder(
    server: MailServer, patient: Patient, wish: Subscription, now: datetime
) -> EmailMessage:
    """Says that the diary is open, and how to stop; no word about health, no name."""
    stop = link(Purpose.STOP, patient, wish)
    text = "\n".join(
        (
            _("Your diary is open."),
            url_for("home", _external=True),
            "",
            _("You asked for this reminder. You can stop it on this page, without signing in:"),
            stop,
            "",
        )
    )
    return letter(server, wish.to, _("Your diary is open"), text, at=now, stop=stop)


def question(server: MailServer, patient: Patient, wish: Subscription) -> EmailMessage:
    """The e-mail that asks whether reminders may be sent to this address; made during a request."""
    text = "\n".join(
        (
            _("Somebody asked for diary reminders to be sent to this address."),
            _("If it was you, open this page within %(days)s days:", days=CONFIRM_WITHIN.days),
            link(Purpose.START, patient, wish),
            "",
            _("If it was not you, do nothing. You will get no more e-mails."),
            "",
        )
    )
    return letter(server, wish.to, _("Do you want these reminders?"), text, at=wish.asked_at)
