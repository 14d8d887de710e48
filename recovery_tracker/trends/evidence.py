"""How strongly each day's diary speaks for a worsening: one score per channel, day and patient.

Each answer is compared with the own lagged baseline, the difference is clipped (one terrible day is
one day) and fades over about two weeks. Because the comparison ends four weeks ago, a change has
time to show; because it fades, a flare that is over is forgotten; because missing days pause it,
silence neither adds nor removes evidence.

The axial score asks for a second signal: every other answer that the patient gives regularly must
move as well, or pain has to move further. A fall in opioid doses explains up to one point of pain.
"""

from dataclasses import dataclass, field

import numpy as np

from .parameters import Parameters
from .series import Diaries, IntArray
from .signals import Signal, days_since_last, signals_of
from .windows import Bools, Floats, Series, back, faded, running

#: Channels by name, in the order in which they are weighed when several speak on the same day.
CHANNELS = ("limb", "numbness", "zone", "axial", "doses", "early_limb", "early_axial")


@dataclass(eq=False)
class Evidence:
    """Scores of shape (n, days); an alarm is a score of 1 or more. -inf where nothing can be said.

    `moved` holds the faded difference from the baseline per signal, on the signal's own scale.
    """

    scores: dict[str, Floats]
    signals: dict[str, Signal]
    moved: dict[str, Floats] = field(default_factory=dict)
    tapered: Floats | None = None
    #: Days on which something was recorded in time: only such a day may raise or clear a flag.
    speaks: Bools = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    #: Whether an own baseline of axial or limb pain exists, early or late.
    has_baseline: Bools = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    def compared(self, days: IntArray) -> Bools:
        """Whether pain could be compared with an own baseline on `days`, one per patient."""
        last = np.clip(days, 0, self.speaks.shape[1] - 1)
        return self.has_baseline[np.arange(len(last)), last]


def evidence_of(diaries: Diaries, p: Parameters) -> Evidence:
    """The scores of every channel; see the module."""
    signals = signals_of(diaries, p)
    evidence = Evidence({}, signals)
    evidence.speaks = diaries.logged & (diaries.lateness() < p.late_after)
    tapered = _tapered(signals, diaries.shape, p)
    evidence.tapered = tapered
    rows: list[tuple[str, Floats, float]] = []
    for key, signal in signals.items():
        if key == "opioid_doses":
            continue
        rows.append((key, _difference(key, signal, tapered, p), _fading(key, p)))
    if "axial_pain" in signals:
        rows.append(
            ("axial_slow", _slow_difference(signals["axial_pain"], tapered, p), p.slow_fading)
        )
    evidence.moved = _all_faded(rows, diaries.shape)
    pod = np.arange(diaries.shape[1])
    evidence.has_baseline = _has_baseline(signals, diaries.shape, p)
    early = _early(diaries, signals, p)
    evidence.scores = {
        "axial": _axial_score(evidence, p),
        "limb": _limb_score(evidence, p),
        "numbness": _numbness_score(evidence, p),
        "zone": _zone_score(diaries, evidence, p),
        "doses": _doses_score(evidence, p, diaries.shape),
    }
    for score in evidence.scores.values():
        score[:, pod < p.first_day] = -np.inf
    evidence.scores.update(early)
    return evidence


def _has_baseline(signals: dict[str, Signal], shape: tuple[int, int], p: Parameters) -> Bools:
    found = np.zeros(shape, dtype=bool)
    pod = np.arange(shape[1])
    for key in ("axial_pain", "limb_pain"):
        if key in signals:
            late = signals[key].past.count(p.baseline_lag, p.baseline_lag + p.baseline_length - 1)
            early = signals[key].now.count(p.early_lag, p.early_lag + p.early_length - 1)
            found |= (late >= p.baseline_entries) & (pod >= p.first_day)
            found |= (early >= p.early_entries) & (pod >= p.early_first_day) & (pod < p.first_day)
    return found


def _fading(key: str, p: Parameters) -> float:
    special = {
        "mechanical": p.mechanical_fading,
        "limb_pain": p.limb_fading,
        "numbness": p.numbness_fading,
    }
    return special.get(key, p.fading)


def _slow_difference(signal: Signal, tapered: Floats | None, p: Parameters) -> Floats:
    """Axial pain less a baseline further back, for what rises over months."""
    last = p.slow_lag + p.slow_length - 1
    difference = signal.now.values - signal.past.mean(p.slow_lag, last, p.baseline_entries)
    if tapered is not None:
        difference = difference - p.taper_points * tapered
    return np.clip(difference, -p.axial_clip, p.axial_clip)


