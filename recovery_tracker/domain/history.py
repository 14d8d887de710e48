"""Everything known about one recovery: the input of an assessment."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from .diary import DiaryEntry, with_fall, without_region
from .instructions import Instruction
from .language import N_
from .medicines import Medicine
from .passive import PassiveValue, SourceSpan
from .questionnaires import FormScore
from .sensitivity import Step
from .surgery import Operation, Region, postoperative_day
from .wording import Translate, mark


class EventKind(StrEnum):
    """Something that happened, drawn as a mark on the chart."""

    FALL = "fall"
    MEDICATION = "medication_change"
    PHYSIO = "physio"
    BRACE_OFF = "brace_off"
    INJECTION = "injection"
    VISIT = "visit"
    DECISION = "decision"
    COMPLICATION = "complication"
    """Of the operation, as the clinic recorded it."""
    OTHER = "other"


OF_THE_CLINIC = frozenset({EventKind.DECISION, EventKind.COMPLICATION})
"""Kinds of events that only a clinic records."""

EVENT_NAMES = {
    EventKind.FALL: N_("Fall"),
    EventKind.MEDICATION: N_("Medication change"),
    EventKind.PHYSIO: N_("Physio"),
    EventKind.BRACE_OFF: N_("Brace off"),
    EventKind.INJECTION: N_("Injection"),
    EventKind.VISIT: N_("Visit"),
    EventKind.DECISION: N_("Decision"),
    EventKind.COMPLICATION: N_("Complication"),
    EventKind.OTHER: N_("Something else"),
}


class Imaging(StrEnum):
    """What imaging showed, as a clinician recorded it. It annotates a trend, never erases it."""

    FUSED = "fused"
    NOT_YET_FUSED = "not_yet_fused"
    LOOSENING_SEEN = "loosening_seen"
    NO_LOOSENING_SEEN = "no_loosening_seen"
    LUCENCY = "lucency"
    BROKEN = "broken"
    CAGE_MOVED = "cage_moved"
    CAGE_SUNK = "cage_sunk"
    COLLECTION = "collection"
    COMPRESSION = "compression"
    AWAITED = "awaited"
    """Asked for; a later study of the patient is the result."""


IMAGING_NAMES = {
    Imaging.FUSED: N_("Fused"),
    Imaging.NOT_YET_FUSED: N_("Not yet fused"),
    Imaging.LOOSENING_SEEN: N_("Loosening seen"),
    Imaging.NO_LOOSENING_SEEN: N_("No loosening seen"),
    Imaging.LUCENCY: N_("Lucency around a screw"),
    Imaging.BROKEN: N_("Broken screw or rod"),
    Imaging.CAGE_MOVED: N_("Cage moved"),
    Imaging.CAGE_SUNK: N_("Cage sunk in"),
    Imaging.COLLECTION: N_("Fluid collection"),
    Imaging.COMPRESSION: N_("Nerve or cord compressed"),
    Imaging.AWAITED: N_("Asked for, no result yet"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event; `label` is what somebody wrote about it and may be empty.

    That of a decision is its name in English, which `label_in` gives in the reader's language.
    """

    day: date
    kind: EventKind
    label: str = ""

    def label_in(self, translate: Translate = str) -> str:
        """What was written about it; of a decision, its name in the reader's language."""
        label = self.label.strip()
        return translate(label) if label and self.kind is EventKind.DECISION else label

    def words(self, translate: Translate = str) -> str:
        """Its kind, and what was written about it."""
        label = self.label_in(translate)
        name = translate(EVENT_NAMES[self.kind])
        return name + mark(": ", translate) + label if label else name


@dataclass(frozen=True, slots=True)
class ImagingResult:
    """One imaging study: `modality` is `xray`, `ct` or `mri`."""

    day: date
    modality: str
    result: Imaging
    note: str = ""


def told_imaging(images: Iterable[ImagingResult]) -> tuple[ImagingResult, ...]:
    """Every imaging result, and every request that has none yet."""
    found = tuple(images)
    results = (image.day for image in found if image.result is not Imaging.AWAITED)
    last = max(results, default=date.min)
    return tuple(i for i in found if i.result is not Imaging.AWAITED or i.day > last)


