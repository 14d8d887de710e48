"""What the heading of a column says of its unit or scale, against what a person mapped it to.

A "VAS (mm)" of 7 is hardly any pain; as a 7 of 10 it is a strong one. The cells alone do not show
it, so such a heading is refused unless the answer about the scale agrees.
"""

import re

from ..domain.measures import MEASURES, Kind
from .choices import Choices
from .plain_text import plain
from .tidying import FAHRENHEIT, HUNDRED

_HUNDRED = re.compile(r"(?<!\w)mm(?!\w)|%|(?:0|1)\s*(?:-|–|—|to|bis|a|à|~)\s*100\b|/\s*100\b")
#: Not "L1-5" and "L4/5": vertebrae stand in headings too.
_RANGE = re.compile(r"(?<![\w.])([01])\s*(?:-|–|—|to|bis|a|à|~|〜|～)\s*(\d{1,2})(?![\d.])")
_OUT_OF = re.compile(r"(?<!\d)/\s*(\d{1,2})(?![\d/])")
#: Units as words of their own: not "last 24 h", and not the month of "2/3/h".
_UNITS = {
    "hours": r"h|hr|hrs|hours?|std|stunden?|heures?|horas?|ore|uur|小時|时间|時間",
    "seconds": r"sec|secs|seconds?|sek|sekunden?|ms",
    "minutes": r"min|mins|minutes?|minuten?|minutos?|分鐘|分",
    "kilometres": r"km|miles?",
    "thousands": r"k|tsd|thousands?|miles de pasos",
    "an amount": r"mg|ml|µg|mcg|mme|g|tropfen|drops",
}
_PATTERNS = {
    unit: re.compile(rf"(?:[(\[/,]|\b[ie]n)\s*(?:{words})\.?\s*(?:[)\]]|$)")
    for unit, words in _UNITS.items()
}
_LONG = re.compile(r"\b(?:hours|stunden|heures|horas|seconds|sekunden)\b")
#: The unit that a count or an amount of time may be in, by column.
_MAY_BE = {"walking_minutes": "minutes"}
_IS_A = {Kind.SCORE: "a score", Kind.CHOICE: "a step of a scale", Kind.COUNT: "a count"}


def against(head: str, column: str, choices: Choices) -> str:
    """Why a column with this heading cannot be what it is mapped to; "" if it can."""
    measure = MEASURES.get(column)
    if measure is None:
        return ""
    said = plain(head).casefold().strip()
    if column == "temperature_c" and re.search(r"°\s*f\b|fahrenheit|\(f\)", said):
        return "" if choices.fahrenheit else f"its heading says °F; {FAHRENHEIT}"
    if measure.kind not in _IS_A:
        return ""
    if measure.kind is not Kind.COUNT and (problem := _scale(said, measure.high or 0, choices)):
        return problem
    for unit, pattern in _PATTERNS.items():
        if unit == "minutes" and measure.kind is Kind.SCORE:
            continue  # The least pain of a day.
        is_long = unit in ("hours", "seconds") and _LONG.search(said) is not None
        if (pattern.search(said) or is_long) and _MAY_BE.get(column) != unit:
            of = " of minutes" if column in _MAY_BE else ""
            return f"its heading says {unit}, and {column} is {_IS_A[measure.kind]}{of}"
    return ""


def _scale(said: str, high: float, choices: Choices) -> str:
    if _HUNDRED.search(said):
        if high != 10:
            return f"its heading says a scale of 100, and this one ends at {high:g}"
        return "" if choices.hundred else f"its heading says a scale of 100; {HUNDRED}"
    for match in (_RANGE.search(said), _OUT_OF.search(said)):
        end = int(match[match.lastindex or 1]) if match else high
        if end != high:
            return f"its heading says that the scale ends at {end}, and this one ends at {high:g}"
    return ""
