"""Which flags the clinic is told of, by mail or its own system, and when again."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .flags import Urgency

#: From this urgency on, people who asked for it are told of each flag. Our default.
TELLS_FROM = Urgency.SAME_DAY

#: A flag that nobody has looked at is told of once more after so many hours, unless the clinic
#: promised another number. Our default.
PROMISED_HOURS = 24
MOST_HOURS = 72

#: A flag that has waited longer than this when mail is first switched on is in the digest alone.
#: Our default.
NEWS_FOR = timedelta(days=4)

#: The hour of the daily digest, where the clinic is; sent at most this many hours late. Our
#: defaults.
DIGEST_HOUR, DIGEST_LATE = 7, 4


class Alert(StrEnum):
    """A kind of message to staff."""

    FLAG = "flag"
    AGAIN = "again"
    DIGEST = "digest"


def alert_due(since: datetime, now: datetime, hours: int = PROMISED_HOURS) -> Alert | None:
    """What is due for a flag that has waited for a look since an instant; None for nothing.

    `hours` is within how many the clinic looks at an urgent answer.
    """
    if now - since > NEWS_FOR:
        return None
    return Alert.AGAIN if is_overdue(since, now, hours) else Alert.FLAG


def is_overdue(since: datetime, now: datetime, hours: int) -> bool:
    """Whether a flag has waited longer than was promised."""
    return now - since >= timedelta(hours=hours)


def is_digest_time(now: datetime, zone: str) -> bool:
    """Whether the daily digest may be sent now; an unknown zone counts as UTC."""
    try:
        hour = now.astimezone(ZoneInfo(zone)).hour
    except (ValueError, OSError, KeyError):
        hour = now.hour
    return DIGEST_HOUR <= hour < DIGEST_HOUR + DIGEST_LATE
