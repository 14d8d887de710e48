"""A decision about a flag in words, the same on the page and on paper."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ...domain.flags import DECISION_NAMES
from ...domain.wording import Translate, near_day_words
from ...storage.flags import StoredDecision


def instant_words(at: datetime, today: date, zone: str, translate: Translate = str) -> str:
    """Day and time of an instant where the patient is: for an emergency the hour counts."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{near_day_words(there.date(), today, translate)}, {there:%H:%M}"


def decision_words(made: StoredDecision, today: date, zone: str, translate: Translate = str) -> str:
    """A decision with its day, author, the day and time it was made, and its note."""
    words = translate(DECISION_NAMES[made.decision])
    if made.until is not None:
        words = f"{words} ({near_day_words(made.until, today, translate)})"
    said = f"{words} – {made.author}, {instant_words(made.at, today, zone, translate)}"
    return f"{said}: “{made.note}”" if made.note else said
