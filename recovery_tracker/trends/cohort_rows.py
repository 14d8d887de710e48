"""Rows of the arrays as plain entries, made only where they are needed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..domain.circumstances import STRAIN_DAYS
from ..domain.context import USUAL_DAYS
from ..domain.diary import DiaryEntry, Source
from ..domain.measures import MEASURES
from ..domain.surgery import Operation
from .batch import DAY_ZERO
from .series import SIDE_CODES, BoolArray, Diaries
from .telling_days import PAINS, calm_days, jumped, single_days, strained_days

_SIDES = {code: side for side, code in SIDE_CODES.items()}
_SCORES = (*PAINS, "numbness", "opioid_doses")

Columns = NDArray[np.intp]
#: What was answered, for some columns of a row.
_Values = list[dict[str, Any]]
#: A score as it stands in an entry; the last, at -1, is "not recorded".
_SCORE = np.array([*range(1 + max(int(MEASURES[key].high or 0) for key in _SCORES)), None])


class Gap(NamedTuple):
    """A long pause, in columns: of the last entry before it, of the day that one arrived, and of
    the next arrival; and whether pain may have jumped on the day of that entry.
    """

    column: int
    arrived: int
    following: int | None
    may_have_jumped: bool


def operations_of(diaries: Diaries) -> tuple[Operation, ...]:
    """What the arrays say of the operation of each row, on `DAY_ZERO`."""
    approaches = diaries.approach or (None,) * diaries.shape[0]
    kinds = zip(diaries.region, approaches, strict=True)
    return tuple(Operation(DAY_ZERO, region, approach=approach) for region, approach in kinds)


class CohortRows:
    """Rows of the arrays as plain entries, made only where they are needed."""

    def __init__(self, diaries: Diaries, operations: Sequence[Operation]) -> None:
        self._diaries, self.operations = diaries, operations
        self._ordinals = [operation.day.toordinal() for operation in operations]
        late = diaries.lateness().astype(np.int64)
        self._arrived = np.arange(diaries.shape[1]) + late
        #: Recorded, and known by the last observed day; of those, the days that a person wrote.
        recorded = diaries.recorded()
        self._known = recorded & (self._arrived <= diaries.observed_until[:, None])
        self._written = self._known & diaries.logged
        self._has_late = bool(np.any(late[recorded] > 0))
        #: Days that may ask for something by themselves, and those after which pain jumped.
        self._single = self._known & single_days(diaries)
        self._strained = self._known & strained_days(diaries)
        #: Whether a row may hold a warning answer; the others hold none for certain.
        self.may_say_something: BoolArray = np.any(self._single | self._strained, axis=1)
        self._calm = calm_days(diaries)
        words: dict[str, Mapping[str, BoolArray]] = {
            "signs": diaries.signs,
            "numbness_zones": diaries.zones,
            "strain": diaries.strain,
            "signs_asked": diaries.signs_asked or {},
        }
        chosen = np.flatnonzero(self.may_say_something)
        self._place = {row: place for place, row in enumerate(chosen.tolist())}
        self._words = [_Words(key, found, chosen) for key, found in words.items() if found]

    def day(self, row: int, column: int) -> date:
        return date.fromordinal(self._ordinals[row] + column)

    def today(self, row: int) -> date:
        return self.day(row, int(self._diaries.observed_until[row]))

    def gaps(self, longer_than: int) -> dict[int, list[Gap]]:
        """The long pauses of each row."""
        found: dict[int, list[Gap]] = defaultdict(list)
        rows, columns = np.nonzero(self._written)
        arrived = self._arrived[rows, columns]
        if self._has_late:
            order = np.lexsort((columns, arrived, rows))
            columns, arrived = columns[order], arrived[order]
        is_last = np.diff(rows, append=-1) != 0
        following = np.where(is_last, self._diaries.observed_until[rows], np.roll(arrived, -1))
        long = (following - arrived > longer_than).nonzero()[0]
        told = (rows, columns, arrived, np.where(is_last, -1, following))
        jumps = jumped(self._diaries, rows[long], columns[long]).tolist()
        for row, column, on, until, may in zip(
            *(each[long].tolist() for each in told), jumps, strict=True
        ):
            found[row].append(Gap(column, on, None if until < 0 else until, may))
        return found

    def entries(self, row: int, ended_by: int) -> list[DiaryEntry]:
        """The known entries of a row, with what answers are judged by; those alone that decide
        something, where what strain raised ends with `ended_by` answers without it.
        """
        diaries = self._diaries
        is_strain_alone = not self._has_late and not self._single[row].any()
        columns = self._around_strain(row, ended_by) if is_strain_alone else self._all(row)
        values = self._scores(row, columns, _SCORES)
        _put_temperatures(values, diaries, row, columns)
        if diaries.limb_pain_side is not None:
            sides = diaries.limb_pain_side[row, columns]
            for place in sides.nonzero()[0].tolist():
                values[place]["limb_pain_side"] = _SIDES[int(sides[place])]
        for place in diaries.signs_answered[row, columns].nonzero()[0].tolist():
            values[place]["signs"] = _NONE
        for words in self._words:
            words.put(values, self._place[row], columns)
        if is_strain_alone:
            # On any other day of strain pain did not jump, which needs all the days before it.
            for place in (~self._strained[row, columns]).nonzero()[0].tolist():
                values[place].pop("strain", None)
        return self._as_entries(row, columns, values)

    def _all(self, row: int) -> Columns:
        return np.flatnonzero(self._known[row])

    def _around_strain(self, row: int, ended_by: int) -> Columns:
        """The days that each jump of pain is compared with, those on which it is looked for, and
        those until it has surely ended.
        """
        needed = np.zeros(self._known.shape[1], dtype=bool)
        calm = (self._known[row] & self._calm[row]).nonzero()[0]
        for column in self._strained[row].nonzero()[0].tolist():
            ended = calm[calm > column + STRAIN_DAYS][:ended_by]
            until = ended[-1] + 1 if len(ended) == ended_by else None
            needed[max(0, column - USUAL_DAYS) : until] = True
        return np.flatnonzero(self._known[row] & needed)

    def pains(self, row: int, gap: Gap) -> list[DiaryEntry]:
        """The last known entry before a pause, with its pain alone, and before it those with which
        a jump is compared; where pain certainly did not jump, that entry without its pain.
        """
        if not gap.may_have_jumped:
            return [_Answered.of({"day": self.day(row, gap.column)})]
        first = max(0, gap.column - USUAL_DAYS)
        columns = first + self._known[row, first : gap.column + 1].nonzero()[0]
        return self._as_entries(row, columns, self._scores(row, columns, PAINS))

    def _scores(self, row: int, columns: Columns, keys: Iterable[str]) -> _Values:
        """The days and what was answered for these measures; None is "not recorded"."""
        given = [key for key in keys if key in self._diaries.numbers]
        answers = []
        for key in given:
            numbers = self._diaries.numbers[key][row, columns]
            answers.append(_SCORE[np.where(np.isnan(numbers), -1, numbers).astype(int)].tolist())
        first, names = self._ordinals[row], ("day", *given)
        days = [date.fromordinal(first + column) for column in columns.tolist()]
        return [dict(zip(names, day, strict=True)) for day in zip(days, *answers, strict=True)]

    def _as_entries(self, row: int, columns: Columns, values: _Values) -> list[DiaryEntry]:
        if self._has_late:
            arrived = self._arrived[row, columns]
            for place in (arrived > columns).nonzero()[0].tolist():
                on = self.day(row, int(arrived[place]))
                values[place]["recorded_at"] = datetime.combine(on, time(12), UTC)
        return [_Answered.of(value) for value in values]


class _Words:
    """What was ticked of one family of words; days with the same ones share a set."""

    def __init__(self, family: str, arrays: Mapping[str, BoolArray], rows: NDArray[Any]) -> None:
        self._family, self._words = family, tuple(arrays)
        marked = np.packbits([array[rows] for array in arrays.values()], axis=0)
        #: A bit for each word, shape (rows, days, bytes).
        self._marked = np.ascontiguousarray(np.moveaxis(marked, 0, -1))
        self._sets: dict[bytes, frozenset[str]] = {}

    def put(self, values: _Values, row: int, columns: Columns) -> None:
        """The words of some days of the row with this place are among their values."""
        marked = self._marked[row, columns]
        for place in marked.any(axis=1).nonzero()[0].tolist():
            code = marked[place].tobytes()
            if code not in self._sets:
                bits = np.unpackbits(marked[place], count=len(self._words))
                self._sets[code] = frozenset(compress(self._words, bits.tolist()))
            values[place][self._family] = self._sets[code]


_NONE: frozenset[str] = frozenset()


def _put_temperatures(values: _Values, diaries: Diaries, row: int, columns: Columns) -> None:
    if "temperature_c" not in diaries.numbers:
        return
    numbers = diaries.numbers["temperature_c"][row, columns]
    for place in (~np.isnan(numbers)).nonzero()[0].tolist():
        values[place]["temperature_c"] = round(float(numbers[place]), 2)


class _Answered(DiaryEntry):
    """An entry of answers that were checked when the arrays were made, and of nothing else.

    To check every cell again, or to write down everything that was not answered, would take most of
    the time of a replay.
    """

    __slots__ = ("__dict__",)

    @classmethod
    def of(cls, values: dict[str, Any]) -> "_Answered":
        """The entry of these answers, its day among them; what is not there was not answered."""
        entry = object.__new__(cls)
        object.__setattr__(entry, "__dict__", values)
        return entry


_BLANK = DiaryEntry(DAY_ZERO, source=Source.IMPORT)
for _field in fields(DiaryEntry):
    setattr(_Answered, _field.name, getattr(_BLANK, _field.name))
