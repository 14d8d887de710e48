"""The file that `export` writes for one person, read back.

It brings back what people entered: days, operations, events, imaging, visits, instructions and
scores. Flags are computed again from the days, and an audit trail cannot be written afterwards, so
neither is read. A file is read whole or refused in one line.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from ..domain.diary import OWN_QUESTION_LENGTH, DiaryEntry, SignChange, Source
from ..domain.history import (
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    Appointment,
    Event,
    History,
    ImagingResult,
    Schedule,
)
from ..domain.instructions import Instruction
from ..domain.language import N_, Said
from ..domain.medicines import Medicine
from ..domain.passive import PassiveValue
from ..domain.questionnaires import FormScore
from ..domain.signs import SIGNS
from ..domain.surgery import Operation, Region
from . import packed
from .cells import NO_SIGN, civil_day, instant, too_long, word
from .choices import NOTHING_CHOSEN, Choices
from .diary_csv import ANYTHING, Limits, diary_from
from .passive_csv import read_passive
from .problems import Unreadable, refusal, shown

DAMAGED = Said(N_("This place in the export is damaged. Export it again."))
_OUT_OF_BOUNDS = Said(N_("A value in this place of the export is out of bounds."))
_HOLDS_NO = N_("This zip holds no {name}. Is it an export of a diary?")
_HOLDS_TWO = N_("This zip holds more than one {name}. Give the export of one person.")
_UNKNOWN = N_("This place in the export has an unknown field: {field}.")
_MISSING = N_("This place in the export lacks the field {field}.")
_NO_ZONE = Said(N_("This time zone is not known."))

Value = TypeVar("Value")

#: Largest file inside, in bytes unpacked; fifty years of daily notes are under 40 MB. Our default.
LARGEST = 64_000_000
#: Steps of a plan of days, and the last postoperative day on which one begins. Our defaults.
MOST_STEPS, LONGEST = 20, 36_500


@dataclass(frozen=True, slots=True)
class DayDetails:
    """What a day holds beyond the columns of a diary file."""

    day: date
    recorded_at: datetime | None = None
    zone: str | None = None
    sign_changes: Mapping[str, SignChange] = field(default_factory=dict)
    spoke_to_someone: bool | None = None
    region: Region | None = None
    same_as: date | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything in an export that can be brought back, each list in the order of the file."""

    name: str = ""
    birth_date: date | None = None
    hospital_number: str | None = None
    entries: tuple[DiaryEntry, ...] = ()
    operations: tuple[Operation, ...] = ()
    events: tuple[Event, ...] = ()
    imaging: tuple[ImagingResult, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    scores: tuple[FormScore, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    #: What the person calls their own question; "" where they have none.
    own_item: str = ""
    #: What the person wrote down for the next visit.
    questions: tuple[str, ...] = ()
    #: The days on which they meant to write; None where the file does not say.
    planned: Schedule | None = None

    def history(self, known: tuple[Operation, ...], schedule: Schedule) -> History:
        """The recovery to import; a file without operations belongs to the known ones."""
        return History(
            operations=self.operations or known,
            entries=self.entries,
            events=self.events,
            imaging=self.imaging,
            schedule=schedule,
            instructions=self.instructions,
            scores=self.scores,
            medicines=self.medicines,
            own_item=self.own_item,
        )


#: The lists of `patient.json`, and what each holds.
_LISTS: Mapping[str, type] = {
    "operations": Operation,
    "events": Event,
    "imaging": ImagingResult,
    "appointments": Appointment,
    "instructions": Instruction,
    "scores": FormScore,
    "medicines": Medicine,
}


def day_details(entries: Iterable[DiaryEntry]) -> tuple[DayDetails, ...]:
    """One for each entry: with the diary file it makes up the whole day."""
    return tuple(
        DayDetails(
            e.day, e.recorded_at, e.zone, e.sign_changes, e.spoke_to_someone, e.region, e.same_as
        )
        for e in entries
    )


def archive_from(
    found: zipfile.ZipFile, name: str, limits: Limits = ANYTHING, choices: Choices = NOTHING_CHOSEN
) -> tuple[Archive, tuple[PassiveValue, ...], Mapping[str, int]]:
    """The same of an open zip, with the passive values and what was changed on the way in."""
    diary = _member(found, name, "diary.csv")
    record = _member(found, name, "patient.json")
    where = f"{name}, patient.json"
    person = _object(record, where)
    lists: dict[str, Any] = {key: _list(kind, person, key, where) for key, kind in _LISTS.items()}
    if limits.regions:
        # The operations that the file itself brings also decide which places were asked about.
        regions = {*limits.regions, *(operation.region for operation in lists["operations"])}
        limits = replace(limits, regions=regions)
    read = diary_from(BytesIO(diary), f"{name}, diary.csv", limits, choices)
    passive: tuple[PassiveValue, ...] = ()
    if _places(found, "passive.csv"):
        content = _member(found, name, "passive.csv")
        passive = read_passive(content, f"{name}, passive.csv")
    days = _list(DayDetails, person, "days", where)
    own_item = _value(str, person.get("own_item", ""), f"{where}, own_item")
    if len(own_item) > OWN_QUESTION_LENGTH:
        raise refusal(f"{where}, own_item", too_long(OWN_QUESTION_LENGTH))
    questions = _value(tuple[str, ...], person.get("questions", []), f"{where}, questions")
    archive = Archive(
        questions=tuple(text[:QUESTION_LENGTH] for text in questions if text.strip())[
            :MOST_QUESTIONS
        ],
        own_item=" ".join(own_item.split()),
        planned=_planned(person.get("schedule"), f"{where}, schedule"),
        name=_value(str, person.get("name", ""), f"{where}, name"),
        birth_date=_value(date | None, person.get("birth_date"), f"{where}, birth_date"),
        hospital_number=_value(
            str | None, person.get("hospital_number"), f"{where}, hospital_number"
        ),
        entries=_whole_days(read.entries, days, where),
        **lists,
    )
    return archive, passive, read.changed


def _planned(found: Any, where: str) -> Schedule | None:
    """The planned days as they are written: from a postoperative day on, these weekdays."""
    if found is None:
        return None
    steps = tuple(
        (_value(int, first, where), frozenset(_value(int, day, where) for day in days))
        for first, days in _pairs(found, where)
    )
    first_days = [first for first, _ in steps]
    is_right = (
        0 < len(steps) <= MOST_STEPS
        and first_days == sorted(set(first_days))
        and all(0 <= first <= LONGEST and days <= frozenset(range(7)) for first, days in steps)
    )
    if not is_right:
        raise refusal(where, DAMAGED)
    return Schedule(steps)


def _pairs(found: Any, where: str) -> list[list[Any]]:
    is_right = isinstance(found, list) and all(
        isinstance(step, list) and len(step) == 2 and isinstance(step[1], list) for step in found
    )
    if not is_right:
        raise refusal(where, DAMAGED)
    return list(found)


def _places(found: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Where a file of this name is, in any folder."""
    return [part for part in packed.parts_of(found) if part.filename.split("/")[-1] == name]


def _member(found: zipfile.ZipFile, archive: str, name: str) -> bytes:
    parts = _places(found, name)
    if not parts:
        raise refusal(archive, Said(_HOLDS_NO, name=name))
    if len(parts) > 1:
        raise refusal(archive, Said(_HOLDS_TWO, name=name))
    return packed.content_of(found, parts[0], archive, LARGEST)


def _object(content: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise refusal(where, DAMAGED) from error
    if not isinstance(found, dict):
        raise refusal(where, DAMAGED)
    return found


def _no_number(_text: str) -> None:
    raise ValueError


def _list(kind: type[Value], person: dict[str, Any], name: str, where: str) -> tuple[Value, ...]:
    items = person.get(name, [])
    if not isinstance(items, list):
        raise refusal(f"{where}, {name}", DAMAGED)
    return tuple(_made(kind, item, f"{where}, {name} {n}") for n, item in enumerate(items, 1))


def _made(kind: type[Value], item: Any, where: str) -> Value:
    """A dataclass value from its fields; an unknown or missing field is named."""
    if not isinstance(item, dict):
        raise refusal(where, DAMAGED)
    hints = get_type_hints(kind)
    if unknown := [key for key in item if key not in hints]:
        raise refusal(where, Said(_UNKNOWN, field=shown(unknown[0])))
    for one in fields(kind):  # type: ignore[arg-type]
        is_needed = one.default is MISSING and one.default_factory is MISSING
        if is_needed and one.name not in item:
            raise refusal(where, Said(_MISSING, field=one.name))
    values = {key: _value(hints[key], value, f"{where}, {key}") for key, value in item.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise refusal(where, _OUT_OF_BOUNDS) from error


def _value(hint: Any, value: Any, where: str) -> Any:
    try:
        return _read(hint, value)
    except Unreadable as error:
        raise refusal(where, error.said) from None
    except (OverflowError, TypeError, ValueError) as error:
        raise refusal(where, DAMAGED) from error


def _read(hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        if value is None and NoneType in get_args(hint):
            return None
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is frozenset:
        return frozenset(_read(str, item) for item in _read(list, value))
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in _read(list, value))
    if get_origin(hint) is not None:
        _, kind = get_args(hint)
        return {key: _read(kind, item) for key, item in _read(dict, value).items()}
    if hint in _TEXTS:
        return _TEXTS[hint](_read(str, value))
    if issubclass(hint, StrEnum):
        return hint(word(tuple(hint))(_read(str, value)))
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise TypeError(hint.__name__)
    if hint is str and ("\0" in value or not _is_unicode(value)):
        raise ValueError("holds a sign that no text can hold")
    return value


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


_TEXTS = {date: civil_day, datetime: instant}


def _whole_days(
    entries: Iterable[DiaryEntry], beside: Iterable[DayDetails], where: str
) -> tuple[DiaryEntry, ...]:
    days = {entry.day: entry for entry in entries}
    zones = {None, *available_timezones()}
    for n, one in enumerate(beside, 1):
        if one.zone not in zones:
            raise refusal(f"{where}, days {n}, zone", _NO_ZONE)
        if unknown := sorted(one.sign_changes.keys() - SIGNS.keys()):
            problem = Said(NO_SIGN, said=shown(unknown[0]))
            raise refusal(f"{where}, days {n}, sign_changes", problem)
        if one.day not in days and not one.sign_changes and one.spoke_to_someone is None:
            continue  # A row that somebody took out of the table: nothing is known of that day.
        entry = days.get(one.day) or DiaryEntry(one.day, source=Source.IMPORT)
        days[one.day] = replace(entry, **{name: getattr(one, name) for name in _BESIDE})
    return tuple(days[day] for day in sorted(days))


_BESIDE = tuple(one.name for one in fields(DayDetails) if one.name != "day")
