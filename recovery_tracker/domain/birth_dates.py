"""A birth date in the ways people type it: English, Spanish, Chinese, in either order of numbers.

Each way may mean several days; a search looks for all of them.
"""

import re
from collections.abc import Iterator
from datetime import date

from .wording import without_accents

_MONTHS = (
    ("january", "enero"),
    ("february", "febrero"),
    ("march", "marzo"),
    ("april", "abril"),
    ("may", "mayo"),
    ("june", "junio"),
    ("july", "julio"),
    ("august", "agosto"),
    ("september", "septiembre", "setiembre"),
    ("october", "octubre"),
    ("november", "noviembre"),
    ("december", "diciembre"),
)
#: Words that stand beside a date and say nothing about which one it is.
_BESIDE = frozenset(
    {
        *("st", "nd", "rd", "th", "of", "the", "born", "dob", "d", "o", "b"),
        *("de", "del", "el", "nac", "nacido", "nacida", "fecha", "fec", "nacimiento"),
        *("f", "n", "fn", "fdn"),
        *("年", "月", "日", "號", "号", "生", "出生", "生日", "出生日期", "出生年月日", "西元"),
        *("民國", "民国"),
    }
)
#: Years of the calendar of Taiwan begin after 1911.
_REPUBLIC = 1911
_EARLIEST = 1900


def birth_dates(typed: str) -> list[date]:
    """The days that were perhaps meant; empty where it is no date."""
    text = without_accents(typed).casefold()
    numbers = re.findall(r"\d+", text)
    words = re.findall(r"[^\W\d_]+", text)
    months = [month for word in words if word not in _BESIDE if (month := _month(word))]
    if any(word not in _BESIDE and not _month(word) for word in words) or len(months) > 1:
        return []
    found: set[date] = set()
    is_of_republic = "民國" in words or "民国" in words
    for parts in _parts(numbers, months):
        for year in _years(*parts[:2], is_of_republic=is_of_republic):
            try:
                found.add(date(year, int(parts[2]), int(parts[3])))
            except ValueError:
                continue
    return sorted(day for day in found if day.year >= _EARLIEST)


def _month(word: str) -> int | None:
    """The month that a word names, by its first three letters or more."""
    for number, names in enumerate(_MONTHS, 1):
        if len(word) >= 3 and any(name.startswith(word) for name in names):
            return number
    return None


def _parts(numbers: list[str], months: list[int]) -> Iterator[tuple[str, bool, str, str]]:
    """(year, whether it stands first, month, day) of each order that may be meant."""
    if months and len(numbers) == 2:
        one, two = numbers
        yield two, False, str(months[0]), one
        yield one, True, str(months[0]), two
    elif len(numbers) == 3 and not months:
        one, two, three = numbers
        yield from ((one, True, two, three), (three, False, two, one), (three, False, one, two))
    elif len(numbers) == 1 and not months and len(numbers[0]) in (6, 7, 8):
        run = numbers[0]
        yield run[:-4], True, run[-4:-2], run[-2:]
        if len(run) != 7:
            yield run[4:], False, run[2:4], run[:2]
            yield run[4:], False, run[:2], run[2:4]


def _years(year: str, is_first: bool, *, is_of_republic: bool) -> Iterator[int]:
    number = int(year)
    if len(year) == 4 and year[0] != "0":
        yield number
    elif is_of_republic:
        yield _REPUBLIC + number
    else:
        if len(year) == 2:
            yield from (1900 + number, 2000 + number)
        if is_first and len(year) <= 4:
            yield _REPUBLIC + number
