"""Training of the scorecard on the randomised cohort, with lightgbm; seeds below 3,000 only.

    python -m recovery_tracker.laboratory.train_scorecard

What matters is the first crossing of an alarm, so the rows are not days but the highest day of a
stretch: of each worsening within some windows after its onset, and of each 28 days in which nothing
happens. Which day is highest depends on the score, so table and rows are made in turns. Some
answers are masked, so that one that is missing does no harm.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS
from ..trends import scorecard
from ..trends.axial import card_values, statistics_of
from ..trends.batch import trend_score
from ..trends.evidence import tapered_share
from ..trends.parameters import STANDARD, Parameters
from ..trends.scorecard import FILE, MOST_STEPS, STATISTICS, Scorecard, write_table
from ..trends.series import Diaries
from ..trends.signals import signals_of
from .metrics import MONITORED_FROM
from .randomised import ANY_WORSENING, simulate_randomised
from .scenarios import Scenario
from .slow_peers import package

VERSION = "2026-11-30"
#: The evidence and the sudden rises alone, which the first turn begins with.
EVIDENCE_ALONE = replace(
    STANDARD, weight_rules=1.0, alone_weight_rules=1.0, weight_card=0.0, alone_weight_card=0.0
)
FIRST_SEED = 1000
#: What is simulated: scenario and people, of 5,000 with any worsening.
COHORTS: tuple[tuple[str | Scenario, int], ...] = (
    (ANY_WORSENING, 5000),
    ("ramp_2_84", 400),
    ("failed_fusion_late", 400),
    ("healthy", 4000),
    ("slow_wave", 400),
    ("taper", 400),
    ("many_flares", 400),
    ("many_missing", 400),
)
_BLOCK = 1000
#: Answers left out, and the share of people that it happens to; nobody else loses anything.
MASKS: tuple[tuple[tuple[str, ...], float], ...] = (
    (("mobility",), 0.05),
    (("walking",), 0.05),
    (("sleep",), 0.05),
    (("loading",), 0.05),
    (("mobility", "walking", "sleep"), 0.04),
    (("mobility", "walking", "sleep", "loading"), 0.12),
)
#: Windows after an onset in days with their weight; the short ones for rises of 16 days and less.
WINDOWS = ((10, 1.5), (15, 2.5), (20, 2.0), (40, 1.0), (60, 1.3), (90, 1.5), (140, 1.4))
_SHORT, _FAST = 22, 16
_STRETCH = 28
#: Edges lie at these quantiles of the days on which nothing is wrong, close where alarms are.
QUANTILES = (0.3, 0.5, 0.7, 0.85, 0.93, 0.97, 0.985, 0.993, 0.997, 0.9985, 0.9994)
#: In each turn only rows above this quantile of the stretches without a worsening count.
_HARD = 0.7
_TURNS, _ROUNDS, _RATE = 4, 250, 0.1


@dataclass(frozen=True, eq=False)
class Days:
    """Recorded days of many people, one after another."""

    values: NDArray[np.float32]
    person: NDArray[np.int64]
    day: NDArray[np.int64]
    #: Score of the rules in use, by day; onset and length of the worsening, -1 for none, by person.
    rules: NDArray[np.float64]
    onset: NDArray[np.int64]
    ramp: NDArray[np.int64]

    @property
    def since(self) -> NDArray[np.int64]:
        return self.day - self.onset[self.person]

    @property
    def is_worse(self) -> NDArray[np.bool_]:
        return (self.onset[self.person] >= 0) & (self.since >= 0)


def without(diaries: Diaries, answers: tuple[str, ...]) -> Diaries:
    """The same diaries with some answers never asked."""
    numbers = {key: value for key, value in diaries.numbers.items() if key not in answers}
    if "loading" not in answers:
        return replace(diaries, numbers=numbers)
    kept = {*LOADING_SIGNS, *HARDWARE_SIGNS, "painful_bump", "posture_change"}
    asked = {
        k: np.zeros_like(v) if k in kept else v for k, v in (diaries.signs_asked or {}).items()
    }
    signs = {key: value for key, value in diaries.signs.items() if key not in kept}
    return replace(diaries, numbers=numbers, signs=signs, signs_asked=asked)


def gathered(
    cohorts: tuple[tuple[str | Scenario, int], ...] = COHORTS, first_seed: int = FIRST_SEED
) -> Days:
    """The recorded days from day 60 on of every cohort, some answers masked."""
    parts: list[Days] = []
    people = 0
    for name, count in cohorts:
        for first in range(0, count, _BLOCK):
            size = min(_BLOCK, count - first)
            cohort = simulate_randomised(name, size, first_seed + first)
            truth = cohort.truth
            onset = np.where((truth.axial > 0) & (truth.onset >= 0), truth.onset, -1)
            rng = np.random.default_rng(first_seed + first)
            shares = [share for _, share in MASKS]
            drawn = rng.choice(len(MASKS) + 1, size, p=[*shares, 1 - sum(shares)])
            for place, mask in enumerate([*(mask for mask, _ in MASKS), ()]):
                rows = np.flatnonzero(drawn == place)
                if len(rows):
                    chosen = without(cohort.diaries.rows(rows), mask)
                    parts.append(_days(chosen, people, onset[rows], truth.ramp[rows]))
                    people += len(rows)
    return Days(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Days.__annotations__)
    )


def _days(diaries: Diaries, first: int, onset: NDArray[np.int64], ramp: NDArray[np.int64]) -> Days:
    use = diaries.logged & ~np.isnan(diaries.number("axial_pain"))
    use[:, :MONITORED_FROM] = False
    row, day = np.nonzero(use)
    begun = trend_score(diaries, EVIDENCE_ALONE)[use]
    return Days(statistics(diaries)[use], row + first, day, begun, onset, ramp)


def statistics(diaries: Diaries, p: Parameters = STANDARD) -> NDArray[np.float32]:
    """What the scorecard reads, by patient and day, shape (n, days, 12), in the order of
    `STATISTICS`; 0 where nothing can be said.
    """
    signals = signals_of(diaries, p)
    values = np.zeros((*diaries.shape, len(STATISTICS)), np.float32)
    if "axial_pain" in signals:
        found = statistics_of(signals, tapered_share(signals, diaries.shape, p), p)
        for place, value in enumerate(card_values(found, p).values()):
            values[:, :, place] = value
    return values


def total(card: Scorecard, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of all points; the last axis of `values` is in the order of `STATISTICS`."""
    score = np.zeros(values.shape[:-1])
    for place, name in enumerate(STATISTICS):
        score += card.points_of(name, values[..., place])
    return score


