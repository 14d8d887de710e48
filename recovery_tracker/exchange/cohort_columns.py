"""The columns of a cohort's diary file, on the way to becoming arrays."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..domain.diary import celsius_of
from ..domain.language import Said
from ..domain.measures import MEASURES, Kind
from ..trends.series import PAINKILLER_CODES, SIDE_CODES
from .arrow import ParquetTable, distinct, in_order
from .cells import DIARY_READERS, VERBATIM, Reader
from .cohort import Array
from .dates import read_day, where_the_person_is
from .patients_csv import CohortPatient
from .problems import Unreadable, refusal
from .table import Table
from .tidying import Tidier

SETS = frozenset(key for key, measure in MEASURES.items() if measure.kind is Kind.WORDS) | {
    "signs",
    "signs_asked",
}
#: Columns that a plain file fills with whole numbers or ISO days, by Arrow's type.
TYPES = {"date": "date32"} | {
    key: "int32"
    for key, measure in MEASURES.items()
    if measure.kind in (Kind.SCORE, Kind.CHOICE, Kind.COUNT)
}
CODES = {"limb_pain_side": SIDE_CODES, "painkiller_change": PAINKILLER_CODES}


class _Known(dict[str, Any]):
    """Cells that have been read before; a new one is read once."""

    def __init__(self, read: Reader, empty: Any, tidy: Reader) -> None:
        super().__init__({"": empty})
        self._read, self._empty, self._tidy = read, empty, tidy

    def __missing__(self, cell: str) -> Any:
        text = self._tidy(cell)
        value = self._read(text) if text else self._empty
        # Recording times are all different and would only fill the memory.
        if len(self) < 100_000:
            self[cell] = value
        return value


class _Sets:
    """Reads a list column: the position of its set among those seen so far."""

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


class Reading:
    """The columns of a diary file, on the way to becoming arrays."""

    def __init__(
        self,
        table: "Table | ParquetTable",
        patients: Sequence[CohortPatient],
        order: str | None = None,
    ) -> None:
        self.name, self.columns = table.name, table.columns
        self._order, self._tidier = order, Tidier(table.separator)
        self.sets: dict[str, _Sets] = {}
        self.known = {column: self._reader(column, patients) for column in self.columns}
        self.parts: dict[str, list[Array]] = {column: [] for column in self.columns}
        self.row_numbers: list[Array] = []

    def _reader(self, column: str, patients: Sequence[CohortPatient]) -> _Known:
        tidy = partial(self._tidier, column)
        if column == "patient_id":
            return _Known(_place_of(patients), None, str.strip)
        read = DIARY_READERS[column]
        if column == "date":
            return _Known(self._ordinal, None, tidy)
        if column == "recorded_at":
            return _Known(lambda text: read(text).date().toordinal(), 0, tidy)
        if column in CODES:
            codes = CODES[column]
            return _Known(lambda text: codes[read(text)], 0, tidy)
        if column in SETS:
            self.sets[column] = _Sets(read)
            return _Known(self.sets[column], 0, tidy)
        if column in VERBATIM:
            return _Known(lambda text: bool(read(text)), False, tidy)
        if column == "temperature_f":
            return _Known(lambda text: celsius_of(read(text)), np.nan, tidy)
        return _Known(read, np.nan, tidy)

    def _ordinal(self, text: str) -> int:
        """The day; a moment in UTC is refused, for where the person was it may be another one."""
        where_the_person_is([text], None)
        return read_day(text, self._order).toordinal()

    def read_rows(self, table: Table) -> None:
        """Every row is taken in; the first invalid one is refused with its position."""
        for numbers, rows in table.chunks():
            columns = zip(*rows, strict=True)
            try:
                for column, cells in zip(self.columns, columns, strict=False):
                    known = self.known[column]
                    values = np.fromiter(map(known.__getitem__, cells), _type(column), len(rows))
                    self.parts[column].append(values)
            except (ValueError, TypeError):
                self._refuse(numbers, rows)
                raise
            self.row_numbers.append(np.array(numbers, np.int32))

    def _refuse(self, numbers: Sequence[int], rows: list[list[str]]) -> None:
        for row, cells in zip(numbers, rows, strict=True):
            for column, cell in zip(self.columns, cells, strict=True):
                self._value(column, cell, row)

    def read_batches(self, batches: Iterable[Any], row: int) -> None:
        """The same from Arrow's batches, whose first row has this number."""
        for batch in batches:
            for column, cells in zip(self.columns, batch.columns, strict=True):
                values = self._in_order(column, cells)
                if values is None:
                    values = self._one_by_one(column, cells, row)
                self.parts[column].append(values)
            self.row_numbers.append(np.arange(row, row + batch.num_rows, dtype=np.int32))
            row += int(batch.num_rows)

    def _in_order(self, column: str, cells: Any) -> Array | None:
        """Numbers or days: where the least and the greatest can stand and mean what they say, so
        does every one between; but of answers in whole numbers only a whole one, and a number that
        names a patient is no number. None where that is not so.
        """
        known, kind = self.known[column], _type(column)
        if column == "patient_id" or (cells.null_count and known[""] is None):
            return None
        if cells.null_count == len(cells):
            return np.full(len(cells), known[""], kind)
        found = in_order(cells, whole=kind is not np.float64)
        if found is None:
            return None
        values, ends, texts = found
        try:
            if [known[text] for text in texts] != ends:
                return None
        except ValueError:
            return None
        kept: Array = values.astype(kind)
        return kept

    def _one_by_one(self, column: str, cells: Any, row: int) -> Array:
        """Any other column: each different cell is read once."""
        kinds, places = distinct(cells)
        values = np.zeros(len(kinds), _type(column))
        for place, kind in enumerate(kinds):
            try:
                values[place] = self.known[column][kind]
            except (ValueError, TypeError):
                # A dictionary may hold words that no row of the batch uses.
                for at in np.flatnonzero(places == place)[:1]:
                    self._value(column, kind, row + int(at))
        return np.take(values, places)

    def _value(self, column: str, cell: str, row: int) -> Any:
        try:
            value = self.known[column][cell]
        except Unreadable as error:
            raise refusal(self.name, error.said, row=row, column=column) from None
        if value is None:
            raise refusal(self.name, Said("This is empty."), row=row, column=column)
        return value

    def peek(self, column: str) -> Array:
        """Everything read from one column, which also stays here."""
        self.parts[column] = [self.column(column)]
        return self.parts[column][0]

    def column(self, column: str) -> Array:
        """Everything read from one column, which is then no longer kept here."""
        parts = self.parts.pop(column)
        return np.concatenate(parts) if parts else np.empty(0, dtype=_type(column))


def _type(column: str) -> Any:
    if column in ("patient_id", "date", "recorded_at") or column in SETS:
        return np.int32
    if column in CODES:
        return np.int8
    if column in VERBATIM:
        return np.bool_
    # Whole numbers are exact in single precision, a temperature of 38.6 is not.
    if column == "temperature_f":
        return np.float64
    return np.float64 if MEASURES[column].kind is Kind.NUMBER else np.float32


def _place_of(patients: Sequence[CohortPatient]) -> Reader:
    places = {patient.id: place for place, patient in enumerate(patients)}

    def read(text: str) -> int:
        if text not in places:
            raise Unreadable(Said("This is not in the patients file."))
        return places[text]

    return read
