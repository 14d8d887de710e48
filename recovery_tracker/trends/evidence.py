"""How strongly each day's diary speaks for a worsening: one score per channel, day and patient.

Axial pain adds up (`axial`); limb pain and numbness fade: the answer minus the person's lagged
baseline, averaged with weights that fade over about a week; a large rise of limb pain also over a
few days. Because the baseline ends four weeks ago, a change has time to show; because a flare that
is over is forgotten, it does not speak for long; because missing days pause it, silence neither
adds nor removes evidence.

A fall in opioid doses explains some pain before anything is compared.
"""

from dataclasses import dataclass, field

import numpy as np

from .axial import Statistics, axial_score, statistics_of
from .early import early_scores
from .function import function_scores
from .new_zones import NewZones, new_zones
from .parameters import Parameters
from .sensitivity import weighed
from .series import Diaries
from .signals import Signal, rhythm, signals_of
from .spells import hush_expected
from .windows import Bools, Floats, faded, weight_of

#: Channels by name, in the order in which they are weighed when several speak on the same day.
CHANNELS = (
    "limb",
    "numbness",
    "zone",
    "axial",
    "doses",
    "moving",
    "walking",
    "early_limb",
    "early_axial",
)


@dataclass(eq=False)
class Evidence:
    """Scores of shape (n, days): 1 or more is an alarm, -inf where nothing can be said."""

    scores: dict[str, Floats]
    signals: dict[str, Signal]
    #: The scores under the usual setting, whatever was set.
    plain: dict[str, Floats] = field(default_factory=dict)
    #: What axial pain is weighed by; None where it was never recorded.
    axial: Statistics | None = None
    #: Where it is newly numb; nowhere while no diary says how numb it is.
    new_zones: NewZones = field(default_factory=NewZones)
    #: Days on which something was recorded in time: only such a day may raise or clear a flag.
    speaks: Bools = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    #: Whether pain or numbness can be compared with a usual of its own.
    has_baseline: Bools = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    def compared(self) -> Bools:
        """Whether something could be compared with a usual of its own on the last day that counts,
        by patient: silence does not change it.
        """
        day = np.arange(self.speaks.shape[1])
        last = np.where(self.speaks, day, 0).max(axis=1)
        had: Bools = self.has_baseline[np.arange(len(last)), last] & self.speaks.any(axis=1)
        return had

    def near_alarm(self, p: Parameters) -> Bools:
        """Whether axial pain came near its alarm in the last days, by patient."""
        axial = self.plain.get("axial")
        if axial is None:
            return np.zeros(len(self.speaks), dtype=bool)
        near: Bools = axial[:, -p.asking_days :].max(axis=1, initial=-np.inf) >= p.asking_share
        return near


def evidence_of(diaries: Diaries, p: Parameters) -> Evidence:
    """The scores of every channel; see the module."""
    signals = signals_of(diaries, p)
    evidence = Evidence({}, signals)
    evidence.speaks = diaries.logged & (diaries.lateness() < p.late_after)
    tapered = _tapered_share(signals, p)
    pod = np.arange(diaries.shape[1])
    evidence.has_baseline = _has_baseline(signals, diaries.shape, p)
    if "numbness" in signals:
        evidence.new_zones = new_zones(diaries, evidence.speaks, p)
    scores = {
        "zone": _zone_score(evidence.new_zones, diaries.shape),
        "doses": _doses_score(evidence, p, diaries.shape),
    }
    if "axial_pain" in signals:
        evidence.axial = statistics_of(signals, tapered, p)
        scores["axial"] = axial_score(evidence.axial, p)
    scores |= _faded_scores(signals, p)
    scores |= function_scores(signals, p)
    for score in scores.values():
        score[:, pod < p.first_day] = -np.inf
    for channel, key in (("limb", "limb_pain"), ("numbness", "numbness")):
        if channel in scores:
            hush_expected(scores[channel], signals[key].now, p)
    scores |= early_scores(signals, diaries.shape, p)
    evidence.plain, evidence.scores = scores, weighed(scores, diaries.sensitivity, p)
    return evidence


