"""When a form asks more: the weekly questions, and the loading questions between them."""

from dataclasses import dataclass

from .described import OURS, threshold

BURDEN = "our default, burden measured (docs/trends.md, Asking)"


@dataclass(frozen=True)
class AskingRules:
    """When a form asks more: the weekly questions, and the loading questions between them."""

    weekly_every: int = threshold(
        7, "days", "The weekly questions are asked again after so many.", OURS
    )
    tablets_every: int = threshold(7, "days", "So is the question about pain tablets.", OURS)
    asking_above: int = threshold(
        2,
        "points",
        "A day whose pain stands this far above the person's usual asks the loading questions too.",
        OURS,
    )
    asking_share: float = threshold(
        0.46,
        "of the alarm",
        "From this score of axial pain on, the loading and hardware questions are asked daily.",
        BURDEN,
    )
    asking_days: int = threshold(
        14, "days", "How long after such a score they go on being asked daily.", BURDEN
    )
