"""Daily counts in the JSON of Garmin, Fitbit and Oura, recognised by its content."""

import json
import re
from collections import defaultdict
from datetime import date
from typing import Any

from ..domain.passive import PassiveKind, PassiveValue
from .daily import day_in, largest, number_of, summed, value_of

#: NUL, and halves of signs that JSON can write alone.
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


def json_of(content: bytes) -> Any:
    """The JSON of a file, or a list where each line is JSON of its own; None for anything else. A
    sign that no database keeps becomes the one for a sign that could not be read."""
    try:
        return _loaded(content)
    except (ValueError, RecursionError):
        pass
    lines = [line for line in content.splitlines() if line.strip()]
    try:
        return [_loaded(line) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _loaded(content: bytes) -> Any:
    found = json.loads(content)
    return found if content.isascii() and b"\\" not in content else _kept(found)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_KEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return {key: _kept(one) for key, one in value.items()} if isinstance(value, dict) else value


def is_garmin(found: Any) -> bool:
    beside = ("totalSteps", "includesWellnessData", "deepSleepSeconds")
    return any(_is_list_with(found, ("calendarDate", key)) for key in beside)


def is_fitbit(found: Any) -> bool:
    return _is_list_with(found, ("dateTime", "value"))


def _is_list_with(found: Any, keys: tuple[str, ...]) -> bool:
    return (
        isinstance(found, list)
        and bool(found)
        and all(isinstance(one, dict) for one in found[:5])
        and any(all(key in one for key in keys) for one in found[:50] if isinstance(one, dict))
    )


def read_garmin(found: Any) -> tuple[PassiveValue, ...]:
    """Days as the watch closed them; null is missing."""
    values: list[PassiveValue] = []
    for one in found:
        if not isinstance(one, dict):
            continue
        day = day_in(str(one.get("calendarDate", ""))[:10])
        if day is not None:
            values += value_of(day, PassiveKind.STEPS, "Garmin", one.get("totalSteps"))
            meters = one.get("totalDistanceMeters")
            values += value_of(day, PassiveKind.DISTANCE, "Garmin", meters)
            slept = [number_of(one.get(f"{stage}SleepSeconds")) for stage in _STAGES]
            if any(slept):  # The day is the one that it was woken on.
                seconds = sum(filter(None, slept))
                values += value_of(day, PassiveKind.SLEEP, "Garmin", seconds, 1 / 60)
    return largest(values)


_STAGES = ("deep", "light", "rem")


def is_oura(found: Any) -> bool:
    """Whether it is a list of days as Oura gives it, in whatever wrapping."""
    return _is_list_with(_oura_days(found), ("day", "steps"))


def read_oura(found: Any) -> tuple[PassiveValue, ...]:
    values: list[PassiveValue] = []
    for one in _oura_days(found):
        day = day_in(str(one.get("day", ""))) if isinstance(one, dict) else None
        if day is not None:
            values += value_of(day, PassiveKind.STEPS, "Oura", one.get("steps"))
            meters = one.get("equivalent_walking_distance")
            values += value_of(day, PassiveKind.DISTANCE, "Oura", meters)
    return largest(values)


def _oura_days(found: Any) -> Any:
    if isinstance(found, dict):
        return next((found[key] for key in ("data", "daily_activity") if key in found), None)
    return found


class FitbitMinutes:
    """Steps by the minute, as the band wrote them in its own local time, list after list."""

    def __init__(self) -> None:
        self._sums: dict[tuple[date, str], float] = defaultdict(float)
        self._seen: set[str] = set()

    def add(self, found: Any) -> None:
        """One more list that `is_fitbit` recognises."""
        for one in found:
            moment = str(one.get("dateTime", "")) if isinstance(one, dict) else ""
            match = re.match(r"(\d\d)/(\d\d)/(\d\d) \d\d:\d\d", moment)
            number = number_of(one.get("value")) if match else None
            if match is None or number is None or moment in self._seen:
                continue
            self._seen.add(moment)
            day = day_in(f"20{match[3]}-{match[1]}-{match[2]}")
            if day is not None:
                self._sums[day, "Fitbit"] += number

    def values(self) -> tuple[PassiveValue, ...]:
        """The sum of each day."""
        return summed(self._sums)