def _difference(key: str, signal: Signal, tapered: Floats | None, p: Parameters) -> Floats:
    """Today's answer less the baseline, clipped; in points for pain, own SDs for the others."""
    entries = p.baseline_asked if key == "mechanical" else p.baseline_entries
    difference = signal.now.values - signal.baseline(p, entries)
    if key == "axial_pain":
        if tapered is not None:
            difference = difference - p.taper_points * tapered
        return np.clip(difference, -p.axial_clip, p.axial_clip)
    if key == "limb_pain":
        return np.clip(difference, -p.signal_clip, p.limb_clip)
    if key in ("mechanical", "numbness"):
        return difference
    return np.clip(difference / signal.spread(p), -p.signal_clip, p.signal_clip)


def _all_faded(rows: list[tuple[str, Floats, float]], shape: tuple[int, int]) -> dict[str, Floats]:
    """Every difference faded, in one pass over the days."""
    if not rows:
        return {}
    n = shape[0]
    stacked = np.concatenate([difference for _, difference, _ in rows])
    weights = np.concatenate([np.full(shape, weight) for _, _, weight in rows])
    for i, (key, difference, weight) in enumerate(rows):
        if key == "mechanical":
            # Asked weekly by design; asked more often, each answer counts for less.
            gaps = days_since_last(~np.isnan(difference))
            weights[i * n : (i + 1) * n] = weight * gaps / 7.0
    levels = faded(stacked, weights)
    return {key: levels[i * n : (i + 1) * n] for i, (key, _, _) in enumerate(rows)}


def _tapered(signals: dict[str, Signal], shape: tuple[int, int], p: Parameters) -> Floats | None:
    """Share by which opioid doses fell from the baseline to the last two weeks, 0 to 1."""
    if "opioid_doses" not in signals:
        return None
    doses = signals["opioid_doses"]
    before = doses.baseline(p, p.baseline_asked)
    now = doses.now.mean(0, 13, p.recent_entries)
    known = ~np.isnan(before) & ~np.isnan(now) & (np.nan_to_num(before) >= p.taper_least_doses)
    share = 1.0 - np.where(known, now, 1.0) / np.where(known, before, 1.0)
    return np.clip(np.where(known, share, 0.0), 0.0, 1.0)


def _axial_score(evidence: Evidence, p: Parameters) -> Floats:
    """The strongest path: pain alone, with function, with function and loading, a sudden rise."""
    if "axial_pain" not in evidence.moved:
        return np.full(evidence.speaks.shape, -np.inf)
    moved = evidence.moved["axial_pain"]
    slow = evidence.moved["axial_slow"]
    steady = (2.0 * moved + slow) / 3.0
    function = moved + p.slow_share * slow
    loading = np.zeros(moved.shape)
    alone = np.ones(moved.shape, dtype=bool)
    for key, weight in p.second_signals():
        if key in evidence.moved:
            given = _is_given(evidence.signals[key], p)
            added = np.where(given, weight * (evidence.moved[key] - p.second_signal_cost), 0.0)
            if key == "mechanical":
                loading = added
            else:
                function += added
            alone &= ~given
    score = np.maximum(
        steady / np.where(alone, p.alone_steady_alarm, p.steady_alarm),
        function / (p.function_alarm * (1.0 + p.slow_share)),
    )
    score = np.maximum(score, (function + loading) / (p.joint_alarm * (1.0 + p.slow_share)))
    swift, sudden = _sudden(evidence, p)
    score = np.maximum(score, sudden / np.where(alone, p.alone_sudden_alarm, p.sudden_alarm))
    return np.maximum(score, swift / p.swift_alarm)


def _is_given(signal: Signal, p: Parameters) -> Bools:
    """Whether a signal is given regularly, now and in the baseline."""
    first, last = p.baseline_lag, p.baseline_lag + p.baseline_length - 1
    recent: Bools = signal.now.count(0, 27) >= p.given_recently
    return recent & (signal.past.count(first, last) >= p.baseline_asked)


def _sudden(evidence: Evidence, p: Parameters) -> tuple[Floats, Floats]:
    """A rise that is there at once and is still there: the lowest of the last blocks of days over
    the baseline, of the first few blocks and of all of them. Each other signal that is given
    regularly must move too, or pain move further.
    """
    pain = evidence.signals["axial_pain"]
    before = pain.baseline(p, p.baseline_entries)
    if evidence.tapered is not None:
        before = before + p.taper_points * evidence.tapered
    supports = []
    for key, weight in p.sudden_supports():
        if key in evidence.signals:
            signal = evidence.signals[key]
            usual = np.where(_is_given(signal, p), signal.baseline(p, p.baseline_entries), np.nan)
            supports.append((weight, signal, usual + p.sudden_cost * signal.kind.spread))
    lowest = np.full(before.shape, np.inf)
    swift = lowest
    for number in range(p.sudden_blocks):
        first, last = number * p.sudden_block, (number + 1) * p.sudden_block - 1
        block = pain.now.mean(first, last, 1) - before
        for weight, signal, usual in supports:
            moved = (signal.now.mean(first, last, 1) - usual) / signal.kind.spread
            block += weight * np.nan_to_num(moved)
        lowest = np.minimum(lowest, block)
        if number + 1 == p.swift_blocks:
            swift = lowest + _loading(evidence, last, p)
    lowest = lowest + _loading(evidence, p.sudden_block * p.sudden_blocks - 1, p)
    return (
        np.where(np.isnan(swift), -np.inf, swift),
        np.where(np.isnan(lowest), -np.inf, lowest),
    )


