"""The detectors that the trend module is measured against, each as a score by day.

A score is an array (patients, days); the peer alarms where it newly exceeds its threshold, which
`calibration` sets to the same false alarms for all. -inf is "nothing to say yet". Peers on pain see
axial pain alone; `multi_cusum` sees all answers. Missing days are skipped, never filled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..trends.series import Diaries
from .baselines import CLIP, FIRST, LAST, best_month, cusum, lagged
from .cohort import Cohort
from .consensus import consensus
from .slow_peers import bocpd, clairvoyant, kernel_change

Floats = NDArray[np.float64]

_NOTHING = -np.inf


@dataclass(frozen=True)
class Peer:
    """A detector by name; `most` bounds the patients it is run on, because it is slow."""

    name: str
    score: Callable[[Cohort], Floats]
    words: str
    most: int | None = None
    all_answers: bool = False
    #: Needs the hidden truth: a bound, not a competitor.
    is_bound: bool = False


def _surprise(values: Floats) -> Floats:
    mean, sd = lagged(values)
    surprise: Floats = (values - mean) / sd
    return surprise


def _pain(cohort: Cohort) -> Floats:
    return cohort.diaries.number("axial_pain")


def cusum_lagged(cohort: Cohort) -> Floats:
    """CUSUM against the person's own lagged baseline, slack half an SD."""
    return cusum(_surprise(_pain(cohort)), 0.5)


def cusum_best(cohort: Cohort) -> Floats:
    """CUSUM against the best month so far, slack 1.25 points."""
    pain = _pain(cohort)
    return cusum(pain - best_month(pain), 1.25)


def ewma(cohort: Cohort) -> Floats:
    """Exponentially weighted mean (0.1) of the surprise against the lagged baseline."""
    surprise = _surprise(_pain(cohort))
    level = np.zeros(surprise.shape[0])
    score = np.empty_like(surprise)
    for day in range(surprise.shape[1]):
        today = surprise[:, day]
        level = np.where(np.isnan(today), level, 0.9 * level + 0.1 * today)
        score[:, day] = level
    return score


def xmr(cohort: Cohort) -> Floats:
    """XmR rules with the limits scaled: a point outside, or two of three near the limit.

    The run rules have no width to scale and are left out; with them the published rules raise
    some four false alarms a patient-year.
    """
    pain = _pain(cohort)
    mean, _ = lagged(pain)
    change = np.full_like(pain, np.nan)
    last = np.full(pain.shape[0], np.nan)
    recent = np.full((pain.shape[0], 3), _NOTHING)
    for day in range(pain.shape[1]):
        on = ~np.isnan(pain[:, day])
        change[on, day] = np.abs(pain[on, day] - last[on])
        last[on] = pain[on, day]
    moving, _ = lagged(change, 0.0)
    away = (pain - mean) / (np.maximum(moving, 0.3) / 1.128)
    score = np.full_like(pain, _NOTHING)
    for day in range(pain.shape[1]):
        on = ~np.isnan(away[:, day])
        recent[on] = np.column_stack([recent[on, 1:], away[on, day]])
        second = np.sort(recent[on], axis=1)[:, 1]
        score[on, day] = np.maximum(away[on, day], 1.5 * second)
    return score


#: Page-Hinkley as river sets it up, with a delta that suits a 0-10 scale.
PH_DELTA, PH_KEEPS, PH_ENTRIES = 0.5, 0.9999, 14


def page_hinkley(cohort: Cohort) -> Floats:
    """Page-Hinkley statistic on pain: the long mean of all answers so far is the reference.

    The same number as river's `PageHinkley(mode="up")` holds behind its threshold; computed for
    all patients at once, and `checks` compares the two in the same run.
    """
    pain = _pain(cohort)
    patients, days = pain.shape
    mean, total, count = np.zeros(patients), np.zeros(patients), np.zeros(patients)
    lowest = np.full(patients, np.inf)
    score = np.zeros((patients, days))
    for day in range(days):
        on = ~np.isnan(pain[:, day])
        count[on] += 1
        mean[on] += (pain[on, day] - mean[on]) / count[on]
        total[on] = PH_KEEPS * total[on] + pain[on, day] - mean[on] - PH_DELTA
        lowest[on] = np.minimum(lowest[on], total[on])
        score[:, day] = np.where(count >= PH_ENTRIES, total - lowest, 0.0)
    return score


