"""What became of a flag, judged by imaging, an operation or a clinician's decision.

Most flags have no outcome, and that is not a failure: nobody was asked to find one. An outcome says
what was done and seen, never that a flag was right or wrong about a screw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .flags import TREND_PATTERNS, Decision, Pattern
from .history import Imaging, ImagingResult
from .language import N_

#: Imaging and operations count for a flag up to this many days after it. Our default.
FOLLOWED_DAYS = 182
#: Before this day "not yet fused" is not a finding: no union within 12 months (wheelessonline).
FUSED_BY_DAYS = 365
#: With fewer known outcomes than this only counts are given, never a percentage. Our default.
LEAST_FOR_SHARE = 20

#: Decisions that treat the flag as real.
ACTED = frozenset({Decision.SEEN_SOONER, Decision.WOUND_OR_BLOODS, Decision.HOSPITAL})
#: Decisions that treat a complaint and say nothing about what is behind it.
EASED = frozenset({Decision.MEDICATION, Decision.PHYSIOTHERAPY})
#: Imaging without a finding.
CALM = frozenset({Imaging.FUSED, Imaging.NO_LOOSENING_SEEN})
#: Imaging that shows hardware loose, broken or moved.
LOOSE = frozenset(
    {
        Imaging.LOOSENING_SEEN,
        Imaging.LUCENCY,
        Imaging.BROKEN,
        Imaging.CAGE_MOVED,
        Imaging.CAGE_SUNK,
    }
)
#: What else confirms a flag, where it is what its pattern is about.
_ABOUT = {Pattern.NERVE: Imaging.COMPRESSION, Pattern.INFECTION: Imaging.COLLECTION}


class Outcome(StrEnum):
    """What became of a flag."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    UNKNOWN = "unknown"


OUTCOME_NAMES = {
    Outcome.CONFIRMED: N_("Confirmed"),
    Outcome.NOT_CONFIRMED: N_("Not confirmed"),
    Outcome.UNKNOWN: N_("Not known"),
}

#: The same rules in words, for the page that counts them.
OUTCOME_DEFINITIONS = {
    Outcome.CONFIRMED: N_(
        "Imaging within 26 weeks showed hardware loose, broken or moved (for the failed-fusion "
        "pattern also no fusion a year or more after the operation, for nerve signs a compressed "
        "nerve, for infection a fluid collection), or there was another operation in that "
        "time, or a clinician acted on the flag: seen sooner, wound check or bloods, hospital."
    ),
    Outcome.NOT_CONFIRMED: N_(
        "A clinician decided “reassured”, or imaging within 26 weeks showed fusion or no "
        "loosening and nobody acted. Normal imaging does not exclude loosening."
    ),
    Outcome.UNKNOWN: N_(
        "Neither so far: nothing decided, still watching, imaging requested but no result "
        "yet, nobody could be reached, or tablets or physiotherapy were changed: that eases a "
        "complaint and confirms nothing."
    ),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Flags counted by what became of them."""

    raised: int
    seen: int
    confirmed: int
    not_confirmed: int

    @property
    def unknown(self) -> int:
        return self.raised - self.confirmed - self.not_confirmed

    @property
    def known(self) -> int:
        return self.confirmed + self.not_confirmed

    @property
    def share(self) -> float | None:
        """Confirmed flags as a share of those with a known outcome; None below
        `LEAST_FOR_SHARE`."""
        return self.confirmed / self.known if self.known >= LEAST_FOR_SHARE else None


def tally(flags: Iterable[tuple[bool, Outcome]]) -> Tally:
    """How many flags there were, given whether each was looked at and what became of it."""
    found = list(flags)
    outcomes = [outcome for _, outcome in found]
    return Tally(
        raised=len(found),
        seen=sum(is_seen for is_seen, _ in found),
        confirmed=outcomes.count(Outcome.CONFIRMED),
        not_confirmed=outcomes.count(Outcome.NOT_CONFIRMED),
    )


def outcome_of(
    pattern: Pattern,
    raised_on: date,
    *,
    operated_on: date,
    decisions: Iterable[Decision] = (),
    imaging: Iterable[ImagingResult] = (),
    operations: Iterable[date] = (),
) -> Outcome:
    """What became of one flag; `decisions` are its own, oldest first.

    `imaging` and `operations` are all of the patient's: those from the flag on count, for the
    patterns that statistics find. `operated_on` is the operation that the flag counts from.
    """
    last = raised_on + timedelta(days=FOLLOWED_DAYS)
    is_trend = pattern in TREND_PATTERNS
    is_shown = is_trend or pattern in _ABOUT
    seen = [each for each in imaging if is_shown and raised_on <= each.day <= last]
    if any(_is_finding(each, pattern, operated_on) for each in seen):
        return Outcome.CONFIRMED
    if is_trend and any(raised_on < day <= last for day in operations):
        return Outcome.CONFIRMED
    told = ACTED | EASED | {Decision.REASSURED}
    answers = [each for each in decisions if each in told]
    if answers and answers[-1] not in EASED:
        return Outcome.NOT_CONFIRMED if answers[-1] is Decision.REASSURED else Outcome.CONFIRMED
    if any(each.result in CALM for each in seen):
        return Outcome.NOT_CONFIRMED
    return Outcome.UNKNOWN


def _is_finding(seen: ImagingResult, pattern: Pattern, operated_on: date) -> bool:
    if seen.result is Imaging.NOT_YET_FUSED:
        late = (seen.day - operated_on).days >= FUSED_BY_DAYS
        return late and pattern is Pattern.FAILED_FUSION
    if seen.result in LOOSE:
        return pattern in TREND_PATTERNS
    return seen.result is _ABOUT.get(pattern)
