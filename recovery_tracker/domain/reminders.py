"""When a patient may be reminded: on a day that is expected and not done, never in quiet hours.

Everything follows the clock on the patient's wall, so a change of the clocks moves nothing: an hour
that comes twice belongs to one civil day, and one day has at most one reminder.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .history import Schedule
from .surgery import Operation

#: The usual time, and the hours in which nobody is disturbed. Our defaults.
USUAL_TIME = time(18)
QUIET_FROM, QUIET_TO = time(22), time(7)
#: How late a reminder may still come if the mail server was unavailable. Our
#: default.
LATEST = timedelta(hours=4)
#: Reminders without an entry after which they pause until the next entry: users of other diaries
#: say that a daily nag is soon ignored. Our default.
PAUSE_AFTER = 3
#: Longest address that can be delivered to (RFC 5321, 4.5.3.1.3, without the brackets).
ADDRESS_LENGTH = 254


class Delivery(StrEnum):
    """What became of one message."""

    SENT = "sent"
    """The mail server or the push service took it."""
    FAILED = "failed"
    """It was certainly not taken; the next run tries again."""
    UNSURE = "unsure"
    """It was started and no reply came; it is never sent again, so that nobody gets two."""


def best(outcomes: Collection[Delivery]) -> Delivery:
    """What became of a message that went several ways: one that arrived is enough.

    Raises:
        StopIteration: it went no way at all.
    """
    return next(one for one in (Delivery.SENT, Delivery.UNSURE, Delivery.FAILED) if one in outcomes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """When somebody wants to be reminded, on the clock of `zone` (an IANA name).

    Quiet hours may pass midnight; with equal ends there are none.
    """

    zone: str
    at: time = USUAL_TIME
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO


def is_quiet(clock: time, wishes: Wishes) -> bool:
    """Whether a time of day lies in the quiet hours; the end itself does not."""
    first, last = wishes.quiet_from, wishes.quiet_to
    if first <= last:
        return first <= clock < last
    return clock >= first or clock < last


def day_to_remind_of(now: datetime, wishes: Wishes) -> date | None:
    """The civil day whose reminder may be sent at the instant `now`, None at every other time.

    That is from the wished time on, for `LATEST`, on the same day, outside the quiet hours.

    Raises:
        ZoneInfoNotFoundError: the zone is not known on this machine.
    """
    local = now.astimezone(ZoneInfo(wishes.zone))
    since = _since_midnight(local.time()) - _since_midnight(wishes.at)
    if is_quiet(local.time(), wishes) or not timedelta(0) <= since < LATEST:
        return None
    return local.date()


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def is_expected(day: date, schedule: Schedule, operations: Iterable[Operation]) -> bool:
    """Whether an entry is expected on `day`, counted from the latest operation done by then.

    Before the first operation no entry is expected.
    """
    done = [operation for operation in operations if operation.day <= day]
    return bool(done) and schedule.expects(day, max(done, key=lambda one: one.day))


def planned_days(
    first: date, last: date, schedule: Schedule, operations: Iterable[Operation]
) -> tuple[date, ...]:
    """The expected days from `first` to `last`, both included."""
    known = tuple(operations)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if is_expected(day, schedule, known))


def is_address(text: str) -> bool:
    """Whether mail can be addressed to `text`: one bare address in plain ASCII letters.

    Only sending can tell whether anybody reads it.
    """
    name, at, host = text.rpartition("@")
    return (
        bool(name and at and host)
        and len(text) <= ADDRESS_LENGTH
        and text.isascii()
        and text.isprintable()
        and not any(sign in text for sign in ' ,;:<>()[]"\\')
        # An encoded word starts like this, and could hide any of these characters.
        and "=?" not in text
        and "@" not in name
        and all(host.split("."))
    )
