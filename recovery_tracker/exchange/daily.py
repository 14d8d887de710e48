"""What a device counted on a day: values as files write them, and sums within one source."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ..domain.passive import PASSIVE_MEASURES, SOURCE_LENGTH, PassiveKind, PassiveValue
from .cells import FIRST_DAY, LAST_DAY
from .dates import read_day

#: Hours before midnight from which sleep counts towards the next day's night. Our default.
NIGHT_HOURS = 6


_Numbers = Any  # array.array is generic for the type checker alone


class DayTotals:
    """Adds up records by day, kind and source; the same record twice counts once.

    A day is the civil day of the instant in `zone`. Each record takes twenty bytes.
    """

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self._records: dict[tuple[PassiveKind, str], tuple[_Numbers, _Numbers, _Numbers]] = {}
        self._sleep: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def day_of(self, instant: float) -> date:
        """The civil day of a moment given in seconds since 1970."""
        return datetime.fromtimestamp(instant, UTC).astimezone(self.zone).date()

    def add(self, kind: PassiveKind, source: str, day: date, value: float, mark: int) -> None:
        """One record; `mark` is the same for the same record and for no other from its source."""
        key = (kind, source)
        if key not in self._records:
            self._records[key] = (array("q"), array("i"), array("d"))
        marks, days, values = self._records[key]
        marks.append(mark)
        days.append(day.toordinal())
        values.append(value)

    def slept(self, source: str, start: float, end: float) -> None:
        """A period of sleep; overlapping periods are not counted twice."""
        if 0 < end - start < 86_400:
            self._sleep[source].append((start, end))

    def values(self, *, before: date | None = None) -> tuple[PassiveValue, ...]:
        """Every day of every source; days from `before` onwards are left out."""
        found = [*self._counted(), *self._slept()]
        last = before or LAST_DAY
        return tuple(sorted(v for v in found if FIRST_DAY <= v.day < last))

    def _counted(self) -> Iterable[PassiveValue]:
        for (kind, source), (marks, days, values) in self._records.items():
            _, first = np.unique(np.frombuffer(marks, np.int64), return_index=True)
            by_day = np.frombuffer(days, np.int32)[first]
            numbers = np.frombuffer(values, np.float64)[first]
            each, place = np.unique(by_day, return_inverse=True)
            sums = np.bincount(place, numbers)
            if not PASSIVE_MEASURES[kind].adds_up:
                sums = np.divide(sums, np.bincount(place))
            for day, total in zip(each, sums, strict=True):
                if (value := plausible(kind, float(total))) is not None:
                    yield PassiveValue(date.fromordinal(int(day)), kind, source, value)

    def _slept(self) -> Iterable[PassiveValue]:
        for source, times in self._sleep.items():
            minutes: dict[date, float] = defaultdict(float)
            last = float("-inf")
            for start, end in sorted(times):
                start = max(start, last)
                if end > start:
                    # A night belongs to the day that it ends on.
                    minutes[self.day_of(start + NIGHT_HOURS * 3600)] += (end - start) / 60
                    last = end
            for day, total in minutes.items():
                if (value := plausible(PassiveKind.SLEEP, total)) is not None:
                    yield PassiveValue(day, PassiveKind.SLEEP, source, value)


def plausible(kind: PassiveKind, value: float) -> float | None:
    """The value, rounded; None if nothing was counted or a day cannot hold that much.

    Zero steps mean a phone that was not carried: missing, not "did not walk".
    """
    if not 0 < value <= PASSIVE_MEASURES[kind].high:
        return None
    return round(value, 1) if not PASSIVE_MEASURES[kind].adds_up else float(round(value))


def source_name(text: str, otherwise: str) -> str:
    """The name of a device or app, without characters that a line cannot hold; never empty."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain[:SOURCE_LENGTH] or otherwise


def number_of(text: object) -> float | None:
    """A count as these files write it; None for an empty or unexpected cell, and for "none"."""
    plain = str(text).strip().replace("\u00a0", "").replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if 1e-9 < value < 1e9 else None


def value_of(
    day: date, kind: PassiveKind, source: str, cell: object, factor: float = 1.0
) -> Iterator[PassiveValue]:
    """The value in a cell, if it holds one; `factor` turns it into the unit of the measure."""
    number = number_of(cell)
    value = None if number is None else plausible(kind, number * factor)
    if value is not None:
        yield PassiveValue(day, kind, source, value)


def day_in(text: str, order: str | None = None, zone: str = "UTC") -> date | None:
    """The day in a cell, written as a date or in milliseconds since 1970; None if it is neither."""
    if re.fullmatch(r"\d{12,13}", text):  # Milliseconds: midnight of the day, in UTC or there.
        at = datetime.fromtimestamp(int(text) / 1000, UTC)
        return at.date() if at.hour == 0 else at.astimezone(ZoneInfo(zone)).date()
    try:
        return read_day(text, order)
    except ValueError:
        return None


def largest(values: Iterable[PassiveValue]) -> tuple[PassiveValue, ...]:
    """One value per day, kind and source: several devices counted the same day, so never their
    sum."""
    best: dict[tuple[date, PassiveKind, str], PassiveValue] = {}
    for one in values:
        key = (one.day, one.kind, one.source)
        if key not in best or best[key].value < one.value:
            best[key] = one
    return tuple(sorted(best.values()))


def summed(sums: Mapping[tuple[date, str], float]) -> tuple[PassiveValue, ...]:
    """Steps by day and source as values; days that cannot be are left out."""
    found = []
    for (day, source), total in sums.items():
        value = plausible(PassiveKind.STEPS, total)
        if value is not None:
            found.append(PassiveValue(day, PassiveKind.STEPS, source, value))
    return tuple(sorted(found))
