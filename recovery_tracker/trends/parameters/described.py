"""A number that decides, with its unit, what it means and where it comes from."""

from dataclasses import field
from typing import Any

OURS = "our default"
TUNED = "our default, tuned on simulated diaries (docs/trends.md, Results)"


def threshold(default: Any, unit: str, meaning: str, source: str) -> Any:
    """The field of a rule set."""
    return field(default=default, metadata={"unit": unit, "meaning": meaning, "source": source})
