"""What one warning sign is: words, urgency by day and operation, what raises it, source.

The rows themselves are `sign_catalogue`; `signs` puts them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from .flags import Pattern, Urgency
from .language import N_
from .surgery import Approach, Operation, Region

E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE

#: Advice for an emergency sign of a past day that is no longer there; a key of `advice.ADVICE`.
WAS_THERE = "was_there"

#: Who has checked a rule, until a clinician has, and when it must be looked at again. Our default:
#: a year after the sources were read.
NOBODY_YET = N_("nobody yet")
REVIEW_ON = date(2027, 11, 29)


class Circumstance(StrEnum):
    """Something that makes a sign more urgent. `circumstances` knows how to recognise each."""

    FEVER = "fever"
    """Fever of 38 °C or more, or shivering, on the same day."""
    LOW_TEMPERATURE = "low_temperature"
    """A temperature under 36.0 °C on the same day."""
    WOUND_SIGN = "wound_sign"
    """Any wound answer on the same day."""
    PAIN_UP_3 = "pain_up_3"
    """Either pain score three or more above the usual level, up to two days after the event."""
    PAIN_7 = "pain_7"
    """Either pain score at 7 or more on the same day."""
    NEW_NERVE_SIGN = "new_nerve_sign"
    """New weakness, unsteady walking, more numbness, a new numb zone or newly both sides, up to two
    days after the event."""
    NERVE_OR_SADDLE_SIGN = "nerve_or_saddle_sign"
    """A nerve, saddle or bladder answer on the same day."""
    LASTED_OVER_7_DAYS = "lasted_over_7_days"
    WORSE_WITHIN_2_DAYS = "worse_within_2_days"
    """A weakness asked about again is worse than it was at most two days ago."""
    WORSE_EARLY = "worse_early"
    """Very bad pain in the first two weeks, asked about again, is worse."""
    NECK_SWELLING = "neck_swelling"
    """A swollen neck on the same day."""
    VOMITING_OR_SIGHT = "vomiting_or_sight"
    """Vomiting or a change of sight on the same day."""
    HEADACHE_OR_WEAKNESS = "headache_or_weakness"
    """A headache worse upright, or weakness, on the same day."""
    VERY_UNWELL = "very_unwell"
    """Feeling very ill on the same day."""
    WITH_NIGHT_PAIN = "with_night_pain"
    """Night pain on the same day."""
    WITH_WEIGHT_LOSS = "with_weight_loss"
    """Weight loss on the same day."""
    BLOOD_THINNER = "blood_thinner"
    """The patient takes a blood thinner, as said at set-up."""
    BLOOD_THINNER_EARLY = "blood_thinner_early"
    """The same in the first two weeks, when a bleed can press on nerves."""
    LOW_BONE_DENSITY = "low_bone_density"
    """The patient has low bone density, as said at set-up."""


@dataclass(frozen=True, slots=True)
class Window:
    """An urgency between two postoperative days, both included; None leaves that side open.

    `regions` and `approaches` limit it to those operations; empty means all of them. An unknown
    approach counts as every approach, so that missing knowledge never reassures.
    """

    urgency: Urgency
    first_day: int | None = None
    last_day: int | None = None
    regions: frozenset[Region] = frozenset()
    approaches: frozenset[Approach] = frozenset()
    #: Advice for these days, if it differs; a key of `advice.ADVICE`.
    advice: str = ""

    def covers(self, pod: int, operation: Operation) -> bool:
        if self.regions and operation.region not in self.regions:
            return False
        approach = operation.approach
        if self.approaches and approach is not None and approach not in self.approaches:
            return False
        after = self.first_day is None or pod >= self.first_day
        return after and (self.last_day is None or pod <= self.last_day)


def always(urgency: Urgency) -> tuple[Window, ...]:
    """The same urgency on every day after every operation."""
    return (Window(urgency),)


@dataclass(frozen=True, slots=True)
class Sign:
    """One warning sign.

    `windows` are tried in order, the first that covers the day gives the urgency; none means that
    the sign alone asks for nothing and only feeds `feeds`. `raised_by` may make it more urgent.
    """

    id: str
    #: The way a person would name it, without "my" or "your", so that it fits every sentence and
    #: every list.
    patient: str
    #: The way a clinician reads it.
    clinician: str
    windows: tuple[Window, ...]
    feeds: Pattern
    #: Key of `advice.ADVICE`; "none" for what only feeds a trend.
    advice: str
    source: str
    raised_by: Mapping[Circumstance, Urgency] = field(default_factory=dict)
    #: Advice at an urgency other than the one that `advice` is written for.
    advice_at: Mapping[Urgency, str] = field(default_factory=dict)
    #: Advice after an operation on one part of the spine, if it differs.
    advice_in: Mapping[Region, str] = field(default_factory=dict)
    #: For a question that was shown and left open: the sentence that says so. It is never called
    #: something that the patient told us.
    left_open: str = ""
    #: Who checked the rule; `NOBODY_YET` until a clinician has.
    checked_by: str = NOBODY_YET
    #: When it must be looked at again.
    review_on: date = REVIEW_ON

    def __post_init__(self) -> None:
        # Rows share these; what a row holds must not change under another one.
        for name in ("raised_by", "advice_at", "advice_in"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def urgency_on(
        self, pod: int, operation: Operation, earlier: Iterable[Operation] = ()
    ) -> Urgency | None:
        """Urgency of the sign on its own on a postoperative day of that operation; None if it asks
        for nothing.

        It never becomes less because another operation followed: the windows of `earlier` ones,
        counted from their own day, go on.
        """
        window = self._window(pod, operation, earlier)
        return None if window is None else window.urgency

    def _window(
        self, pod: int, operation: Operation, earlier: Iterable[Operation]
    ) -> Window | None:
        """The most urgent window of the day; among equals that of the latest operation."""
        day = operation.day.toordinal() + pod
        found = self._window_of(pod, operation)
        for one in earlier:
            after = day - one.day.toordinal()
            older = self._window_of(after, one) if after >= 0 else None
            if older is not None and (found is None or older.urgency > found.urgency):
                found = older
        return found

    def _window_of(self, pod: int, operation: Operation) -> Window | None:
        for window in self.windows:
            if window.covers(pod, operation):
                return window
        return None

    def advice_for(
        self, urgency: Urgency, pod: int, operation: Operation, earlier: Iterable[Operation] = ()
    ) -> str:
        """Key of the advice for this sign at an urgency, on that day after those operations."""
        if urgency is S and self.windows == always(E):
            # An emergency is a same-day matter only where it was there and is gone.
            return WAS_THERE
        window = self._window(pod, operation, earlier)
        if window is not None and window.advice and window.urgency is urgency:
            return window.advice
        if urgency in self.advice_at:
            return self.advice_at[urgency]
        return self.advice_in.get(operation.region, self.advice)

    @property
    def highest_urgency(self) -> Urgency | None:
        """The most urgent it can become, on any day and in any circumstance."""
        possible = [window.urgency for window in self.windows] + list(self.raised_by.values())
        return max(possible, default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the warning-sign question on the daily form, with the signs under it.

    `follow_ups` are asked with it straight away; a follow-up that was shown and left open counts as
    urgently as its sign, under an id of its own.
    """

    key: str
    text: str
    signs: tuple[str, ...]
    follow_ups: tuple[str, ...] = ()
    #: Stored if the line was ticked and nothing under it.
    if_nothing_chosen: str = "unspecified"
    #: Stored if the line was ticked and its follow-ups were left open; "" if it has none.
    if_left_open: str = ""
    #: Asked only on these postoperative days; None leaves that side open.
    first_day: int | None = None
    last_day: int | None = None
    #: Only after an operation on the neck; see `signs.lines_for`.
    throat: bool = False

    def is_asked(self, pod: int, *, throat: bool) -> bool:
        after = self.first_day is None or pod >= self.first_day
        in_window = after and (self.last_day is None or pod <= self.last_day)
        return in_window and (throat or not self.throat)
