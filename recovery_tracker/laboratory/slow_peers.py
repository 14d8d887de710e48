"""Peers that need a package or much time: KernelCPD, BOCPD, the clairvoyant bound.

A package is imported only when such a peer is run.
"""

import importlib
from math import lgamma, log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.errors import RecoveryError
from .baselines import lagged
from .cohort import Cohort

Floats = NDArray[np.float64]

_NOTHING = -np.inf

#: Window and shortest segments of the single-change search.
_WINDOW, _SEGMENT, _BEFORE = 84, 4, 10

#: Longest run and expected length of a segment, in days, of the Bayesian change-point peer.
_RUNS, _SEGMENT_LENGTH = 180, 100.0

#: The bound looks for onsets this many days back.
_ONSETS = 200


def package(name: str) -> Any:
    """The imported package; one clear line if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise RecoveryError(
            f"evaluate compares with {name.partition('.')[0]}, which is not installed: "
            "`pip install recovery-tracker[laboratory]`, or `make setup` in a checkout"
        ) from None


def kernel_change(cohort: Cohort) -> Floats:
    """Gain of the best single change upwards in the last 84 days, re-fitted daily by ruptures.

    The gain is the fall of the sum of squares by variance, the statistic that a penalty cuts.
    """
    ruptures = package("ruptures")
    pain = cohort.diaries.number("axial_pain")
    score = np.full(pain.shape, _NOTHING)
    for row in range(pain.shape[0]):
        on = np.flatnonzero(~np.isnan(pain[row]))
        for day in range(28, pain.shape[1]):
            days = on[(on > day - _WINDOW) & (on <= day)]
            if len(days) >= 30:
                score[row, day] = _gain(ruptures, pain[row, days])
    return score


def _gain(ruptures: Any, values: Floats) -> float:
    fitted = ruptures.KernelCPD(kernel="linear", min_size=_SEGMENT).fit(values[:, None])
    cut = fitted.predict(n_bkps=1)[0]
    before, after = values[:cut], values[cut:]
    if cut < _BEFORE or after.mean() <= before.mean():
        return 0.0
    rest = ((before - before.mean()) ** 2).sum() + ((after - after.mean()) ** 2).sum()
    explained = ((values - values.mean()) ** 2).sum() - rest
    return float(explained / max(rest / len(values), 0.3))


def bocpd(cohort: Cohort) -> Floats:
    """Bayesian online change-point detection: mean of the current segment above the baseline.

    Conjugate normal segments with a Student-t forecast (Adams and MacKay 2007), one in a hundred
    days begins a new one; runs of three days and more are weighed.
    """
    pain = cohort.diaries.number("axial_pain")
    patients, days = pain.shape
    runs = np.full((patients, _RUNS), _NOTHING)
    runs[:, 0] = 0.0
    mean = np.full((patients, _RUNS), 3.0)
    kappa = 0.3 + np.arange(_RUNS, dtype=np.float64)
    alpha = 2.0 + np.arange(_RUNS) / 2
    beta = np.full((patients, _RUNS), 1.5)
    constant = _student_constant(alpha)
    hazard = 1 / _SEGMENT_LENGTH
    usual, sd = lagged(pain)
    score = np.full((patients, days), _NOTHING)
    for day in range(days):
        on = np.flatnonzero(~np.isnan(pain[:, day]))
        x = pain[on, day][:, None]
        m, b, r = mean[on], beta[on], runs[on]
        scale = b * (kappa + 1) / (alpha * kappa)
        log_p = (
            constant
            - 0.5 * np.log(scale)
            - (alpha + 0.5) * np.log1p((x - m) ** 2 / (2 * alpha * scale))
        )
        joint = r + log_p
        top = joint.max(1, keepdims=True)
        total = top + np.log(np.exp(joint - top).sum(1, keepdims=True))
        grown = np.roll(joint + np.log(1 - hazard) - total, 1, axis=1)
        grown[:, 0] = np.log(hazard)
        new_b = np.roll(b + kappa * (x - m) ** 2 / (2 * (kappa + 1)), 1, axis=1)
        new_m = np.roll((kappa * m + x) / (kappa + 1), 1, axis=1)
        new_b[:, 0], new_m[:, 0] = 1.5, 3.0
        runs[on], mean[on], beta[on] = grown, new_m, new_b
        weight = np.exp(grown[:, 3:])
        share = weight.sum(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            level = (weight * new_m[:, 3:]).sum(1) / share
            above = (level - usual[on, day]) / sd[on, day]
        score[on, day] = np.where((share > 0.05) & ~np.isnan(above), above, _NOTHING)
    return score


def _student_constant(alpha: Floats) -> Floats:
    return np.array([lgamma(a + 0.5) - lgamma(a) - 0.5 * log(2 * pi * a) for a in alpha])


def clairvoyant(cohort: Cohort) -> Floats:
    """The bound: knows the course, noise, size and speed of each patient; only onset is open.

    Sees unrounded pain without flares or missing days. Patients without a change are given the
    size and speed of `bound_shape`.
    """
    hidden, truth = cohort.hidden, cohort.truth
    if hidden is None:
        raise ValueError("the clairvoyant bound needs a cohort simulated with hidden=True")
    shocks = hidden.sd * np.sqrt(1 - hidden.lag_one**2)
    away = hidden.felt - hidden.expected
    patients, days = away.shape
    size, ramp = truth.axial[:, None], truth.ramp[:, None].astype(np.float64)
    ratio = np.zeros((patients, days))
    score = np.full((patients, days), _NOTHING)
    for day in range(1, days):
        first = max(1, day - _ONSETS)
        fresh = (away[:, day] - hidden.lag_one * away[:, day - 1]) / shocks
        since = day - np.arange(first, day + 1)[None, :] + 1
        now = size * np.minimum(1.0, since / ramp)
        before = size * np.clip((since - 1) / ramp, 0.0, 1.0)
        shift = (now - hidden.lag_one[:, None] * before) / shocks[:, None]
        ratio[:, first : day + 1] += shift * fresh[:, None] - 0.5 * shift**2
        score[:, day] = ratio[:, first : day + 1].max(1)
    return score
