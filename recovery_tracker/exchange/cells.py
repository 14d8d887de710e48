"""What one cell of a file means: a reader for each kind of column, built from the catalogues.

A reader takes the text of a cell that is not empty and returns its value. What it cannot read it
refuses with a ValueError whose text ends the line "FILE, row N, column C: ...". Numbers are never
repeated in that text: they are answers.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from ..domain.diary import FAHRENHEIT_HIGH, FAHRENHEIT_LOW, OWN_QUESTION_LENGTH
from ..domain.measures import MEASURES, NUMBNESS_ZONES, Kind, Measure
from ..domain.signs import SIGNS
from ..domain.surgery import Region
from .formula import unguarded
from .problems import shown

Reader = Callable[[str], Any]

#: Means "explicitly none" in a column that holds a list.
NONE = "none"

#: The range of days that a file may name. Nobody has a spinal fusion outside it, and a mistyped
#: year does not become a diary of centuries. Our default.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

# Python's own int() and float() also read "1_0", other scripts' digits, "nan" and "inf". "3.0" is
# what some programs make of a whole number in a column with empty cells.
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,17})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def whole_number(low: float, high: float) -> Reader:
    """Reads a whole number between two bounds, both included."""

    def read(text: str) -> int:
        match = _WHOLE.fullmatch(text)
        if match is None or not low <= int(match[1]) <= high:
            raise ValueError(f"must be a whole number from {low:g} to {high:g}")
        return int(match[1])

    return read


def number(low: float, high: float) -> Reader:
    """Reads a number between two bounds, both included, with a point for decimals."""

    def read(text: str) -> float:
        if _NUMBER.fullmatch(text) is None or not low <= float(text) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(text)

    return read


def word(words: Collection[str]) -> Reader:
    """Reads one of the given words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"{shown(text)} is not one of: {', '.join(words)}")
        return text

    return read


def words(known: Collection[str], kind: str) -> Reader:
    """Reads a list joined with ';', or `none`, which is an empty set and not "not recorded"."""

    def read(text: str) -> frozenset[str]:
        if text == NONE:
            return frozenset()
        chosen = [item.strip() for item in text.split(";")]
        for item in chosen:
            if item == NONE:
                raise ValueError(f"'{NONE}' cannot stand beside something else")
            if item not in known:
                raise ValueError(f"{shown(item)} is not a known {kind}")
        return frozenset(chosen)

    return read


def civil_day(text: str) -> date:
    """Reads an ISO date."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("must be a date like 2026-03-31")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"must be a date from {FIRST_DAY:%Y} to {LAST_DAY:%Y}")
    return day


def instant(text: str) -> datetime:
    """Reads an ISO instant with its offset, which says on which civil day it was recorded."""
    problem = "must be a time with its offset, like 2026-03-31T20:15:00+02:00"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(problem) from None
    if at.tzinfo is None:
        raise ValueError(problem)
    if not FIRST_DAY <= at.date() <= LAST_DAY:
        raise ValueError(f"must lie between {FIRST_DAY:%Y} and {LAST_DAY:%Y}")
    return at


def strange_zone(zones: Collection[str], regions: Collection[Region]) -> str:
    """What is wrong with numbness zones after operations on these regions; "" if nothing is."""
    asked = {zone for region in regions for zone in NUMBNESS_ZONES[region]}
    strange = sorted(set(zones) - asked)
    if not strange:
        return ""
    return f"{shown(strange[0])} is not asked after a {' or '.join(sorted(regions))} operation"


def free_text(limit: int) -> Reader:
    """Reads text of at most `limit` characters."""

    def read(text: str) -> str:
        text = unguarded(text)
        if len(text) > limit:
            raise ValueError(f"must have at most {limit:,} characters")
        return text

    return read


def yes_or_no(text: str) -> bool:
    """Reads `yes` or `no`."""
    if text not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return text == "yes"


def measure_reader(measure: Measure) -> Reader:
    """The reader for the answers of one measure."""
    low, high = measure.low or 0, measure.high or 0
    if measure.kind is Kind.NUMBER:
        return number(low, high)
    if measure.kind is Kind.WORD:
        return word(tuple(measure.words))
    if measure.kind is Kind.WORDS:
        return words(measure.words, f"answer to {measure.key}")
    if measure.kind is Kind.TEXT:
        return free_text(int(high))
    return whole_number(low, high)


def _measures() -> Iterator[tuple[str, Reader]]:
    for key, measure in MEASURES.items():
        yield key, measure_reader(measure)
        if key == "temperature_c":
            # As typed, if that was in Fahrenheit.
            yield "temperature_f", number(FAHRENHEIT_LOW, FAHRENHEIT_HIGH)
        if key == "own_item":
            yield "own_question", free_text(OWN_QUESTION_LENGTH)


#: Every column of a diary except `patient_id`, in the order in which they are written.
DIARY_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "date": civil_day,
        **dict(_measures()),
        "signs": words(SIGNS, "warning sign"),
        "signs_asked": words(SIGNS, "warning sign"),
        "recorded_at": instant,
    }
)

#: Columns whose text is kept exactly; in the others, spaces at either end do not count.
VERBATIM = frozenset(
    {key for key, measure in MEASURES.items() if measure.kind is Kind.TEXT} | {"own_question"}
)


def as_cell(value: Any) -> str:
    """A value as its column writes it; None gives an empty cell."""
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return _as_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _as_instant(at: datetime) -> str:
    """ISO with an offset of whole minutes; an old local mean time with seconds is given in UTC."""
    offset = at.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        at = at.astimezone(UTC)
    return at.isoformat()
