"""The scores of the last ninety days in one short line, small enough for a code on paper.

    RT1.L.20251216.90.0A3...

The version of the format, the region (L, C, T), the first day, the number of days, then three
characters for each day and three that check the rest. `docs/files.md` describes it for others.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from .diary import DiaryEntry, Source
from .errors import RecoveryError
from .language import N_, Said
from .surgery import Region

VERSION = "RT1"

#: The most days that one code can hold.
MOST_DAYS = 90

#: The most characters that are read: a code is under 300, the rest is room for spaces. Our default.
LONGEST = 1_000

#: The scores of each day, with the highest value of each; one more value means "not answered".
SCORES = (("axial_pain", 10), ("limb_pain", 10), ("numbness", 4), ("mobility", 4), ("walking", 4))

# The characters that a code on paper holds most densely, without the space, which readers trim,
# and the full stop, which separates the fields. Three of these 43 hold a day, and so does a check.
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-/:"
_REGIONS = {"L": Region.LUMBAR, "C": Region.CERVICAL, "T": Region.THORACIC}


NO_CODE = Said(N_("This is not a code from a recovery report."))
_OTHER_VERSION = Said(N_("This code is of another version of the program."))
_CHANGED = Said(N_("The code was cut short or changed. Scan it again."))


class UnreadableCode(RecoveryError):
    """The text is not one of our codes, or was changed on the way; `said` tells which."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(said)


def code_of(entries: Iterable[DiaryEntry], region: Region, last: date) -> str:
    """The scores of the ninety days up to `last` that begin with the first day answered.

    A day without an entry is the same as a day on which no score was given.
    """
    first = last - timedelta(days=MOST_DAYS - 1)
    days = {entry.day: entry for entry in entries if first <= entry.day <= last}
    first = min(days, default=last)
    count = (last - first).days + 1
    letter = next(key for key, value in _REGIONS.items() if value is region)
    body = "".join(
        _three(_packed(days.get(first + timedelta(days=place)))) for place in range(count)
    )
    told = f"{VERSION}.{letter}.{first:%Y%m%d}.{count}.{body}"
    return told + _three(_check(told))


def read_code(text: str) -> tuple[Region, tuple[DiaryEntry, ...]]:
    """The region and the days with at least one score, as they were written.

    Raises:
        UnreadableCode: not a code of ours, cut short, or changed on the way.
    """
    if len(text) > LONGEST:
        raise UnreadableCode(NO_CODE)
    text = "".join(text.split())
    try:
        version, letter, start, number, body = text.split(".")
        count = int(number)
        first = date(int(start[:4]), int(start[4:6]), int(start[6:]))
        first + timedelta(days=count)  # no code reaches beyond the calendar
        region = _REGIONS[letter]
        packed = [_number(body[at : at + 3]) for at in range(0, len(body), 3)]
    except (ValueError, KeyError, OverflowError) as error:
        raise UnreadableCode(NO_CODE) from error
    if version != VERSION:
        raise UnreadableCode(_OTHER_VERSION)
    if len(body) != 3 * (count + 1) or packed[-1] != _check(text[:-3]):
        raise UnreadableCode(_CHANGED)
    entries = [_entry(first + timedelta(days=place), packed[place]) for place in range(count)]
    return region, tuple(entry for entry in entries if entry is not None)


def _packed(entry: DiaryEntry | None) -> int:
    """One number from five answers, 0 where there is none."""
    number = 0
    for key, high in SCORES:
        answer = None if entry is None else getattr(entry, key)
        number = number * (high + 2) + (0 if answer is None else answer + 1)
    return number


def _entry(day: date, packed: int) -> DiaryEntry | None:
    scores: dict[str, Any] = {}
    for key, high in reversed(SCORES):
        packed, answer = divmod(packed, high + 2)
        if answer:
            scores[key] = answer - 1
    if packed:
        raise UnreadableCode(_CHANGED)
    return DiaryEntry(day, source=Source.IMPORT, **scores) if scores else None


def _check(text: str) -> int:
    """CRC-16 (polynomial 0x1021, start 0xFFFF) of the text."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def _three(number: int) -> str:
    base = len(_DIGITS)
    return _DIGITS[number // base**2] + _DIGITS[number // base % base] + _DIGITS[number % base]


def _number(digits: str) -> int:
    if len(digits) != 3:
        raise ValueError("three characters make a number")
    number = 0
    for digit in digits:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return number
