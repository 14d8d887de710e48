"""A simulated cohort: the diaries as a patient would have kept them, and what was true.

Row is a patient in every array. Days count from the operation (day 0); -1 stands for "never".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.flags import Pattern
from ..trends.series import Diaries
from .scenarios import AMBIGUOUS_FROM, AMBIGUOUS_RAMP, Scenario

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

#: Fields of `Truth` that are arrays, and those that are tuples.
_TRUTH_ARRAYS = ("onset", "axial", "limb", "numbness", "ramp", "sign_day", "quiet_from")
_TRUTH_WORDS = ("scenario", "accepted", "explanation")


@dataclass(frozen=True)
class Truth:
    """What happened to each patient."""

    scenario: tuple[str, ...]
    #: Day on which the change began; of a nuisance too (the day a taper began).
    onset: Days
    #: Points that the change adds in the end.
    axial: Floats
    limb: Floats
    numbness: Floats
    #: Days that it takes.
    ramp: Days
    #: Patterns that name it right, by patient; two where the truth is ambiguous by construction.
    accepted: tuple[frozenset[Pattern], ...]
    #: Day of the answer that decides an infection or a fall.
    sign_day: Days
    #: First day on which nothing is logged any more.
    quiet_from: Days
    #: `tablets_stopped`, `walking_doubled` or "".
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class Hidden:
    """What no diary shows: used by the clairvoyant bound and by nothing else.

    `expected` is the true course without the change, `felt` the unrounded pain with the change
    but without flares, both (patients, days).
    """

    expected: Floats
    felt: Floats
    sd: Floats
    lag_one: Floats


@dataclass(frozen=True)
class Cohort:
    """Diaries and truth of the same patients, in the same order."""

    diaries: Diaries
    truth: Truth
    levels: NDArray[np.int64]
    hidden: Hidden | None = field(default=None)

    @property
    def patients(self) -> int:
        return self.diaries.shape[0]

    def rows(self, chosen: "slice | NDArray[np.intp]") -> "Cohort":
        """The chosen patients, in that order."""
        truth, hidden = self.truth, self.hidden
        places = np.arange(self.patients)[chosen]
        arrays: dict[str, Any] = {name: getattr(truth, name)[chosen] for name in _TRUTH_ARRAYS}
        words: dict[str, Any] = {
            name: tuple(getattr(truth, name)[place] for place in places) for name in _TRUTH_WORDS
        }
        if hidden is not None:
            hidden = Hidden(
                hidden.expected[chosen],
                hidden.felt[chosen],
                hidden.sd[chosen],
                hidden.lag_one[chosen],
            )
        return Cohort(
            self.diaries.rows(chosen), Truth(**arrays, **words), self.levels[chosen], hidden
        )

    def patient_years(self, first: int = 0) -> float:
        """Years under observation from day `first` on."""
        watched = np.maximum(0, self.diaries.observed_until - first + 1)
        return float(watched.sum()) / 365.25

    def missing_share(self) -> Floats:
        """Share of observed days without an entry, by patient."""
        days = np.arange(self.diaries.shape[1])
        observed = days <= self.diaries.observed_until[:, None]
        missing: Floats = (observed & ~self.diaries.logged).sum(1) / observed.sum(1)
        return missing


def pain_alone(diaries: Diaries) -> Diaries:
    """The same diaries with the two pain scores and nothing else."""
    kept = {k: v for k, v in diaries.numbers.items() if k in ("axial_pain", "limb_pain")}
    answered = np.zeros(diaries.shape, dtype=bool)
    for scores in kept.values():
        answered |= ~np.isnan(scores)
    return Diaries(
        numbers=kept,
        logged=answered,
        signs={},
        signs_answered=np.zeros(diaries.shape, dtype=bool),
        region=diaries.region,
        preop_axial=diaries.preop_axial,
        preop_limb=diaries.preop_limb,
        observed_until=diaries.observed_until,
    )


def accepted_patterns(
    scenario: Scenario, onset: Days, ramp: Days
) -> tuple[frozenset[Pattern], ...]:
    """Patterns that name each patient's story right.

    Late failed fusion and late loosening share a shape: a back pain that returns slowly from
    month 6 on may be called either.
    """
    either = {Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION}
    named = frozenset(scenario.accepted)
    late = scenario.axial > 0 and Pattern.LOOSE_HARDWARE in named
    shared = late & (onset >= AMBIGUOUS_FROM) & (ramp >= AMBIGUOUS_RAMP)
    return tuple(named | either if both else named for both in shared)


def joined(cohorts: Sequence[Cohort]) -> Cohort:
    """One cohort of all patients, in order; shorter diaries are observed for fewer days."""
    days = max(cohort.diaries.shape[1] for cohort in cohorts)
    wide = [widened(cohort.diaries, days) for cohort in cohorts]
    truths = [cohort.truth for cohort in cohorts]
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(t, name) for t in truths]) for name in _TRUTH_ARRAYS
    }
    words: dict[str, Any] = {
        name: tuple(value for t in truths for value in getattr(t, name)) for name in _TRUTH_WORDS
    }
    return Cohort(
        _stacked(wide), Truth(**arrays, **words), np.concatenate([c.levels for c in cohorts])
    )


def widened(diaries: Diaries, days: int) -> Diaries:
    """The same diaries in arrays of `days` columns; the new ones hold nothing."""
    more = days - diaries.shape[1]
    if more == 0:
        return diaries

    def wider(array: NDArray[Any], empty: float | bool) -> NDArray[Any]:
        return np.pad(array, ((0, 0), (0, more)), constant_values=empty)

    def ticks(arrays: Any) -> dict[str, NDArray[Any]]:
        return {key: wider(array, False) for key, array in arrays.items()}

    return replace(
        diaries,
        numbers={key: wider(array, np.nan) for key, array in diaries.numbers.items()},
        logged=wider(diaries.logged, False),
        signs=ticks(diaries.signs),
        signs_answered=wider(diaries.signs_answered, False),
        zones=ticks(diaries.zones),
        strain=ticks(diaries.strain),
        limb_pain_side=_wider_codes(diaries.limb_pain_side, more),
        painkiller_change=_wider_codes(diaries.painkiller_change, more),
        late=_wider_codes(diaries.late, more),
        signs_asked=None if diaries.signs_asked is None else ticks(diaries.signs_asked),
    )


def _wider_codes(codes: NDArray[Any] | None, more: int) -> NDArray[Any] | None:
    return None if codes is None else np.pad(codes, ((0, 0), (0, more)))


def _stacked(parts: Sequence[Diaries]) -> Diaries:
    def column(name: str, dtype: Any) -> NDArray[Any]:
        arrays = [getattr(part, name) for part in parts]
        filled = [
            np.zeros(part.shape, dtype) if array is None else array
            for part, array in zip(parts, arrays, strict=True)
        ]
        return np.concatenate(filled)

    def named(name: str, empty: float | bool, dtype: Any) -> dict[str, NDArray[Any]]:
        maps = [getattr(part, name) or {} for part in parts]
        keys = dict.fromkeys(key for mapping in maps for key in mapping)
        return {
            key: np.concatenate(
                [
                    mapping.get(key, np.full(part.shape, empty, dtype))
                    for part, mapping in zip(parts, maps, strict=True)
                ]
            )
            for key in keys
        }

    return Diaries(
        numbers=named("numbers", np.nan, np.float32),
        logged=column("logged", bool),
        signs=named("signs", False, bool),
        signs_answered=column("signs_answered", bool),
        region=tuple(region for part in parts for region in part.region),
        preop_axial=np.concatenate([part.preop_axial for part in parts]),
        preop_limb=np.concatenate([part.preop_limb for part in parts]),
        observed_until=np.concatenate([part.observed_until for part in parts]),
        zones=named("zones", False, bool),
        strain=named("strain", False, bool),
        limb_pain_side=column("limb_pain_side", np.int8),
        painkiller_change=column("painkiller_change", np.int8),
        signs_asked=named("signs_asked", False, bool),
    )
