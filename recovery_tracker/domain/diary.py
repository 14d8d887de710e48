"""One day of a diary.

The day is a civil date chosen by the patient; the time and zone of recording are kept with it and
never move it. An answer that was left out is None. For the warning signs, None means that the
question was not answered and an empty set means "none of these".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from .errors import InvalidEntry
from .language import N_
from .measures import MEASURES, Kind
from .signs import SIGNS, WEEKLY_SIGNS
from .surgery import Region


class Source(StrEnum):
    """How a day reached the diary."""

    FORM = "form"
    OFFLINE = "offline"
    PAPER = "paper"
    IMPORT = "import"


class SignChange(StrEnum):
    """How a sign that was open at the last entry is now."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    GONE = "gone"


SIGN_CHANGE_NAMES = {
    SignChange.BETTER: N_("Better now"),
    SignChange.SAME: N_("The same"),
    SignChange.WORSE: N_("Worse now"),
    SignChange.GONE: N_("Gone"),
}


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """The answers of one day. Every field named like a measure is on that measure's scale."""

    day: date
    walking: int | None = None
    mobility: int | None = None
    axial_pain: int | None = None
    limb_pain: int | None = None
    limb_pain_side: str | None = None
    numbness: int | None = None
    numbness_zones: frozenset[str] | None = None
    sleep: int | None = None
    opioid_doses: int | None = None
    painkiller_change: str | None = None
    #: Not rounded where it was typed in Fahrenheit.
    temperature_c: float | None = None
    strain: frozenset[str] | None = None
    pain_quality: frozenset[str] | None = None
    steps: int | None = None
    walking_minutes: int | None = None
    own_item: int | None = None
    #: The words of the person's own question as it was asked; a new name for it renames no answer.
    own_question: str | None = None
    note: str | None = None
    peg_pain: int | None = None
    peg_enjoyment: int | None = None
    peg_activity: int | None = None
    overall_change: int | None = None
    #: Sign ids; None is "not answered", empty is an explicit "none".
    signs: frozenset[str] | None = None
    #: Sign ids that the form asked about; None means that this is not known (an imported diary
    #: without the column), and then a follow-up question counts as not asked.
    signs_asked: frozenset[str] | None = None
    #: The temperature as typed, if that was in degrees Fahrenheit.
    temperature_f: float | None = None
    #: How each sign that was open is now.
    sign_changes: Mapping[str, SignChange] = field(default_factory=dict)
    #: "Did you speak to someone about it?"
    spoke_to_someone: bool | None = None
    #: When the day was first recorded (aware); None if not known, and then it counts as on time.
    recorded_at: datetime | None = None
    #: IANA name of the zone the patient was in.
    zone: str | None = None
    source: Source = Source.FORM
    #: Part of the spine that the questions about pain and numbness named, fixed for good; None if
    #: not known, and then the operation of the day decides (`History.operation_of`).
    region: Region | None = None
    #: The day whose answers filled this one after a tap; the warning question never among them.
    same_as: date | None = None

    def __post_init__(self) -> None:
        if problems := problems_in(self):
            raise InvalidEntry(problems)

    @property
    def had_fall(self) -> bool:
        """Whether a fall was recorded, as a strain or as a sign."""
        return "fall" in (self.strain or ()) or "fall" in (self.signs or ())

    @property
    def tells_signs(self) -> bool:
        """Whether the day's warning question was answered, rather than only the weekly seven
        signs."""
        asked = self.signs_asked
        return self.signs is not None and not (asked and asked.issubset(WEEKLY_SIGNS))

    @property
    def daily_signs(self) -> frozenset[str] | None:
        """What the day's warning question was answered with, the weekly seven left out; None where
        it was not answered. A ticked sign is an answer, whatever a file says was asked.
        """
        if self.signs is None:
            return None
        daily = self.signs.difference(WEEKLY_SIGNS)
        return daily if daily or self.tells_signs else None

    def has_answers(self) -> bool:
        """Whether a person answered something: only then does the day count as logged.

        What a phone or watch counts (`PASSIVE`) needs nobody, so a day that a file fills with
        nothing else is not logged, ends no silence and raises no flag. If the person filled in the
        form, anything given is an answer; so is a note, and "gone" about an open sign.
        """
        if self.sign_changes:
            return True
        keys = _BY_HAND if self.source is Source.IMPORT else ANSWERS
        # Asked of every day at every save, and a generator takes thrice as long.
        for key in keys:  # noqa: SIM110
            if getattr(self, key) is not None:
                return True
        return False

    def asked(self, sign: str) -> bool:
        """Whether a form is known to have asked for `sign`."""
        return self.signs_asked is not None and sign in self.signs_asked

    def recorded_on(self) -> date:
        """The civil day on which it was recorded, in the patient's zone; its own day if not known.

        Without a zone, the offset of `recorded_at` decides.
        """
        if self.recorded_at is None:
            return self.day
        return _civil_day(self.recorded_at, self.zone) if self.zone else self.recorded_at.date()

    @property
    def recorded_here(self) -> datetime | None:
        """When it was recorded, with the offset where the patient was: it names the civil day."""
        if self.recorded_at is None or not self.zone:
            return self.recorded_at
        return self.recorded_at.astimezone(ZoneInfo(self.zone))

    @property
    def days_late(self) -> int:
        """Whole days between the diary day and the day of recording, never negative."""
        return max(0, (self.recorded_on() - self.day).days)