def _has_baseline(signals: dict[str, Signal], shape: tuple[int, int], p: Parameters) -> Bools:
    found = np.zeros(shape, dtype=bool)
    pod = np.arange(shape[1])
    is_early = (pod >= p.early_first_day) & (pod <= p.early_last_day)
    for key in ("axial_pain", "limb_pain", "numbness"):
        if key in signals:
            usual = signals[key].baseline(p, p.baseline_entries)
            found |= ~np.isnan(usual) & (pod >= p.first_day)
        if key in signals and key != "numbness":
            before = signals[key].now.count(p.early_lag, p.early_lag + p.early_length - 1)
            found |= (before >= p.early_entries) & is_early
    return found


def _faded_scores(signals: dict[str, Signal], p: Parameters) -> dict[str, Floats]:
    """Limb pain that has been more for about a week, or much more for days; numbness. All in one
    pass over the days.
    """
    means: list[tuple[str, Floats, Floats, float]] = []
    if "limb_pain" in signals:
        above = _above(signals["limb_pain"], p)
        days = _days_spoken_for(above, p)
        steady = np.clip(above, -p.signal_clip, p.limb_clip)
        quick = np.clip(above, -p.signal_clip, p.limb_quick_clip)
        means.append(("limb", steady, weight_of(p.limb_fading, days), p.limb_alarm))
        means.append(("limb", quick, weight_of(p.limb_quick_fading, days), p.limb_quick_alarm))
    if "numbness" in signals:
        above = _above(signals["numbness"], p)
        weight = weight_of(p.numbness_fading, _days_spoken_for(above, p))
        means.append(("numbness", above, weight, p.numbness_alarm))
    if not means:
        return {}
    channels, values, weights, alarms = zip(*means, strict=True)
    lasts = np.split(faded(np.concatenate(values), np.concatenate(weights)), len(means))
    scores: dict[str, Floats] = {}
    for channel, last, alarm in zip(channels, lasts, alarms, strict=True):
        score = last / alarm
        scores[channel] = np.maximum(scores.get(channel, score), score)
    return scores


def _above(signal: Signal, p: Parameters) -> Floats:
    """Today's answer minus the usual, on the answer's own scale."""
    return signal.now.values - signal.usual(p)


def _days_spoken_for(above: Floats, p: Parameters) -> Floats:
    """What each entry counts for, in days: a rare one says more than one day, and its noise is that
    of one answer.
    """
    return np.sqrt(rhythm(~np.isnan(above), p))


def _tapered_share(signals: dict[str, Signal], p: Parameters) -> Floats | None:
    """Share by which opioid doses fell from the baseline to the last two weeks, 0 to 1; None where
    nobody recorded any.
    """
    if "opioid_doses" not in signals:
        return None
    doses = signals["opioid_doses"]
    before = doses.baseline(p, p.baseline_asked)
    now = doses.now.mean(0, p.recent_window - 1, p.recent_entries)
    known = ~np.isnan(before) & ~np.isnan(now) & (np.nan_to_num(before) >= p.taper_least_doses)
    share = 1.0 - np.where(known, now, 1.0) / np.where(known, before, 1.0)
    return np.clip(np.where(known, share, 0.0), 0.0, 1.0)


def _zone_score(zones: NewZones, shape: tuple[int, int]) -> Floats:
    """1 where a numb place is new."""
    score = np.full(shape, -np.inf)
    for rows, is_new in zones.of.values():
        score[rows] = np.where(is_new, 1.0, score[rows])
    return score


def _doses_score(evidence: Evidence, p: Parameters, shape: tuple[int, int]) -> Floats:
    """Opioid doses risen over the baseline while pain has not fallen."""
    doses = evidence.signals.get("opioid_doses")
    pain = evidence.signals.get("axial_pain")
    if doses is None or pain is None:
        return np.full(shape, -np.inf)
    before = doses.baseline(p, p.baseline_entries)
    rise = doses.now.lately(p.recent_lengths, p.recent_entries) - before
    enough = rise >= p.doses_share * np.maximum(before, 1.0)
    eased = pain.now.lately(p.recent_lengths, p.recent_entries) - pain.baseline(
        p, p.baseline_entries
    )
    flat = ~(eased <= -p.doses_flat)
    return np.where(enough & flat, rise / p.doses_alarm, 0.0)
