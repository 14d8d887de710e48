"""One matter that a patient's answers opened, while it is being followed: the making of an episode.

A case joins ticks of one kind. What it was raised with never changes afterwards; later ticks become
updates, and only two things close it: the patient saying that it is gone, or, where nobody asks
after it (an imported diary, a sign that needs no call), explicit answers without it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

from ..domain.both_sides import marks_both_sides
from ..domain.circumstances import BAD_PAIN, JUMP, NUMBNESS_RISE
from ..domain.diary import DiaryEntry, Source
from ..domain.flags import Episode, Pattern, Reason, Update, Urgency
from ..domain.signs import SIGNS, WAS_THERE, WEEKLY_SIGNS
from ..domain.triage import MANY_DOSES, Concern
from .considering import considered
from .parameters import Parameters

#: Reasons of a jump of pain, with the measure and what was usual; of a jump for all that is known.
_JUMPS = frozenset({"strain_then_pain", "raised_pain_jump", "raised_pain_unknown"})


@dataclass
class Case:
    """An open or closed matter. Days are those on which something became known."""

    pattern: Pattern
    urgency: Urgency
    raised_on: date
    onset: date
    concerns: tuple[Concern, ...]
    #: Whether the open-sign question reaches this diary.
    is_asked_after: bool
    parameters: Parameters
    cleared_on: date | None = None
    updates: list[Update] = field(default_factory=list)
    #: Every sign so far, and those of them that must be said to be gone.
    signs: set[str] = field(default_factory=set)
    to_be_gone: set[str] = field(default_factory=set)
    last_told: date = date.min
    #: Recording days of the entries since then that answered without any of its signs.
    clean: list[date] = field(default_factory=list)
    #: By measure, the highest answer that is no longer what raised it.
    at_most: dict[str, float] = field(default_factory=dict)
    #: The last day on which one of them was said to be gone.
    gone_on: date = date.min
    told: set[tuple[object, ...]] = field(default_factory=set)

    @classmethod
    def opened(
        cls, concerns: Sequence[Concern], entry: DiaryEntry, on: date, parameters: Parameters
    ) -> "Case":
        """A case of concerns that came with one entry, the most urgent first."""
        first = concerns[0]
        case = cls(
            pattern=first.pattern,
            urgency=first.urgency,
            raised_on=on,
            onset=entry.day,
            concerns=tuple(concerns),
            is_asked_after=entry.source is not Source.IMPORT,
            parameters=parameters,
        )
        case._hear(concerns, entry, on)
        return case

    @property
    def worst(self) -> Urgency:
        """The highest urgency so far."""
        return max([self.urgency, *(update.urgency for update in self.updates)])

    def add(self, concerns: Sequence[Concern], entry: DiaryEntry, on: date) -> None:
        """Take in later concerns; what is new about them asks for attention again."""
        news = [
            concern
            for concern in concerns
            if concern.urgency > self.worst or _key(concern, entry) not in self.told
        ]
        # The most urgent has the last word; what was never told before is named beside it.
        unnamed = [concern for concern in news[1:] if concern.sign not in self.signs]
        self.updates += [Update(on, c.urgency, c.reason) for c in (*unnamed, *news[:1])]
        self._hear(concerns, entry, on)

    def _hear(self, concerns: Sequence[Concern], entry: DiaryEntry, on: date) -> None:
        self.hear_again(on)
        for concern in concerns:
            self.signs.add(concern.sign)
            self.told.add(_key(concern, entry))
            for measure, most in _better_than(concern, entry, self.parameters):
                self.at_most[measure] = min(most, self.at_most.get(measure, most))
            if _is_asked_after(concern):
                self.to_be_gone.add(concern.sign)

    def hear_again(self, on: date) -> None:
        """It is still there, which is no news."""
        self.last_told = max(self.last_told, on)
        self.clean.clear()

    def hear_gone(self, sign: str, on: date) -> bool:
        """Whether the patient's "gone" leaves nothing of it: of an answer that nobody asks after
        only later answers can say so.
        """
        if sign not in self.to_be_gone:
            return False
        self.to_be_gone.discard(sign)
        self.gone_on = max(self.gone_on, on)
        return not self.to_be_gone and self.signs.issubset(SIGNS)

    def hear_clean(self, entry: DiaryEntry, on: date) -> None:
        """Count an entry that answered and did not have it."""
        if on > self.last_told and _is_clean(entry, self.signs, self.at_most):
            self.clean.append(on)

    @property
    def waits_for_gone(self) -> bool:
        """Whether only the word "gone" can close it."""
        return self.is_asked_after and bool(self.to_be_gone)

    def ends_on(self) -> date | None:
        """First day on which it has ended if nothing more is told; None if that cannot be said."""
        needed = int(self.parameters.answer_clean_entries)
        if self.waits_for_gone or len(self.clean) < needed:
            return None
        quiet = self.last_told + timedelta(days=int(self.parameters.answer_joins_days) + 1)
        return max(quiet, self.clean[needed - 1], self.gone_on)

    def episode(self, operated_on: date) -> Episode:
        """The case as an episode after the operation of that day."""
        day = (self.onset - operated_on).days
        return Episode(
            pattern=self.pattern,
            urgency=self.urgency,
            raised_on=self.raised_on,
            cleared_on=self.cleared_on,
            onset=self.onset,
            onset_first=self.onset,
            onset_last=self.onset,
            days_used=1,
            signs=tuple(concern.sign for concern in self.concerns),
            evidence_for=tuple(concern.reason for concern in self.concerns),
            also_consider=considered(self.pattern, day, self.parameters),
            would_clear=self._would_clear(),
            updates=tuple(self.updates),
            rule_set=self.parameters.rule_set,
        )

    def _would_clear(self) -> Reason:
        # Read from what it was raised with, so that the episode stays the same afterwards.
        if self.is_asked_after and any(map(_is_asked_after, self.concerns)):
            return Reason("ends_when_gone")
        return Reason("ends_without_tick", {"days": int(self.parameters.answer_joins_days)})


def _key(concern: Concern, entry: DiaryEntry) -> tuple[object, ...]:
    """What makes a concern a repetition: the same sign, for the same reason, of the same day."""
    if concern.sign == "strain":
        # Somebody who bends every day would be news every day.
        return (concern.sign, concern.reason.code)
    day = concern.reason.values.get("event_day", entry.day)
    return (concern.sign, concern.reason.code, day)


def _is_asked_after(concern: Concern) -> bool:
    """Whether the next entry asks after it (`open_signs.open_signs`)."""
    urgent = concern.urgency >= Urgency.SAME_DAY
    return urgent and concern.sign in SIGNS and concern.advice != WAS_THERE


def _better_than(concern: Concern, entry: DiaryEntry, p: Parameters) -> Iterator[tuple[str, float]]:
    """The measures that raised a concern, and the highest answer that would not have."""
    code, values = concern.reason.code, concern.reason.values
    before = values.get("before")
    usual = before if isinstance(before, int | float) else 0
    if code.endswith("numb_completely"):
        yield "numbness", max(usual, p.answer_felt)
    elif code.endswith("more_numbness"):
        yield "numbness", ceil(usual + NUMBNESS_RISE) - 1
    elif code == "raised_numbness_unknown" and entry.numbness is not None:
        # Of less than the rise it was the place that counted: then it ends without any.
        yield "numbness", min(NUMBNESS_RISE, entry.numbness) - 1
    elif code in _JUMPS:
        yield str(values["measure"]), ceil(usual + JUMP) - 1
    elif code == "raised_bad_pain":
        yield str(values["measure"]), BAD_PAIN - 1
    elif concern.sign == "opioid_doses" and entry.opioid_doses is not None:
        yield "opioid_doses", min(entry.opioid_doses - 1, MANY_DOSES)


def _is_clean(entry: DiaryEntry, signs: Set[str], at_most: Mapping[str, float]) -> bool:
    """Whether the entry says that what raised a case is no longer there: not having been asked
    says nothing.
    """
    for measure, most in at_most.items():
        answer = getattr(entry, measure)
        if answer is None or answer > most:
            return False
    for measure in ("limb_pain_side", "numbness_zones"):
        if measure in signs and marks_both_sides(entry, measure) is not False:
            return False
    ticked = signs & SIGNS.keys()
    if not ticked:
        return True
    if entry.signs is None or not entry.signs.isdisjoint(ticked):
        return False
    weekly = ticked.intersection(WEEKLY_SIGNS)
    if not entry.tells_signs and ticked != weekly:
        return False
    return entry.signs_asked is None or weekly <= entry.signs_asked