# Every page asks about the same days over and over.
@lru_cache(maxsize=20_000)
def _civil_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


#: Characters of the patient's own question. Our default.
OWN_QUESTION_LENGTH = 60

#: What the diary accepts in degrees Fahrenheit: 30 to 45 °C.
FAHRENHEIT_LOW, FAHRENHEIT_HIGH = 86, 113


def celsius_of(fahrenheit: float) -> float:
    """Degrees Celsius, not rounded: 101.4 °F is less than 38.6 °C.

    >>> celsius_of(100.4), celsius_of(101.4) < 38.6
    (38.0, True)
    """
    return float((Decimal(repr(fahrenheit)) - 32) * 5 / 9)


def fahrenheit_of(celsius: float) -> float:
    """Degrees Fahrenheit, to one tenth.

    >>> fahrenheit_of(38.0), fahrenheit_of(celsius_of(101.4))
    (100.4, 101.4)
    """
    return round(celsius * 9 / 5 + 32, 1)


def told_celsius(celsius: float) -> float:
    """A temperature as given in Celsius: truncated to a tenth, so that it never seems to reach a
    limit that it did not reach.

    >>> told_celsius(celsius_of(101.4)), told_celsius(38.6)
    (38.5, 38.6)
    """
    return floor(celsius * 10 + 1e-6) / 10


def with_fall(entry: DiaryEntry) -> DiaryEntry:
    """The day with a fall added to its strains: one recorded separately, as an event."""
    return replace(entry, strain=(entry.strain or frozenset()) | {"fall"})


#: Answers that are about the region they were asked for: back pain is not neck pain.
OF_A_REGION: tuple[str, ...] = (
    "axial_pain",
    "limb_pain",
    "limb_pain_side",
    "numbness",
    "numbness_zones",
    "pain_quality",
)


def without_region(entry: DiaryEntry) -> DiaryEntry:
    """The day without the answers that belong to a region (`OF_A_REGION`); the rest stays."""
    nothing: dict[str, Any] = dict.fromkeys(OF_A_REGION)
    return replace(entry, **nothing)


#: Fields of an entry that are answers, in the order of the form.
ANSWERS: tuple[str, ...] = (*MEASURES, "signs")

#: Measures that a device may write on its own.
PASSIVE: frozenset[str] = frozenset({"steps", "walking_minutes", "temperature_c"})

#: Measures that only a person answers.
_BY_HAND = tuple(key for key in ANSWERS if key not in PASSIVE)

#: An entry recorded this many days afterwards is drawn hollow and cannot open a flag by itself.
#: Our default: filled in more than 48 hours later.
LATE_AFTER_DAYS = 2


def problems_in(entry: DiaryEntry) -> dict[str, str]:
    """Every problem by field, one clear message each; empty if the entry is valid."""
    problems = {}
    for key, measure in MEASURES.items():
        value = getattr(entry, key)
        if value is None:
            continue
        if measure.kind is Kind.TEXT:
            if len(value) > (measure.high or 0):
                problems[key] = f"use at most {measure.high:.0f} characters"
        elif measure.kind is Kind.WORD:
            if value not in measure.words:
                problems[key] = f"choose one of: {', '.join(measure.words)}"
        elif measure.kind is Kind.WORDS:
            if unknown := sorted(value - measure.words.keys()):
                problems[key] = f"{unknown[0]!r} is not one of: {', '.join(measure.words)}"
        elif not _in_bounds(value, measure.low, measure.high):
            problems[key] = f"must be between {measure.low:g} and {measure.high:g}"
    if entry.temperature_f is not None:
        if not _in_bounds(entry.temperature_f, FAHRENHEIT_LOW, FAHRENHEIT_HIGH):
            problems["temperature_f"] = f"must be between {FAHRENHEIT_LOW} and {FAHRENHEIT_HIGH}"
        elif entry.temperature_c != celsius_of(entry.temperature_f):
            problems["temperature_f"] = "must stand beside the same temperature in Celsius"
    if entry.own_question is not None and len(entry.own_question) > OWN_QUESTION_LENGTH:
        problems["own_question"] = f"use at most {OWN_QUESTION_LENGTH} characters"
    for key in ("signs", "signs_asked"):
        if unknown := sorted((getattr(entry, key) or frozenset()) - SIGNS.keys()):
            problems[key] = f"{unknown[0]!r} is not a known warning sign"
    return problems


def _in_bounds(value: float, low: float | None, high: float | None) -> bool:
    # NaN fails every comparison, so this refuses it.
    return low is not None and high is not None and low <= value <= high


def is_empty(entry: DiaryEntry) -> bool:
    """Whether no question at all was answered."""
    unanswered = all(getattr(entry, key) is None for key in ANSWERS)
    return unanswered and not entry.sign_changes


ENTRY_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(DiaryEntry))
