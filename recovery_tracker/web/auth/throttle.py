"""Guessing is slow: wrong tries are counted in the database, for all processes alike.

Counted three times over: for the account that was guessed at, for the network the guess came from
and for the installation. A try counts before anybody looks whether it is right, in one write, so
that many at the same moment get no more than one after the other. Tries from a browser in which the
account was used before are counted apart from all others, so that a stranger cannot lock its owner
out. Names are stored as digests.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from flask import Flask, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from ...domain.people import Actor, Role
from ...services import signing_in
from ..shared.access import database
from ..shared.clock import now
from . import known_device

VISITOR = Actor(None, "visitor", Role.SYSTEM)
"""Somebody who is not signed in, in the record of what happened."""

WINDOW = timedelta(minutes=15)
"""How long a wrong try counts."""

TRIES_PER_ACCOUNT = 10
"""Wrong tries at one account within the window, from wherever. Our default."""

TRIES_PER_CLIENT = 40
"""Wrong tries from one network within the window; a clinic shares one address, and one household
or attacker has a whole /64 of IPv6 (RFC 6177). Our default."""

TRIES_IN_ALL = 400
"""Wrong tries at the whole installation within the window, from browsers that are not known. Our
default."""

DAY = timedelta(days=1)

TRIES_PER_DAY = 60
"""Wrong tries at one account in a day, from wherever: a code of six digits would otherwise be met
within months. Our default."""

ONCE = timedelta(minutes=10)
"""How long a used one-time code is remembered; it would be valid for two minutes."""

_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|([\d.]+):\d+")


def init_app(app: Flask) -> None:
    """The limits, where tests may lower them."""
    app.config.setdefault("TRIES_PER_ACCOUNT", TRIES_PER_ACCOUNT)
    app.config.setdefault("TRIES_PER_CLIENT", TRIES_PER_CLIENT)
    app.config.setdefault("TRIES_IN_ALL", TRIES_IN_ALL)
    app.config.setdefault("TRIES_PER_DAY", TRIES_PER_DAY)
    known_device.init_app(app)


def begin(name: str, *, account: str = "") -> None:
    """A try at `name` counts from now on; 429 where it is one too many.

    `account` is the sign-in name behind `name` where they differ: its browser is known by that.
    """
    device = known_device.device_of(account or name)
    key = f"{name} in {device}" if device else name
    at, keys = now(), [key] if device else [key, network(), "installation"]
    ids = signing_in.begin_try(
        database(),
        [
            (_digest(counted), most, at - span)
            for counted, most, span in _limits(key, is_stranger=not device)
        ],
        [_digest(one) for one in keys],
        at=at,
        forget_before=at - DAY,
    )
    if ids is None:
        raise TooManyRequests
    g.setdefault("tries", {})[name] = (key, ids)


def right(name: str) -> None:
    """The right person was here: no wrong try at `name` from here counts any longer."""
    key, ids = g.tries.pop(name)
    signing_in.take_back_try(database(), ids, _digest(key))


def undo(name: str) -> None:
    """The try that began was none after all."""
    _key, ids = g.tries.pop(name)
    signing_in.take_back_try(database(), ids)


def wrong(name: str, account_id: int | None = None) -> None:
    """The attempt was wrong; the audit trail says so, with the account it was made at."""
    g.tries.pop(name)
    # What was typed is not kept: people type their password into the name's field.
    details = {} if account_id is None else {"account_id": account_id}
    signing_in.note_wrong_try(database(), details, by=VISITOR, at=now())


def ended(name: str, is_right: bool, account_id: int | None) -> bool:
    """The attempt that began was `is_right`, which is given back, and counts accordingly."""
    if is_right:
        right(name)
    else:
        wrong(name, account_id)
    return is_right


def _limits(key: str, *, is_stranger: bool) -> Iterator[tuple[str, int, timedelta]]:
    most = current_app.config
    yield key, most["TRIES_PER_ACCOUNT"], WINDOW
    yield key, most["TRIES_PER_DAY"], DAY
    if is_stranger:
        yield network(), most["TRIES_PER_CLIENT"], WINDOW
        yield "installation", most["TRIES_IN_ALL"], WINDOW


def first_use(name: str) -> bool:
    """Whether something that works once is used for the first time; from now on it is used up."""
    at = now()
    return signing_in.count_use(database(), _digest(name), 1, since=at - ONCE, at=at)


def use(name: str, times: int) -> bool:
    """Whether `name` may be done once more, at most `times` within the window; it is counted."""
    at = now()
    return signing_in.count_use(database(), _digest(name), times, since=at - WINDOW, at=at)


def network() -> str:
    """The network a request comes from: an address of IPv4, the first 64 bits of one of IPv6.

    Some proxies write the port beside the address, or no address at all; those without one are one
    network.
    """
    said = request.remote_addr or "0.0.0.0"
    with_port = _WITH_PORT.fullmatch(said)
    try:
        address = ipaddress.ip_address(with_port[1] or with_port[2] if with_port else said)
    except ValueError:
        return "network unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return f"network {ipaddress.ip_network((address, 64), strict=False)}"
        address = address.ipv4_mapped
    return f"network {address}"


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
