"""A cohort's diaries as one table, read into arrays.

Each distinct cell of a column is understood once and then looked up, so that a million days take a
few seconds; what is kept of a day is a few bytes for each column. The arrays are handed out in
batches of patients whose diaries are about as long, so that one long diary does not widen the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ..domain.diary import ANSWERS
from ..domain.measures import MEASURES, Kind
from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS, WEEKLY_SIGNS
from ..trends.series import NUMBER_KEYS, PAINKILLER_CODES, SIDE_CODES, Diaries
from .cells import DIARY_READERS, VERBATIM, Reader
from .patients_csv import LONGEST, CohortPatient
from .table import Table, open_table, refusal

COLUMNS: tuple[str, ...] = ("patient_id", *DIARY_READERS)

#: Cells (patients times days) of one batch. Our default: some 40 arrays of doubles stay far below
#: 256 MB.
BATCH_CELLS = 400_000

_SETS = frozenset(key for key, measure in MEASURES.items() if measure.kind is Kind.WORDS) | {
    "signs",
    "signs_asked",
}
#: Signs whose being asked the statistics need to know (`trends.series.diaries_of`).
_WEIGHED = HARDWARE_SIGNS | LOADING_SIGNS | frozenset(WEEKLY_SIGNS)

_CODES = {"limb_pain_side": SIDE_CODES, "painkiller_change": PAINKILLER_CODES}

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Cohort:
    """The patients of a cohort in the order of their file, and every day of theirs.

    A day is one position of every array: `patient` is the place of its patient, `day` the
    postoperative day. `numbers` hold NaN, `codes` 0 where nothing was recorded; `sets` hold places
    in `words`, whose first is "not recorded" (None).
    """

    patients: tuple[CohortPatient, ...]
    #: Last postoperative day of each patient that is known; negative when it is before day 0.
    observed_until: Array
    patient: Array
    day: Array
    #: Whole days between the day and its recording; None where the file does not say.
    late: Array | None
    answered: Array
    numbers: dict[str, Array] = field(default_factory=dict)
    codes: dict[str, Array] = field(default_factory=dict)
    sets: dict[str, Array] = field(default_factory=dict)
    words: dict[str, tuple[frozenset[str] | None, ...]] = field(default_factory=dict)

    @property
    def patient_days(self) -> int:
        """Days on which something was answered."""
        return int(np.count_nonzero(self.answered))

    def batches(self, cells: int = BATCH_CELLS) -> Iterator[tuple[Array, Diaries]]:
        """The cohort as arrays: (places of the patients, their diaries), as `groups` says."""
        return ((members, self.diaries(members)) for members in self.groups(cells))

    def groups(self, cells: int = BATCH_CELLS) -> Iterator[Array]:
        """Places of patients whose arrays together have at most `cells`, short diaries first.

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
        places, at = places[kept], (rows[kept], days[kept])

        def spread(values: Array, empty: Any) -> Array:
            grid = np.full(shape, empty, dtype=values.dtype)
            grid[at] = values[places]
            return grid

        def marks(column: str) -> dict[str, Array]:
            return self._marks(column, places, at, shape)

        logged = np.zeros(shape, dtype=bool)
        logged[at] = True
        signs_answered = np.zeros(shape, dtype=bool)
        if "signs" in self.sets:
            signs_answered[at] = self.sets["signs"][places] > 0
        operations = [self.patients[m].operation for m in members]
        return Diaries(
            numbers={key: spread(values, np.nan) for key, values in self.numbers.items()},
            logged=logged,
            signs=marks("signs"),
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
            signs_asked=self._asked(places, at, shape) if "signs_asked" in self.sets else None,
            approach=tuple(operation.approach for operation in operations),
        )

    def _marks(
        self, column: str, places: Array, at: tuple[Array, Array], shape: tuple[int, int]
    ) -> dict[str, Array]:
        """One grid for each word that anybody gave in `column`."""
        if column not in self.sets:
            return {}
        values = self.sets[column][places]
        present = np.unique(values)
        words = [self.words[column][value] or frozenset() for value in present]
        grids = {}
        for name in sorted(frozenset().union(*words)):
            holds = np.zeros(len(self.words[column]), dtype=bool)
            holds[present] = [name in given for given in words]
            grids[name] = np.zeros(shape, dtype=bool)
            grids[name][at] = holds[values]
        return grids

    def _asked(
        self, places: Array, at: tuple[Array, Array], shape: tuple[int, int]
    ) -> dict[str, Array]:
        """Signs known to have been asked; an answered day without the cell asked all of them."""
        grids = self._marks("signs_asked", places, at, shape)
        unknown = np.zeros(shape, dtype=bool)
        if "signs" in self.sets:
            answered = self.sets["signs"][places] > 0
            unknown[at] = answered & (self.sets["signs_asked"][places] == 0)
            if unknown.any():
                for name in _WEIGHED - grids.keys():
                    grids[name] = np.zeros(shape, dtype=bool)
            for name, ticked in self._marks("signs", places, at, shape).items():
                grids[name] = grids.get(name, np.zeros(shape, dtype=bool)) | ticked
        return {name: grid | unknown for name, grid in grids.items()}


