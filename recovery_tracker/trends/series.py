"""Diaries as arrays: one row per patient, one column per postoperative day.

Column d is the d-th civil day after the index operation, so no calendar date ever reaches the
statistics. NaN means "not recorded" and is never turned into a number. One patient after a save is
a batch of one; a cohort is the same class with more rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.diary import DiaryEntry, Source
from ..domain.follow_ups import SCORE_FOLLOW_UPS
from ..domain.history import EventKind, History
from ..domain.measures import MEASURES, Kind
from ..domain.sensitivity import Sensitivity
from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS, SIGNS, WEEKLY_SIGNS
from ..domain.surgery import Approach, Region

FloatArray = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer[Any]]

#: Measures that are numbers, in the order of the form.
NUMBER_KEYS: tuple[str, ...] = tuple(
    key
    for key, measure in MEASURES.items()
    if measure.kind in (Kind.SCORE, Kind.CHOICE, Kind.COUNT, Kind.NUMBER)
)

#: Codes of `limb_pain_side` and `painkiller_change`; 0 is "not recorded".
SIDE_CODES: Mapping[str, int] = {"left": 1, "right": 2, "both": 3}
PAINKILLER_CODES: Mapping[str, int] = {"fewer": 1, "same": 2, "more": 3, "none": 4}
#: Codes of `Diaries.counted_by`: what people type themselves is one source.
SOURCE_CODES: Mapping[Source, int] = {
    source: 2 if source is Source.IMPORT else 1 for source in Source
}
#: Codes of `Diaries.sensitivity`.
SENSITIVITY_CODES: Mapping[Sensitivity, int] = {
    Sensitivity.STANDARD: 0,
    Sensitivity.QUIET: 1,
    Sensitivity.SENSITIVE: 2,
}

_EVERY_SIGN = frozenset(SIGNS)

#: Signs whose being asked the statistics need to know.
_WEIGHED = HARDWARE_SIGNS | LOADING_SIGNS | frozenset(WEEKLY_SIGNS)


@dataclass(frozen=True, eq=False)
class Diaries:
    """The diaries of n patients over the same number of postoperative days.

    Arrays of shape (n, days) unless said otherwise; a mapping without a key means that nobody
    recorded it. Columns after `observed_until` hold nothing.
    """

    #: Measure key to answers; NaN = not answered.
    numbers: Mapping[str, FloatArray]
    #: Whether a person answered any question that day (`DiaryEntry.has_answers`).
    logged: BoolArray
    #: Sign id to the days on which it was ticked.
    signs: Mapping[str, BoolArray]
    #: Whether the warning-sign question was answered.
    signs_answered: BoolArray
    region: tuple[Region, ...]
    #: Pain before the operation, shape (n,); NaN = not known.
    preop_axial: FloatArray
    preop_limb: FloatArray
    #: Last postoperative day that is known, shape (n,).
    observed_until: IntArray
    zones: Mapping[str, BoolArray] = field(default_factory=dict)
    strain: Mapping[str, BoolArray] = field(default_factory=dict)
    limb_pain_side: IntArray | None = None
    painkiller_change: IntArray | None = None
    #: Whole days between a day and its recording; None = everything was on time.
    late: IntArray | None = None
    #: Sign id to the days on which a form asked it; None = all of them whenever answered.
    signs_asked: Mapping[str, BoolArray] | None = None
    approach: tuple[Approach | None, ...] | None = None
    #: Code of the clinic's setting by day; None = standard throughout.
    sensitivity: IntArray | None = None
    #: Code of the source of the steps and minutes of a day, 0 where there are none; None = one.
    counted_by: IntArray | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Patients and days."""
        return self.logged.shape[0], self.logged.shape[1]

    def number(self, key: str) -> NDArray[np.float64]:
        """The answers of one measure as float64; all NaN where nobody recorded it."""
        if key not in self.numbers:
            return np.full(self.shape, np.nan)
        return np.asarray(self.numbers[key], dtype=np.float64)

    def recorded(self) -> BoolArray:
        """Days that hold anything, be it only a temperature that nobody wrote down by hand."""
        if "temperature_c" not in self.numbers:
            return self.logged
        return self.logged | ~np.isnan(self.numbers["temperature_c"])

    def ticked(self, ids: Iterable[str]) -> BoolArray:
        """Days on which at least one of the signs was ticked."""
        return _any(self.shape, [self.signs[i] for i in ids if i in self.signs])

    def was_asked(self, ids: Iterable[str]) -> BoolArray:
        """Days on which at least one of the signs is known to have been asked."""
        if self.signs_asked is None:
            return self.signs_answered
        return _any(self.shape, [self.signs_asked[i] for i in ids if i in self.signs_asked])

    def lateness(self) -> IntArray:
        """Days late of every entry, 0 where nothing was recorded."""
        return np.zeros(self.shape, np.int16) if self.late is None else self.late

    def rows(self, chosen: "slice | IntArray") -> "Diaries":
        """The same diaries with only the chosen patients."""
        indices = np.arange(self.shape[0])[chosen]

        def of(array: Any) -> Any:
            return None if array is None else array[chosen]

        def cut(arrays: Mapping[str, Any]) -> dict[str, Any]:
            return {key: array[chosen] for key, array in arrays.items()}

        return Diaries(
            numbers=cut(self.numbers),
            logged=of(self.logged),
            signs=cut(self.signs),
            signs_answered=of(self.signs_answered),
            region=tuple(self.region[i] for i in indices),
            preop_axial=self.preop_axial[chosen],
            preop_limb=self.preop_limb[chosen],
            observed_until=self.observed_until[chosen],
            zones=cut(self.zones),
            strain=cut(self.strain),
            limb_pain_side=of(self.limb_pain_side),
            painkiller_change=of(self.painkiller_change),
            late=of(self.late),
            signs_asked=None if self.signs_asked is None else cut(self.signs_asked),
            approach=None if self.approach is None else tuple(self.approach[i] for i in indices),
            sensitivity=of(self.sensitivity),
            counted_by=of(self.counted_by),
        )


