"""Thresholds that give every detector the same false alarms, on seeds that nothing else uses."""

import numpy as np
from numpy.typing import NDArray

from .cohort import Cohort
from .metrics import MONITORED_FROM, crossings

Floats = NDArray[np.float64]

#: Seed blocks that never meet: thresholds, choice of the best peer, what the consensus learns from;
#: reports start far above.
CALIBRATION_SEED = 101
CHOICE_SEED = 201
CONSENSUS_SEED = 301
FIRST_REPORT_SEED = 20260000

_HALVINGS = 34


def false_a_year(cohort: Cohort, score: Floats, threshold: float) -> float:
    """False alarms of a score by patient-year under monitoring."""
    return len(crossings(score, threshold).row) / cohort.patient_years(MONITORED_FROM)


def threshold_for(cohort: Cohort, score: Floats, target: float) -> float:
    """Lowest threshold, found by halving, with at most `target` false alarms a patient-year.

    `cohort` holds only patients in whom every alarm is a false one.
    """
    watched = score[:, MONITORED_FROM:]
    finite = watched[np.isfinite(watched)]
    if finite.size == 0:
        return np.inf
    low, high = float(np.median(finite)), float(finite.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if false_a_year(cohort, score, middle) > target:
            low = middle
        else:
            high = middle
    return high
