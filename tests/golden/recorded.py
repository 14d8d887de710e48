"""What was found in the corpus when the rule set got its name."""

from functools import cache
from pathlib import Path

from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.rules import fingerprint

from .corpus import FOLDER, diaries, findings, urgencies

RECORDED = FOLDER / "findings.txt"
ROOT = Path(__file__).parents[2]


@cache
def now() -> str:
    """The file as the rules of this checkout would write it."""
    return "\n".join(
        [
            f"rule set {STANDARD.rule_set}",
            f"fingerprint {fingerprint()}",
            "",
            urgencies(),
            "",
            *(findings(diary) for diary in diaries()),
            "",
        ]
    )
