"""Every flag of many diaries: the same rules as `assess`, over arrays.

What needs statistics comes in from the engine, which works on all rows at once. For answers and
silence only the rows that hold something become plain entries, and those go through the same code
as a single patient.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..domain.circumstances import (
    FEVER_C,
    JUMP,
    LAST_SCORE_DAYS,
    STRAIN_DAYS,
    STRAIN_NEEDS,
)
from ..domain.context import USUAL_DAYS, USUAL_NEEDS
from ..domain.diary import DiaryEntry, Source
from ..domain.flags import Episode
from ..domain.follow_ups import SCORE_FOLLOW_UPS
from ..domain.history import DAILY
from ..domain.measures import MEASURES
from ..domain.surgery import Operation
from .answers import ASKING, fold
from .batch import DAY_ZERO, trend_episodes
from .joining import in_order, join_nerve
from .parameters import STANDARD, Parameters
from .quiet import context_before, quiet_episode, silence_after
from .series import SIDE_CODES, BoolArray, Diaries

_SIDES = {code: side for side, code in SIDE_CODES.items()}
_SCORES = ("axial_pain", "limb_pain", "numbness")
_PAINS = ("axial_pain", "limb_pain")

#: What was answered, by column.
_Values = dict[int, dict[str, Any]]


def replay(
    diaries: Diaries,
    parameters: Parameters = STANDARD,
    first_days: Sequence[date] | None = None,
) -> tuple[tuple[int, Episode], ...]:
    """Every episode of every row as of its last observed day, ordered by row and day.

    The same episodes as `assess` on that day. `first_days` are those of the operations, by default
    `DAY_ZERO`.
    """
    trends = trend_episodes(diaries, parameters, first_days)
    return compose(diaries, trends, parameters, first_days)


def compose(
    diaries: Diaries,
    trends: Iterable[tuple[int, Episode]],
    parameters: Parameters = STANDARD,
    first_days: Sequence[date] | None = None,
) -> tuple[tuple[int, Episode], ...]:
    """Every episode of every row, ordered by row and day; `trends` are those of the statistics."""
    of_row: dict[int, list[Episode]] = defaultdict(list)
    for row, episode in trends:
        of_row[row].append(episode)
    rows = _Rows(diaries, first_days or [DAY_ZERO] * diaries.shape[0])
    gaps = rows.gaps(int(parameters.quiet_scheduled_days))
    composed: list[tuple[int, Episode]] = []
    for row in range(diaries.shape[0]):
        others: tuple[Episode, ...] = tuple(of_row[row])
        if rows.may_say_something[row]:
            answers = fold(rows.operation(row), rows.entries(row), rows.today(row), parameters)
            others = join_nerve((*answers.episodes, *others))
        quiet = _quiet_episodes(rows, row, gaps[row], others, parameters)
        composed += [(row, episode) for episode in in_order((*others, *quiet))]
    return tuple(composed)


def _quiet_episodes(
    rows: "_Rows",
    row: int,
    gaps: Iterable["_Gap"],
    others: tuple[Episode, ...],
    parameters: Parameters,
) -> list[Episode]:
    episodes = []
    for gap in gaps:
        silence = silence_after(
            rows.day(row, gap.arrived),
            None if gap.following is None else rows.day(row, gap.following),
            DAILY,
            rows.operation(row),
            parameters,
        )
        if silence is None or silence.raised_on > rows.today(row):
            continue
        near = rows.pains(row, max(0, gap.column - USUAL_DAYS), gap.column)
        context = context_before(silence, near[-1], near, rows.operation(row))
        episodes.append(quiet_episode(silence, near[-1], context, others, parameters))
    return episodes


class _Gap(NamedTuple):
    """A long pause, in columns: of the last entry before it, of the day that one arrived, and of
    the next arrival.
    """

    column: int
    arrived: int
    following: int | None


class _Rows:
    """Rows of the arrays as plain entries, made only where they are needed."""

    def __init__(self, diaries: Diaries, first_days: Sequence[date]) -> None:
        self._diaries, self._first_days = diaries, first_days
        self._ordinals = [day.toordinal() for day in first_days]
        late = diaries.lateness().astype(np.int64)
        self._arrived = np.arange(diaries.shape[1]) + late
        #: Recorded, and known by the last observed day; of those, the days that a person wrote.
        recorded = diaries.recorded()
        self._known = recorded & (self._arrived <= diaries.observed_until[:, None])
        self._written = self._known & diaries.logged
        self._has_late = bool(np.any(late[recorded] > 0))
        self._words: dict[str, Mapping[str, BoolArray]] = {
            "signs": diaries.signs,
            "numbness_zones": diaries.zones,
            "strain": diaries.strain,
            "signs_asked": diaries.signs_asked or {},
        }
        self._sets: dict[str, dict[bytes, frozenset[str]]] = {key: {} for key in self._words}
        #: Whether a row may hold a warning answer; the others hold none for certain.
        self.may_say_something: BoolArray = np.any(
            self._known & (_single_days(diaries) | _strained_days(diaries)), axis=1
        )

    def operation(self, row: int) -> Operation:
        approaches = self._diaries.approach
        approach = None if approaches is None else approaches[row]
        return Operation(self._first_days[row], self._diaries.region[row], approach=approach)

    def day(self, row: int, column: int) -> date:
        return date.fromordinal(self._ordinals[row] + column)

    def today(self, row: int) -> date:
        return self.day(row, int(self._diaries.observed_until[row]))

    def gaps(self, longer_than: int) -> dict[int, list[_Gap]]:
        """The long pauses of each row."""
        found: dict[int, list[_Gap]] = defaultdict(list)
        rows, columns = np.nonzero(self._written)
        arrived = self._arrived[rows, columns]
        order = np.lexsort((columns, arrived, rows))
        columns, arrived = columns[order], arrived[order]
        is_last = np.diff(rows, append=-1) != 0
        following = np.where(is_last, self._diaries.observed_until[rows], np.roll(arrived, -1))
        for at in np.flatnonzero(following - arrived > longer_than).tolist():
            ends = None if is_last[at] else int(following[at])
            found[int(rows[at])].append(_Gap(int(columns[at]), int(arrived[at]), ends))
        return found

    def entries(self, row: int) -> list[DiaryEntry]:
        """The known entries of a row, with what answers are judged by."""
        diaries = self._diaries
        values = self._scores(row, 0, diaries.shape[1], _SCORES)
        _put_temperatures(values, diaries, row)
        if diaries.limb_pain_side is not None:
            sides = diaries.limb_pain_side[row]
            for column in np.flatnonzero(sides).tolist():
                if column in values:
                    values[column]["limb_pain_side"] = _SIDES[int(sides[column])]
        for column in np.flatnonzero(diaries.signs_answered[row]).tolist():
            if column in values:
                values[column]["signs"] = _NONE
        for family, arrays in self._words.items():
            self._put_words(values, family, arrays, row)
        return self._as_entries(row, values)

    def pains(self, row: int, first: int, last: int) -> list[DiaryEntry]:
        """The known entries of some columns, the last one included, with their pain alone."""
        return self._as_entries(row, self._scores(row, first, last + 1, _PAINS))

    def _scores(self, row: int, first: int, until: int, keys: Iterable[str]) -> _Values:
        columns = np.flatnonzero(self._known[row, first:until])
        places = (columns + first).tolist()
        values: _Values = {column: {} for column in places}
        for key in keys:
            if key in self._diaries.numbers:
                numbers = self._diaries.numbers[key][row, first:until][columns].tolist()
                for column, number in zip(places, numbers, strict=True):
                    if number == number:  # NaN is "not recorded".
                        values[column][key] = int(number)
        return values

    def _as_entries(self, row: int, values: _Values) -> list[DiaryEntry]:
        if self._has_late:
            for column, value in values.items():
                arrived = int(self._arrived[row, column])
                if arrived > column:
                    value["recorded_at"] = datetime.combine(self.day(row, arrived), time(12), UTC)
        day, first = date.fromordinal, self._ordinals[row]
        return [_Answered.on(day(first + column), value) for column, value in values.items()]

    def _put_words(
        self,
        values: _Values,
        family: str,
        arrays: Mapping[str, BoolArray],
        row: int,
    ) -> None:
        """Each day's words of one family; days with the same ones share one set."""
        if not arrays:
            return
        marked = np.packbits([array[row] for array in arrays.values()], axis=0)
        codes, size = marked.T.tobytes(), len(marked)
        words, known, nothing = tuple(arrays), self._sets[family], bytes(size)
        for column, value in values.items():
            code = codes[column * size : (column + 1) * size]
            if code != nothing:
                if code not in known:
                    known[code] = _words_in(code, words)
                value[family] = known[code]