def _loading(evidence: Evidence, last: int, p: Parameters) -> Floats | float:
    """What the loading and hardware answers of the last days add to a sudden rise, in points."""
    loading = evidence.signals.get("mechanical")
    if loading is None:
        return 0.0
    usual = loading.baseline(p, p.baseline_asked) + p.sudden_loading_cost
    added: Floats = np.maximum(np.nan_to_num(loading.now.mean(0, last, 1) - usual), 0.0)
    return p.sudden_weight_mechanical * added


def _limb_score(evidence: Evidence, p: Parameters) -> Floats:
    if "limb_pain" not in evidence.moved:
        return np.full(evidence.speaks.shape, -np.inf)
    return evidence.moved["limb_pain"] / p.limb_alarm


def _numbness_score(evidence: Evidence, p: Parameters) -> Floats:
    if "numbness" not in evidence.moved:
        return np.full(evidence.speaks.shape, -np.inf)
    return evidence.moved["numbness"] / p.numbness_alarm


def _zone_score(diaries: Diaries, evidence: Evidence, p: Parameters) -> Floats:
    """1 where a numb zone never marked before stands on most of the last days."""
    score = np.full(diaries.shape, -np.inf)
    if "numbness" not in evidence.signals or not diaries.zones:
        return score
    logged = running(evidence.speaks.astype(np.float64))
    recent = back(logged, 0, p.zone_days - 1)
    history = back(logged, p.zone_lag, diaries.shape[1])
    enough = (recent >= p.recent_entries) & (history >= p.zone_history)
    for marked in diaries.zones.values():
        if not marked.any():
            continue
        sums = running((marked & evidence.speaks).astype(np.float64))
        stands = back(sums, 0, p.zone_days - 1) >= p.zone_share * recent
        earlier = back(running(marked.astype(np.float64)), p.zone_lag, diaries.shape[1])
        score[enough & stands & (earlier == 0)] = 1.0
    return score


def _doses_score(evidence: Evidence, p: Parameters, shape: tuple[int, int]) -> Floats:
    """Opioid doses risen over the baseline while pain has not fallen."""
    doses = evidence.signals.get("opioid_doses")
    if doses is None or "axial_pain" not in evidence.moved:
        return np.full(shape, -np.inf)
    before = doses.baseline(p, p.baseline_entries)
    rise = doses.now.mean(0, 13, p.recent_entries) - before
    enough = rise >= p.doses_share * np.maximum(before, 1.0)
    flat = evidence.moved["axial_pain"] > -p.doses_flat
    return np.where(enough & flat, rise / p.doses_alarm, 0.0)


def _early(diaries: Diaries, signals: dict[str, Signal], p: Parameters) -> dict[str, Floats]:
    """The weeks before an own baseline exists: pain against the weeks before, when it should fall.

    The lowest of three blocks of days counts, so that what rises and falls again within two weeks
    never speaks. Other answers that move the same way support it.
    """
    result = {}
    pod = np.arange(diaries.shape[1])
    outside = (pod < p.early_first_day) | (pod > p.early_last_day)
    days = min(diaries.shape[1], p.early_last_day + 1)
    supports = [
        _early_blocks(Series(signals[key].now.values[:, :days] / signals[key].kind.spread), p)
        for key, _ in p.early_supports()
        if key in signals
    ]
    weights = [weight for key, weight in p.early_supports() if key in signals]
    for channel, key, alarm in (
        ("early_axial", "axial_pain", p.early_axial_alarm),
        ("early_limb", "limb_pain", p.early_limb_alarm),
    ):
        if key not in signals:
            continue
        blocks = _early_blocks(Series(signals[key].now.values[:, :days]), p)
        lowest = np.full((diaries.shape[0], days), np.inf)
        for number, block in enumerate(blocks):
            total = block.copy()
            for support, weight in zip(supports, weights, strict=True):
                total += weight * np.nan_to_num(support[number])
            lowest = np.minimum(lowest, total)
        score = np.full(diaries.shape, -np.inf)
        score[:, :days] = np.where(np.isnan(lowest), -np.inf, lowest / alarm)
        score[:, p.first_day :] /= p.early_stricter
        score[:, outside] = -np.inf
        result[channel] = score
    return result


def _early_blocks(series: Series, p: Parameters) -> list[Floats]:
    """Difference of each block of the last days from the weeks before; NaN with too few entries."""
    values = series.values.copy()
    values[:, : p.early_ignored] = np.nan
    series = Series(values)
    before = series.mean(p.early_lag, p.early_lag + p.early_length - 1, p.early_entries)
    return [
        series.mean(n * p.early_block, (n + 1) * p.early_block - 1, p.early_block_entries) - before
        for n in range(p.early_blocks)
    ]
