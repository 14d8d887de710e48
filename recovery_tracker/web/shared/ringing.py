"""Messages that ring on a device, by way of the push service of its browser (RFC 8030).

A message is encrypted for one browser (RFC 8291); no name and no answer is in it. A browser names
its push service itself, so only those of the large browsers and of the settings are accepted, and
no redirect is followed: nobody can make this program contact an address of their choice.
"""

import base64
import binascii
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ...domain.reminders import LATEST, Delivery
from ...storage import alerts
from ...storage.people import Patient
from ..config import MailServer, current_config
from . import deadline
from .access import database
from .clock import now
from .deadline import within
from .keys import push_key
from .mail import PATIENCE

log = logging.getLogger(__name__)

#: Hosts of the push services of Chrome and its relatives, Firefox, Safari and Edge. A name that
#: begins with a point stands for every host below it.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
#: A host as a name alone. A backslash, a percent sign or a blank in it ends the host for the
#: library that sends, and is a part of it for `urlsplit`.
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
#: Devices that ring for one person; a further one takes the place of the oldest. Our default.
MOST_DEVICES = 5
#: `remind` runs every ten minutes; a day allows for a computer that was off. Our default.
LAST_RUN_WITHIN = timedelta(days=1)
#: Characters of an address; they were some 200 in 2026. Our default.
_LONGEST = 1000
#: Bytes of a browser's two keys (RFC 8291, 2).
_POINT, _AUTH = 65, 16
#: The address is of no more use, by RFC 8030, 7.3, and by custom.
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that rings: its address at a push service, and its two keys.

    `key` is the public key that the address was made for; the service takes no other sender.
    """

    endpoint: str
    p256dh: str
    auth: str
    key: str


def devices_of(patient: Patient) -> tuple[Device, ...]:
    """Where the diary rings, the one that was added last at the end."""
    return devices_in(patient.preferences.get("rings") or ())


def devices_in(kept: Iterable[Mapping[str, str]]) -> tuple[Device, ...]:
    """The devices that `as_preference` turned into plain JSON."""
    return tuple(Device(**one) for one in kept)


def and_this(new: Device, kept: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The kept devices and one more; one that is known already stands once."""
    known = [one for one in devices_in(kept) if one.endpoint != new.endpoint]
    return as_preference([*known, new])


def as_preference(devices: Sequence[Device]) -> list[dict[str, str]]:
    """The devices as plain JSON, for `people.with_preferences(rings=...)`."""
    return [asdict(one) for one in devices[-MOST_DEVICES:]]


def device(endpoint: str, p256dh: str, auth: str) -> Device | None:
    """The device that a browser described; None where no message could reach it."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh, _POINT))
        _bytes(auth, _AUTH)
    except ValueError:
        return None
    config = current_config()
    if not is_push_service(endpoint, config.push_services):
        return None
    return Device(endpoint, p256dh, auth, public_key(config.secret_key))


def is_push_service(endpoint: str, more: Sequence[str] = ()) -> bool:
    """Whether the address is one of a push service that we know, or of an origin in `more`."""
    if len(endpoint) > _LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in more:
        return True
    host = parts.hostname or ""
    if _HOST.fullmatch(parts.netloc.removesuffix(":443")) is None:
        return False
    known = any(host == one or (one[0] == "." and host.endswith(one)) for one in PUSH_SERVICES)
    return known and parts.scheme == "https" and port in (None, 443)


@cache
def public_key(secret: str) -> str:
    """What a browser is given to know its sender by; the same for the same secret."""
    point = (
        push_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def is_offered() -> bool:
    """Whether `remind` runs here, so that a device that is chosen will ring."""
    with database().read() as rows:
        last = alerts.last_run(rows, "remind")
    return last is not None and abs(now() - last) < LAST_RUN_WITHIN


def offered_key() -> str:
    """What a browser needs to be chosen as a device; "" where none is offered."""
    return public_key(current_config().secret_key) if is_offered() else ""


def sender(server: MailServer | None, base: str) -> str:
    """How a push service could reach the operator: by e-mail, otherwise at the host's name."""
    if server:
        return f"mailto:{server.sender}"
    name = urlsplit(base).hostname or ""
    return f"https://{name if '.' in name else 'localhost'}"


def ring_each(
    devices: Iterable[Device],
    words: str,
    address: str,
    *,
    sender: str,
    away: set[str],
    forget: Callable[[Device], None],
) -> set[Delivery]:
    """What became of the message on each device, as `ring` has it; what is gone is forgotten."""
    outcomes = set()
    for one in devices:
        became = ring(one, words, address, sender=sender, away=away)
        outcomes.add(became or Delivery.FAILED)
        if became is None:
            forget(one)
    return outcomes


def ring(one: Device, words: str, address: str, *, sender: str, away: set[str]) -> Delivery | None:
    """What became of the message "`words`", which opens `address`; None: the device is gone.

    `sender` is how a push service could reach us: a `mailto:` or `https:` address (RFC 8292, 2.1).
    A service that could not be reached, or did not answer in time, is `away` and is not asked
    again.
    """
    config = current_config()
    secret = next((key for key in config.secrets if public_key(key) == one.key), None)
    if secret is None or not is_push_service(one.endpoint, config.push_services):
        return None
    service = urlsplit(one.endpoint).netloc
    if service in away:
        return Delivery.FAILED
    # Together they take a fifth of a second to import, and pages need neither.
    import requests
    from py_vapid import Vapid02
    from pywebpush import WebPushException, webpush

    def send() -> None:
        with requests.Session() as line:
            line.max_redirects = 0
            webpush(
                {"endpoint": one.endpoint, "keys": {"p256dh": one.p256dh, "auth": one.auth}},
                json.dumps({"title": words, "url": address}),
                vapid_private_key=Vapid02(push_key(secret)),
                vapid_claims={"sub": sender},
                ttl=int(LATEST.total_seconds()),
                # A message that still waits for the phone is replaced by the next one.
                headers={"Topic": "diary"},
                timeout=PATIENCE,
                requests_session=line,
            )

    try:
        within(deadline.AT_MOST, send)
    except WebPushException as error:
        status = error.response.status_code if error.response is not None else 0
        if status in _GONE:
            return None
        log.error("push service: %s", status)
        return Delivery.FAILED
    except (requests.RequestException, TimeoutError) as error:
        log.error("push service: %s", type(error).__name__)
        # Connected, asked, and never answered: it may have been taken.
        is_unsure = isinstance(error, requests.ReadTimeout | TimeoutError)
        if is_unsure or isinstance(error, requests.ConnectionError):
            away.add(service)
        return Delivery.UNSURE if is_unsure else Delivery.FAILED
    return Delivery.SENT


def _bytes(text: str, length: int) -> bytes:
    """The bytes of a key.

    Raises:
        ValueError: it is no text of that many bytes.
    """
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if len(found) != length:
        raise ValueError
    return found
