"""The cohort as the files that `replay` and `assess` read, with the truth beside them."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.measures import MEASURES, Kind
from ..exchange.arrow import write_parquet
from ..exchange.whole_file import whole_folder
from ..trends.series import PAINKILLER_CODES, SIDE_CODES, BoolArray
from .cohort import Cohort

PATIENT_COLUMNS = (
    "patient_id",
    "surgery_date",
    "region",
    "levels",
    "preop_axial_pain",
    "preop_limb_pain",
    "observed_until",
)
TRUTH_COLUMNS = (
    "patient_id",
    "scenario",
    "onset",
    "onset_day",
    "axial_points",
    "limb_points",
    "numbness_points",
    "ramp_days",
    "accepted_patterns",
    "ambiguous",
    "sign_day",
    "quiet_from_day",
    "explanation",
)

_NUMERIC = (Kind.SCORE, Kind.CHOICE, Kind.COUNT, Kind.NUMBER)

#: Answer columns of `diary.csv`; one that a generator does not fill stays empty.
ANSWER_COLUMNS = (
    "walking",
    "mobility",
    "axial_pain",
    "limb_pain",
    "limb_pain_side",
    "numbness",
    "numbness_zones",
    "sleep",
    "opioid_doses",
    "painkiller_change",
    "temperature_c",
    "strain",
    "steps",
    "signs",
    "signs_asked",
)

_TABLES = {
    "patients": PATIENT_COLUMNS,
    "diary": ("patient_id", "date", *ANSWER_COLUMNS),
    "truth": TRUTH_COLUMNS,
}
#: Arrow's types of the columns whose first part may be empty or look like something else.
_TYPES = {
    **dict.fromkeys(("patient_id", "scenario", "accepted_patterns", "explanation"), "string"),
    **dict.fromkeys(("date", "surgery_date", "observed_until", "onset"), "date32"),
    **{
        column: "double"
        if MEASURES[column].kind is Kind.NUMBER
        else "int32"
        if MEASURES[column].kind in _NUMERIC
        else "string"
        for column in ANSWER_COLUMNS
        if column in MEASURES
    },
    **dict.fromkeys(("signs", "signs_asked", "region", "ambiguous"), "string"),
    **dict.fromkeys(("onset_day", "sign_day", "quiet_from_day", "ramp_days", "levels"), "int32"),
    **dict.fromkeys(("preop_axial_pain", "preop_limb_pain"), "double"),
}

_FIRST_OPERATION = date(2024, 1, 1)
#: Operations are spread over a year, so that nothing can lean on the calendar.
_STRIDE = 17


def write_cohort(cohort: Cohort, directory: Path) -> None:
    """Write `patients.csv`, `diary.csv` and `truth.csv`: all three stand whole, or none does."""
    write_cohorts([cohort], cohort.patients, directory)


def write_cohorts(cohorts: Iterable[Cohort], patients: int, directory: Path) -> None:
    """The same three files for a cohort that comes in parts; `patients` is the sum of them."""
    with whole_folder(directory) as folder, ExitStack() as stack:
        writers = [
            stack.enter_context(_table(folder / f"{name}.csv", columns))
            for name, columns in _TABLES.items()
        ]
        for tables in _rows(cohorts, patients):
            for write, rows in zip(writers, tables, strict=True):
                write(rows)


def write_registry(cohorts: Iterable[Cohort], patients: int, directory: Path) -> None:
    """The same as folders `patients`, `diary` and `truth`, with a Parquet file for each part."""
    with whole_folder(directory) as folder, TemporaryDirectory() as beside:
        for name in _TABLES:
            (folder / name).mkdir()
        text = Path(beside, "part.csv")
        for part, tables in enumerate(_rows(cohorts, patients)):
            for (name, columns), rows in zip(_TABLES.items(), tables, strict=True):
                with _table(text, columns) as write:
                    write(rows)
                types = {column: kind for column, kind in _TYPES.items() if column in columns}
                write_parquet(text, folder / name / f"part-{part:06d}.parquet", types)


def _rows(
    cohorts: Iterable[Cohort], patients: int
) -> Iterator[tuple[Iterator[Sequence[str]], ...]]:
    """The rows of patients, diary and truth of each part."""
    done = 0
    width = len(str(patients))
    for cohort in cohorts:
        rows = range(done, done + cohort.patients)
        done += cohort.patients
        ids = [f"P{row + 1:0{width}d}" for row in rows]
        operated = [_FIRST_OPERATION + timedelta(days=row * _STRIDE % 365) for row in rows]
        yield tuple(made(cohort, ids, operated) for made in (_patients, _diary, _truths))


@contextmanager
def _table(
    path: Path, header: Sequence[str]
) -> Iterator[Callable[[Iterable[Sequence[str]]], None]]:
    """What writes rows into a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        yield writer.writerows


