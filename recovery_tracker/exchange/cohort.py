"""A cohort as arrays: its patients, and every day of every diary as one position of each array.

The arrays are handed out in batches of patients whose diaries are of similar length, so that one
long diary does not widen the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS, WEEKLY_SIGNS
from ..trends.series import Diaries
from .patients_csv import CohortPatient

#: Cells (patients times days) of one batch: few enough that what is worked out of them stays in the
#: processor's cache, and that no process waits long for another one's last (measured).
BATCH_CELLS = 50_000

#: Signs for which the statistics need to know whether they were asked (`trends.series.diaries_of`).
_WEIGHED = HARDWARE_SIGNS | LOADING_SIGNS | frozenset(WEEKLY_SIGNS)

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class CohortArrays:
    """The patients of a cohort in the order of their file, with all their days.

    A day is one position of every array: `patient` is the place of its patient, `day` the
    postoperative day. `numbers` hold NaN, `codes` 0 where nothing was recorded; `sets` hold places
    in `words`, whose first is "not recorded" (None).
    """

    patients: tuple[CohortPatient, ...]
    #: Each patient's last known postoperative day; negative if before day 0.
    observed_until: Array
    patient: Array
    day: Array
    #: Whole days between the day and its recording; None if the file does not say.
    late: Array | None
    answered: Array
    #: Whether a person answered: such a day is logged.
    by_person: Array
    numbers: dict[str, Array] = field(default_factory=dict)
    codes: dict[str, Array] = field(default_factory=dict)
    sets: dict[str, Array] = field(default_factory=dict)
    words: dict[str, tuple[frozenset[str] | None, ...]] = field(default_factory=dict)

    @property
    def patient_days(self) -> int:
        """Days on which something was answered."""
        return int(np.count_nonzero(self.answered))

    @property
    def unknown_days(self) -> int:
        """Those of them that were dated or recorded after their patient's last known day: no replay
        reads them."""
        known_on = self.day if self.late is None else self.day + self.late
        return int(np.count_nonzero(self.answered & (known_on > self.observed_until[self.patient])))

    def batches(self, cells: int = BATCH_CELLS) -> Iterator[tuple[Array, Diaries]]:
        """The cohort as arrays: (places of the patients, their diaries), as `groups` says."""
        return ((members, self.diaries(members)) for members in self.groups(cells))

    def groups(self, cells: int = BATCH_CELLS) -> Iterator[Array]:
        """Positions of patients whose arrays together have at most `cells`, short diaries first.

        Every patient who was observed on day 0 or later is in exactly one group; one whose own
        diary is longer is alone in it.
        """
        order = np.argsort(self.observed_until, kind="stable")
        order = order[self.observed_until[order] >= 0]
        first = 0
        while first < len(order):
            last = first + 1
            while last < len(order):
                width = int(self.observed_until[order[last]]) + 1
                if (last + 1 - first) * width > cells:
                    break
                last += 1
            yield order[first:last]
            first = last

    @cached_property
    def _starts(self) -> Array:
        """Position of the first day of each patient, and of the end."""
        return np.searchsorted(self.patient, np.arange(len(self.patients) + 1))

    def diaries(self, members: Array) -> Diaries:
        """The diaries of the patients at these places, in their order."""
        starts = self._starts
        shape = (len(members), int(self.observed_until[members].max()) + 1)
        places = np.concatenate([np.arange(starts[m], starts[m + 1]) for m in members])
        rows = np.repeat(np.arange(len(members)), starts[members + 1] - starts[members])
        days = self.day[places]
        kept = self.answered[places] & (days >= 0) & (days <= self.observed_until[members][rows])
        # One number a cell is several times as fast as a pair.
        places, at = places[kept], rows[kept] * shape[1] + days[kept]

        def spread(values: Array, empty: Any) -> Array:
            grid = np.full(shape, empty, dtype=values.dtype)
            grid.reshape(-1)[at] = values[places]
            return grid

        def marks(column: str) -> dict[str, Array]:
            return self._marks(column, sets[column]) if column in sets else {}

        # Places as numpy counts them, so that looking a word up in them converts nothing.
        sets = {key: spread(values, 0).astype(np.intp) for key, values in self.sets.items()}
        logged = spread(self.by_person, False)
        signs, signs_answered = marks("signs"), np.zeros(shape, dtype=bool)
        if "signs" in sets:
            signs_answered = sets["signs"] > 0
        asked = None
        if "signs_asked" in sets:
            unknown = signs_answered & (sets["signs_asked"] == 0)
            asked = _asked(marks("signs_asked"), signs, unknown)
        operations = [self.patients[m].operation for m in members]
        return Diaries(
            numbers={key: spread(values, np.nan) for key, values in self.numbers.items()},
            logged=logged,
            signs=signs,
            signs_answered=signs_answered,
            region=tuple(operation.region for operation in operations),
            preop_axial=_scores([operation.preop_axial_pain for operation in operations]),
            preop_limb=_scores([operation.preop_limb_pain for operation in operations]),
            observed_until=self.observed_until[members],
            zones=marks("numbness_zones"),
            strain=marks("strain"),
            limb_pain_side=_maybe(self.codes, "limb_pain_side", spread),
            painkiller_change=_maybe(self.codes, "painkiller_change", spread),
            late=None if self.late is None else spread(self.late, 0),
            signs_asked=asked,
            approach=tuple(operation.approach for operation in operations),
        )

    def _marks(self, column: str, places: Array) -> dict[str, Array]:
        """One grid for each word that occurs in `column`, from the places of its sets."""
        present = np.flatnonzero(np.bincount(places.reshape(-1)))
        sets = [self.words[column][place] or frozenset() for place in present]
        grids = {}
        for name in sorted(frozenset().union(*sets)):
            holds = np.zeros(len(self.words[column]), dtype=bool)
            holds[present] = [name in words for words in sets]
            grids[name] = holds[places]
        return grids


def _asked(asked: dict[str, Array], ticked: dict[str, Array], unknown: Array) -> dict[str, Array]:
    """Signs known to have been asked; an answered day without the cell (`unknown`) asked about
    all.
    """
    nowhere = np.zeros_like(unknown)
    names = asked.keys() | ticked.keys() | (_WEIGHED if unknown.any() else frozenset())
    return {
        name: asked.get(name, nowhere) | ticked.get(name, nowhere) | unknown
        for name in sorted(names)
    }


def _maybe(columns: dict[str, Array], key: str, spread: Any) -> Any:
    return spread(columns[key], 0) if key in columns else None


def _scores(scores: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)
