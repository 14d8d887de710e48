"""What an account's owner is told about its use: the device of a session, and what changed.

A sign-in in a browser that is new to the account, and every change of how one signs in, are shown
on the owner's first page for a week. They also go by e-mail: to a patient's confirmed address, to
the one that a clinician gave for mail, or to the sign-in name of staff where it is one.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Thread

from flask import Flask, request
from flask import session as browser_session
from flask_babel import gettext as _
from flask_security import current_user

from ... import services
from ...domain.language import N_
from ...domain.people import Rights
from ...domain.reminders import is_address
from ...storage import alerts, audit_trail, people
from ...storage.accounts import Account
from ...storage.audit import AuditAction
from ...storage.database import Session
from ...storage.errors import NotSaved
from ..config import current_config
from ..shared import access
from ..shared.clock import now
from ..shared.mail import Post, letter
from ..shared.ringing import Device, device
from ..shared.subscription import subscription_of
from ..shared.zones import clinic_zone
from .account_store import own_actor
from .sessions import RING_KEY

TOLD_FOR = timedelta(days=7)
"""How long a notice is shown on the first page. Our default."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)

WORDS = {
    AuditAction.NEW_DEVICE: N_("Signed in on a new device"),
    AuditAction.CREDENTIALS_CHANGED: N_("Sign-in method changed"),
}

_TELLS = frozenset(
    {"password_hash", "totp_secret", "second_factor", "passkey added", "passkey removed"}
)
"""Changes that are reported; a recovery code that was used is not one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know about one's account; `device` is "" where it is not known."""

    what: str
    device: str
    at: datetime
    #: How often the same happened lately.
    times: int = 1


def device_words() -> str:
    """Browser and system that the request came from; "" if the browser does not say."""
    said = request.user_agent.string
    browser = next((name for sign, name in BROWSERS if sign in said), "")
    system = next((name for sign, name in SYSTEMS if sign in said), "")
    return ", ".join(filter(None, (browser, system)))


def account_notices() -> list[Notice]:
    """What happened to the reader's own account lately, the newest first."""
    if access.actor_or_none() is None or access.installation().is_demo:
        return []
    try:
        with access.database().read() as session:
            found = audit_trail.events_of_account(
                session, current_user.account_id, list(WORDS), since=now() - TOLD_FOR
            )
    except NotSaved:
        return []
    told = [
        Notice(_(WORDS[one.action]), str((one.details or {}).get("device", "")), one.at)
        for one in found
        if one.action is AuditAction.NEW_DEVICE or _is_told(one)
    ]
    # The same again would fill the first page: it is told once, by its newest time and how often.
    often = Counter((one.what, one.device) for one in told)
    newest = {(one.what, one.device): one for one in sorted(told, key=lambda one: one.at)}
    kept = sorted(newest.values(), key=lambda one: one.at, reverse=True)
    return [replace(one, times=often[one.what, one.device]) for one in kept]


def _is_told(event: audit_trail.AuditEvent) -> bool:
    about = event.details or {}
    changed = about.get("changed")
    return not isinstance(changed, list) or bool(_TELLS.intersection(changed))


def tell_by_mail(account: Account, what: AuditAction) -> None:
    """The owner of the account gets an e-mail, where an address is known and mail is set up.

    It is sent beside the request: signing in waits for no mail server.
    """
    server = current_config().mail
    if server is None or access.installation().is_demo:
        return
    with access.database().read() as session:
        to = _address_of(session, account)
    if not to:
        return
    text = "\n\n".join(
        (
            f"{_(WORDS[what])}.",
            _("If this was not you, change your password and sign out everywhere."),
            request.host_url,
        )
    )
    made = letter(server, to, _("Your account"), text, at=now())

    def send() -> None:
        with Post(server) as post:
            post.send(made)

    Thread(target=send, name="letter about an account").start()


def _address_of(session: Session, account: Account) -> str:
    """The e-mail address of the account's owner; "" if none is known."""
    if account.patient_id is None:
        chosen = alerts.wishes_of(session, account.id).address
        return chosen or (account.login if is_address(account.login) else "")
    wish = subscription_of(people.patient_by_id(session, account.patient_id))
    is_owner = not account.rights
    return wish.to if is_owner and wish is not None and wish.is_confirmed else ""


def chosen_device() -> Device | None:
    """The device that its browser described in a form; None where no message could reach it.

    The session remembers it: signing out here ends it, on this device or from another one.
    """
    new = device(*(request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")))
    if new is not None:
        browser_session[RING_KEY] = new.endpoint
    return new


def stop_reminders(account: Account, endpoints: Collection[str] | None) -> None:
    """Devices on which the owner of a diary, or staff, signed out ring no more; None is every one.

    A carer chose none, and ends none.
    """
    by, database, stay = own_actor(account), access.database(), services.all_but(endpoints)
    if account.patient_id is None:
        services.change_staff_devices(database, account.id, stay, by=by, at=now())
    elif account.rights is Rights.FULL:
        services.change_devices(database, account.patient_id, stay, by=by, at=now())


def init_app(app: Flask) -> None:
    """Every page may show what happened to the reader's account."""
    app.add_template_global(account_notices)
    app.add_template_global(clinic_zone)
