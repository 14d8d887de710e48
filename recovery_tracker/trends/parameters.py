"""Every threshold of the trend module, with unit, default and source, as one versioned rule set.

Change a default and `rule_set` must change with it: a stored flag names the rules that raised it.
`docs/trends.md` holds the same table, made from here.
"""

from dataclasses import dataclass, field, fields
from typing import Any


def _set(default: float, unit: str, meaning: str, source: str) -> Any:
    return field(default=default, metadata={"unit": unit, "meaning": meaning, "source": source})


_TUNED = "our default, tuned on simulated diaries (docs/trends.md, Results)"


@dataclass(frozen=True)
class Parameters:
    """One rule set."""

    rule_set: str = field(
        default="2026-11-21",
        metadata={
            "unit": "name",
            "meaning": "Name of this rule set, written on every flag.",
            "source": "our default",
        },
    )

    # When the statistics may speak.
    first_day: int = _set(
        60,
        "days after the operation",
        "First day on which a patient is compared with the own lagged baseline.",
        "design of the monitoring; no own baseline exists before about week 8",
    )
    early_first_day: int = _set(
        14,
        "days after the operation",
        "First day on which pain is compared with this patient's own falling course.",
        "Sato 2024: good and poor outcomes look alike in the first two weeks",
    )

    # The own lagged baseline.
    baseline_lag: int = _set(
        28, "days", "The baseline ends this many days before the day it judges.", _TUNED
    )
    baseline_length: int = _set(71, "days", "Length of the lagged baseline.", _TUNED)
    baseline_entries: int = _set(
        10, "entries", "Fewest entries that make a baseline.", "evidence of simulated diaries"
    )

    # Own best period.
    best_length: int = _set(
        28, "days", "Length of the own best period.", "clinical evidence, section 11: best28"
    )
    best_entries: int = _set(
        8, "entries", "Fewest entries in a best period.", "our default: two a week"
    )

    # Late entries.
    late_after: int = _set(
        2,
        "days",
        "An entry recorded this late never adds to the evidence of a worsening.",
        "clinical evidence 2.3: entries filled more than 48 hours late; our default",
    )
    late_never: int = _set(
        14,
        "days",
        "An entry recorded later than this is not used for a baseline either.",
        "the paper sheet reaches fourteen days back",
    )

    # Warning answers, silence and status.
    answer_joins_days: int = _set(
        14, "days", "Ticks of one kind at most this far apart are one episode.", "our default"
    )
    answer_clean_entries: int = _set(
        3,
        "entries",
        "Explicit answers without it that end a sign nobody can ask after (imported diaries).",
        "our default",
    )
    quiet_scheduled_days: int = _set(
        7, "scheduled days", "Scheduled entries missed in a row before it is quiet.", "our default"
    )
    quiet_after_sign_days: int = _set(
        7,
        "days",
        "Silence that starts this soon after a sign asks for a review.",
        "Sewell 2025: people who stopped reporting were readmitted more; the number is our default",
    )
    enough_share: float = _set(
        0.5,
        "share of scheduled days",
        "Share of the last fourteen days that must be logged to look for a pattern.",
        "patient wording: 7 days in 2 weeks; our default",
    )
    too_early_before: int = _set(
        70,
        "days after the operation",
        "Before this day the status says that it is too early where nothing could be compared.",
        "simulated diaries: an own best period exists from about week 10",
    )


STANDARD = Parameters()


def documented(parameters: Parameters = STANDARD) -> tuple[tuple[str, str, str, str, str], ...]:
    """Name, value, unit, meaning and source of every threshold, in order."""
    return tuple(
        (
            each.name,
            f"{getattr(parameters, each.name)}",
            each.metadata["unit"],
            each.metadata["meaning"],
            each.metadata["source"],
        )
        for each in fields(parameters)
    )
