"""One patient's diary as it was known at the end of a day: what was recorded later is blank."""

from typing import Any

import numpy as np

from .series import BoolArray, Diaries
from .windows import Floats


class KnownDiary:
    """A row of the arrays up to a day, each of them looked at when it is asked for."""

    def __init__(self, diaries: Diaries, row: int, day: int) -> None:
        self.diaries, self._at = diaries, (row, slice(day + 1))
        self._hidden: BoolArray | None = None
        if diaries.late is not None:
            late = diaries.late[self._at]
            hidden = late + np.arange(len(late)) > day
            self._hidden = hidden if hidden.any() else None

    def of(self, array: Any, empty: Any = False) -> Any:
        """The days of one of the diaries' arrays; `empty` stands for what is not known."""
        days = array[self._at]
        return days if self._hidden is None else np.where(self._hidden, empty, days)

    def number(self, key: str) -> Floats:
        """The answers of one measure, all NaN where nobody recorded it."""
        if key not in self.diaries.numbers:
            return np.full(self.diaries.logged[self._at].shape, np.nan)
        return np.asarray(self.of(self.diaries.numbers[key], np.nan), dtype=np.float64)
