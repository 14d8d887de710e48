"""What a surgeon may think of beside the name of a pattern."""

from ..domain.flags import Pattern
from .parameters import Parameters

#: Beside each pattern, in order: infection first; keys of `phrases.CONSIDER`.
_CONSIDER: dict[Pattern, tuple[str, ...]] = {
    Pattern.INFECTION: ("loosening",),
    Pattern.EVENT: ("fracture", "loosening"),
    Pattern.NERVE: ("infection", "haematoma", "adjacent_level", "loosening"),
    Pattern.LOOSE_HARDWARE: ("infection", "fracture", "adjacent_level", "loosening"),
    Pattern.FAILED_FUSION: ("infection", "adjacent_level", "loosening"),
    Pattern.WORSENING: ("infection", "fracture", "adjacent_level", "loosening"),
}
#: Where moving or walking got worse without pain.
_FUNCTION = ("cord", "nerves", "illness", "infection", "adjacent_level")


def considered(
    pattern: Pattern, day: int, p: Parameters, *, is_function: bool = False
) -> tuple[str, ...]:
    """Keys of `phrases.CONSIDER` that fit a flag of postoperative day `day`; none before day 0."""
    if day < 0:
        return ()
    keys = _FUNCTION if is_function else _CONSIDER.get(pattern, ())
    fits = {
        "haematoma": day <= p.consider_bleeding,
        "adjacent_level": day >= p.consider_next_level,
        "loosening": pattern is not Pattern.INFECTION or day >= p.consider_loosening,
    }
    return tuple(key for key in keys if fits.get(key, True))
