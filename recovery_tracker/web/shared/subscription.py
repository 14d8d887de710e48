"""What a patient wishes of reminders, and the sealed addresses by which letters can be answered.

An address gets nothing but one letter that asks, until somebody opens the link in it. A sealed link
holds a number and a mark, no name and no address; it needs no sign-in and opens one page with one
button. A new wish makes a new mark, and older links end.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from flask import url_for
from itsdangerous import BadSignature, URLSafeSerializer

from ...domain.reminders import QUIET_FROM, QUIET_TO, USUAL_TIME, Wishes
from ...storage import people
from ...storage.database import Session
from ...storage.errors import NotFound
from ...storage.people import Patient
from ..config import current_config
from .keys import signing_keys

#: How long the link that starts reminders can be used. Our default.
CONFIRM_WITHIN = timedelta(days=3)


class Purpose(StrEnum):
    """What a sealed link is for."""

    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Reminders by e-mail as asked for: `language` is that of the page they were asked on."""

    to: str
    mark: str
    asked_at: datetime
    language: str
    is_confirmed: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether the link that starts it can still be used."""
        return self.is_confirmed or now - self.asked_at < CONFIRM_WITHIN


def asked(to: str, *, language: str, at: datetime) -> Subscription:
    """A new subscription, not confirmed yet."""
    return Subscription(to=to, mark=token_urlsafe(9), asked_at=at, language=language)


def subscription_of(patient: Patient) -> Subscription | None:
    """What the patient asked for, None where reminders by e-mail are off."""
    kept = patient.preferences.get("mail")
    if not kept:
        return None
    return Subscription(
        to=kept["to"],
        mark=kept["mark"],
        asked_at=datetime.fromisoformat(kept["asked_at"]),
        language=kept["language"],
        is_confirmed=kept["is_confirmed"],
    )


def as_preference(wish: Subscription | None) -> dict[str, Any] | None:
    """The subscription as plain JSON, for `people.with_preferences(mail=...)`."""
    if wish is None:
        return None
    return {
        "to": wish.to,
        "mark": wish.mark,
        "asked_at": wish.asked_at.isoformat(),
        "language": wish.language,
        "is_confirmed": wish.is_confirmed,
    }


def wishes_of(patient: Patient) -> Wishes:
    """When the patient wants to be reminded; the usual times where nothing was chosen."""
    kept = patient.preferences
    return Wishes(
        zone=patient.zone,
        at=_time(kept.get("reminder_time"), USUAL_TIME),
        quiet_from=_time(kept.get("quiet_from"), QUIET_FROM),
        quiet_to=_time(kept.get("quiet_to"), QUIET_TO),
    )


def _time(text: Any, usual: time) -> time:
    return time.fromisoformat(text) if text else usual


def link(purpose: Purpose, patient: Patient, wish: Subscription) -> str:
    """The address of the page that starts or stops these reminders, for a letter."""
    seal = _seal(purpose).dumps([patient.id, wish.mark])
    return url_for("by_mail", purpose=str(purpose), seal=seal, _external=True)


def behind(session: Session, purpose: Purpose, seal: str) -> tuple[Patient, Subscription] | None:
    """Whom a sealed link is about; None if it is forged, or the wish has changed since."""
    try:
        patient_id, mark = _seal(purpose).loads(seal)
        patient = people.patient_by_id(session, patient_id)
    except (BadSignature, ValueError, TypeError, NotFound):
        return None
    wish = subscription_of(patient)
    return None if wish is None or wish.mark != mark else (patient, wish)


def _seal(purpose: Purpose) -> URLSafeSerializer:
    key = signing_keys(current_config().secrets, "reminders by e-mail")
    return URLSafeSerializer(key, salt=str(purpose))
