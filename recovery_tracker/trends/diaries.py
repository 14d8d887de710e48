"""Many diaries as arrays: what the engine computes on, for one patient or for ten thousand.

Row is a patient, column the postoperative day, counted from 0 (the operation). A number that was
not answered is NaN, never 0. A tick is True only where it was ticked; whether the question was
answered at all stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..domain.measures import MEASURES, Kind
from ..domain.surgery import Region

Numbers = NDArray[np.float32]
Ticks = NDArray[np.bool_]
Codes = NDArray[np.int8]

#: Measures that an array can hold: everything answered with a number.
NUMERIC: tuple[str, ...] = tuple(
    key
    for key, measure in MEASURES.items()
    if measure.kind in (Kind.SCORE, Kind.CHOICE, Kind.COUNT, Kind.NUMBER)
)

#: Word of an array code, by position; position 0 is "not answered".
SIDES: tuple[str, ...] = ("", *MEASURES["limb_pain_side"].words)
PAINKILLER_CHANGES: tuple[str, ...] = ("", *MEASURES["painkiller_change"].words)

#: The signs that the weekly questions ask about, together.
WEEKLY_SIGNS: tuple[str, ...] = (
    "worse_on_loading",
    "eases_lying",
    "painful_bump",
    "posture_change",
    "spasm",
    "stiffness",
    "insomnia",
)


def _none() -> Mapping[str, Ticks]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Diaries:
    """A batch of diaries of the same length; shape of every day array is (patients, days).

    A key that is absent from `numbers`, `signs`, `zones` or `strain` was never answered or ticked
    by anyone.
    """

    numbers: Mapping[str, Numbers]
    #: Any answer on that day.
    logged: Ticks
    region: tuple[Region, ...]
    #: Shape (patients,), NaN where not known.
    preop_axial: Numbers
    preop_limb: Numbers
    #: Shape (patients,), the last postoperative day on which the diary was watched.
    observed_until: NDArray[np.int32]
    signs: Mapping[str, Ticks] = field(default_factory=_none)
    #: The warning-sign question was answered, if only with "none".
    signs_answered: Ticks | None = None
    #: `WEEKLY_SIGNS` were among the signs asked that day.
    weekly_asked: Ticks | None = None
    zones: Mapping[str, Ticks] = field(default_factory=_none)
    strain: Mapping[str, Ticks] = field(default_factory=_none)
    #: Position in `SIDES` and in `PAINKILLER_CHANGES`.
    limb_pain_side: Codes | None = None
    painkiller_change: Codes | None = None

    @property
    def patients(self) -> int:
        return int(self.logged.shape[0])

    @property
    def days(self) -> int:
        return int(self.logged.shape[1])

    def rows(self, chosen: NDArray[np.intp] | slice) -> "Diaries":
        """The same diaries for the chosen patients only, in that order."""

        def days_of(array: Ticks | None) -> Ticks | None:
            return None if array is None else array[chosen]

        def codes_of(array: Codes | None) -> Codes | None:
            return None if array is None else array[chosen]

        places = np.arange(self.patients)[chosen]
        return replace(
            self,
            numbers={key: array[chosen] for key, array in self.numbers.items()},
            logged=self.logged[chosen],
            region=tuple(self.region[place] for place in places),
            preop_axial=self.preop_axial[chosen],
            preop_limb=self.preop_limb[chosen],
            observed_until=self.observed_until[chosen],
            signs={key: array[chosen] for key, array in self.signs.items()},
            signs_answered=days_of(self.signs_answered),
            weekly_asked=days_of(self.weekly_asked),
            zones={key: array[chosen] for key, array in self.zones.items()},
            strain={key: array[chosen] for key, array in self.strain.items()},
            limb_pain_side=codes_of(self.limb_pain_side),
            painkiller_change=codes_of(self.painkiller_change),
        )
