"""What an evaluation found, as plain rows: the tables and plots only show them."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from .cells import Answers, Cell
from .metrics import Estimate, Paired

#: Shares of people who loosen in a year, for what a first alarm is worth; our default around the
#: published 5 % that are revised for loosening.
PREVALENCES = (0.01, 0.05, 0.10)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CellResult:
    """One cell on one generator, as one set of answers shows it."""

    generator: str
    answers: Answers
    cell: Cell
    found: Estimate

    @property
    def verdict(self) -> str:
        """`aim`, `must`, `missed`, or "" where there is no bar or nothing was counted."""
        must, aim = self.cell.bars(self.answers)
        if must is None or aim is None or np.isnan(self.found.value):
            return ""
        sign = -1 if self.cell.less_is_better else 1
        if sign * self.found.value >= sign * aim:
            return "aim"
        return "must" if sign * self.found.value >= sign * must else "missed"


@dataclass(frozen=True)
class Comparison:
    """The module against the best peer of one cell, on the same patients."""

    generator: str
    answers: Answers
    cell: Cell
    peer: str
    ours: Estimate
    theirs: Estimate
    #: Share caught, or median of days earlier: positive is better for the module.
    paired: Paired
    #: p after Holm's correction over all comparisons.
    adjusted: float = 1.0

    @property
    def verdict(self) -> str:
        """`better`, `worse` where significant after correction, `ceiling` or `even`."""
        if self.adjusted < 0.05:
            return "better" if self.paired.difference > 0 else "worse"
        if not self.cell.less_is_better and self.ours.value >= 0.99:
            return "ceiling"
        return "even"


@dataclass(frozen=True)
class PeerResult:
    """A peer at the false alarms it was set to: share caught or median days by cell."""

    peer: str
    answers: Answers
    target: float
    patients: int
    found: dict[str, Estimate]


@dataclass(frozen=True)
class SilenceResult:
    """False flags a patient-year of a peer in one scenario, at the threshold it was set to."""

    generator: str
    answers: Answers
    scenario: str
    peer: str
    found: Estimate


@dataclass(frozen=True)
class GroupResult:
    """A part of the patients: by onset week, logging share or own variability."""

    by: str
    group: str
    asked: str
    found: Estimate


@dataclass(frozen=True)
class NameResult:
    """First pattern named in a scenario: counts by pattern, and how many were right."""

    generator: str
    answers: Answers
    scenario: str
    named: dict[str, int]
    right: int
    ambiguous: int

    @property
    def caught(self) -> int:
        return sum(self.named.values())


@dataclass(frozen=True)
class OnsetResult:
    """Estimated against true onset of caught changes, in days."""

    generator: str
    answers: Answers
    scenario: str
    true: Floats
    estimated: Floats
    first: Floats
    last: Floats

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Whether the interval holds the true day."""
        return np.asarray((self.first <= self.true) & (self.true <= self.last))


@dataclass(frozen=True)
class LeadResult:
    """How early a ramp was caught: share before it was complete, median days before its end."""

    generator: str
    answers: Answers
    scenario: str
    before_end: Estimate
    days_before_end: float


@dataclass(frozen=True)
class FirstAlarms:
    """The first change flag of a diary from day 60 on, in healthy people and in those with a
    loosening: raised at all, raised within 120 days of the onset, raised at another time.
    """

    generator: str
    answers: Answers
    healthy: Estimate
    real: Estimate
    untimely: Estimate

    def right(self, prevalence: float) -> float:
        """Share of first alarms that are real where that share of people loosens in the year."""
        real = prevalence * self.real.value
        false = prevalence * self.untimely.value + (1 - prevalence) * self.healthy.value
        return real / (real + false) if real + false else float("nan")


@dataclass(frozen=True)
class RocPoint:
    """A detector at one rate of false alarms: share of small ramps caught within 60 days."""

    detector: str
    target: float
    caught: float


@dataclass(frozen=True)
class ReachResult:
    """A detector on pain alone, set to the same false flags as all others on one cohort."""

    cohort: str
    detector: str
    #: False flags a patient-year on fresh calm diaries.
    false: float
    found: dict[str, Estimate]


@dataclass
class Results:
    """Everything that one evaluation found."""

    seed: int
    quick: bool
    sizes: str
    rule_set: str
    reference_rates: dict[str, float] = field(default_factory=dict)
    cells: list[CellResult] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    peers: list[PeerResult] = field(default_factory=list)
    silences: list[SilenceResult] = field(default_factory=list)
    groups: list[GroupResult] = field(default_factory=list)
    names: list[NameResult] = field(default_factory=list)
    onsets: list[OnsetResult] = field(default_factory=list)
    leads: list[LeadResult] = field(default_factory=list)
    first_alarms: list[FirstAlarms] = field(default_factory=list)
    roc: list[RocPoint] = field(default_factory=list)
    reaches: list[ReachResult] = field(default_factory=list)
    #: Scenario and detector to days of delay (inf for misses).
    delay_curves: dict[tuple[str, str], Floats] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, part: "Results") -> None:
        """Takes in what another part of the same evaluation found."""
        for name in _FOUND:
            mine = getattr(self, name)
            (mine.update if isinstance(mine, dict) else mine.extend)(getattr(part, name))

    def missed(self) -> Sequence[CellResult]:
        """Cells that do not meet their bar."""
        return [row for row in self.cells if row.verdict == "missed"]


_FOUND = tuple(each.name for each in fields(Results) if each.default_factory is not MISSING)
