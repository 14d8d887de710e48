"""Warning answers, silence and status."""

from dataclasses import dataclass

from ...domain.context import SAME_MATTER_DAYS
from .described import OURS, threshold


@dataclass(frozen=True)
class AnswerRules:
    """Warning answers, silence and status."""

    answer_joins_days: int = threshold(
        SAME_MATTER_DAYS,
        "days",
        "Ticks of one kind at most this far apart are one episode.",
        OURS,
    )
    answer_clean_entries: int = threshold(
        3,
        "entries",
        "Explicit answers without it that end a sign nobody can ask after (imported diaries).",
        OURS,
    )
    answer_felt: int = threshold(
        2,
        "level",
        "Numbness up to this, or up to the usual, ends a flag of a part that cannot be felt.",
        "our default: “some”",
    )
    quiet_scheduled_days: int = threshold(
        7, "scheduled days", "Scheduled entries missed in a row before it is quiet.", OURS
    )
    quiet_after_sign_days: int = threshold(
        7,
        "days",
        "Silence that starts this soon after a sign asks for a review.",
        "our default; Sewell 2025 was not found again",
    )
    enough_share: float = threshold(
        0.5,
        "share of scheduled days",
        "Share of the last fourteen days that must be logged to look for a pattern.",
        "patient wording: 7 days in 2 weeks; our default",
    )