#: Questions that a patient may note for the next visit, and the characters of each. Our default.
MOST_QUESTIONS, QUESTION_LENGTH = 3, 200


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit; `time` is "HH:MM" in the patient's zone, None if not known."""

    day: date
    time: str | None = None
    with_whom: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days on which an entry is expected.

    `steps` holds (first postoperative day, weekdays 0-6 with Monday 0), ascending; before the first
    step nothing is expected. Something may be logged on any day.
    """

    steps: tuple[tuple[int, frozenset[int]], ...]

    def expects(self, day: date, operation: Operation) -> bool:
        """Whether an entry is expected on `day`."""
        pod = postoperative_day(day, operation)
        weekdays: frozenset[int] = frozenset()
        for first, days in self.steps:
            if pod >= first:
                weekdays = days
        return day.weekday() in weekdays


_EVERY_DAY = frozenset(range(7))

#: The schedule assumed for a diary without one (an imported file).
DAILY = Schedule(((0, _EVERY_DAY),))

#: Daily to day 42, four days a week to week 12, then twice a week.
#: Our default: three to five ratings a week are enough to see a trend.
TAPERING = Schedule(((0, _EVERY_DAY), (43, frozenset({0, 2, 4, 6})), (85, frozenset({0, 3}))))


@dataclass(frozen=True)
class History:
    """One patient's recovery. Entries are ordered by day, one per day, the latest version of each.

    `recorded_at` of an entry is the instant of its first version, so that a correction does not
    make an old day late.
    """

    operations: tuple[Operation, ...]
    entries: tuple[DiaryEntry, ...] = ()
    events: tuple[Event, ...] = ()
    imaging: tuple[ImagingResult, ...] = ()
    schedule: Schedule = field(default=DAILY)
    #: What the clinic told the patient; drawn and printed, never weighed.
    instructions: tuple[Instruction, ...] = ()
    #: Totals of a clinic's forms; printed, never weighed.
    scores: tuple[FormScore, ...] = ()
    #: What the person says they take; drawn and handed out, never weighed.
    medicines: tuple[Medicine, ...] = ()
    #: The clinic's setting of the trend rules from each day on, ordered; standard before the first.
    sensitivity: tuple[Step, ...] = ()
    #: What a device counted; for each kind the one source that is read. Not part of the entries.
    passive: tuple[PassiveValue, ...] = ()
    #: Every source that counted steps, including the one that is read; named, never added up.
    step_sources: tuple[SourceSpan, ...] = ()
    #: What the person calls their own question now; "" where they have none. An answer keeps the
    #: words it was asked with (`DiaryEntry.own_question`). Drawn, never weighed.
    own_item: str = ""
    #: Whether the installation only keeps a diary and looks for no pattern; warning answers still
    #: count.
    diary_only: bool = False

    def __post_init__(self) -> None:
        if not self.operations:
            raise ValueError("a history needs at least one operation")
        days = [entry.day for entry in self.entries]
        if any(a >= b for a, b in pairwise(days)):
            raise ValueError("entries must be ordered by day, one per day")

    @cached_property
    def index(self) -> Operation:
        """The index operation: the latest one."""
        return max(self.operations, key=lambda operation: operation.day)

    @cached_property
    def before_index(self) -> tuple[Operation, ...]:
        """The operations before the index operation, in order."""
        earlier = (one for one in self.operations if one is not self.index)
        return tuple(sorted(earlier, key=lambda operation: operation.day))

    @property
    def region(self) -> Region:
        return self.index.region

    @property
    def begun_on(self) -> date | None:
        """The day of the first entry with an answer, before the operation too; None without one. A
        fall or a value from a phone begins no diary."""
        return next((entry.day for entry in self.entries if entry.has_answers()), None)

    @cached_property
    def last_known(self) -> date | None:
        """The last day that an entry is about, or on which one was recorded; None without
        entries."""
        return max((max(e.day, e.recorded_on()) for e in self.entries), default=None)

    @cached_property
    def _complete_on(self) -> date:
        """The first day by whose end everything that it holds was known."""
        return max(
            self.last_known or date.min,
            *(operation.day for operation in self.operations),
            *(event.day for event in self.events),
            *(one.day for one in self.imaging),
            *(said.day for said in self.instructions),
            *(score.day for score in self.scores),
            *(one.day for one in self.medicines),
            *(step.first for step in self.sensitivity),
            *(value.day for value in self.passive),
            *(one.first for one in self.step_sources),
        )

    def counted_on(self, day: date) -> "History":
        """The same history counted from the operation of `day`: the latest one done by then.

        A planned operation counts only if none has been done yet, so that a baseline has an index.
        """
        done = tuple(o for o in self.operations if o.day <= day)
        return self if done in ((), self.operations) else replace(self, operations=done)

    def operation_of(self, entry: DiaryEntry) -> Operation:
        """The operation that the answers of a day belong to, whatever operation follows later.

        The latest one done by that day, the first one for the days before any. Where the form of
        the day asked about another region (`DiaryEntry.region`), because this operation was entered
        only afterwards, the latest one before it of that region; without one, the day decides.
        """
        ordered = sorted(self.operations, key=lambda operation: operation.day)
        done = [operation for operation in ordered if operation.day <= entry.day] or ordered[:1]
        asked = [operation for operation in done if operation.region is entry.region]
        return asked[-1] if asked else done[-1]

    def region_of(self, entry: DiaryEntry) -> Region:
        """The region that the pain and the numbness of a day were asked about."""
        return self.operation_of(entry).region

    @property
    def recoveries(self) -> tuple["History", ...]:
        """Every recovery separately, oldest first, each counted from its own operation.

        A recovery holds what was recorded before the next operation, and the later days whose
        answers still belong to it; the last one is the history itself. With one operation it is the
        only one.
        """
        ordered = sorted(self.operations, key=lambda operation: operation.day)
        earlier = []
        for place, (operation, following) in enumerate(pairwise(ordered)):
            end = following.day
            earlier.append(
                replace(
                    self,
                    operations=tuple(ordered[: place + 1]),
                    entries=tuple(
                        entry
                        for entry in self.entries
                        if entry.day < end or self.operation_of(entry) is operation
                    ),
                    events=tuple(event for event in self.events if event.day < end),
                    imaging=tuple(one for one in self.imaging if one.day < end),
                    instructions=tuple(said for said in self.instructions if said.day < end),
                    scores=tuple(score for score in self.scores if score.day < end),
                    medicines=tuple(one for one in self.medicines if one.day < end),
                    sensitivity=tuple(step for step in self.sensitivity if step.first < end),
                    passive=tuple(value for value in self.passive if value.day < end),
                    step_sources=tuple(one for one in self.step_sources if one.first < end),
                )
            )
        return (*earlier, self)

    @property
    def of_index(self) -> tuple[DiaryEntry, ...]:
        """The entries as they count for the recovery from the index operation.

        Pain and numbness that were asked about another region are left out, because they say
        nothing about this one; warning answers, moving, walking, sleep, tablets and notes stay.
        """
        region = self.region
        if all(o.region is region for o in self.operations):
            return self.entries
        return tuple(
            entry if self.region_of(entry) is region else without_region(entry)
            for entry in self.entries
        )

    @property
    def days_told(self) -> tuple[DiaryEntry, ...]:
        """The entries of the index operation (`of_index`), with every fall recorded as an event
        added to its day.
        """
        entries = self.of_index
        falls = {event.day for event in self.events if event.kind is EventKind.FALL}
        if not falls:
            return entries
        days = {entry.day: entry for entry in entries}
        days.update({day: with_fall(days.get(day) or DiaryEntry(day)) for day in falls})
        return tuple(days[day] for day in sorted(days))

    def known_on(self, today: date) -> "History":
        """The same history as it was known at the end of `today`.

        Entries count when they are dated up to `today` and were recorded by then; operations and
        events up to `today`. An operation in the future stays, so that a baseline has an index.
        """
        if self._complete_on <= today:
            return self
        done = tuple(o for o in self.operations if o.day <= today)
        return History(
            operations=done or self.operations,
            entries=tuple(e for e in self.entries if e.day <= today and e.recorded_on() <= today),
            events=tuple(e for e in self.events if e.day <= today),
            imaging=tuple(i for i in self.imaging if i.day <= today),
            schedule=self.schedule,
            own_item=self.own_item,
            diary_only=self.diary_only,
            instructions=tuple(i for i in self.instructions if i.day <= today),
            scores=tuple(s for s in self.scores if s.day <= today),
            medicines=tuple(m for m in self.medicines if m.day <= today),
            sensitivity=tuple(s for s in self.sensitivity if s.first <= today),
            passive=tuple(p for p in self.passive if p.day <= today),
            step_sources=tuple(s for s in self.step_sources if s.first <= today),
        )
