"""The times at which studies and registries ask how an operation turned out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from .language import N_


@dataclass(frozen=True, slots=True)
class FollowUpTime:
    """A time after the operation: its day, the days that count for it, and its week.

    The mean of a diary is that of `week`, whose last day is `week_day`, as on the report.
    """

    name: str
    day: int
    first: int
    last: int
    week: int

    @property
    def week_day(self) -> int:
        """The last day of its week."""
        return 7 * self.week + 6


#: 6 weeks, 3, 6, 12 and 24 months, as spine registries ask. A form belongs to the nearest of them;
#: the first begins after four weeks, the last ends after two and a half years. Our defaults.
TIMES = (
    FollowUpTime(N_("6 weeks"), 42, 28, 66, 6),
    FollowUpTime(N_("3 months"), 91, 67, 136, 13),
    FollowUpTime(N_("6 months"), 182, 137, 273, 26),
    FollowUpTime(N_("12 months"), 365, 274, 547, 52),
    FollowUpTime(N_("24 months"), 730, 548, 912, 104),
)
BEFORE = N_("Before op")

#: The year's end is what a clinic's outcomes are counted at.
YEAR = TIMES[3]

#: A value from before the operation counts for so many days. Our default.
BEFORE_DAYS = 365


class Dated(Protocol):
    """Something with a civil day."""

    @property
    def day(self) -> date: ...


Found = TypeVar("Found", bound=Dated)


def at_times(
    found: Iterable[Found], operated_on: date
) -> tuple[Found | None, tuple[Found | None, ...]]:
    """The last one before the operation, and the nearest to each of `TIMES`; None for none."""
    days = [((one.day - operated_on).days, one) for one in found]
    before = [pair for pair in days if -BEFORE_DAYS <= pair[0] <= 0]
    nearest = []
    for time in TIMES:
        near = [pair for pair in days if time.first <= pair[0] <= time.last]
        near.sort(key=lambda pair: abs(pair[0] - time.day))
        nearest.append(near[0][1] if near else None)
    return (max(before, key=lambda pair: pair[0])[1] if before else None), tuple(nearest)


def before_and_latest(
    found: Sequence[Found], operated_on: date
) -> tuple[Found, Found | None, bool]:
    """Of some by day: the latest, what it is compared with, and whether that is from before.

    Compared is with the last one before the operation, else with the one before it.
    """
    latest, earlier = found[-1], found[-2] if len(found) > 1 else None
    before, _ = at_times(found[:-1], operated_on)
    if before is not None and latest.day > operated_on:
        return latest, before, True
    return latest, earlier, False
