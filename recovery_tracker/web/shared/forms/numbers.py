"""Numbers and days as people type them: a comma or a point, spaces, a unit behind."""

import re
from datetime import date, time

from flask_babel import gettext as _

from ....domain.measures import Measure

#: Thousands as phones and people group them: 4,200 or 4.200 or 4 200.
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,.\u2019'\u00a0\u202f ][0-9]{3})+")
_NUMBER = re.compile(r"([+-]?[0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*(?:°?\s*[CFcf])?")
#: What a Chinese or Japanese keyboard may write at full width. No other digits are read: the style
#: sheet and the script of the form know these alone.
_FULL_WIDTH = {ord(mark) + 0xFEE0: mark for mark in "0123456789.,+-"}


class NotANumber(ValueError):
    """The text is not an answer to its question; worded for the person who typed it."""


def named(field: str, problem: object) -> str:
    """A problem after the name of its field: the list of problems stands above every field.

    >>> named("How often a day?", "Enter a whole number")
    'How often a day? Enter a whole number'
    """
    if field.endswith(("?", "\N{FULLWIDTH QUESTION MARK}")):
        return f"{field} {problem}"
    return _("%(field)s: %(problem)s", field=field, problem=problem)


def read_number(
    text: str, measure: Measure, *, low: float | None = None, high: float | None = None
) -> float:
    """The number in `text`, within the measure's bounds or the ones given."""
    low = measure.low if low is None else low
    high = measure.high if high is None else high
    found = _NUMBER.fullmatch(_plain(text))
    number = float(found[1].replace(",", ".")) if found else None
    if number is None or low is None or high is None or not low <= number <= high:
        raise NotANumber(
            _("Enter a number between %(low)s and %(high)s", low=f"{low:g}", high=f"{high:g}")
        )
    return number


def read_count(text: str, measure: Measure) -> int:
    """The whole number in `text`, within the measure's bounds."""
    text = _plain(text)
    if (measure.high or 0) >= 1000 and _GROUPED.fullmatch(text):
        text = re.sub("[^0-9]", "", text)
    number = read_number(text, measure)
    if number != int(number):
        raise NotANumber(_("Enter a whole number"))
    return int(number)


def _plain(text: str) -> str:
    return text.strip().translate(_FULL_WIDTH)


def day_in(text: str | None) -> date | None:
    """The civil day that a date field holds; None for anything else.

    >>> day_in(" 2026-03-12"), day_in("12 March"), day_in(None)
    (datetime.date(2026, 3, 12), None, None)
    """
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def time_in(text: str) -> str | None:
    """The time of a time field as hours and minutes; None for anything else.

    >>> time_in(" 14:30"), time_in("half two"), time_in("")
    ('14:30', None, None)
    """
    try:
        return f"{time.fromisoformat(text.strip()):%H:%M}"
    except ValueError:
        return None


def read_version(text: str, default: int = 0) -> int:
    """The small whole number a hidden field or an address holds, `default` for anything else.

    >>> read_version("3"), read_version("²"), read_version("9" * 5000)
    (3, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
