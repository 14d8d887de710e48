"""Messages to the clinic's own system: signed, tried again, with no name and no answer in them.

They have the form of the Standard Webhooks specification (headers `webhook-id`,
`webhook-timestamp` and `webhook-signature`), so a receiver can check them with its libraries. They
go to the one address that the person who runs the program has set, and follow no redirection.
"""

import base64
import hashlib
import hmac
import http.client
import json
import logging
import ssl
from collections import Counter
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit

from flask import Flask, url_for

from ...domain.alerts import Alert, alert_due
from ...domain.reminders import Delivery
from ...services.alerts import claim_alert, settle_alert
from ...storage import alerts, settings
from ...storage.alerts import Waiting
from ...storage.database import Database
from ..config import Hook
from . import deadline
from .deadline import within

log = logging.getLogger(__name__)

#: Seconds to wait for an answer. Our default.
PATIENCE = 10
#: Seconds of one run after which no further message is begun: people wait for theirs. Our default.
SHARE = 60.0

_TYPES = {Alert.FLAG: "flag.waiting", Alert.AGAIN: "flag.overdue"}


def tell_system(
    app: Flask, hook: Hook, *, base: str, now: datetime, dry_run: bool = False
) -> Counter[Delivery]:
    """Every message that is due at `now` was tried; with `dry_run` only counted, as sent.

    Idempotent, like the reminders; a message that comes twice has the same `webhook-id`. Where
    nobody answers, the run ends with the first of them; where answers are slow, after `SHARE`.
    """
    database: Database = app.extensions["recovery_database"]
    with app.test_request_context(base_url=base), database.read() as session:
        hours = settings.read_installation(session).promised_hours
        found = [(alert_due(one.since, now, hours), one) for one in alerts.waiting(session)]
        due = [
            (kind, one)
            for kind, one in found
            if kind and alerts.may_claim(session, None, kind, one.subject, now)
        ]
        page = url_for("clinician.patients", show="urgent", _external=True)
    outcomes: Counter[Delivery] = Counter()
    if dry_run:
        outcomes[Delivery.SENT] = len(due)
        return outcomes
    began = monotonic()
    for kind, one in due:
        if not claim_alert(database, None, kind, one.subject, at=now):
            continue
        status = _post(hook, _number(kind, one), _body(kind, one, len(found), page, now), now)
        outcome = Delivery.SENT if 200 <= status < 300 else Delivery.FAILED
        settle_alert(database, None, kind, one.subject, outcome, is_away=not status)
        outcomes[outcome] += 1
        if not status or monotonic() - began > SHARE:
            break  # People are not kept waiting: the next run goes on.
    return outcomes


def _number(kind: Alert, one: Waiting) -> str:
    """The same for every attempt at one message; it names no flag."""
    return "msg_" + hashlib.sha256(f"{kind} {one.subject}".encode()).hexdigest()[:32]


def _body(kind: Alert, one: Waiting, count: int, page: str, now: datetime) -> bytes:
    said = {
        "type": _TYPES[kind],
        "timestamp": now.isoformat(),
        "data": {
            "urgency": one.urgency.key,
            "since": one.since.isoformat(),
            "waiting": count,
            "list": page,
        },
    }
    return json.dumps(said).encode()


def signature(hook: Hook, number: str, at: int, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    signed = f"{number}.{at}.".encode() + body
    code = hmac.new(hook.key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


def _post(hook: Hook, number: str, body: bytes, now: datetime) -> int:
    """The status that the receiver answered, 0 where it did not; what else it says is not read."""
    parts, at = urlsplit(hook.url), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(hook, number, at, body),
    }
    assert parts.hostname is not None
    if parts.scheme == "https":
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"

    def answered() -> int:
        try:
            line.request("POST", path, body, headers)
            return line.getresponse().status
        finally:
            line.close()

    try:
        status = within(deadline.AT_MOST, answered)
    except (OSError, http.client.HTTPException) as error:
        log.error("message to the clinic's system: %s", type(error).__name__)
        return 0
    if not 200 <= status < 300:
        log.error("message to the clinic's system: status %d", status)
    return status
