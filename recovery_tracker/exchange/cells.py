"""What one cell of a file means: a reader for each kind of column, built from the catalogues.

A reader takes the text of a cell that is not empty and returns its value. What it cannot read it
refuses as `Unreadable`. Numbers are never repeated in what it says: they are answers.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from ..domain.diary import FAHRENHEIT_HIGH, FAHRENHEIT_LOW, OWN_QUESTION_LENGTH
from ..domain.language import N_, Said
from ..domain.measures import MEASURES, NUMBNESS_ZONES, Kind, Measure
from ..domain.signs import SIGNS
from ..domain.surgery import Region
from .formula import unguarded
from .problems import Unreadable, shown

Reader = Callable[[str], Any]

#: Means "explicitly none" in a column that holds a list.
NONE = "none"

#: The range of days that a file may name. Nobody has a spinal fusion outside it, and a mistyped
#: year does not become a diary of centuries. Our default.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

#: What is said of another one.
OUT_OF_BOUNDS = Said(
    N_("This must be a date from {first} to {last}."),
    first=f"{FIRST_DAY:%Y}",
    last=f"{LAST_DAY:%Y}",
)

# Python's own int() and float() also read "1_0", other scripts' digits, "nan" and "inf". "3.0" is
# what some programs make of a whole number in a column with empty cells.
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,17})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


_NOT_BESIDE = Said(N_("“none” cannot stand beside something else."))
_A_DATE = Said(N_("This must be a date like 2026-03-31."))
_A_TIME = Said(N_("This must be a time with its offset, like 2026-03-31T20:15:00+02:00."))
_YES_OR_NO = Said(N_("This must be yes or no."))


def a_whole_number(low: float, high: float) -> Said:
    """What is said of a cell that must hold such a number."""
    return Said(
        N_("This must be a whole number from {low} to {high}."), low=f"{low:g}", high=f"{high:g}"
    )


def a_number(low: float, high: float) -> Said:
    """The same of one that may have decimals."""
    return Said(N_("This must be a number from {low} to {high}."), low=f"{low:g}", high=f"{high:g}")


def whole_number(low: float, high: float) -> Reader:
    """Reads a whole number between two bounds, both included."""

    def read(text: str) -> int:
        match = _WHOLE.fullmatch(text)
        if match is None or not low <= int(match[1]) <= high:
            raise Unreadable(a_whole_number(low, high))
        return int(match[1])

    return read


def number(low: float, high: float) -> Reader:
    """Reads a number between two bounds, both included, with a point for decimals."""

    def read(text: str) -> float:
        if _NUMBER.fullmatch(text) is None or not low <= float(text) <= high:
            raise Unreadable(a_number(low, high))
        return float(text)

    return read


def word(words: Collection[str]) -> Reader:
    """Reads one of the given words."""

    def read(text: str) -> str:
        if text not in words:
            one_of = Said(
                N_("{said} is not one of: {words}."), said=shown(text), words=", ".join(words)
            )
            raise Unreadable(one_of)
        return text

    return read


def words(known: Collection[str], unknown: str) -> Reader:
    """Reads a list joined with ';', or `none`, which is an empty set and not "not recorded".

    `unknown` is the sentence about {said}, a word that is not known.
    """

    def read(text: str) -> frozenset[str]:
        if text == NONE:
            return frozenset()
        chosen = [item.strip() for item in text.split(";")]
        for item in chosen:
            if item == NONE:
                raise Unreadable(_NOT_BESIDE, says_what_to_do=True)
            if item not in known:
                raise Unreadable(Said(unknown, said=shown(item)))
        return frozenset(chosen)

    return read


def birth_day(said: object) -> date | None:
    """The day on which somebody was born, as another program says it; None for a year alone or
    nothing.
    """
    text = str(said)
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def civil_day(text: str) -> date:
    """Reads an ISO date."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Unreadable(_A_DATE)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(OUT_OF_BOUNDS)
    return day


def instant(text: str) -> datetime:
    """Reads an ISO instant with its offset, which says on which civil day it was recorded."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(_A_TIME) from None
    if at.tzinfo is None:
        raise Unreadable(_A_TIME)
    if not FIRST_DAY <= at.date() <= LAST_DAY:
        raise Unreadable(OUT_OF_BOUNDS)
    return at


def strange_zone(zones: Collection[str], regions: Collection[Region]) -> Said | None:
    """What is wrong with numbness zones after operations on these regions; None if nothing is."""
    asked = {zone for region in regions for zone in NUMBNESS_ZONES[region]}
    strange = sorted(set(zones) - asked)
    if not strange:
        return None
    return Said(N_("{said} is not asked about after this operation."), said=shown(strange[0]))


def too_long(limit: int) -> Said:
    """What is said of a longer text."""
    return Said(N_("This must have at most {most} characters."), most=f"{limit:,}")


def free_text(limit: int) -> Reader:
    """Reads text of at most `limit` characters."""

    def read(text: str) -> str:
        text = unguarded(text)
        if len(text) > limit:
            raise Unreadable(too_long(limit))
        return text

    return read


def yes_or_no(text: str) -> bool:
    """Reads `yes` or `no`."""
    if text not in ("yes", "no"):
        raise Unreadable(_YES_OR_NO)
    return text == "yes"


#: Of a word in a list.
NO_ANSWER = N_("{said} is not an answer to this question.")
NO_SIGN = N_("{said} is not a known warning sign.")


def measure_reader(measure: Measure) -> Reader:
    """The reader for the answers of one measure."""
    low, high = measure.low or 0, measure.high or 0
    if measure.kind is Kind.NUMBER:
        return number(low, high)
    if measure.kind is Kind.WORD:
        return word(tuple(measure.words))
    if measure.kind is Kind.WORDS:
        return words(measure.words, NO_ANSWER)
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
        "signs": words(SIGNS, NO_SIGN),
        "signs_asked": words(SIGNS, NO_SIGN),
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
