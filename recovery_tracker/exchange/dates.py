"""A day as spreadsheets and other programs write it, with the order decided from the whole column.

A cell that can mean only one day is read: 2026-03-31, 31.03.2026, 31.3.26, 2026/3/31,
31 March 2026, 1 de marzo de 2026, 20260331, 2026年3月31日, 115/03/31 (the Taiwanese year) and
令和8年3月31日, each with or without a weekday or a time. 3/4/2026 can mean two days: its weekday or
another cell of the same column decides, or a person is asked, as for two-digit years unless all of
the column are days in one order only.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ..domain.language import N_, Said
from .cells import FIRST_DAY, LAST_DAY, OUT_OF_BOUNDS
from .choices import DATE_ORDERS
from .plain_text import plain
from .problems import Unreadable
from .weekdays import without_weekday

NO_DATE = Said(N_("This must be a date like 2026-03-31."))
AMBIGUOUS = Said(N_("This can mean two days, and no other row shows which."), "dates")
MIXED = Said(N_("This has the month where other rows have the day."), "dates")
SWAPPED = Said(
    N_(
        "Day and month may be swapped here. A spreadsheet can do that to days from another "
        "country. Use the file as it was before, or write every day like 2026-03-31."
    )
)
NO_ZONE = Said(
    N_("This is a time in UTC. It may be another day where you are. Write the day: 2026-03-31.")
)
OTHER_WEEKDAY = Said(N_("This day is not on that weekday. Is the day right?"))
_SERIAL = Said(
    N_("This is a spreadsheet’s number for a day. Show the column as dates there and save again.")
)
SHORT_YEAR = Said(N_("This year needs 4 digits, like 2026."), "dates")

_CLOCK = r"\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d+)?)?|h(?:\d{2})?)"
#: As programs write an offset or a zone behind a time: +01:00, GMT-7, MESZ.
_ZONE = r"(?:Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|(?:(?<=:\d\d )|(?<=[ap]m ))(?-i:[A-Z]{2,5}))"
_TIME = (
    rf"(?:[T ,]+(?:(?:at|um|a las?|às?|alle|om) )?(?:[上下]午|午[前後]|오[전후])?\s*{_CLOCK}\s*"
    rf"(?:[ap]\.? ?m\.?|uhr)?\s*{_ZONE}?(?: \([^()]{{1,60}}\))?)?"
)
_NUMBERS = re.compile(
    rf"(\d{{1,4}})([-/. ])\s?(\d{{1,2}})\2\s?(\d{{1,4}})\.?{_TIME}", re.ASCII | re.IGNORECASE
)
_CHINESE = re.compile(
    r"(中華民國|民國|民国|令和|平成|西元|公元)?\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*"
    rf"(\d{{1,2}})\s*[日號号일]{_TIME}",
    re.IGNORECASE,
)
#: The same eras with signs between the numbers: 民國115/3/31.
_ERA_NUMBERS = re.compile(
    rf"(中華民國|民國|民国|令和|西元|公元) ?(\d{{1,4}})([-/.])(\d{{1,2}})\3(\d{{1,2}}){_TIME}",
    re.ASCII | re.IGNORECASE,
)
_REIWA = re.compile(rf"R ?(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(rf"(20\d{{2}})(\d{{2}})(\d{{2}}){_TIME}", re.ASCII)
#: The year before the first of each era.
_ERAS = {
    "中華民國": 1911,
    "民國": 1911,
    "民国": 1911,
    "令和": 2018,
    "平成": 1988,
    "西元": 0,
    "公元": 0,
}
#: A time that is told in UTC behind a day, as programs write it.
_IN_UTC = re.compile(
    r"(?:T|[ ,]+)(?:at )?(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)? ?([ap]\.? ?m\.?)? ?"
    r"(?:Z|(?:GMT|UTC)(?:[+-]0{1,2}(?::?00)?)?|[+-]00(?::?00)?)(?: \([^()]{1,60}\))?$",
    re.ASCII | re.I,
)
_NAME = r"[^\W\d_]{3,10}"
_DAY_NAME = re.compile(
    rf"(?:den )?(\d{{1,2}})(?:st|nd|rd|th|er|\.?[º°o]|\.)?[ /-]+(?:de |of )?({_NAME})\.?,?[ /-]+"
    rf"(?:del? )?(\d{{4}}){_TIME}",
    re.IGNORECASE,
)
_YEAR_NAME = re.compile(rf"(\d{{4}})[ /-]({_NAME})\.?[ /-](\d{{1,2}}){_TIME}", re.IGNORECASE)
_NAME_DAY = re.compile(
    rf"({_NAME})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE
)
_MONTHS = (
    "january januar jänner enero janvier janeiro gennaio januari",
    "february februar febrero février fevrier fevereiro febbraio februari feber",
    "march märz maerz marzo mars março maart mrt",
    "april abril avril aprile",
    "may mai mayo maio maggio mei",
    "june juni junio juin junho giugno",
    "july juli julio juillet julho luglio",
    "august agosto août aout augustus",
    "september septiembre septembre setiembre sept setembro settembre",
    "october oktober octubre octobre outubro ottobre",
    "november noviembre novembre novembro",
    "december dezember diciembre décembre decembre dezembro dicembre",
)
#: As spreadsheets count days; those of this century.
_DAYS_SINCE_1900 = re.compile(r"[34567]\d{4}(?:[.,]\d+)?", re.ASCII)
#: Years of the Taiwanese calendar that a diary may contain: year 1 is 1912.
_TAIWAN = range(89, 200)


def order_of(cells: Iterable[str]) -> tuple[str | None, Said | None, int]:
    """The order that a column of days is written in; what is wrong with it, and in which cell.

    The order is `dmy`, `mdy`, or None if no cell needs one. The second value is `AMBIGUOUS` if an
    order is needed and nothing decides, and `MIXED` if cells contradict each other.
    """
    cells = list(cells)
    if only := _only_order(cells):
        return only, None, 0
    first_of: dict[str | Said, int] = {}
    for at, cell in enumerate(cells):
        if (kind := _kind(cell)) is not None:
            first_of.setdefault(kind, at)
    if "dmy" in first_of and "mdy" in first_of:
        return None, MIXED, max(first_of["dmy"], first_of["mdy"])
    for order in DATE_ORDERS:
        if order in first_of:
            return order, *_against(order, cells, AMBIGUOUS not in first_of)
    return None, *((AMBIGUOUS, first_of[AMBIGUOUS]) if first_of else (None, 0))


def _kind(cell: str) -> str | Said | None:
    """The order that a cell decides, `AMBIGUOUS` where it may be either; None if it needs none."""
    found = _two_ways(cell)
    if found is None or found[0] == found[1]:
        return None
    orders = [order for order in ("dmy", "mdy") if _is_day(cell, order)]
    return None if not orders else orders[0] if len(orders) == 1 else AMBIGUOUS


def _against(order: str, cells: list[str], is_certain: bool) -> tuple[Said | None, int]:
    """What speaks against one order for all of these cells, and in which cell."""
    others = [(at, day) for at, cell in enumerate(cells) if (day := _in_one_way(cell)) is not None]
    if others and is_certain and all(day.day <= 12 for _, day in others):
        at = next((at for at, day in others if day.day != day.month), None)
        if at is not None:
            return SWAPPED, at
    for at, day in others:
        if order == "mdy" and "." in cells[at] and day.day != day.month:
            return MIXED, at
    return None, 0


def _in_one_way(cell: str) -> date | None:
    """The day in a cell of numbers that does not need an order."""
    text = without_weekday(plain(cell).strip())[0]
    if _two_ways(cell) is not None or _NUMBERS.fullmatch(text) is None:
        return None
    try:
        return read_day(text)
    except ValueError:
        return None


def where_the_person_is(cells: list[str], zone: str | None, order: str | None = None) -> list[str]:
    """A column of days, with an instant told in UTC as the day it was where the person is.

    A column whose instants are all midnight are days that a program wrote with a time. The rest
    stays as it is, an instant with another offset too: its day is the one where it was written.
    `order` is that of the days, by default what the column itself decides.

    Raises:
        Unreadable: it holds such an instant, and the zone is not known.
    """
    times = [_IN_UTC.search(plain(cell).strip()) for cell in cells]
    if all(time is None or not any(map(int, time.group(1, 2))) for time in times):
        return cells
    if zone is None:
        raise Unreadable(NO_ZONE)
    order = order or order_of(cells)[0]
    there = ZoneInfo(zone)
    return [
        cell if time is None else _day_in(time, order, there) or cell
        for cell, time in zip(cells, times, strict=True)
    ]


def _day_in(time: re.Match[str], order: str | None, zone: ZoneInfo) -> str:
    """The day in a zone at a time that is told in UTC; "" where it is no instant, or its order is
    not known."""
    hour, minute = int(time[1]), int(time[2])
    if time[3] is not None:
        hour = hour % 12 + (12 if time[3].casefold().startswith("p") else 0)
    try:
        day = read_day(time.string[: time.start()], order)
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return ""


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
    found = _two_ways(cell)
    return found is not None and found[0] != found[1]


def _two_ways(text: str) -> tuple[int, int] | None:
    match = _NUMBERS.fullmatch(without_weekday(plain(text).strip())[0])
    if match is None or match[2] == "." or len(match[1]) > 2 or len(match[4]) != 4:
        return None
    return int(match[1]), int(match[3])


def read_day(text: str, order: str | None = None) -> date:
    """The civil day that a cell means; a time in it does not change the day.

    Raises:
        Unreadable: it means none, its order is not known, or its weekday is another day's.
    """
    text = plain(text).strip()
    day = _with_a_name(text)
    if day is None:
        text, weekdays = without_weekday(text)
        day = _with_a_name(text) or _numbered(text, order)
        if day.weekday() not in weekdays:
            raise Unreadable(OTHER_WEEKDAY)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(OUT_OF_BOUNDS)
    return day


def _with_a_name(text: str) -> date | None:
    if match := _CHINESE.fullmatch(text):
        number = 1 if match[2] == "元" else int(match[2])
        year = _ERAS[match[1]] + number if match[1] else _year(match[2])
        return _date(year, int(match[3]), int(match[4]))
    if match := _ERA_NUMBERS.fullmatch(text):
        return _date(_ERAS[match[1]] + int(match[2]), int(match[4]), int(match[5]))
    if match := _REIWA.fullmatch(text):
        return _date(_ERAS["令和"] + int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_NAME.fullmatch(text):
        return _date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _YEAR_NAME.fullmatch(text):
        return _date(int(match[1]), _month(match[2]), int(match[3]))
    if match := _NAME_DAY.fullmatch(text):
        return _date(int(match[3]), _month(match[1]), int(match[2]))
    return None


def _month(name: str) -> int:
    """The month that a name or its beginning means in English, German, Spanish, French, Portuguese,
    Italian or Dutch; 0 for another word."""
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
    if digits == "元":
        raise Unreadable(NO_DATE)
    year = int(digits)
    return year + 1911 if len(digits) < 4 and year in _TAIWAN else year


def _numbered(text: str, order: str | None) -> date:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise Unreadable(_SERIAL if _DAYS_SINCE_1900.fullmatch(text) else NO_DATE)
    first, separator, second, last = match[1], match[2], match[3], match[4]
    if len(first) >= 3:  # 2026-03-31, 2026/3/31, 115/03/31
        if len(last) > 2 or (len(first) == 3 and int(first) not in _TAIWAN):
            raise Unreadable(NO_DATE)
        return _date(_year(first), int(second), int(last))
    if separator == "." and order is None:
        order = "dmy"  # With full stops nobody writes the month first.
    if len(last) not in (2, 4) or (len(last) == 2 and order is None):
        raise Unreadable(SHORT_YEAR if len(last) == 2 else NO_DATE)
    if order == "ymd":
        if len(last) == 4:
            raise Unreadable(NO_DATE)
        return _date(2000 + int(first), int(second), int(last))
    year = int(last) if len(last) == 4 else 2000 + int(last)
    if order is None and first != second:
        raise Unreadable(AMBIGUOUS)
    if order == "mdy":
        return _date(year, int(first), int(second))
    return _date(year, int(second), int(first))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(NO_DATE) from None
