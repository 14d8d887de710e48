"""A simulated diary as the history that `assess` reads, entry by entry."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from ..domain.diary import DiaryEntry, Source
from ..domain.history import History
from ..domain.measures import MEASURES, Kind
from ..domain.surgery import Operation
from ..trends.series import PAINKILLER_CODES, SIDE_CODES, BoolArray
from .cohort import Cohort
from .engine import INDEX_DAY

_SIDES = {code: word for word, code in SIDE_CODES.items()}
_CHANGES = {code: word for word, code in PAINKILLER_CODES.items()}


def history_of(cohort: Cohort, row: int, operated: date = INDEX_DAY) -> History:
    """The history of one patient who was operated on the given day."""
    diaries = cohort.diaries
    operation = Operation(
        day=operated,
        region=diaries.region[row],
        levels=int(cohort.levels[row]),
        preop_axial_pain=_score(diaries.preop_axial[row]),
        preop_limb_pain=_score(diaries.preop_limb[row]),
    )
    days = np.flatnonzero(diaries.logged[row])
    entries = tuple(_entry(cohort, row, int(day), operated) for day in days)
    return History((operation,), entries)


def _entry(cohort: Cohort, row: int, day: int, operated: date) -> DiaryEntry:
    diaries = cohort.diaries
    at = (row, day)
    # A simulated form shows no follow-up questions, so it is read like an imported diary.
    values: dict[str, Any] = {"source": Source.IMPORT}
    for key, array in diaries.numbers.items():
        value = float(array[at])
        if not np.isnan(value):
            fraction = MEASURES[key].kind is Kind.NUMBER
            values[key] = round(value, 1) if fraction else int(value)
    if diaries.limb_pain_side is not None:
        values["limb_pain_side"] = _SIDES.get(int(diaries.limb_pain_side[at]))
    if diaries.painkiller_change is not None:
        values["painkiller_change"] = _CHANGES.get(int(diaries.painkiller_change[at]))
    values["numbness_zones"] = _ticked(diaries.zones, at) or None
    values["strain"] = _ticked(diaries.strain, at) or None
    if diaries.signs_answered[at]:
        values["signs"] = _ticked(diaries.signs, at)
        if diaries.signs_asked is not None:
            values["signs_asked"] = _ticked(diaries.signs_asked, at)
    return DiaryEntry(day=operated + timedelta(days=day), **values)


def _ticked(arrays: Mapping[str, BoolArray], at: tuple[int, int]) -> frozenset[str]:
    return frozenset(key for key, array in arrays.items() if array[at])


def _score(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
