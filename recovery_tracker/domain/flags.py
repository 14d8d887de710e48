"""What can be found in a diary, and the evidence for it.

Two axes that are never mixed. The *condition* is computed from the diary and may change when the
diary does. The *attention* belongs to people, and only people change it.

An episode holds typed evidence, never prose: `phrases` makes the sentences in the reader's
language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum, StrEnum
from itertools import groupby

from .language import N_


class Urgency(IntEnum):
    """How soon somebody should act; a larger number is more urgent."""

    NOTE = 1
    """Worth knowing; no action asked."""
    REVIEW = 2
    """Look within a week or two."""
    SAME_DAY = 3
    """Call the spine team today."""
    EMERGENCY = 4
    """Ambulance or emergency department now."""

    @property
    def key(self) -> str:
        """The word used in files: `emergency`, `same_day`, `review`, `note`."""
        return self.name.lower()


URGENCY_NAMES = {
    Urgency.EMERGENCY: N_("Emergency sign"),
    Urgency.SAME_DAY: N_("Same day"),
    Urgency.REVIEW: N_("Review"),
    Urgency.NOTE: N_("Note"),
}


class Pattern(StrEnum):
    """Warning pattern that a flag names; see `docs/glossary.md`."""

    EMERGENCY_SIGN = "emergency_sign"
    URGENT_SIGN = "urgent_sign"
    INFECTION = "infection"
    EVENT = "event"
    NERVE = "nerve"
    LOOSE_HARDWARE = "loose_hardware"
    FAILED_FUSION = "failed_fusion"
    WORSENING = "worsening"
    SLOW_RECOVERY = "slow_recovery"
    GONE_QUIET = "gone_quiet"
    LESS_WALKING = "less_walking"


PATTERN_NAMES = {
    Pattern.EMERGENCY_SIGN: N_("Emergency sign"),
    Pattern.URGENT_SIGN: N_("Warning sign"),
    Pattern.INFECTION: N_("Infection pattern"),
    Pattern.EVENT: N_("Fall or strain"),
    Pattern.NERVE: N_("Nerve pattern"),
    Pattern.LOOSE_HARDWARE: N_("Loose-hardware pattern"),
    Pattern.FAILED_FUSION: N_("Failed-fusion pattern"),
    Pattern.WORSENING: N_("Worsening"),
    Pattern.SLOW_RECOVERY: N_("Slow recovery"),
    Pattern.GONE_QUIET: N_("Gone quiet"),
    Pattern.LESS_WALKING: N_("Less walking"),
}

#: Found by statistics; at most one of these names an episode, and it may be withdrawn.
TREND_PATTERNS = frozenset(
    {Pattern.NERVE, Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION, Pattern.WORSENING}
)

#: Reported separately from trend flags.
NOTE_PATTERNS = frozenset({Pattern.SLOW_RECOVERY, Pattern.GONE_QUIET, Pattern.LESS_WALKING})


#: What tells a flag from every other of one patient.
FlagKey = tuple[Pattern, date, tuple[str, ...]]


class Condition(StrEnum):
    """Computed state of a flag."""

    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """The diary was corrected and no longer shows it; it stays visible as withdrawn."""


class Attention(StrEnum):
    """Human state of a flag."""

    UNSEEN = "unseen"
    SEEN = "seen"
    DECIDED = "decided"
    SNOOZED = "snoozed"


def is_missed(condition: Condition, attention: Attention, urgency: Urgency) -> bool:
    """An emergency or same-day flag that ended before anybody looked: it still asks for a look."""
    ended_unseen = condition is Condition.ENDED and attention is Attention.UNSEEN
    return ended_unseen and urgency >= Urgency.SAME_DAY


def outlasts_operation(urgency: Urgency, attention: Attention) -> bool:
    """Whether a flag outlasts the next operation: an urgent one does, until a person answers it."""
    return urgency >= Urgency.SAME_DAY and attention is not Attention.DECIDED


class Decision(StrEnum):
    """What a clinician decided about a flag."""

    REASSURED = "reassured"
    MEDICATION = "medication_changed"
    PHYSIOTHERAPY = "physiotherapy"
    IMAGING = "imaging"
    SEEN_SOONER = "seen_sooner"
    WOUND_OR_BLOODS = "wound_check_or_bloods"
    HOSPITAL = "sent_to_hospital"
    NOT_REACHED = "could_not_reach"
    WATCH = "watch"


DECISION_NAMES = {
    Decision.REASSURED: N_("Reassured"),
    Decision.MEDICATION: N_("Medication changed"),
    Decision.PHYSIOTHERAPY: N_("Physiotherapy"),
    Decision.IMAGING: N_("Imaging"),
    Decision.SEEN_SOONER: N_("Seen sooner"),
    Decision.WOUND_OR_BLOODS: N_("Wound check or bloods"),
    Decision.HOSPITAL: N_("Sent to hospital"),
    Decision.NOT_REACHED: N_("Could not reach, try again on a set day"),
    Decision.WATCH: N_("Watch until a set day"),
}

#: These decisions need a day, and are told with it.
DATED_DECISIONS = {
    Decision.NOT_REACHED: N_("Could not reach, try again on {day}"),
    Decision.WATCH: N_("Watch until {day}"),
}

#: The types of value that a reason may carry.
Value = float | int | str | date


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a code that `phrases` can say, with the numbers and dates in it."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """How one measure changed: its level before and now, and the days that support the statement.

    Levels are on the measure's own scale; None means too few days to say.
    """

    measure: str
    before: float | None
    now: float | None
    days_used: int
    days_missing: int
    #: Of an ordered choice the answer that was given most often before and now: what a mean is
    #: nearest to need never have been given. None for scores, and in receipts of before 0164.
    mostly_before: int | None = None
    mostly_now: int | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Something new under an open episode that must be looked at again."""

    day: date
    urgency: Urgency
    reason: Reason


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of time in which a pattern held: the evidence side of a flag.

    `raised_on` is the day on which the diary first showed it; `onset` is the estimated day it
    began, with an interval; neither is ever substituted for the other. `cleared_on` is None while
    active. The pattern is fixed when raised; later evidence goes to `updates`.
    """

    pattern: Pattern
    urgency: Urgency
    raised_on: date
    cleared_on: date | None = None
    onset: date | None = None
    onset_first: date | None = None
    onset_last: date | None = None
    #: Change in points of the leading signal, worse is positive, with an interval.
    size: float | None = None
    size_low: float | None = None
    size_high: float | None = None
    days_used: int = 0
    days_missing: int = 0
    #: Sign ids that raised it; empty if statistics found it.
    signs: tuple[str, ...] = ()
    signals: tuple[MeasureChange, ...] = ()
    evidence_for: tuple[Reason, ...] = ()
    evidence_against: tuple[Reason, ...] = ()
    #: "Explained by": annotates, never suppresses.
    explained_by: tuple[Reason, ...] = ()
    also_consider: tuple[str, ...] = ()
    #: Each pattern's share of the likelihood, largest first; empty if no pattern was weighed.
    likelihoods: tuple[tuple[Pattern, float], ...] = ()
    would_clear: Reason | None = None
    updates: tuple[Update, ...] = ()
    #: What each statistic added beyond the person's usual, as a share of the alarm, largest first.
    points: tuple[tuple[str, float], ...] = ()
    rule_set: str = ""

    @property
    def condition(self) -> Condition:
        """Active or ended; only a stored flag can be withdrawn."""
        return Condition.ACTIVE if self.cleared_on is None else Condition.ENDED

    @property
    def key(self) -> FlagKey:
        """Its pattern, its day and its sign: two signs of one day raise two flags."""
        return self.pattern, self.raised_on, self.signs[:1]

    @property
    def days(self) -> frozenset[date]:
        """The days whose answers it names."""
        reasons = (*self.evidence_for, *(update.reason for update in self.updates))
        days = (reason.values.get(key) for reason in reasons for key in ("day", "other_day"))
        return frozenset(day for day in days if isinstance(day, date))

    @property
    def began(self) -> date | None:
        """`onset` if it is an estimate with an interval, so that "about" may be said.

        None for an answer, which has its own day, for a silence, and for a level that never came
        down: their interval is a single day, or there is none.
        """
        if self.signs or self.onset_first is None or self.onset_first == self.onset_last:
            return None
        return self.onset

    @property
    def worst_urgency(self) -> Urgency:
        """The highest urgency it has reached."""
        return max([self.urgency, *(update.urgency for update in self.updates)])


def raisings(episode: Episode) -> tuple[Episode, ...]:
    """The episode as first raised, and once more for each day on which somebody must act again.

    Those are the days on which it became more urgent, or on which a warning answer that it had not
    yet named needed a call the same day. A list by day needs each of them: otherwise the day on
    which a wound began to drain is hidden under the fever before it. Each says what was known on
    its day; of later events it tells only when the episode ended.
    """
    if not episode.updates:
        return (episode,)
    rows = [_as_known(episode, episode)]
    named, worst = list(episode.signs), episode.urgency
    for day, updates in groupby(episode.updates, key=lambda update: update.day):
        acted_on = []
        for update in updates:
            sign = str(update.reason.values.get("sign", ""))
            is_new = update.urgency >= Urgency.SAME_DAY and bool(sign) and sign not in named
            if is_new:
                named.append(sign)
            if update.urgency > worst or is_new:
                acted_on.append(update)
        worst = max([worst, *(update.urgency for update in acted_on)])
        if acted_on:
            row = replace(
                episode,
                raised_on=day,
                urgency=max(update.urgency for update in acted_on),
                evidence_for=(*(update.reason for update in acted_on), *episode.evidence_for),
                signs=tuple(named),
            )
            rows.append(_as_known(row, episode))
    return tuple(rows)


def _as_known(row: Episode, episode: Episode) -> Episode:
    """The row with the updates known by its day, except those it already states."""
    come = (u for u in episode.updates if u.day <= row.raised_on)
    return replace(row, updates=tuple(u for u in come if u.reason not in row.evidence_for))


class Status(StrEnum):
    """What the diary shows as of a day. None of them says that all is well."""

    BEFORE_OPERATION = "before_operation"
    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    REVIEW = "review"
    GONE_QUIET = "gone_quiet"
    TOO_LITTLE_DATA = "too_little_data"
    TOO_EARLY = "too_early"
    """Pain and numbness cannot be compared yet: too early, or too seldom answered."""
    NO_RULE_MATCHED = "no_rule_matched"


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """How far the diary can be trusted.

    `logged` and `expected` count days from the operation to the day of assessment, `recent_logged`
    and `recent_expected` the last fourteen; `late` are days recorded two or more days afterwards.
    Expected days are those that the schedule asked for since the diary was begun (without an entry,
    since the operation); days written unasked are counted separately, so that `kept` never exceeds
    `expected`. `longest_gap` begins with the diary too.
    """

    logged: int
    expected: int
    recent_logged: int
    recent_expected: int
    late: int
    last_entry: date | None
    longest_gap: int
    #: Logged days that the schedule did not ask for.
    unasked: int = 0
    recent_unasked: int = 0
    #: Logged days of the last fourteen on which the warning question was answered; None: unknown.
    recent_told: int | None = None

    @property
    def is_untold(self) -> bool:
        """Whether days were logged lately and none of them answered the warning question."""
        return self.recent_logged > 0 and self.recent_told == 0

    @property
    def kept(self) -> int:
        """Days that were asked for and logged."""
        return self.logged - self.unasked

    @property
    def recent_kept(self) -> int:
        """The same for the last fourteen days."""
        return self.recent_logged - self.recent_unasked


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the diary shows as of a day: every episode so far, and the present status."""

    as_of: date
    postoperative_day: int
    status: Status
    sufficiency: Sufficiency
    #: Every episode since the index operation, ordered by `raised_on`, then pattern.
    episodes: tuple[Episode, ...]
    #: First later day on which the result may differ with no new entry; None if it cannot.
    next_change_on: date | None
    rule_set: str
    #: Whether the loading and hardware questions are worth asking daily for now.
    asks_daily: bool = False

    @property
    def active(self) -> tuple[Episode, ...]:
        """The episodes that are active today."""
        return tuple(episode for episode in self.episodes if episode.cleared_on is None)
