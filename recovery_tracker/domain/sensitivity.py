"""How easily the trend rules raise a flag: a clinic's setting, with the days it was in force.

It moves only the thresholds of worsenings. Warning answers, levels at months 3, 6 and 12, and
silence are the same with every setting. A change applies to the days after it, so it raises and
withdraws nothing in the past: an active flag stays until it ends by its own rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .language import N_


class Sensitivity(StrEnum):
    """From the fewest flags to the most."""

    QUIET = "quiet"
    STANDARD = "standard"
    SENSITIVE = "sensitive"


#: Longest reason for a change, in characters. Our default.
REASON_LENGTH = 500

SENSITIVITY_NAMES = {
    Sensitivity.QUIET: N_("Quiet"),
    Sensitivity.STANDARD: N_("Standard"),
    Sensitivity.SENSITIVE: N_("Sensitive"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """The setting from this day on, until the next step."""

    first: date
    setting: Sensitivity


def in_force(steps: Sequence[Step], day: date) -> Sensitivity:
    """The setting on a day; `steps` are ordered by day, and before the first it is standard."""
    setting = Sensitivity.STANDARD
    for step in steps:
        if step.first > day:
            break
        setting = step.setting
    return setting


def rule_set_name(rules: str, setting: Sensitivity) -> str:
    """The name of a rule set with its setting, as flags carry it.

    >>> rule_set_name("2026-11-21", Sensitivity.QUIET)
    '2026-11-21/quiet'
    """
    return rules if setting is Sensitivity.STANDARD else f"{rules}/{setting}"


def rules_of(rule_set: str) -> str:
    """The same without the setting.

    >>> rules_of("2026-11-21/quiet")
    '2026-11-21'
    """
    return rule_set.partition("/")[0]
