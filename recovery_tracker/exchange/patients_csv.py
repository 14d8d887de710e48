"""A cohort's patients as a table: whose operation was when and where, and the pain before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from ..domain.language import Said
from ..domain.surgery import RISK_FACTORS, Approach, Operation, Region
from .arrow import ParquetTable, is_parquet
from .cells import Reader, number, whole_number, word, yes_or_no
from .dates import read_day
from .formula import is_formula
from .problems import Unreadable, refusal
from .table import Table, open_table
from .tidying import NOTHING

#: Longest diary of a cohort, in days after the operation (fifty years); our default, so that one
#: mistyped year is refused and not computed.
LONGEST = 18_262


_NO_ID = Said("This must be printable, at most 64 characters and not begin with = + - or @.")


def patient_id(text: str) -> str:
    """Reads a patient's id: short, printable, and nothing a spreadsheet would run."""
    if len(text) > 64 or not text.isprintable() or is_formula(text):
        raise Unreadable(_NO_ID)
    return text


def _region(text: str) -> Region:
    return Region(word(tuple(Region))(text))


def _approach(text: str) -> Approach:
    return Approach(word(tuple(Approach))(text))


_REQUIRED = (
    "patient_id",
    "surgery_date",
    "region",
    "levels",
    "preop_axial_pain",
    "preop_limb_pain",
)
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "patient_id": patient_id,
        "surgery_date": read_day,
        "region": _region,
        "levels": whole_number(1, 25),
        "preop_axial_pain": number(0, 10),
        "preop_limb_pain": number(0, 10),
        "approach": _approach,
        **dict.fromkeys(RISK_FACTORS, yes_or_no),
        "observed_until": read_day,
    }
)
COLUMNS: tuple[str, ...] = tuple(READERS)
_COMMA = re.compile(r"\d+,\d+", re.ASCII)
_NEVER_EMPTY = ("patient_id", "surgery_date", "region")


@dataclass(frozen=True, slots=True)
class CohortPatient:
    """One patient of a cohort. `observed_until` is None where the diary file decides."""

    id: str
    operation: Operation
    observed_until: date | None = None


def read_patients(path: Path) -> tuple[CohortPatient, ...]:
    """Every patient of the file, in its order.

    Raises:
        RecoveryError: "FILE, row N, column C: what" for the first invalid cell.
    """
    if is_parquet(path):
        return _patients(ParquetTable(path, known=COLUMNS, required=_REQUIRED))
    with open_table(path) as stream:
        return patients_from(stream, path.name)


def patients_from(stream: IO[bytes], name: str) -> tuple[CohortPatient, ...]:
    """The same from an open file that is called `name` in a refusal."""
    return _patients(Table(stream, name, known=COLUMNS, required=_REQUIRED))


def _patients(table: Table | ParquetTable) -> tuple[CohortPatient, ...]:
    patients: dict[str, tuple[int, CohortPatient]] = {}
    for row, cells in table:
        patient = _patient(table, row, cells)
        if patient.id in patients:
            problem = Said("This patient is already on row {row}.", row=patients[patient.id][0])
            raise refusal(table.name, problem, row=row, column="patient_id")
        patients[patient.id] = row, patient
    return tuple(patient for _, patient in patients.values())


def _point(text: str, separator: str) -> str:
    """A score with a decimal comma, if commas do not separate the columns."""
    return text.replace(",", ".") if separator != "," and _COMMA.fullmatch(text) else text


def _patient(table: Table | ParquetTable, row: int, cells: list[str]) -> CohortPatient:
    values: dict[str, Any] = {}
    for column, cell in zip(table.columns, cells, strict=True):
        text = cell.strip()
        try:
            if text.casefold() in NOTHING and column not in _NEVER_EMPTY:
                text = ""
            if text:
                number = text if column == "patient_id" else _point(text, table.separator)
                values[column] = READERS[column](number)
            elif column in _NEVER_EMPTY:
                raise Unreadable(Said("This is empty."))
        except Unreadable as error:
            raise refusal(table.name, error.said, row=row, column=column) from None
    day, until = values["surgery_date"], values.get("observed_until")
    if until is not None and not 0 <= (until - day).days <= LONGEST:
        problem = Said("This must lie between the operation and fifty years after it.")
        raise refusal(table.name, problem, row=row, column="observed_until")
    operation = Operation(
        day=day,
        region=values["region"],
        levels=values.get("levels"),
        approach=values.get("approach"),
        risk_factors=frozenset(key for key in RISK_FACTORS if values.get(key)),
        preop_axial_pain=values.get("preop_axial_pain"),
        preop_limb_pain=values.get("preop_limb_pain"),
    )
    return CohortPatient(values["patient_id"], operation, until)
