"""A day as spreadsheets and other programs write it, with the order decided from the whole column.

A cell that can mean only one day is read: 2026-03-31, 31.03.2026, 31.3.26, 2026/3/31,
31 March 2026, 1 de marzo de 2026, 2026年3月31日 and 115/03/31 (the Taiwanese year), each with or
without a weekday or a time. 3/4/2026 can mean two days: another cell of the same column decides, or
a person is asked, as for two-digit years unless all of the column are days in one order only.
"""

import re
from collections.abc import Iterable
from datetime import date

from .cells import FIRST_DAY, LAST_DAY
from .choices import DATE_ORDERS

_LIKE = "must be a date like 2026-03-31"
AMBIGUOUS = (
    "can mean two days and no other row decides; choose day or month first (--dates dmy or mdy)"
)
MIXED = (
    "has the month where other rows have the day; choose day or month first (--dates dmy or mdy)"
)
_SERIAL = "is a day's number in a spreadsheet; show this column as dates there and save it again"
_SHORT_YEAR = "needs a year of four digits, or say the order (--dates dmy, mdy or ymd)"

_TIME = (
    r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(
    rf"(\d{{1,4}})([-/. ])\s?(\d{{1,2}})\2\s?(\d{{1,4}})\.?{_TIME}", re.ASCII | re.IGNORECASE
)
_CHINESE = re.compile(
    rf"(\d{{2,4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日{_TIME}", re.IGNORECASE
)
_NAME = r"[^\W\d_]{3,10}"
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]+(?:de )?({_NAME})\.?,?[ -]+(?:del? )?(\d{{4}}){_TIME}",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    rf"({_NAME})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE
)
#: "Sunday, ", "So. ": what stands before a date.
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}(?:\.,?|,)\s*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* ", re.I)
_MONTHS = (
    "january januar enero janvier",
    "february februar febrero février",
    "march märz marzo mars",
    "april abril avril",
    "may mai mayo",
    "june juni junio juin",
    "july juli julio juillet",
    "august agosto août",
    "september septiembre septembre setiembre sept",
    "october oktober octubre octobre",
    "november noviembre novembre",
    "december dezember diciembre décembre",
)
#: As spreadsheets count days; those of this century.
_DAYS_SINCE_1900 = re.compile(r"[34567]\d{4}(?:[.,]\d+)?", re.ASCII)
#: Years of the Taiwanese calendar that a diary may contain: year 1 is 1912.
_TAIWAN = range(89, 200)


def order_of(cells: Iterable[str]) -> tuple[str | None, str, int]:
    """The order that a column of days is written in; what is wrong with it, and in which cell.

    The order is `dmy`, `mdy`, or None if no cell needs one. The second value is "" if all is well,
    `AMBIGUOUS` if an order is needed and nothing decides, and `MIXED` if cells contradict each
    other.
    """
    cells = list(cells)
    if only := _only_order(cells):
        return only, "", 0
    first_of: dict[str, int] = {}
    for at, cell in enumerate(cells):
        found = _two_ways(cell.strip())
        if found is not None and found[0] != found[1]:
            kind = "dmy" if found[0] > 12 else "mdy" if found[1] > 12 else AMBIGUOUS
            first_of.setdefault(kind, at)
    if "dmy" in first_of and "mdy" in first_of:
        return None, MIXED, max(first_of["dmy"], first_of["mdy"])
    for order in DATE_ORDERS:
        if order in first_of:
            return order, "", 0
    return None, *((AMBIGUOUS, first_of[AMBIGUOUS]) if first_of else ("", 0))


def _only_order(cells: list[str]) -> str | None:
    """The one order in which all of these short dates are days; None where there are more."""
    short = [cell.strip() for cell in cells if cell.strip()]
    matches = [_NUMBERS.fullmatch(cell) for cell in short]
    if not short or any(m is None or m[2] == "." or len(m[1] + m[4]) > 4 for m in matches):
        return None
    fitting = [order for order in DATE_ORDERS if all(_is_day(cell, order) for cell in short)]
    return fitting[0] if len(fitting) == 1 else None


def _is_day(cell: str, order: str) -> bool:
    try:
        read_day(cell, order)
    except ValueError:
        return False
    return True


def needs_an_order(cell: str) -> bool:
    """Whether it takes the order of the column to know which day a cell means."""
    found = _two_ways(cell.strip())
    return found is not None and found[0] != found[1]


def _two_ways(text: str) -> tuple[int, int] | None:
    match = _NUMBERS.fullmatch(text)
    if match is None or match[2] == "." or len(match[1]) > 2 or len(match[4]) != 4:
        return None
    return int(match[1]), int(match[3])


def read_day(text: str, order: str | None = None) -> date:
    """The civil day that a cell means; a time in it does not change the day.

    Raises:
        ValueError: it means none, or its order is not known.
    """
    day = _named(text) or _numbered(_WEEKDAY.sub("", text, count=1), order)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"must be a date from {FIRST_DAY:%Y} to {LAST_DAY:%Y}")
    return day


def _named(text: str) -> date | None:
    return _with_a_name(text) or _with_a_name(_WEEKDAY.sub("", text, count=1))


def _with_a_name(text: str) -> date | None:
    if match := _CHINESE.fullmatch(text):
        return _date(_year(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_NAME.fullmatch(text):
        return _date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _NAME_DAY.fullmatch(text):
        return _date(int(match[3]), _month(match[1]), int(match[2]))
    return None


def _month(name: str) -> int:
    """The month that a name or its beginning means in English, German, Spanish or French; 0 for
    another word."""
    said = name.casefold()
    for number, names in enumerate(_MONTHS, 1):
        if said in names.split():
            return number
    short = [
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(one.startswith(said) for one in names.split())
    ]
    return short[0] if len(short) == 1 else 0


def _year(digits: str) -> int:
    year = int(digits)
    return year + 1911 if len(digits) < 4 and year in _TAIWAN else year


def _numbered(text: str, order: str | None) -> date:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise ValueError(_SERIAL if _DAYS_SINCE_1900.fullmatch(text) else _LIKE)
    first, separator, second, last = match[1], match[2], match[3], match[4]
    if len(first) >= 3:  # 2026-03-31, 2026/3/31, 115/03/31
        if len(last) > 2 or (len(first) == 3 and int(first) not in _TAIWAN):
            raise ValueError(_LIKE)
        return _date(_year(first), int(second), int(last))
    if separator == "." and order is None:
        order = "dmy"  # With full stops nobody writes the month first.
    if len(last) not in (2, 4) or (len(last) == 2 and order is None):
        raise ValueError(_SHORT_YEAR if len(last) == 2 else _LIKE)
    if order == "ymd":
        if len(last) == 4:
            raise ValueError(_LIKE)
        return _date(2000 + int(first), int(second), int(last))
    year = int(last) if len(last) == 4 else 2000 + int(last)
    if order is None and first != second:
        raise ValueError(AMBIGUOUS)
    if order == "mdy":
        return _date(year, int(first), int(second))
    return _date(year, int(second), int(first))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_LIKE) from None
