"""A cohort's diaries as one table, read into arrays.

Each distinct cell of a column is read once and then looked up, so that a million days take a few
seconds; a day then takes only a few bytes per column.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ..domain.diary import ANSWERS, PASSIVE
from ..domain.errors import RecoveryError
from ..domain.language import Said
from ..domain.surgery import Region
from ..trends.series import NUMBER_KEYS
from .arrow import ParquetTable, csv_batches, is_parquet
from .cells import DIARY_READERS, strange_zone
from .cohort import Array, CohortArrays
from .cohort_columns import CODES, SETS, TYPES, Reading
from .dates import order_of, read_day
from .diary_csv import BEFORE_ITS_DAY, SLACK_DAYS
from .patients_csv import LONGEST, CohortPatient
from .problems import refusal
from .table import Table, open_table

COLUMNS: tuple[str, ...] = ("patient_id", *DIARY_READERS)

_REQUIRED = ("patient_id", "date")


def read_cohort(
    path: Path, patients: Sequence[CohortPatient], last: date | None = None
) -> CohortArrays:
    """Every day of the diary file, for the given patients.

    Who has no `observed_until` was observed until `last`, by default the last date in the file.

    Raises:
        RecoveryError: "FILE, row N, column C: what" for an invalid cell.
    """
    if is_parquet(path):
        table = ParquetTable(path, known=COLUMNS, required=_REQUIRED)
        reading = Reading(table, patients)
        reading.read_batches(table.batches(), 1)
        return _arrays(reading, patients, last)
    with open_table(path) as stream:
        return cohort_from(stream, path.name, patients, last)


def cohort_from(
    stream: IO[bytes], name: str, patients: Sequence[CohortPatient], last: date | None = None
) -> CohortArrays:
    """The same from an open file that is called `name` in a refusal."""
    order = _order_of_dates(stream, name)
    for types in (TYPES, {}):
        table = _table(stream, name)
        reading = Reading(table, patients, order)
        try:
            reading.read_batches(csv_batches(stream, table, types), 2)
        except ValueError:
            # Where "3.0" or "NA" stands in for a number, each cell is read as text.
            stream.seek(0)
        except (ImportError, RecoveryError):
            break
        else:
            return _arrays(reading, patients, last)
    # Row by row everything is read that can be, and the first place that cannot is named.
    stream.seek(0)
    table = _table(stream, name)
    reading = Reading(table, patients, order)
    reading.read_rows(table)
    return _arrays(reading, patients, last)


def last_day_of(path: Path) -> date | None:
    """The last date in a diary file; None where there is none that can be read."""
    if is_parquet(path):
        table = ParquetTable(path, known=COLUMNS, required=_REQUIRED)
        cells, order = {table.greatest("date")}, None
    else:
        with open_table(path) as stream:
            order = _order_of_dates(stream, path.name)
            rows = _table(stream, path.name)
            at = rows.columns.index("date")
            cells = {row[at].strip() for _, chunk in rows.chunks() for row in chunk}
    days = []
    for cell in cells:
        with suppress(ValueError):  # The reading of the whole file says where.
            days.append(read_day(cell, order))
    return max(days, default=None)


def _arrays(reading: Reading, patients: Sequence[CohortPatient], last: date | None) -> CohortArrays:
    name = reading.name
    patient, ordinal = reading.column("patient_id"), reading.column("date")
    row_numbers = np.concatenate(reading.row_numbers or [np.empty(0, np.int32)])
    surgery = np.array([p.operation.day.toordinal() for p in patients], dtype=np.int32)
    day = ordinal - surgery[patient] if len(patient) else ordinal
    # Most files are in order, so nothing needs to be copied.
    by_day = slice(None) if _in_order(patient, day) else np.lexsort((day, patient))
    _refuse_doubles(name, patient[by_day], day[by_day], row_numbers[by_day])
    _refuse_strange_zones(reading, patients, patient, row_numbers)
    if (far := np.flatnonzero(day > LONGEST)).size:
        problem = Said("This lies more than fifty years after the operation.")
        raise refusal(name, problem, row=int(row_numbers[far[0]]), column="date")
    if last is None and len(ordinal):
        last = date.fromordinal(int(ordinal.max()))
    until = _observed_until(patients, surgery, last)
    late = None
    if "recorded_at" in reading.columns:
        recorded = reading.column("recorded_at")
        early = np.flatnonzero((recorded > 0) & (recorded < ordinal - SLACK_DAYS))
        if early.size:
            problem = BEFORE_ITS_DAY
            raise refusal(name, problem, row=int(row_numbers[early[0]]), column="recorded_at")
        late = np.where(recorded > 0, np.clip(recorded - ordinal, 0, 32_767), 0).astype(np.int16)
        late = late[by_day]
    kept = [c for c in reading.columns if c in ANSWERS or c in SETS]
    held = {c: reading.column(c)[by_day] for c in kept}
    if "temperature_f" in reading.columns:
        fahrenheit = reading.column("temperature_f")[by_day]
        celsius = held.get("temperature_c", fahrenheit)
        held["temperature_c"] = np.where(np.isnan(fahrenheit), celsius, fahrenheit)
    return CohortArrays(
        patients=tuple(patients),
        observed_until=until,
        patient=patient[by_day],
        day=day[by_day],
        late=late,
        answered=_answered(held, len(day)),
        # A file does not say who counted: see `DiaryEntry.has_answers`.
        by_person=_answered({c: v for c, v in held.items() if c not in PASSIVE}, len(day)),
        numbers={key: held[key] for key in NUMBER_KEYS if key in held},
        codes={key: held[key] for key in CODES if key in held},
        sets={key: held[key] for key in SETS if key in held},
        words={key: tuple(sets.seen) for key, sets in reading.sets.items()},
    )


def _in_order(patient: Array, day: Array) -> bool:
    """Whether each patient's days follow one another, and patient follows patient."""
    is_next = np.diff(patient) > 0
    return bool(np.all(is_next | ((np.diff(patient) == 0) & (np.diff(day) >= 0))))


