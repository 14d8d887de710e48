"""Our whole-cohort peers against the packages they stand for, on the same diaries."""

import numpy as np

from ..domain.errors import RecoveryError
from .cohort import Cohort
from .peers import PH_DELTA, PH_ENTRIES, PH_KEEPS, mann_kendall, page_hinkley
from .slow_peers import package

#: Patients compared, and the days on which a Mann-Kendall window is.
_PATIENTS = 4
_EVERY = 29


def check_against_packages(cohort: Cohort) -> str:
    """One line that says what agreed.

    Raises:
        RecoveryError: a package is missing, or its number differs from ours.
    """
    part = cohort.rows(slice(0, _PATIENTS))
    windows = _against_pymannkendall(part)
    days = _against_river(part)
    return (
        f"Mann-Kendall equals pymannkendall on {windows} windows, "
        f"Page-Hinkley equals river on {days} days"
    )


def _against_pymannkendall(part: Cohort) -> int:
    test = package("pymannkendall").original_test
    pain, ours = part.diaries.number("axial_pain"), mann_kendall(part)
    compared = 0
    for row in range(part.patients):
        for day in range(27, pain.shape[1], _EVERY):
            if np.isfinite(ours[row, day]):
                window = pain[row, day - 27 : day + 1]
                _same("pymannkendall", test(window[~np.isnan(window)]).z, ours[row, day])
                compared += 1
    return compared


def _against_river(part: Cohort) -> int:
    detector_class = package("river.drift").PageHinkley
    pain, ours = part.diaries.number("axial_pain"), page_hinkley(part)
    compared = 0
    for row in range(part.patients):
        detector = detector_class(
            mode="up",
            min_instances=PH_ENTRIES,
            delta=PH_DELTA,
            alpha=PH_KEEPS,
            threshold=float("inf"),
        )
        for day in np.flatnonzero(~np.isnan(pain[row])):
            detector.update(float(pain[row, day]))
            # river has no public name for the statistic behind its threshold.
            theirs = detector._sum_increase - detector._min_increase
            if detector._x_mean.n >= PH_ENTRIES:
                _same("river", theirs, ours[row, day])
                compared += 1
    return compared


def _same(name: str, theirs: float, ours: float) -> None:
    if abs(theirs - ours) > 1e-6 * max(1.0, abs(theirs)):
        raise RecoveryError(f"{name} gives {theirs:.6f} where our peer gives {ours:.6f}")
