"""The only part of the web that looks at the clock; tests hand in a clock of their own."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant in UTC, by the clock the application was made with."""
    instant: datetime = current_app.extensions["recovery_config"].clock()
    return instant.astimezone(UTC)


def today(zone: str) -> date:
    """The civil date where the person is; UTC where the zone is unknown on this machine."""
    return day_of(now(), zone)


def day_of(instant: datetime, zone: str) -> date:
    """The civil date of an instant in a zone; UTC where the zone is unknown on this machine."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return instant.astimezone(UTC).date()
    return instant.astimezone(place).date()
