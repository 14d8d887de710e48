"""What time it is, by the clock the application was made with, and what day it is in each zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..config import current_config


def now() -> datetime:
    """The present instant in UTC, by the clock the application was made with."""
    return current_config().clock().astimezone(UTC)


def today(zone: str) -> date:
    """The civil date where the person is; UTC where the zone is unknown on this machine."""
    return day_of(now(), zone)


def hour(zone: str) -> int:
    """The hour of the day where the person is, 0 to 23; UTC where the zone is unknown here."""
    try:
        return now().astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError):
        return now().hour


def day_of(instant: datetime, zone: str) -> date:
    """The civil date of an instant in a zone; UTC where the zone is unknown on this machine."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return instant.astimezone(UTC).date()
    return instant.astimezone(place).date()