def _maybe(columns: dict[str, Array], key: str, spread: Any) -> Any:
    return spread(columns[key], 0) if key in columns else None


def _scores(scores: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)


class _Known(dict[str, Any]):
    """Cells that were understood before; a new one is read once."""

    def __init__(self, read: Reader, empty: Any, *, verbatim: bool = False) -> None:
        super().__init__({"": empty})
        self._read, self._empty, self._verbatim = read, empty, verbatim

    def __missing__(self, cell: str) -> Any:
        text = cell if self._verbatim else cell.strip()
        value = self._read(text) if text else self._empty
        # Times of recording are all different and would only fill the memory.
        if len(self) < 100_000:
            self[cell] = value
        return value


class _Sets:
    """Reads a list column: the place of its set among those seen so far."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self.seen: list[frozenset[str] | None] = [None]
        self._places: dict[frozenset[str], int] = {}

    def __call__(self, text: str) -> int:
        words = self._read(text)
        if words not in self._places:
            self._places[words] = len(self.seen)
            self.seen.append(words)
        return self._places[words]


class _Reading:
    """The columns of a diary file on their way into arrays."""

    def __init__(self, table: Table, patients: Sequence[CohortPatient]) -> None:
        self.table = table
        self.sets: dict[str, _Sets] = {}
        self.known = {column: self._reader(column, patients) for column in table.columns}
        self.parts: dict[str, list[Array]] = {column: [] for column in table.columns}
        self.row_numbers: list[Array] = []

    def _reader(self, column: str, patients: Sequence[CohortPatient]) -> _Known:
        if column == "patient_id":
            return _Known(_place_of(patients), None)
        read = DIARY_READERS[column]
        if column == "date":
            return _Known(lambda text: read(text).toordinal(), None)
        if column == "recorded_at":
            return _Known(lambda text: read(text).date().toordinal(), 0)
        if column in _CODES:
            codes = _CODES[column]
            return _Known(lambda text: codes[read(text)], 0)
        if column in _SETS:
            self.sets[column] = _Sets(read)
            return _Known(self.sets[column], 0)
        if column in VERBATIM:
            return _Known(lambda text: bool(read(text)), False, verbatim=True)
        return _Known(read, np.nan)

    def read(self) -> None:
        """Take in every row; the first one that cannot stand is refused by its place."""
        for numbers, rows in self.table.chunks():
            columns = zip(*rows, strict=True)
            try:
                for column, cells in zip(self.table.columns, columns, strict=False):
                    known = self.known[column]
                    values = np.fromiter(map(known.__getitem__, cells), _type(column), len(rows))
                    self.parts[column].append(values)
            except (ValueError, TypeError):
                self._refuse(numbers, rows)
                raise
            self.row_numbers.append(np.array(numbers, np.int32))

    def _refuse(self, numbers: Sequence[int], rows: list[list[str]]) -> None:
        for row, cells in zip(numbers, rows, strict=True):
            for column, cell in zip(self.table.columns, cells, strict=True):
                try:
                    value = self.known[column][cell]
                except ValueError as error:
                    raise refusal(self.table.name, str(error), row=row, column=column) from None
                if value is None:
                    raise refusal(self.table.name, "is empty", row=row, column=column)

    def column(self, column: str) -> Array:
        """Everything read of one column; afterwards it is no longer kept here."""
        parts = self.parts.pop(column)
        return np.concatenate(parts) if parts else np.empty(0, dtype=_type(column))


def _type(column: str) -> Any:
    if column in ("patient_id", "date", "recorded_at") or column in _SETS:
        return np.int32
    if column in _CODES:
        return np.int8
    if column in VERBATIM:
        return np.bool_
    # Whole numbers are exact in single precision, a temperature of 38.6 is not.
    return np.float64 if MEASURES[column].kind is Kind.NUMBER else np.float32


def _place_of(patients: Sequence[CohortPatient]) -> Reader:
    places = {patient.id: place for place, patient in enumerate(patients)}

    def read(text: str) -> int:
        if text not in places:
            raise ValueError("is not in the patients file")
        return places[text]

    return read


def read_cohort(path: Path, patients: Sequence[CohortPatient]) -> Cohort:
    """Every day of the diary file, for the given patients.

    Raises:
        RecoveryError: "FILE, row N, column C: what" of a cell that cannot stand.
    """
    with open_table(path) as stream:
        return cohort_from(stream, path.name, patients)


def cohort_from(stream: IO[bytes], name: str, patients: Sequence[CohortPatient]) -> Cohort:
    """The same from an open file that is called `name` in a refusal."""
    table = Table(stream, name, known=COLUMNS, required=("patient_id", "date"))
    reading = _Reading(table, patients)
    reading.read()
    patient, ordinal = reading.column("patient_id"), reading.column("date")
    row_numbers = np.concatenate(reading.row_numbers or [np.empty(0, np.int32)])
    surgery = np.array([p.operation.day.toordinal() for p in patients], dtype=np.int32)
    day = ordinal - surgery[patient] if len(patient) else ordinal
    order = np.lexsort((day, patient))
    _refuse_doubles(name, patient[order], day[order], row_numbers[order])
    if (far := np.flatnonzero(day > LONGEST)).size:
        problem = "lies more than fifty years after the operation"
        raise refusal(name, problem, row=int(row_numbers[far[0]]), column="date")
    until = _observed_until(patients, surgery, int(ordinal.max()) if len(ordinal) else None)
    late = None
    if "recorded_at" in table.columns:
        recorded = reading.column("recorded_at")
        late = np.where(recorded > 0, np.clip(recorded - ordinal, 0, 32_767), 0).astype(np.int16)
        late = late[order]
    held = {c: reading.column(c)[order] for c in table.columns if c in ANSWERS or c in _SETS}
    return Cohort(
        patients=tuple(patients),
        observed_until=until,
        patient=patient[order],
        day=day[order],
        late=late,
        answered=_answered(held, len(order)),
        numbers={key: held[key] for key in NUMBER_KEYS if key in held},
        codes={key: held[key] for key in _CODES if key in held},
        sets={key: held[key] for key in _SETS if key in held},
        words={key: tuple(sets.seen) for key, sets in reading.sets.items()},
    )


def _refuse_doubles(name: str, patient: Array, day: Array, rows: Array) -> None:
    same = np.flatnonzero((np.diff(patient) == 0) & (np.diff(day) == 0))
    if same.size:
        pair = sorted((int(rows[same[0]]), int(rows[same[0] + 1])))
        problem = f"this day of this patient is already on row {pair[0]}"
        raise refusal(name, problem, row=pair[1], column="date")


def _observed_until(
    patients: Sequence[CohortPatient], surgery: Array, last: int | None
) -> NDArray[np.int64]:
    """Last known postoperative day of each; by default that of the last date in the file."""
    given = [
        p.observed_until.toordinal() if p.observed_until else (-1 if last is None else last)
        for p in patients
    ]
    until = np.array(given, dtype=np.int64) - surgery
    return np.clip(until, -1, LONGEST)


def _answered(held: dict[str, Array], rows: int) -> Array:
    """Whether any question of the day was answered."""
    answered = np.zeros(rows, dtype=bool)
    for column, values in held.items():
        if column == "signs_asked":
            continue
        answered |= ~np.isnan(values) if values.dtype.kind == "f" else values > 0
    return answered


def day_of(patient: CohortPatient, postoperative_day: int) -> date:
    """The civil date of a patient's postoperative day."""
    return patient.operation.day + timedelta(days=postoperative_day)
