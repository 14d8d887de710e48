"""Settings of one running program: read once from the environment, then frozen.

A setting that would be unsafe is refused at the start with one line that says what to do.
"""

import base64
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from ..domain.errors import RecoveryError
from ..domain.reminders import is_address
from .shared import leaked

#: Bytes of a key that signs webhooks (Standard Webhooks: 24 to 64).
SHORTEST_KEY = 24

SHORTEST_SECRET = 32
"""Characters; 32 of a url-safe alphabet are 192 bits."""

KNOWN_SECRETS = frozenset(
    word * times
    for word in ("secret", "changeme", "change-me", "dev", "development", "password", "test", "key")
    for times in range(1, 13)
)


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


class UnsafeConfig(RecoveryError):
    """The program will not start like this; the text says what to change."""


#: The usual port for submitting e-mail, and the one with TLS from the first byte (RFC 8314).
USUAL_PORT, TLS_PORT = 587, 465


@dataclass(frozen=True)
class MailServer:
    """How e-mail is sent, according to the environment. The password is never shown."""

    host: str
    sender: str
    port: int = USUAL_PORT
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True

    def __post_init__(self) -> None:
        """Refuses what would send a password or an address in the clear, or from nobody."""
        if not is_address(self.sender):
            raise UnsafeConfig(
                "RECOVERY_TRACKER_SMTP_FROM must be the e-mail address that letters come from."
            )
        if not self.tls and not is_loopback(self.host):
            raise UnsafeConfig(
                "RECOVERY_TRACKER_SMTP_TLS=off works with a mail server on this machine only."
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "MailServer | None":
        """The mail server that is set, None where there is none."""
        host = environ.get("RECOVERY_TRACKER_SMTP_HOST", "").strip()
        if not host:
            return None
        return cls(
            host=host,
            sender=environ.get("RECOVERY_TRACKER_SMTP_FROM", "").strip(),
            port=_port(environ.get("RECOVERY_TRACKER_SMTP_PORT", "").strip()),
            user=environ.get("RECOVERY_TRACKER_SMTP_USER", ""),
            password=environ.get("RECOVERY_TRACKER_SMTP_PASSWORD", ""),
            tls=environ.get("RECOVERY_TRACKER_SMTP_TLS", "").strip().lower() != "off",
        )


@dataclass(frozen=True)
class Hook:
    """Where the clinic's own system is told, and the key that signs it. The key is never shown."""

    url: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuses an address in the clear, and a key that could be guessed."""
        parts = urlsplit(self.url)
        is_here = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if not parts.hostname or parts.username or not (parts.scheme == "https" or is_here):
            raise UnsafeConfig(
                "RECOVERY_TRACKER_WEBHOOK_URL must be an https address without a user name."
            )
        if len(self.key) < SHORTEST_KEY:
            raise UnsafeConfig(
                "RECOVERY_TRACKER_WEBHOOK_SECRET must be whsec_ and at least 24 bytes in base64."
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Hook | None":
        """The receiver that is set, None where there is none."""
        url = environ.get("RECOVERY_TRACKER_WEBHOOK_URL", "").strip()
        if not url:
            return None
        secret = environ.get("RECOVERY_TRACKER_WEBHOOK_SECRET", "").strip()
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            key = b""
        return cls(url, key if secret.startswith("whsec_") else b"")


@dataclass(frozen=True)
class Config:
    """How one program runs. Made by `from_environment`, or directly in tests.

    Attributes:
        trusted_hosts: host names the program answers to; empty on loopback means the loopback
            names alone.
        proxies: how many reverse proxies stand in front, each adding one X-Forwarded-* value;
            0 means none, and forwarded headers are ignored.
        secure: pages are reached over HTTPS: `__Host-` cookies and strict transport security.
        staff_need_second_factor: in a clinic, clinicians and administrators set up a second step
            before they get in.
        quick_passwords: a cheap password hash, for tests only.
        mail: where reminders leave by e-mail; None where no mail server is set.
        hook: where the clinic's own system is told of urgent flags; None for nowhere.
        older_secrets: earlier keys, newest first; what they sealed is still read.
        shown_name: what pages, authenticators and reports call the product; empty means its own
            names.
        metrics_token: needed to read the numbers for Prometheus; if empty, nobody may.
        json_log: the journal is one JSON object a line, every request among them.
        push_services: origins that reminders may be sent to, beside the push services of the large
            browsers (`shared/ringing.py`).
        leaked_passwords: a file of digests of leaked passwords, in order, which no new one may be
            among; None where there is none.
        folder: where the key is kept, and how far the database was found in order; None where
            nothing is kept.
        clock: gives the present instant; overridable in tests.
    """

    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    secure: bool = False
    debug: bool = False
    testing: bool = False
    quick_passwords: bool = False
    staff_need_second_factor: bool = True
    mail: MailServer | None = None
    hook: Hook | None = None
    older_secrets: tuple[str, ...] = ()
    shown_name: str = ""
    metrics_token: str = field(default="", repr=False)
    json_log: bool = False
    push_services: tuple[str, ...] = ()
    leaked_passwords: Path | None = None
    folder: Path | None = None
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        """Refuses a combination that would put a diary at risk."""
        _refuse_weak_secret(self.secret_key)
        if not is_loopback(self.host):
            if self.debug:
                raise UnsafeConfig("Debug mode works on this machine only; use --host 127.0.0.1.")
            if not self.proxies:
                raise UnsafeConfig(
                    "To serve other machines, put an HTTPS proxy in front and say so with "
                    "RECOVERY_TRACKER_PROXIES=1."
                )
            if not self.trusted_hosts:
                raise UnsafeConfig(
                    "To serve other machines, name the host names people use in "
                    "RECOVERY_TRACKER_TRUSTED_HOSTS, separated by commas."
                )
        if self.metrics_token and len(self.metrics_token) < SHORTEST_SECRET:
            raise UnsafeConfig(
                f"RECOVERY_TRACKER_METRICS_TOKEN needs at least {SHORTEST_SECRET} characters."
            )
        for origin in self.push_services:
            parts = urlsplit(origin)
            is_here = parts.scheme == "http" and is_loopback(parts.hostname or "")
            is_origin = origin == f"{parts.scheme}://{parts.netloc}"
            if not is_origin or not (is_here or parts.scheme == "https"):
                raise UnsafeConfig(
                    "RECOVERY_TRACKER_PUSH_SERVICES takes addresses such as "
                    "https://push.example.org, separated by commas."
                )
        if self.leaked_passwords is not None:
            _refuse_unsearchable(self.leaked_passwords)
        if self.debug and self.proxies:
            raise UnsafeConfig("Debug mode never works behind a proxy.")
        if self.quick_passwords and not self.testing:
            raise UnsafeConfig("Quick passwords are for tests alone.")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every key of the installation, newest first."""
        return (self.secret_key, *self.older_secrets)

    @property
    def is_https(self) -> bool:
        """Whether the browser reaches the program over HTTPS."""
        return self.secure or self.proxies > 0

    @property
    def answered_hosts(self) -> tuple[str, ...]:
        """Every host name a request may carry."""
        if self.trusted_hosts:
            return self.trusted_hosts
        return ("localhost", "127.0.0.1", "[::1]")

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        database_url: str,
        secret_key: str,
        older_secrets: tuple[str, ...] = (),
        folder: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 8000,
    ) -> "Config":
        """The settings of `RECOVERY_TRACKER_*`; an address given on the command line wins."""
        found = os.environ if environ is None else environ
        digests = found.get("RECOVERY_TRACKER_LEAKED_PASSWORDS", "").strip()
        return cls(
            database_url=database_url,
            secret_key=found.get("RECOVERY_TRACKER_SECRET_KEY") or secret_key,
            older_secrets=older_secrets,
            folder=folder,
            host=host,
            port=port,
            trusted_hosts=_listed(found.get("RECOVERY_TRACKER_TRUSTED_HOSTS", "")),
            push_services=_listed(found.get("RECOVERY_TRACKER_PUSH_SERVICES", "")),
            proxies=_count(found.get("RECOVERY_TRACKER_PROXIES", "0")),
            mail=MailServer.from_environment(found),
            metrics_token=found.get("RECOVERY_TRACKER_METRICS_TOKEN", "").strip(),
            json_log=found.get("RECOVERY_TRACKER_LOG", "") == "json",
            hook=Hook.from_environment(found),
            leaked_passwords=Path(digests) if digests else None,
            shown_name=" ".join(found.get("RECOVERY_TRACKER_NAME", "").split()),
            staff_need_second_factor=found.get("RECOVERY_TRACKER_SECOND_STEP", "") != "optional",
            debug=found.get("RECOVERY_TRACKER_DEBUG", "") == "1"
            or found.get("FLASK_DEBUG", "") in {"1", "true"},
        )