def _patients(
    cohort: Cohort, ids: Sequence[str], operated: Sequence[date]
) -> Iterator[Sequence[str]]:
    diaries = cohort.diaries
    for row, patient in enumerate(ids):
        last = operated[row] + timedelta(days=int(diaries.observed_until[row]))
        yield (
            patient,
            operated[row].isoformat(),
            diaries.region[row].value,
            str(cohort.levels[row]),
            _number(diaries.preop_axial[row]),
            _number(diaries.preop_limb[row]),
            last.isoformat(),
        )


def _truths(
    cohort: Cohort, ids: Sequence[str], operated: Sequence[date]
) -> Iterator[Sequence[str]]:
    truth = cohort.truth
    for row, patient in enumerate(ids):
        onset = int(truth.onset[row])
        yield (
            patient,
            truth.scenario[row],
            (operated[row] + timedelta(days=onset)).isoformat() if onset >= 0 else "",
            _day(onset),
            f"{truth.axial[row]:.2f}",
            f"{truth.limb[row]:.2f}",
            f"{truth.numbness[row]:.2f}",
            str(truth.ramp[row]) if onset >= 0 else "",
            ";".join(sorted(truth.accepted[row])),
            "yes" if len(truth.accepted[row]) > 1 else "no",
            _day(int(truth.sign_day[row])),
            _day(int(truth.quiet_from[row])),
            truth.explanation[row],
        )


def _diary(cohort: Cohort, ids: Sequence[str], operated: Sequence[date]) -> Iterator[Sequence[str]]:
    diaries = cohort.diaries
    for row, patient in enumerate(ids):
        days = np.flatnonzero(diaries.logged[row])
        cells = [_cells(cohort, row, days, column) for column in ANSWER_COLUMNS]
        dates = [(operated[row] + timedelta(days=int(day))).isoformat() for day in days]
        yield from zip([patient] * len(days), dates, *cells, strict=True)


def _cells(cohort: Cohort, row: int, days: NDArray[np.intp], column: str) -> list[str]:
    diaries = cohort.diaries
    if column in diaries.numbers:
        whole = MEASURES[column].kind is not Kind.NUMBER
        values = diaries.numbers[column][row, days]
        return [_number(value, whole) for value in values.tolist()]
    if MEASURES.get(column) is not None and MEASURES[column].kind in _NUMERIC:
        return [""] * len(days)
    if column == "limb_pain_side":
        return _words(diaries.limb_pain_side, SIDE_CODES, row, days)
    if column == "painkiller_change":
        return _words(diaries.painkiller_change, PAINKILLER_CODES, row, days)
    if column == "numbness_zones":
        return _ticked(diaries.zones, row, days)
    if column == "strain":
        return _ticked(diaries.strain, row, days)
    answered = diaries.signs_answered[row, days]
    if column == "signs":
        ticked = _ticked(diaries.signs, row, days)
        return [(cell or "none") if on else "" for cell, on in zip(ticked, answered, strict=True)]
    asked = _ticked(diaries.signs_asked or {}, row, days)
    return [cell if on else "" for cell, on in zip(asked, answered, strict=True)]


def _ticked(arrays: Mapping[str, BoolArray], row: int, days: NDArray[np.intp]) -> list[str]:
    chosen: list[list[str]] = [[] for _ in days]
    for key, array in sorted(arrays.items()):
        for place in np.flatnonzero(array[row, days]):
            chosen[place].append(key)
    return [";".join(keys) for keys in chosen]


def _words(
    codes: NDArray[Any] | None, meaning: Mapping[str, int], row: int, days: NDArray[np.intp]
) -> list[str]:
    word = {code: key for key, code in meaning.items()}
    if codes is None:
        return [""] * len(days)
    return [word.get(int(code), "") for code in codes[row, days]]


def _number(value: float, whole: bool = True) -> str:
    # NaN alone differs from itself; this is the innermost line of a million cells.
    if value != value:
        return ""
    return str(int(value)) if whole else f"{value:.1f}"


def _day(day: int) -> str:
    return str(day) if day >= 0 else ""
