"""The trend module and its peers, side by side, on diaries that no threshold has seen.

Order matters and is fixed: peers get the module's own false alarms on calibration seeds, the best
peer of each cell is chosen on other seeds, and only then the report seeds are simulated, once.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from ..domain.errors import RecoveryError
from ..exchange.sharing import Sharing, on_this_machine
from ..trends.parameters import STANDARD
from . import answer_checks, engine, step_checks
from .calibration import CALIBRATION_SEED, FIRST_REPORT_SEED, threshold_for
from .cells import CELLS, NAMED_SCENARIOS, Answers, Ask, Cell
from .checks import check_against_packages
from .cohort import Cohort
from .comparing import Opponents, compare, corrected, opponents, silences
from .groups import group_results
from .judging import first_alarms, judge, lead_of, names_of, onsets_of
from .metrics import crossings, delays, share
from .peers import PEERS
from .reach import COHORTS, plain_cells, reached
from .real_diaries import real_results
from .results import CellResult, Floats, Results, RocPoint
from .trial import FULL, GENERATORS, QUICK, REFERENCE, Sizes, Trial, bound_pair, link_for

Progress = Callable[[str], None]
#: Puts what it measures into the results it is given, and says what it is doing.
Part = Callable[[Results, Progress], None]

_ONSET_SCENARIOS = ("ramp_3_42", "ramp_2_42", "ramp_2_84", "step_3", "loosening")
_LEAD_SCENARIOS = ("ramp_3_42", "ramp_2_42", "ramp_2_84", "loosening")
_CURVES = ("ramp_3_42", "ramp_2_42", "step_3")
#: What is real in "how many first alarms are real".
FIRST_ALARM_SCENARIO = "loosening"
_ROC_TARGETS = (0.05, 0.1, 0.25, 0.5, 1.0)
_ROC_CELL = "ramp_2_42"


def silent(_line: str) -> None:
    """Nobody is told."""


def measure(
    seed: int,
    *,
    quick: bool = False,
    progress: Progress = silent,
    share: Sharing = on_this_machine,
) -> Results:
    """Every cell of the table, on both generators, for each set of answers.

    `seed` is a report seed, from `FIRST_REPORT_SEED` on; smaller ones belong to tuning. The parts
    depend on nothing but the seed, so `share` has them measured side by side.

    Raises:
        RecoveryError: a peer's package is missing.
    """
    if seed < FIRST_REPORT_SEED:
        raise ValueError(f"report seeds start at {FIRST_REPORT_SEED}; smaller ones are for tuning")
    started = time.perf_counter()
    sizes = QUICK if quick else FULL
    results = Results(seed, quick, str(sizes), STANDARD.rule_set)
    sample = Trial(REFERENCE, CALIBRATION_SEED, sizes).cohort("slow_wave")
    results.notes.append(check_against_packages(sample))
    seen = (Answers.PAIN, Answers.ALL) if quick else tuple(Answers)
    parts: list[Part] = [partial(_run_answers, seed, sizes, answers, quick) for answers in seen]
    parts += [partial(_run_entries, seed, sizes, generator) for generator in GENERATORS]
    parts.append(partial(_run_plain, seed, sizes))
    if not quick:
        parts += [partial(_run_reach, seed, sizes, cohort) for cohort in COHORTS]

    empty = partial(Results, seed, quick, results.sizes, results.rule_set)
    for found in share(partial(_measured, empty, progress), parts):
        results.add(found)
    results.comparisons = corrected(results.comparisons)
    results.seconds = time.perf_counter() - started
    return results


def _measured(empty: Callable[[], Results], progress: Progress, part: Part) -> Results:
    """What one part found."""
    found = empty()
    part(found, progress)
    return found


def _run_answers(
    seed: int, sizes: Sizes, answers: Answers, quick: bool, results: Results, progress: Progress
) -> None:
    progress(f"peers at equal false alarms, {answers}")
    against = opponents(answers, sizes, link_for(answers))
    results.reference_rates[answers] = against.rate
    results.peers.extend(against.results)
    for generator in GENERATORS:
        progress(f"{generator} generator, {answers}")
        trial = Trial(generator, seed, sizes, link_for(answers))
        _run_cells(results, trial, answers, against)
    if answers is not Answers.HALF:
        progress(f"sensitivity against false flags, {answers}")
        _run_roc(results, seed, sizes, answers)
    if answers is Answers.PAIN and not quick:
        progress("the clairvoyant bound")
        _run_bound(results, seed, sizes)


def _run_plain(seed: int, sizes: Sizes, results: Results, progress: Progress) -> None:
    progress("the plain cohort and the real diaries")
    results.cells.extend(plain_cells(seed, sizes))
    try:
        results.cells.extend(real_results(seed))
    except RecoveryError as missing:
        results.notes.append(f"without the real diaries: {missing}")


def _run_reach(seed: int, sizes: Sizes, cohort: str, results: Results, progress: Progress) -> None:
    progress(f"what pain alone can reach: {cohort}")
    results.reaches.extend(reached(cohort, seed, sizes))


def _run_cells(results: Results, trial: Trial, answers: Answers, against: Opponents) -> None:
    by_scenario: dict[str, list[Cell]] = {}
    for cell in CELLS:
        if not (cell.needs_all and answers is Answers.PAIN):
            by_scenario.setdefault(cell.scenario, []).append(cell)
    calm: engine.Found | None = None
    for scenario, cells in by_scenario.items():
        cohort = engine.seen_by(trial.cohort(scenario), answers)
        found = engine.find(cohort)
        for cell in cells:
            estimate = judge(cell, cohort, found)
            results.cells.append(CellResult(trial.generator, answers, cell, estimate))
            if cell.ask is Ask.FALSE_A_YEAR:
                results.silences.extend(silences(trial.generator, cell, cohort, against))
            if cell.compared:
                _compare(results, trial, cell, cohort, found, against)
        if scenario == "healthy":
            calm = found
        elif scenario == FIRST_ALARM_SCENARIO and calm is not None:
            people = trial.sizes.of("healthy")
            results.first_alarms.append(
                first_alarms(trial.generator, answers, calm, cohort, found, people)
            )
        _describe(results, trial, scenario, answers, cohort, found)


def _compare(
    results: Results,
    trial: Trial,
    cell: Cell,
    cohort: Cohort,
    found: engine.Found,
    against: Opponents,
) -> None:
    comparison, their_delay = compare(trial.generator, cell, cohort, found.alarms, against)
    results.comparisons.append(comparison)
    if trial.generator == REFERENCE and cell.scenario in _CURVES:
        ours = delays(found.alarms, cohort.truth.onset)
        name = f"module, {against.answers}"
        results.delay_curves[(cell.scenario, name)] = ours
        peer = f"{PEERS[comparison.peer].words}, {against.answers}"
        results.delay_curves[(cell.scenario, peer)] = their_delay


def _describe(
    results: Results,
    trial: Trial,
    scenario: str,
    answers: Answers,
    cohort: Cohort,
    found: engine.Found,
) -> None:
    name = trial.generator
    if scenario in NAMED_SCENARIOS:
        results.names.append(names_of(name, answers, cohort, found))
    if scenario in _ONSET_SCENARIOS:
        results.onsets.append(onsets_of(name, answers, cohort, found))
    if scenario in _LEAD_SCENARIOS:
        results.leads.append(lead_of(name, answers, cohort, found))
    if answers is Answers.ALL and scenario in ("healthy", "loosening", "ramp_2_42"):
        results.groups.extend(group_results(name, scenario, cohort, found.alarms))


def _run_entries(
    seed: int, sizes: Sizes, generator: str, results: Results, progress: Progress
) -> None:
    progress(f"warning answers, infection and silence, entry by entry, {generator} generator")
    trial = Trial(generator, seed, sizes)
    results.notes.append(answer_checks.burden(trial))
    flagged, invented = answer_checks.warning_answers(trial)
    checked = {
        answer_checks.URGENT: flagged,
        answer_checks.INVENTED: invented,
        answer_checks.QUIET: answer_checks.quiet_noticed(trial),
    }
    for cell in (answer_checks.INFECTION, answer_checks.INFECTION_ACUTE):
        checked[cell] = answer_checks.infection_named(trial, cell.scenario)
    progress(f"steps of a device, {generator} generator")
    walked = step_checks.step_results(trial)
    results.notes.extend(f"{line}, {generator} generator" for line in step_checks.told(walked))
    checked |= step_checks.step_cells(walked)
    for cell, estimate in checked.items():
        results.cells.append(CellResult(trial.generator, Answers.ALL, cell, estimate))


def _run_roc(results: Results, seed: int, sizes: Sizes, answers: Answers) -> None:
    """Share of small ramps caught at several rates of false alarms, reference generator."""
    calm = Trial(REFERENCE, CALIBRATION_SEED, sizes).cohort("healthy")
    change = Trial(REFERENCE, seed, sizes).cohort(_ROC_CELL)
    calm, change = engine.seen_by(calm, answers), engine.seen_by(change, answers)
    names = (
        ["cusum_lagged", "cusum_best", "consensus"] if answers is Answers.PAIN else ["multi_cusum"]
    )
    detectors: dict[str, Callable[[Cohort], Floats]] = {f"module, {answers}": engine.score}
    detectors.update({f"{PEERS[name].words}, {answers}": PEERS[name].score for name in names})
    for name, score in detectors.items():
        still, moving = score(calm), score(change)
        for target in _ROC_TARGETS:
            threshold = threshold_for(calm, still, target)
            late = delays(crossings(moving, threshold), change.truth.onset)
            results.roc.append(RocPoint(name, target, float((late <= 60).mean())))


def _run_bound(results: Results, seed: int, sizes: Sizes) -> None:
    bound = PEERS["clairvoyant"]
    rate = results.reference_rates[Answers.PAIN]
    for scenario in _CURVES:
        calm, change = bound_pair(scenario, sizes.slow * 2, seed, sizes.slow * 3)
        threshold = threshold_for(calm, bound.score(calm), rate)
        late = delays(crossings(bound.score(change), threshold), change.truth.onset)
        results.delay_curves[(scenario, bound.words)] = late
        within = share(late <= 60)
        results.notes.append(
            f"clairvoyant bound, {scenario}: {within.value:.3f} within 60 days, "
            f"median {np.median(late):.0f} days, {len(late)} patients"
        )