def mann_kendall(cohort: Cohort) -> Floats:
    """Z of the Mann-Kendall test over 28 days, with the correction for ties.

    The same number as pymannkendall's `original_test` on the answered days of each window; for
    all patients at once, because the package takes half a millisecond a window. `checks` compares
    the two in the same run.
    """
    pain = _pain(cohort)
    known = ~np.isnan(pain)
    patients, days = pain.shape
    score = np.full((patients, days), _NOTHING)
    for day in range(27, days):
        window, on = pain[:, day - 27 : day + 1], known[:, day - 27 : day + 1]
        n = on.sum(1)
        s = np.zeros(patients)
        for lag in range(1, 28):
            step = np.sign(window[:, lag:] - window[:, :-lag])
            s += np.where(np.isnan(step), 0.0, step).sum(1)
        ties = sum(
            (c * (c - 1) * (2 * c + 5) for c in ((window == v).sum(1) for v in range(11))),
            np.zeros(patients),
        )
        variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
        with np.errstate(invalid="ignore", divide="ignore"):
            z = (s - np.sign(s)) / np.sqrt(variance)
        enough = (n >= 12) & (variance > 0)
        score[:, day] = np.where(enough, z, _NOTHING)
    return score


#: Weights of the multi-signal CUSUM, chosen once on tuning seeds; they are its tuning budget.
MULTI_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"axial_pain": 1.0, "mobility": 0.8, "walking": 0.6, "sleep": 0.5, "loading": 1.2}
)
_BETTER_HIGHER = frozenset({"walking"})
_MULTI_SLACK = 0.35


def loading_answer(diaries: Diaries) -> Floats:
    """1 where loading brought the pain on a day that asked, 0 where it did not, NaN elsewhere."""
    asked = diaries.was_asked(("worse_on_loading",)) & diaries.signs_answered
    return np.where(asked, diaries.ticked(("worse_on_loading",)).astype(float), np.nan)


def multi_cusum(cohort: Cohort) -> Floats:
    """CUSUM on the weighted sum of lagged-baseline scores of the answers given that day."""
    diaries = cohort.diaries
    total = np.zeros(diaries.shape)
    weight = np.zeros(diaries.shape)
    for key, share in MULTI_WEIGHTS.items():
        if key == "loading":
            values = loading_answer(diaries)
            mean, sd = loading_usual(values)
            surprise = (values - mean) / sd
        else:
            sign = -1.0 if key in _BETTER_HIGHER else 1.0
            surprise = _surprise(sign * diaries.number(key))
        on = ~np.isnan(surprise)
        total += np.where(on, share * np.clip(surprise, -CLIP, CLIP), 0.0)
        weight += np.where(on, share**2, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        combined = total / np.sqrt(weight)
    return cusum(np.where(weight > 0, combined, np.nan), _MULTI_SLACK)


def loading_usual(values: Floats) -> tuple[Floats, Floats]:
    """Mean and SD of a rarely asked yes-or-no answer over days t-70 to t-14.

    One earlier "no" in ten is assumed beside what was answered, so that a week or two suffice.
    """
    days = values.shape[1]
    known = ~np.isnan(values)
    first = np.maximum(0, np.arange(days) - FIRST)
    last = np.maximum(0, np.arange(days) - LAST)
    yes = np.cumsum(np.pad(np.where(known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    asked = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
    n = asked[:, last] - asked[:, first]
    mean = (yes[:, last] - yes[:, first] + 0.3) / (n + 3)
    mean = np.where(n >= 2, mean, np.nan)
    return mean, np.sqrt(np.maximum(mean * (1 - mean), 0.3**2))


PEERS: Mapping[str, Peer] = MappingProxyType(
    {
        peer.name: peer
        for peer in (
            Peer("cusum_lagged", cusum_lagged, "CUSUM, lagged baseline"),
            Peer("cusum_best", cusum_best, "CUSUM, best month"),
            Peer("ewma", ewma, "EWMA 0.1, lagged baseline"),
            Peer("xmr", xmr, "XmR rules, limits tuned"),
            Peer("page_hinkley", page_hinkley, "Page-Hinkley (as river)"),
            Peer("mann_kendall", mann_kendall, "Mann-Kendall, 28 days (as pymannkendall)"),
            Peer("kernel_cpd", kernel_change, "KernelCPD (ruptures), daily", most=100),
            Peer("bocpd", bocpd, "BOCPD, segment mean", most=300),
            Peer("consensus", consensus, "consensus of three"),
            Peer("multi_cusum", multi_cusum, "multi-signal CUSUM", all_answers=True),
            Peer("clairvoyant", clairvoyant, "clairvoyant bound", most=300, is_bound=True),
        )
    }
)
