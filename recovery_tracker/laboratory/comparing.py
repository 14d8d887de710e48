"""The module against its peers: thresholds, the best peer of each cell, paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from . import engine
from .calibration import CALIBRATION_SEED, CHOICE_SEED, threshold_for
from .cells import COMPARED, Answers, Ask, Cell
from .cohort import Cohort
from .judging import judge_alarms
from .metrics import (
    MONITORED_FROM,
    Alarms,
    crossings,
    delays,
    holm,
    paired_delay,
    paired_share,
)
from .peers import PEERS, Peer
from .results import Comparison, PeerResult, SilenceResult
from .trial import REFERENCE, Sizes, Trial

#: No peer is set to fewer false alarms than this, or its threshold would rest on a handful.
_LEAST_RATE = 0.02


@dataclass(frozen=True)
class Opponents:
    """Peers for one set of answers, each at the module's own false alarms."""

    answers: Answers
    #: False alarms a patient-year of the module on the calibration cohort.
    rate: float
    thresholds: Mapping[str, float]
    #: Cell key to the strongest peer on the seeds for choosing.
    best: Mapping[str, str]
    results: tuple[PeerResult, ...]


def eligible(answers: Answers) -> Sequence[Peer]:
    """Peers that may be run on those answers."""
    return [
        peer
        for peer in PEERS.values()
        if not peer.is_bound and (answers is not Answers.PAIN or not peer.all_answers)
    ]


def opponents(answers: Answers, sizes: Sizes, link: float) -> Opponents:
    """Calibrates every peer on the reference generator and finds the best one of each cell.

    A slow peer is run on fewer patients and is no candidate for the paired comparison.
    """
    calm = engine.seen_by(
        Trial(REFERENCE, CALIBRATION_SEED, sizes, link).cohort("healthy"), answers
    )
    raised = engine.find(calm).alarms.between(MONITORED_FROM)
    rate = max(_LEAST_RATE, len(raised.row) / calm.patient_years(MONITORED_FROM))
    choice = Trial(REFERENCE, CHOICE_SEED, replace(sizes, change=max(60, sizes.change // 2)), link)
    cohorts = {cell.key: engine.seen_by(choice.cohort(cell.scenario), answers) for cell in COMPARED}
    thresholds: dict[str, float] = {}
    results = []
    for peer in eligible(answers):
        most = None if peer.most is None else min(peer.most, sizes.slow)
        part = calm if most is None else calm.rows(slice(0, most))
        thresholds[peer.name] = threshold_for(part, peer.score(part), rate)
        found = {}
        for cell in COMPARED:
            seen = cohorts[cell.key]
            seen = seen if most is None else seen.rows(slice(0, most))
            alarms = crossings(peer.score(seen), thresholds[peer.name])
            found[cell.key] = judge_alarms(cell, seen, alarms)
        results.append(PeerResult(peer.name, answers, rate, part.patients, found))
    best = {cell.key: _best(cell, results) for cell in COMPARED}
    return Opponents(answers, rate, thresholds, best, tuple(results))


def _best(cell: Cell, results: Sequence[PeerResult]) -> str:
    fast = [result for result in results if PEERS[result.peer].most is None]
    sign = 1 if cell.less_is_better else -1
    return min(fast, key=lambda result: sign * result.found[cell.key].value).peer


def compare(
    generator: str, cell: Cell, cohort: Cohort, ours: Alarms, against: Opponents
) -> tuple[Comparison, NDArray[np.float64]]:
    """The module and the best peer of a cell on the same patients; and the peer's delays."""
    peer = PEERS[against.best[cell.key]]
    theirs = crossings(peer.score(cohort), against.thresholds[peer.name])
    onset = cohort.truth.onset
    our_delay, their_delay = delays(ours, onset), delays(theirs, onset)
    if cell.ask is Ask.MEDIAN:
        paired = paired_delay(our_delay, their_delay)
    else:
        paired = paired_share(our_delay <= cell.within, their_delay <= cell.within)
    comparison = Comparison(
        generator,
        against.answers,
        cell,
        peer.name,
        judge_alarms(cell, cohort, ours),
        judge_alarms(cell, cohort, theirs),
        paired,
    )
    return comparison, their_delay


#: Peers whose false flags are shown beside the module's in every nuisance.
_SHOWN = ("cusum_lagged", "cusum_best", "multi_cusum")


def silences(generator: str, cell: Cell, cohort: Cohort, against: Opponents) -> list[SilenceResult]:
    """False flags of the strongest peers in a scenario without a worsening."""
    rows = []
    for name in _SHOWN:
        if name in against.thresholds:
            alarms = crossings(PEERS[name].score(cohort), against.thresholds[name])
            found = judge_alarms(cell, cohort, alarms)
            rows.append(SilenceResult(generator, against.answers, cell.scenario, name, found))
    return rows


def corrected(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The same comparisons with Holm's correction over all of them."""
    adjusted = holm([comparison.paired.p for comparison in comparisons])
    return [replace(c, adjusted=p) for c, p in zip(comparisons, adjusted, strict=True)]