def current_config() -> Config:
    """The settings of the application that answers this request."""
    from flask import current_app  # Most commands ask this module for the time alone.

    found: Config = current_app.extensions["recovery_config"]
    return found


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse_unsearchable(file: Path) -> None:
    name = "RECOVERY_TRACKER_LEAKED_PASSWORDS"
    if not (file.is_file() and os.access(file, os.R_OK)):
        raise UnsafeConfig(f"{name} must name a file that is there and can be read.")
    if not leaked.can_be_searched(file):
        raise UnsafeConfig(f"{name} must name a file of SHA-1 digests in order, one a line.")


def _refuse_weak_secret(secret: str) -> None:
    if secret.strip().lower() in KNOWN_SECRETS:
        raise UnsafeConfig("RECOVERY_TRACKER_SECRET_KEY is a well-known word; remove it.")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 8:
        raise UnsafeConfig(
            f"RECOVERY_TRACKER_SECRET_KEY needs at least {SHORTEST_SECRET} mixed characters; "
            "remove it and one is made for you."
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 5:
        raise UnsafeConfig("RECOVERY_TRACKER_PROXIES must be a number from 0 to 5.")
    return number


def _port(text: str) -> int:
    port = int(text or USUAL_PORT) if text.isdecimal() or not text else 0
    if not 0 < port < 65_536:
        raise UnsafeConfig("RECOVERY_TRACKER_SMTP_PORT must be a number from 1 to 65535.")
    return port