def _words_in(code: bytes, words: Sequence[str]) -> frozenset[str]:
    """The words whose bits are set."""
    bits = np.unpackbits(np.frombuffer(code, np.uint8), count=len(words))
    return frozenset(words[place] for place in np.flatnonzero(bits).tolist())


_NONE: frozenset[str] = frozenset()


def _single_days(diaries: Diaries) -> BoolArray:
    """Days that may ask for something by themselves (`answers.is_interesting`)."""
    found = diaries.ticked(ASKING)
    # NaN compares as False: what was not recorded asks for nothing.
    if "temperature_c" in diaries.numbers:
        found |= diaries.numbers["temperature_c"] >= FEVER_C
    if "numbness" in diaries.numbers:
        found |= diaries.numbers["numbness"] == MEASURES["numbness"].high
    if diaries.limb_pain_side is not None:
        found |= diaries.limb_pain_side == SIDE_CODES["both"]
    sides = [
        [array for zone, array in diaries.zones.items() if zone.startswith(side)]
        for side in ("left_", "right_")
    ]
    if all(sides):
        found |= np.any(sides[0], axis=0) & np.any(sides[1], axis=0)
    if "fall" in diaries.strain:
        found |= diaries.strain["fall"]
    for sign in SCORE_FOLLOW_UPS & (diaries.signs_asked or {}).keys():
        found |= ~diaries.signs_answered & (diaries.signs_asked or {})[sign]
    return found


