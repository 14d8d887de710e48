"""Apple Health: `export.xml`, read as a stream, whatever its name and size.

The printed offset is that of the phone at export time and not the record's own, so the day is found
from the instant in the person's zone. Sources are kept apart: phone and watch count the same walk.
Records inside a Correlation also appear at the top level. Percentages are fractions.
"""

from calendar import timegm
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..domain.language import N_, Said
from ..domain.passive import PassiveKind, PassiveValue
from .daily import DayTotals, source_name
from .packed import Bounded
from .problems import refusal

_NO_EXPORT = Said(N_("This file declares entities, which no health export does."))
_DAMAGED = Said(
    N_("This file is damaged: its list of records cannot be read to the end. Export it again.")
)

#: Bytes before the first element; the list of element names alone takes about ten thousand.
PROLOG = 262_144

#: Record type to what it measures.
_KINDS = {
    "HKQuantityTypeIdentifierStepCount": PassiveKind.STEPS,
    "HKQuantityTypeIdentifierDistanceWalkingRunning": PassiveKind.DISTANCE,
    "HKQuantityTypeIdentifierWalkingSpeed": PassiveKind.WALKING_SPEED,
    "HKQuantityTypeIdentifierAppleWalkingSteadiness": PassiveKind.STEADINESS,
    "HKQuantityTypeIdentifierSixMinuteWalkTestDistance": PassiveKind.SIX_MINUTES,
}
_BORN = "HKCharacteristicTypeIdentifierDateOfBirth"
_SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
_ASLEEP = "HKCategoryValueSleepAnalysisAsleep"

#: Factor from a unit into the unit of the measure; other units are left out.
_UNITS = {
    (PassiveKind.STEPS, "count"): 1.0,
    (PassiveKind.DISTANCE, "km"): 1000.0,
    (PassiveKind.DISTANCE, "m"): 1.0,
    (PassiveKind.DISTANCE, "mi"): 1609.344,
    (PassiveKind.WALKING_SPEED, "km/hr"): 1.0,
    (PassiveKind.WALKING_SPEED, "mi/hr"): 1.609344,
    (PassiveKind.WALKING_SPEED, "m/s"): 3.6,
    (PassiveKind.STEADINESS, "%"): 100.0,
    (PassiveKind.SIX_MINUTES, "m"): 1.0,
    (PassiveKind.SIX_MINUTES, "ft"): 0.3048,
}


def is_apple(start: bytes) -> bool:
    """Whether a file begins like the list of records (and not like the clinical one beside it)."""
    return b"<HealthData" in start or b"<!DOCTYPE HealthData" in start


def read_apple(stream: Bounded, name: str, zone: str) -> tuple[tuple[PassiveValue, ...], str]:
    """Steps, distance, sleep and walking measures of every source, by day; and when the person was
    born, "" where the phone does not know.

    Raises:
        RecoveryError: the file is damaged, or declares entities.
    """
    from lxml import etree

    head = _Headed(stream)
    if b"<!ENTITY" in head.start:
        raise refusal(name, _NO_EXPORT)
    reading = _Reading(zone)
    try:
        events = etree.iterparse(
            head,
            events=("end",),
            tag=("Record", "ExportDate", "Me", "Workout", "Correlation", "ActivitySummary"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in events:
            if element.tag == "Record":
                parent = element.getparent()
                if parent is None or parent.tag == "Correlation":
                    continue
                reading.take(element)
            elif element.tag == "ExportDate":
                reading.exported = element.get("value")
            elif element.tag == "Me":
                reading.born = element.get(_BORN, "")
            element.clear()
            # Otherwise what has been read stays in its parent and fills the memory.
            parent = element.getparent()
            if parent is not None:
                while element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        raise refusal(name, _DAMAGED) from error
    return reading.values(), reading.born


class _Headed:
    """A stream whose first bytes have already been read."""

    def __init__(self, stream: Bounded) -> None:
        self.start = stream.read(PROLOG)
        self._waiting, self._stream = self.start, stream

    def read(self, size: int = -1) -> bytes:
        if self._waiting:
            found = self._waiting if size < 0 else self._waiting[:size]
            self._waiting = self._waiting[len(found) :]
            return found
        return self._stream.read(size)


class _Reading:
    def __init__(self, zone: str) -> None:
        self._tally = DayTotals(zone)
        self._days: dict[str, date] = {}
        self._names: dict[str, str] = {}
        self.exported: str | None = None
        self.born = ""

    def take(self, record: Any) -> None:
        """One record is added up; one that contains nothing we keep is left out."""
        kind = _KINDS.get(record.get("type"))
        if kind is None:
            if record.get("type") == _SLEEP:
                self._take_sleep(record)
            return
        factor = _UNITS.get((kind, record.get("unit", "")))
        start, value = record.get("startDate", ""), record.get("value", "")
        try:
            number = float(value) * (factor or float("nan"))
            day = self._day(start, _own_zone(record) if len(record) else None)
        except ValueError:
            return
        if number > 0:
            mark = hash((start, record.get("endDate"), value))
            self._tally.add(kind, self._source(record), day, number, mark)

    def _take_sleep(self, record: Any) -> None:
        if not record.get("value", "").startswith(_ASLEEP):
            return
        try:
            start, end = _seconds(record.get("startDate", "")), _seconds(record.get("endDate", ""))
        except ValueError:
            return
        self._tally.slept(self._source(record), start, end)

    def _source(self, record: Any) -> str:
        said = record.get("sourceName", "")
        if said not in self._names:
            self._names[said] = source_name(said, "Apple Health")
        return self._names[said]

    def _day(self, text: str, zone: str | None) -> date:
        # Zones change on the minute, so the result for one instant applies to its whole minute.
        key = text[:16] + text[19:]
        if zone is not None:
            return _day_in(zone, _seconds(text)) or self._tally.day_of(_seconds(text))
        if key not in self._days:
            if len(self._days) > 200_000:
                self._days.clear()
            self._days[key] = self._tally.day_of(_seconds(text))
        return self._days[key]

    def values(self) -> tuple[PassiveValue, ...]:
        unfinished = None
        if self.exported:
            try:
                # The day of the export is not over yet.
                unfinished = self._tally.day_of(_seconds(self.exported))
            except ValueError:
                unfinished = None
        return self._tally.values(before=unfinished)


def _own_zone(record: Any) -> str | None:
    """The zone that a record itself names."""
    for entry in record:
        if entry.get("key") == "HKTimeZone":
            return str(entry.get("value"))
    return None


def _day_in(zone: str, instant: float) -> date | None:
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _seconds(text: str) -> float:
    """Seconds since 1970 of "2026-01-10 10:35:00 +0200"."""
    if len(text) < 25 or text[4] != "-" or text[19] != " ":
        raise ValueError
    moment = (
        *(int(text[:4]), int(text[5:7]), int(text[8:10])),
        *(int(text[11:13]), int(text[14:16]), int(text[17:19])),
    )
    if not 1900 <= moment[0] < 2200:
        raise ValueError
    offset = (int(text[21:23]) * 60 + int(text[23:25])) * 60
    return timegm((*moment, 0, 0, 0)) - (offset if text[20] == "+" else -offset)
