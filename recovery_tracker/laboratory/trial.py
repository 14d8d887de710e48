"""The cohorts of one evaluation: simulated once, kept while they are needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from .cells import Answers
from .cohort import Cohort
from .randomised import simulate_randomised
from .scenarios import SCENARIOS
from .second_generator import simulate_second
from .simulate import simulate_scenario

REFERENCE, SECOND, RANDOMISED, PLAIN = "reference", "second", "randomised", "plain"

GENERATORS: Mapping[str, Callable[..., Cohort]] = MappingProxyType(
    {
        REFERENCE: simulate_scenario,
        SECOND: simulate_second,
        RANDOMISED: simulate_randomised,
    }
)

#: The other answers move with pain by this share of what we assume.
HALVED = 0.5


@dataclass(frozen=True)
class Sizes:
    """Patients by kind of scenario."""

    healthy: int
    nuisance: int
    change: int
    #: Patients read entry by entry, for the warning answers and silence.
    read: int
    slow: int

    def __str__(self) -> str:
        return (
            f"{self.healthy} healthy, {self.nuisance} in each nuisance, {self.change} in each "
            f"change, {self.read} read entry by entry"
        )

    def of(self, scenario: str) -> int:
        """Patients simulated in a scenario."""
        if scenario == "healthy":
            return self.healthy
        return self.nuisance if SCENARIOS[scenario].is_null else self.change


FULL = Sizes(healthy=1000, nuisance=300, change=400, read=100, slow=40)
QUICK = Sizes(healthy=240, nuisance=60, change=70, read=8, slow=8)


@dataclass
class Trial:
    """Cohorts of one generator and one strength of link, by scenario."""

    generator: str
    seed: int
    sizes: Sizes
    link: float = 1.0
    _kept: dict[str, Cohort] = field(default_factory=dict)

    def cohort(self, scenario: str, keep: bool = False) -> Cohort:
        """The patients of one scenario; the same ones every time."""
        if scenario in self._kept:
            return self._kept[scenario]
        simulate = GENERATORS[self.generator]
        cohort = simulate(scenario, self.sizes.of(scenario), self.seed, link=self.link)
        if keep:
            self._kept[scenario] = cohort
        return cohort


def link_for(answers: Answers) -> float:
    """Strength of the link that a set of answers is simulated with."""
    return HALVED if answers is Answers.HALF else 1.0


def bound_pair(scenario: str, patients: int, seed: int, healthy: int) -> tuple[Cohort, Cohort]:
    """(calibration, change) cohorts with their hidden truth, for the clairvoyant bound.

    The healthy ones carry the size and speed of the change, so that the bound looks for it.
    """
    change = simulate_scenario(scenario, patients, seed, hidden=True)
    calm = simulate_scenario("healthy", healthy, seed + 1, hidden=True)
    shape = replace(
        calm.truth,
        axial=np.full(calm.patients, change.truth.axial[0]),
        ramp=np.full(calm.patients, change.truth.ramp[0]),
    )
    return replace(calm, truth=shape), change