def _strained_days(diaries: Diaries) -> BoolArray:
    """Days of bending, lifting or twisting after which pain may have jumped and stayed up.

    Never misses one that `circumstances.strain_reason` finds; may name some that it does not.
    """
    found = np.zeros(diaries.shape, dtype=bool)
    kinds = [array for key, array in diaries.strain.items() if key != "fall"]
    if not kinds:
        return found
    rows, columns = np.nonzero(np.any(kinds, axis=0))
    jumped = np.zeros(len(rows), dtype=bool)
    up = np.zeros((len(rows), STRAIN_DAYS + 1), dtype=bool)
    for key in _PAINS:
        if key in diaries.numbers:
            before = _window(diaries.numbers[key], rows, columns, -USUAL_DAYS, -1)
            after = _window(diaries.numbers[key], rows, columns, 0, STRAIN_DAYS)
            known = np.sort(before, axis=1)  # NaN sorts to the end.
            count = np.sum(~np.isnan(before), axis=1)
            place = np.maximum(count - 1, 0)
            at = np.arange(len(rows))
            median = (known[at, place // 2] + known[at, (place + 1) // 2]) / 2
            # With too few days the last score stands in: take the lowest of them, to be safe.
            low = np.where(count >= USUAL_NEEDS, median, known[:, 0])
            up |= after - low[:, None] >= JUMP
    jumped = up.sum(axis=1) >= STRAIN_NEEDS
    found[rows[jumped], columns[jumped]] = True
    return found


assert LAST_SCORE_DAYS <= USUAL_DAYS, "the last score must lie in the window searched above"


def _window(
    numbers: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], first: int, last: int
) -> NDArray[np.float64]:
    """Values from `first` to `last` days after each cell, NaN outside the array."""
    offsets = columns[:, None] + np.arange(first, last + 1)[None, :]
    inside = (offsets >= 0) & (offsets < numbers.shape[1])
    values = numbers[rows[:, None], np.clip(offsets, 0, numbers.shape[1] - 1)]
    return np.where(inside, values, np.nan).astype(np.float64)


def _put_temperatures(values: _Values, diaries: Diaries, row: int) -> None:
    if "temperature_c" not in diaries.numbers:
        return
    numbers = diaries.numbers["temperature_c"][row]
    for column in np.flatnonzero(~np.isnan(numbers)).tolist():
        if column in values:
            values[column]["temperature_c"] = round(float(numbers[column]), 2)


class _Answered(DiaryEntry):
    """An entry of answers that were checked when the arrays were made, and of nothing else.

    To check every cell again, or to write down everything that was not answered, would take most of
    the time of a replay.
    """

    __slots__ = ("__dict__",)

    @classmethod
    def on(cls, day: date, values: dict[str, Any]) -> "_Answered":
        """The entry of a day; what `values` does not hold was not answered."""
        entry = object.__new__(cls)
        values["day"] = day
        object.__setattr__(entry, "__dict__", values)
        return entry


_BLANK = DiaryEntry(DAY_ZERO, source=Source.IMPORT)
for _field in fields(DiaryEntry):
    setattr(_Answered, _field.name, getattr(_BLANK, _field.name))