def _any(shape: tuple[int, int], arrays: Sequence[BoolArray]) -> BoolArray:
    result = np.zeros(shape, dtype=bool)
    for array in arrays:
        result |= array
    return result


def diaries_of(histories: Sequence[History], todays: Sequence[date]) -> Diaries:
    """The arrays of several histories, each as it was known at the end of its day of assessment.

    An entry counts when it is dated from the index operation up to that day and was recorded by
    then; of one that was asked about another region pain and numbness are left out. A recorded fall
    event counts as a fall on its day.
    """
    known = [history.known_on(today) for history, today in zip(histories, todays, strict=True)]
    last = [(today - history.index.day).days for history, today in zip(known, todays, strict=True)]
    builder = _Builder(len(known), max([1, *(day + 1 for day in last)]))
    for row, history in enumerate(known):
        first = history.index.day
        for entry, told in zip(history.entries, history.of_index, strict=True):
            if entry.day >= first:
                builder.add(row, (entry.day - first).days, told, logged=entry.has_answers())
        for event in history.events:
            if event.kind is EventKind.FALL and event.day >= first:
                builder.flag(builder.strain, "fall", row, (event.day - first).days)
    return Diaries(
        numbers=builder.numbers,
        logged=builder.logged,
        signs=builder.signs,
        signs_answered=builder.answered,
        region=tuple(history.region for history in known),
        preop_axial=_scores(history.index.preop_axial_pain for history in known),
        preop_limb=_scores(history.index.preop_limb_pain for history in known),
        observed_until=np.array(last, dtype=np.int64),
        zones=builder.zones,
        strain=builder.strain,
        limb_pain_side=builder.side,
        painkiller_change=builder.painkillers,
        late=builder.late,
        signs_asked=builder.asked,
        approach=tuple(history.index.approach for history in known),
        sensitivity=_settings(known, builder.shape[1]),
        counted_by=builder.counted_by,
    )


def _settings(known: Sequence[History], days: int) -> IntArray | None:
    if not any(history.sensitivity for history in known):
        return None
    codes = np.zeros((len(known), days), dtype=np.int8)
    for row, history in enumerate(known):
        for step in history.sensitivity:
            first = max(0, (step.first - history.index.day).days)
            codes[row, first:] = SENSITIVITY_CODES[step.setting]
    return codes


def _scores(scores: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)


_MOST_LATE = int(np.iinfo(np.int16).max)


class _Builder:
    """Arrays that are filled entry by entry."""

    def __init__(self, patients: int, days: int) -> None:
        self.shape = (patients, days)
        self.numbers: dict[str, NDArray[np.float64]] = {}
        self.signs: dict[str, BoolArray] = {}
        self.asked: dict[str, BoolArray] = {}
        self.zones: dict[str, BoolArray] = {}
        self.strain: dict[str, BoolArray] = {}
        self.logged = np.zeros(self.shape, dtype=bool)
        self.answered = np.zeros(self.shape, dtype=bool)
        self.side = np.zeros(self.shape, dtype=np.int8)
        self.painkillers = np.zeros(self.shape, dtype=np.int8)
        self.late = np.zeros(self.shape, dtype=np.int16)
        self.counted_by = np.zeros(self.shape, dtype=np.int8)

    def add(self, row: int, day: int, entry: DiaryEntry, *, logged: bool) -> None:
        """Put one entry in its place."""
        at = (row, day)
        self.logged[at] = logged
        self.late[at] = min(entry.days_late, _MOST_LATE)
        for key in NUMBER_KEYS:
            value = getattr(entry, key)
            if value is not None:
                if key not in self.numbers:
                    self.numbers[key] = np.full(self.shape, np.nan)
                self.numbers[key][at] = value
        if entry.steps is not None or entry.walking_minutes is not None:
            self.counted_by[at] = SOURCE_CODES[entry.source]
        if entry.limb_pain_side is not None:
            self.side[at] = SIDE_CODES[entry.limb_pain_side]
        if entry.painkiller_change is not None:
            self.painkillers[at] = PAINKILLER_CODES[entry.painkiller_change]
        for word in entry.strain or ():
            self.flag(self.strain, word, row, day)
        for zone in entry.numbness_zones or ():
            self.flag(self.zones, zone, row, day)
        if entry.signs is not None:
            self.answered[at] = True
            for sign in entry.signs:
                self.flag(self.signs, sign, row, day)
            asked = _EVERY_SIGN if entry.signs_asked is None else entry.signs_asked | entry.signs
            for sign in asked & _WEIGHED:
                self.flag(self.asked, sign, row, day)
        else:
            # A follow-up that was shown while the whole question was left open counts as its sign.
            for sign in SCORE_FOLLOW_UPS & (entry.signs_asked or frozenset()):
                self.flag(self.asked, sign, row, day)

    def flag(self, arrays: dict[str, BoolArray], key: str, row: int, day: int) -> None:
        """Mark one cell of a named array, making the array at its first use."""
        if key not in arrays:
            arrays[key] = np.zeros(self.shape, dtype=bool)
        arrays[key][row, day] = True
