"""What a phone or watch counts on its own: value, day and source, kept apart from the day's entry.

A passive value never makes a day "logged" and never changes an entry. Values of two sources are
never added up: both may have counted the same walk, and a new watch is not more walking.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from types import MappingProxyType

from .language import N_

#: How many characters of the name of a device or app are kept. Our default.
SOURCE_LENGTH = 120

#: The source of values that a person typed into the diary's own form.
TYPED = "typed"


class PassiveKind(StrEnum):
    """What was counted or measured."""

    STEPS = "steps"
    WALKING_MINUTES = "walking_minutes"
    DISTANCE = "distance_m"
    SLEEP = "sleep_minutes"
    WALKING_SPEED = "walking_speed_kmh"
    STEADINESS = "steadiness_percent"
    SIX_MINUTES = "six_minute_m"


@dataclass(frozen=True, slots=True)
class Passive:
    """One passive measure: bounds of a day included, decimals as it is shown."""

    name: str
    unit: str
    high: float
    decimals: int = 0
    #: Whether a day's values from one source are added up; otherwise their mean is taken.
    adds_up: bool = True
    loinc: str = ""


#: Every passive measure. The bounds only catch a wrong unit; our defaults.
PASSIVE_MEASURES: Mapping[PassiveKind, Passive] = MappingProxyType(
    {
        PassiveKind.STEPS: Passive(N_("Steps"), "", 200_000, loinc="41950-7"),
        PassiveKind.WALKING_MINUTES: Passive(N_("Minutes walked"), "min", 1_440, loinc="55411-3"),
        PassiveKind.DISTANCE: Passive(N_("Distance walked"), "m", 300_000),
        PassiveKind.SLEEP: Passive(N_("Sleep"), "min", 1_440),
        PassiveKind.WALKING_SPEED: Passive(
            N_("Walking speed"), "km/h", 40, decimals=1, adds_up=False
        ),
        PassiveKind.STEADINESS: Passive(N_("Walking steadiness"), "%", 100, adds_up=False),
        PassiveKind.SIX_MINUTES: Passive(N_("Six-minute walk"), "m", 1_500, adds_up=False),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class PassiveValue:
    """What one source recorded for one day, a civil day in the person's zone.

    Raises:
        ValueError: the value is outside what a day can hold, or the source has no name.
    """

    day: date
    kind: PassiveKind
    source: str
    value: float

    def __post_init__(self) -> None:
        # NaN fails the comparison, so it is refused here.
        if not 0 <= self.value <= PASSIVE_MEASURES[self.kind].high:
            raise ValueError(f"{self.kind} must lie between 0 and {self._high:g}")
        if not 0 < len(self.source) <= SOURCE_LENGTH or not self.source.isprintable():
            raise ValueError("a source needs a short printable name")

    @property
    def _high(self) -> float:
        return PASSIVE_MEASURES[self.kind].high


def days_by_source(values: Iterable[PassiveValue], kind: PassiveKind) -> Mapping[str, int]:
    """How many days each source has of one measure, the one with most first."""
    counted = Counter(value.source for value in values if value.kind is kind)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def series_of(
    values: Iterable[PassiveValue], kind: PassiveKind, source: str
) -> Mapping[date, float]:
    """The days of one measure within one source, oldest first; a day without is missing."""
    chosen = (v for v in values if v.kind is kind and v.source == source)
    return {value.day: value.value for value in sorted(chosen)}


def of_one_source(values: Iterable[PassiveValue], chosen: str = "") -> tuple[PassiveValue, ...]:
    """For each kind, the values of one source: the chosen one, or the one with most days."""
    everything = tuple(values)
    kept: list[PassiveValue] = []
    for kind in PassiveKind:
        sources = days_by_source(everything, kind)
        if sources:
            source = chosen if chosen in sources else next(iter(sources))
            kept += [v for v in everything if v.kind is kind and v.source == source]
    return tuple(sorted(kept))


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A device or app that counted steps, with its first and its last day."""

    source: str
    first: date
    last: date
    days: int


def step_sources(values: Iterable[PassiveValue]) -> tuple[SourceSpan, ...]:
    """Every source that counted steps, in the order in which they began."""
    days: dict[str, list[date]] = {}
    for value in values:
        if value.kind is PassiveKind.STEPS:
            days.setdefault(value.source, []).append(value.day)
    spans = (SourceSpan(name, min(on), max(on), len(on)) for name, on in days.items())
    return tuple(sorted(spans, key=lambda span: (span.first, span.source)))


#: Days that a typical value looks back on before the operation, and of the four weeks after it and
#: of now; and the days of each that must have a value. Our defaults.
YEAR_BEFORE, FOUR_WEEKS, TYPICAL_NEEDS = 365, 28, 3


@dataclass(frozen=True, slots=True)
class Typical:
    """A measure beside the diary: its median before, in the first weeks and now; `None` where too
    few days have a value. Steps are not among them: they have a course of their own.
    """

    kind: PassiveKind
    source: str
    before: float | None
    first_weeks: float | None
    last_weeks: float | None
    days: int


def typical_values(
    values: Iterable[PassiveValue], operated: date, today: date
) -> tuple[Typical, ...]:
    """Every measure but steps that has a value, of one source each; days after `today` are not
    known. No rule reads them.
    """

    def between(days: Mapping[date, float], first: date, last: date) -> float | None:
        found = [value for day, value in days.items() if first <= day <= last]
        return float(median(found)) if len(found) >= TYPICAL_NEEDS else None

    known = [value for value in values if value.day <= today]
    told = []
    for kind in PassiveKind:
        source = next(iter(days_by_source(known, kind)), None)
        if source is None or kind is PassiveKind.STEPS:
            continue
        days = series_of(known, kind, source)
        before = between(days, operated - timedelta(YEAR_BEFORE), operated - timedelta(1))
        early = between(days, operated + timedelta(1), operated + timedelta(FOUR_WEEKS))
        late = between(days, max(operated, today - timedelta(FOUR_WEEKS - 1)), today)
        told.append(Typical(kind, source, before, early, late, len(days)))
    return tuple(told)