def edges_of(days: Days) -> list[NDArray[np.float32]]:
    """Where each table steps: at most eleven places for each statistic."""
    calm = days.values[~days.is_worse]
    return [
        np.unique(np.quantile(calm[:, place], QUANTILES).astype(np.float32))
        for place in range(len(STATISTICS))
    ]


def trained(days: Days, edges: list[NDArray[np.float32]]) -> tuple[Scorecard, Any]:
    """The table after some turns, and lightgbm's own model of the last one.

    Raises RecoveryError where lightgbm is not installed.
    """
    codes = coded(days.values, edges)
    score = np.where(np.isfinite(days.rules), days.rules, -np.inf)
    card, model = None, None
    for _ in range(_TURNS):
        rows, weights, labels = _stretches(days, score)
        model = _fitted(codes[rows], labels, weights)
        card = table_of(model, edges)
        score = total(card, days.values)
    assert card is not None
    return card, model


def coded(values: NDArray[np.float32], edges: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The step that each statistic stands on."""
    steps = [np.searchsorted(e, values[:, k], side="left") for k, e in enumerate(edges)]
    return np.stack(steps, axis=1).astype(np.float32)


def _stretches(
    days: Days, score: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Rows, weights and labels: the highest day of every stretch that is hard to tell."""
    calm = _highest(score, days.person * 32 + days.day // _STRETCH, ~days.is_worse)
    floor = np.quantile(score[calm], _HARD)
    calm = calm[score[calm] > floor]
    fast = days.ramp[days.person] <= _FAST
    worse, weights = [], []
    for length, weight in WINDOWS:
        inside = days.is_worse & (days.since <= length)
        found = _highest(score, days.person, inside & fast if length < _SHORT else inside)
        found = found[score[found] > floor]
        worse.append(found)
        weights.append(np.full(len(found), weight))
    rows = np.concatenate([*worse, calm])
    labels = np.r_[np.ones(len(rows) - len(calm)), np.zeros(len(calm))]
    heavy = np.concatenate(weights)
    each = np.r_[heavy / heavy.sum(), np.full(len(calm), 1 / len(calm))] * len(rows) / 2
    return rows, each, labels


def _highest(
    score: NDArray[np.float64], key: NDArray[np.int64], inside: NDArray[np.bool_]
) -> NDArray[np.intp]:
    rows = np.flatnonzero(inside)
    rows = rows[np.lexsort((-score[rows], key[rows]))]
    first = np.r_[True, key[rows][1:] != key[rows][:-1]]
    return rows[first]


def _fitted(codes: NDArray[np.float32], labels: Any, weights: Any) -> Any:
    lightgbm = package("lightgbm")
    settings = {
        "objective": "binary",
        "max_depth": 1,
        "num_leaves": 2,
        "learning_rate": _RATE,
        "max_bin": 31,
        "min_data_in_bin": 1,
        "min_data_in_leaf": 40,
        "lambda_l2": 1.0,
        "monotone_constraints": [1] * len(STATISTICS),
        "num_threads": 1,
        "deterministic": True,
        "seed": 1,
        "verbose": -1,
        "feature_pre_filter": False,
    }
    return lightgbm.train(settings, lightgbm.Dataset(codes, labels, weight=weights), _ROUNDS)


def table_of(model: Any, edges: list[NDArray[np.float32]]) -> Scorecard:
    """The step tables that a model of single splits adds up to; each begins at 0."""
    points = [np.zeros(len(each) + 1) for each in edges]
    for tree in model.dump_model()["tree_info"]:
        split = tree["tree_structure"]
        if "split_feature" in split:
            table = points[split["split_feature"]]
            low, high = (split[f"{side}_child"]["leaf_value"] for side in ("left", "right"))
            table += np.where(np.arange(len(table)) <= split["threshold"], low, high)
    return Scorecard(
        VERSION,
        f"laboratory/train_scorecard, seeds from {FIRST_SEED}",
        {name: tuple(float(x) for x in edges[k]) for k, name in enumerate(STATISTICS)},
        {
            name: tuple(float(x) for x in np.maximum.accumulate(points[k] - points[k][0]))
            for k, name in enumerate(STATISTICS)
        },
    )


def main() -> None:
    """Writes the table that belongs to this package; takes two minutes."""
    assert len(QUANTILES) < MOST_STEPS
    days = gathered()
    card, _ = trained(days, edges_of(days))
    write_table(card, Path(scorecard.__file__).with_name(FILE))
    sys.stdout.write(f"{len(days.onset)} people, {len(days.day)} days\n")


if __name__ == "__main__":
    main()
