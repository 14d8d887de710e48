"""What a form must ask straight away because of a score, besides its warning-sign lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from .both_sides import NUMB_BEYOND_SET_UP, both_sides_would_be_new, is_newly_both_sides
from .circumstances import is_numb_for_the_first_time
from .context import Context
from .diary import DiaryEntry
from .measures import MEASURES

#: A pain score from which the form asks whether tablets help. Our default.
SEVERE_SCORE = 9
#: The same for a score this far above the usual level, in points. Our default.
SEVERE_RISE = 4

#: Follow-ups that a score leads to rather than a line; see `needed_follow_ups`.
SCORE_FOLLOW_UPS = frozenset({"severe_pain", "cauda_equina_recheck"})

#: Measures whose answer may say "both sides".
SIDES = ("limb_pain_side", "numbness_zones")
_PAINS = ("axial_pain", "limb_pain")


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What the form must ask straight away, besides the lines themselves.

    `severe_from`: by pain measure, the score from which "does it stay this bad even with
    your tablets?" is asked. `both_sides`: the measures of which both sides today would be new;
    they, and `complete_numbness` for a first numbness of 4, ask the saddle and bladder lines again.
    `both_sides_numb`: those that are new only with numbness of `NUMB_BEYOND_SET_UP` or more.
    """

    severe_from: Mapping[str, int]
    both_sides: frozenset[str]
    both_sides_numb: frozenset[str]
    complete_numbness: bool


def follow_ups(context: Context) -> FollowUps:
    """The thresholds above which a form asks, for this patient on this day."""
    complete = MEASURES["numbness"].high
    seen = any(earlier.numbness == complete for earlier in context.earlier)
    new = frozenset(m for m in SIDES if both_sides_would_be_new(context, m, 0))
    numb = frozenset(m for m in SIDES if both_sides_would_be_new(context, m, NUMB_BEYOND_SET_UP))
    return FollowUps(
        severe_from=MappingProxyType({m: _severe_from(context.usual(m)) for m in _PAINS}),
        both_sides=new,
        both_sides_numb=numb - new,
        complete_numbness=not seen,
    )


def _severe_from(usual: float | None) -> int:
    return SEVERE_SCORE if usual is None else min(SEVERE_SCORE, ceil(usual + SEVERE_RISE))


def needed_follow_ups(entry: DiaryEntry, context: Context) -> frozenset[str]:
    """Follow-up signs that a day's scores call for; the form asks those under a line itself."""
    needed = set()
    for measure in _PAINS:
        score = getattr(entry, measure)
        if score is not None and score >= _severe_from(context.usual(measure)):
            needed.add("severe_pain")
    if any(is_newly_both_sides(entry, context, m) for m in SIDES) or is_numb_for_the_first_time(
        entry, context
    ):
        needed.add("cauda_equina_recheck")
    return frozenset(needed)
