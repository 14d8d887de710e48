"""Guessing is slow: wrong tries are counted in the database, for all processes alike.

Counted twice over: for the account that was guessed at and for the address the guess came from.
Tries from a browser in which the account was used before are counted apart from all others, so that
a stranger cannot lock its owner out. Names are stored as digests.
"""

from datetime import timedelta
from hashlib import sha256

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from ..domain.people import Actor, Role
from ..storage import sessions as attempts
from ..storage.audit import AuditAction, record
from . import known_device
from .clock import now

VISITOR = Actor(None, "visitor", Role.SYSTEM)
"""Somebody who is not signed in, in the record of what happened."""

WINDOW = timedelta(minutes=15)
"""How long a wrong try counts."""

TRIES_PER_ACCOUNT = 10
"""Wrong tries at one account within the window, from wherever. Our default."""

TRIES_PER_CLIENT = 40
"""Wrong tries from one address within the window; a clinic shares one. Our default."""

ONCE = timedelta(minutes=10)
"""How long a used one-time code is remembered; it would be valid for two minutes."""


def connect(app: Flask) -> None:
    """The limits, where tests may lower them."""
    app.config.setdefault("TRIES_PER_ACCOUNT", TRIES_PER_ACCOUNT)
    app.config.setdefault("TRIES_PER_CLIENT", TRIES_PER_CLIENT)
    known_device.connect(app)


def refuse_if_blocked(name: str) -> None:
    """429 where this account or this client has had its tries."""
    from_stranger = not known_device.device_of(name)
    spent = from_stranger and _count(_client()) >= current_app.config["TRIES_PER_CLIENT"]
    if spent or is_blocked(name):
        raise TooManyRequests


def is_blocked(name: str) -> bool:
    """Whether `name` has had its wrong tries for now, from here."""
    return _count(_from_here(name)) >= int(current_app.config["TRIES_PER_ACCOUNT"])


def note_failure(name: str) -> None:
    """One more wrong try at `name`, from this client."""
    with current_app.extensions["recovery_database"].write() as rows:
        attempts.record_attempt(rows, _digest(_from_here(name)), at=now())
        attempts.record_attempt(rows, _digest(_client()), at=now())
        attempts.delete_old_attempts(rows, now() - WINDOW)
        # What was typed is not kept: people type their password into the name's field.
        record(rows, AuditAction.SIGN_IN_REFUSED, by=VISITOR, at=now())


def forget(name: str) -> None:
    """The right person was here: the wrong tries at `name` from here no longer count."""
    with current_app.extensions["recovery_database"].write() as rows:
        attempts.forget_attempts(rows, _digest(_from_here(name)))


def first_use(name: str) -> bool:
    """Whether something that may be used once is used for the first time; it is used now."""
    with current_app.extensions["recovery_database"].write() as rows:
        if attempts.attempts_since(rows, _digest(name), now() - ONCE):
            return False
        attempts.record_attempt(rows, _digest(name), at=now())
    return True


def use(name: str, times: int) -> bool:
    """Whether `name` may be done once more, at most `times` within the window; it is counted."""
    if _count(name) >= times:
        return False
    with current_app.extensions["recovery_database"].write() as rows:
        attempts.record_attempt(rows, _digest(name), at=now())
    return True


def _count(name: str) -> int:
    with current_app.extensions["recovery_database"].read() as rows:
        return int(attempts.attempts_since(rows, _digest(name), now() - WINDOW))


def _from_here(name: str) -> str:
    """The name that tries from this browser count for."""
    device = known_device.device_of(name)
    return f"{name} in {device}" if device else name


def _client() -> str:
    return f"client:{request.remote_addr}"


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
