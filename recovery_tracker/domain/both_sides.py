"""Whether pain or numbness is on both sides, and new: a sign of the cauda equina.

What has no earlier answer to be compared with counts as new, unless set-up says that it was so
before.
"""

from functools import lru_cache

from .context import Context
from .diary import DiaryEntry
from .flags import Reason

#: Numbness from which what set-up recorded of both sides no longer stands for it: no box says how
#: numb it was, and much of it may be a new deficit. Our default.
NUMB_BEYOND_SET_UP = 2
#: How many answers to look back on for "newly both sides". Our default.
SIDE_ANSWERS = 14


def is_newly_both_sides(entry: DiaryEntry, context: Context, measure: str) -> bool:
    """Whether pain (`limb_pain_side`) or numbness (`numbness_zones`) is on both sides for the
    first time in the last `SIDE_ANSWERS` answers, or with no answer before it.
    """
    if marks_both_sides(entry, measure) is not True:
        return False
    return both_sides_would_be_new(context, measure, entry.numbness)


def both_sides_would_be_new(context: Context, measure: str, numbness: float | None) -> bool:
    """Whether both sides today would be new beside that numbness, for all that is known."""
    return was_on_both_sides(context, measure, numbness) is not True


def was_on_both_sides(context: Context, measure: str, numbness: float | None) -> bool | None:
    """Whether it was on both sides before; None if no answer and no set-up says either.

    What set-up recorded of before the operation stands until an answer says something else: for
    pain, and for little numbness, never beside numbness today of `NUMB_BEYOND_SET_UP` or more.
    """
    answers = 0
    for earlier in reversed(context.earlier):
        both = marks_both_sides(earlier, measure)
        if both:
            return True
        answers += both is not None
        if answers >= SIDE_ANSWERS:
            break
    if answers:
        return False
    if "both_sides" not in context.operation.known_deficits:
        return None
    # Places that are marked with no word on how numb they are may be very numb.
    unsaid = NUMB_BEYOND_SET_UP if measure == "numbness_zones" else 0
    much = unsaid if numbness is None else numbness
    return True if much < NUMB_BEYOND_SET_UP else None


def both_sides_reason(entry: DiaryEntry, context: Context, measure: str) -> Reason:
    """That it is newly on both sides, or that no earlier answer says whether it is new."""
    is_known = was_on_both_sides(context, measure, entry.numbness) is not None
    return Reason(
        "newly_both_sides" if is_known else "both_sides_unknown",
        {"measure": measure, "day": entry.day},
    )


def marks_both_sides(entry: DiaryEntry, measure: str) -> bool | None:
    """Whether both sides were marked; None if the answer does not say."""
    if measure == "limb_pain_side":
        if entry.limb_pain == 0:
            return False
        return None if entry.limb_pain_side is None else entry.limb_pain_side == "both"
    if entry.numbness == 0:
        return False
    if entry.numbness_zones is None:
        return None
    return _are_both_sides(entry.numbness_zones)


@lru_cache(maxsize=1024)
def _are_both_sides(zones: frozenset[str]) -> bool:
    """Whether places on both sides are among them; cached, because a diary repeats them."""
    return {"left", "right"} <= {zone.partition("_")[0] for zone in zones}
