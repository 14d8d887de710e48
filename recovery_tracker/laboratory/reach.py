"""What can be reached from axial and limb pain alone, by anyone, on each cohort.

The bars on pain alone were measured on the plain cohort with two flares a year. Here every detector
is set to the same false flags on calm diaries of the very cohort it is then tried on, so that a bar
which nobody reaches can be told from one that the module misses.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from . import engine
from .calibration import CALIBRATION_SEED, CONSENSUS_SEED, false_a_year, threshold_for
from .cells import CELLS, COMPARED, Answers, Ask
from .cohort import Cohort
from .consensus import Consensus
from .judging import judge, judge_alarms
from .metrics import MONITORED_FROM, crossings, rate
from .peers import PEERS
from .plain_generator import PLAIN_SCENARIOS, simulate_plain
from .results import CellResult, Floats, ReachResult
from .trial import GENERATORS, PLAIN, Sizes

#: False flags a patient-year that every detector is set to: the bar for healthy people (`cells`).
ALLOWED = 0.25

COHORTS: Mapping[str, Callable[..., Cohort]] = MappingProxyType(
    {
        "plain, two flares": partial(simulate_plain, flares_a_year=2.0),
        PLAIN: simulate_plain,
        **GENERATORS,
    }
)
_TRIED = tuple(cell for cell in COMPARED if cell.scenario in PLAIN_SCENARIOS)
_PEERS = ("cusum_lagged", "cusum_best", "ewma", "page_hinkley")


def plain_cells(seed: int, sizes: Sizes) -> list[CellResult]:
    """The module as it is, in every cell that the plain cohort can answer."""
    rows = []
    for scenario in PLAIN_SCENARIOS:
        cohort = simulate_plain(scenario, sizes.of(scenario), seed)
        found = engine.find(cohort)
        for cell in CELLS:
            if cell.scenario == scenario and cell.ask is not Ask.FALSE_EARLY:
                rows.append(CellResult(PLAIN, Answers.PAIN, cell, judge(cell, cohort, found)))
    return rows


def reached(name: str, seed: int, sizes: Sizes) -> list[ReachResult]:
    """Every detector at `ALLOWED` false flags, and the module as it is, on one of `COHORTS`."""

    def seen(scenario: str, patients: int, at: int) -> Cohort:
        return engine.seen_by(COHORTS[name](scenario, patients, at), Answers.PAIN)

    learned = Consensus.from_calm(_pain(seen("healthy", sizes.nuisance, CONSENSUS_SEED)))
    calm = seen("healthy", sizes.healthy, CALIBRATION_SEED)
    fresh = seen("healthy", sizes.healthy, seed)
    changes = {cell.key: seen(cell.scenario, sizes.change, seed) for cell in _TRIED}
    detectors: dict[str, Callable[[Cohort], Floats]] = {
        "module, alarm moved": engine.score,
        PEERS["consensus"].words: lambda cohort: learned.score(_pain(cohort)),
        **{PEERS[peer].words: PEERS[peer].score for peer in _PEERS},
    }
    rows = [_as_it_is(name, fresh, changes)]
    for words, score in detectors.items():
        threshold = threshold_for(calm, score(calm), ALLOWED)
        found = {
            cell.key: judge_alarms(
                cell, changes[cell.key], crossings(score(changes[cell.key]), threshold)
            )
            for cell in _TRIED
        }
        rows.append(ReachResult(name, words, false_a_year(fresh, score(fresh), threshold), found))
    return rows


def _as_it_is(name: str, fresh: Cohort, changes: Mapping[str, Cohort]) -> ReachResult:
    raised = engine.find(fresh).alarms.between(MONITORED_FROM)
    years = fresh.patient_years(MONITORED_FROM)
    found = {
        cell.key: judge_alarms(cell, changes[cell.key], engine.find(changes[cell.key]).alarms)
        for cell in _TRIED
    }
    return ReachResult(name, "module, as it is", rate(len(raised.row), years).value, found)


def _pain(cohort: Cohort) -> Floats:
    return cohort.diaries.number("axial_pain")