def _table(stream: IO[bytes], name: str) -> Table:
    return Table(stream, name, known=COLUMNS, required=_REQUIRED)


def _order_of_dates(stream: IO[bytes], name: str) -> str | None:
    """The order of the dates; a file whose first date is ISO is read once and needs none.

    Raises:
        RecoveryError: no row decides, or two contradict.
    """
    table = _table(stream, name)
    at = table.columns.index("date")
    first = next(iter(table), None)
    stream.seek(0)
    if first is None or first[1][at][:4].isdigit():
        return None
    rows: dict[str, int] = {}
    for row, cells in _table(stream, name):
        rows.setdefault(cells[at], row)
    stream.seek(0)
    order, problem, place = order_of(rows)
    if problem:
        raise refusal(name, problem, row=list(rows.values())[place], column="date")
    return order


def _refuse_doubles(name: str, patient: Array, day: Array, rows: Array) -> None:
    same = np.flatnonzero((np.diff(patient) == 0) & (np.diff(day) == 0))
    if same.size:
        pair = sorted((int(rows[same[0]]), int(rows[same[0] + 1])))
        problem = Said("This day of this patient is already on row {row}.", row=pair[0])
        raise refusal(name, problem, row=pair[1], column="date")


def _refuse_strange_zones(
    reading: Reading, patients: Sequence[CohortPatient], patient: Array, rows: Array
) -> None:
    """The first row with a place of numbness that is not asked after that patient's operation."""
    if "numbness_zones" not in reading.sets:
        return
    given, seen = reading.peek("numbness_zones"), reading.sets["numbness_zones"].seen
    operated = np.array([list(Region).index(p.operation.region) for p in patients], np.int8)
    problems = [[strange_zone(zones or frozenset(), [at]) for zones in seen] for at in Region]
    found = np.flatnonzero(np.array(problems, dtype=bool)[operated[patient], given])
    if found.size:
        first = found[0]
        problem = problems[operated[patient[first]]][given[first]]
        raise refusal(reading.name, problem, row=int(rows[first]), column="numbness_zones")


def _observed_until(
    patients: Sequence[CohortPatient], surgery: Array, last: date | None
) -> NDArray[np.int64]:
    """Each patient's last known postoperative day; by default that of `last`."""
    usual = -1 if last is None else last.toordinal()
    given = [p.observed_until.toordinal() if p.observed_until else usual for p in patients]
    until = np.array(given, dtype=np.int64) - surgery
    return np.clip(until, -1, LONGEST)


def _answered(held: dict[str, Array], rows: int) -> Array:
    """Whether any question of the day was answered, even if only by a device."""
    answered = np.zeros(rows, dtype=bool)
    for column, values in held.items():
        if column == "signs_asked":
            continue
        answered |= ~np.isnan(values) if values.dtype.kind == "f" else values > 0
    return answered
