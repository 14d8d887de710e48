"""Whether the weekly answers say that things got worse, which no rule reads: nothing may calm then.

The latest answer counts, for as long as two check-ins of a week take (our default).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .diary import DiaryEntry
from .peg import MCID, pegs_of

#: Answers to "Since the operation, how are you overall?" from "worse" down.
WORSE = -2
#: Days for which a weekly answer is the last word. Our default.
HOLDS_DAYS = 14
#: Days before a PEG whose mean it is compared with. Our default.
PEG_BEFORE_DAYS = 56


@dataclass(frozen=True, slots=True)
class FeltWorse:
    """What was said to be worse, and on which day; false where neither was."""

    overall_on: date | None = None
    #: "Worse" or "much worse", as the answer's number; 0 without.
    overall: int = 0
    peg_on: date | None = None
    peg_before: float = 0.0
    peg: float = 0.0

    def __bool__(self) -> bool:
        return self.overall_on is not None or self.peg_on is not None


def felt_worse(entries: Sequence[DiaryEntry], operated_on: date, today: date) -> FeltWorse:
    """What the latest weekly answers since the operation say to be worse; entries by day."""
    first = today - timedelta(days=HOLDS_DAYS)
    since = [entry for entry in entries if operated_on <= entry.day <= today]
    answered = [entry for entry in since if entry.overall_change is not None]
    overall_on, overall, peg_on, before, peg = None, 0, None, 0.0, 0.0
    if answered and answered[-1].day >= first and (answered[-1].overall_change or 0) <= WORSE:
        overall_on, overall = answered[-1].day, answered[-1].overall_change or 0
    pegs = list(pegs_of(since))
    if pegs and pegs[-1].day >= first:
        oldest = pegs[-1].day - timedelta(days=PEG_BEFORE_DAYS)
        means = [one.mean for one in pegs[:-1] if one.day >= oldest]
        if means and pegs[-1].mean - sum(means) / len(means) >= MCID:
            peg_on, before, peg = pegs[-1].day, sum(means) / len(means), pegs[-1].mean
    return FeltWorse(overall_on, overall, peg_on, before, peg)
