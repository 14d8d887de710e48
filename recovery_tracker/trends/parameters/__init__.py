"""Every threshold of the trend module, with unit, default and source, as one versioned rule set.

Change a default and `rule_set` must change with it: a stored flag names the rules that raised it.
`tests/golden` turns red where behaviour changes under the same name. `docs/trends.md` holds the
same table, made from here; what warning answers are decided by is gathered in `trends/rules.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from .answers import AnswerRules
from .asking import AskingRules
from .axial import AxialRules
from .baseline import BaselineRules
from .described import OURS, threshold
from .explaining import ExplainingRules
from .flags import FlagRules
from .naming import NamingRules
from .others import OtherRules
from .steps import StepRules


@dataclass(frozen=True)
class _Name:
    rule_set: str = threshold(
        "2026-12-01.11", "name", "Name of this rule set, written on every flag.", OURS
    )


# The fields of the last base come first.
@dataclass(frozen=True)
class Parameters(
    StepRules,
    AnswerRules,
    ExplainingRules,
    NamingRules,
    FlagRules,
    OtherRules,
    AskingRules,
    AxialRules,
    BaselineRules,
    _Name,
):
    """One rule set."""

    def second_signals(self) -> tuple[tuple[str, float], ...]:
        """Signals that support axial pain, with their weights."""
        return (
            ("mobility", self.weight_mobility),
            ("walking", self.weight_walking),
            ("sleep", self.weight_sleep),
            ("mechanical", self.weight_mechanical),
        )

    def early_supports(self) -> tuple[tuple[str, float], ...]:
        """Signals that support pain in the first weeks, with their weights."""
        return (
            ("mobility", self.early_weight_mobility),
            ("walking", self.early_weight_walking),
            ("sleep", self.early_weight_sleep),
        )

    @cached_property
    def spreads(self) -> Mapping[str, float]:
        """Usual day-to-day spread of each signal, by its key."""
        return {
            each.name.removeprefix("spread_"): getattr(self, each.name)
            for each in fields(self)
            if each.name.startswith("spread_")
        }

    @property
    def recent_lengths(self) -> tuple[int, int, int]:
        """Days in which a recent level is looked for: more where entries are few."""
        return self.recent_window, self.long_window, self.rare_window

    @property
    def zone_windows(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Days that a new numb zone must last, and days before which it was never marked: in a
        diary with enough entries in them, and in one with few.
        """
        slack = self.zone_lag - self.zone_days
        return (self.zone_days, self.zone_lag), (self.long_window, self.long_window + slack)

    @property
    def early_lag(self) -> int:
        """Days that the blocks of the early comparison span."""
        return self.early_block * self.early_blocks


STANDARD = Parameters()


def documented() -> tuple[tuple[str, str, str, str, str], ...]:
    """Name, value, unit, meaning and source of every threshold, in order."""
    return tuple(
        (
            each.name,
            f"{getattr(STANDARD, each.name)}",
            each.metadata["unit"],
            each.metadata["meaning"],
            each.metadata["source"],
        )
        for each in fields(STANDARD)
    )
