"""A clinic's list of patients, as CSV or a spreadsheet: who they are, and where they belong.

One line each: name, birth date, hospital number, phone, day and region of the operation, levels,
surgeon, team. Only the name is needed. Other columns are left out and named.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..domain.language import N_, Said
from ..domain.people import is_phone
from ..domain.surgery import Region
from ..domain.wording import without_accents
from .cells import too_long
from .dates import order_of, read_day
from .lines import text_lines
from .problems import EMPTY_FILE, FileRefused, Problems, Unreadable, refusal
from .spreadsheet import read_spreadsheet
from .table import NO_ROW, TWICE, open_table

#: Patients of one list. Our default: a large clinic's year.
MOST_PATIENTS = 5_000

_TOO_MANY = Said(N_("This list has more than {most} patients."), most=f"{MOST_PATIENTS:,}")
_NO_NAMES = Said(N_("No column holds the names. Call it “Name” in the first row."))
_NO_NAME = Said(N_("The name is missing here."))
_NO_PHONE = Said(N_("This is no phone number."))
_NO_REGION = Said(N_("This must be lumbar, cervical or thoracic."))
_REGION_IS_NEEDED = Said(N_("The region is needed where there is a day of the operation."))
_TWICE = N_("This number already stands on row {row}.")

#: What the columns are called, in lower case without signs and accents, in English, Spanish,
#: German and Chinese; the first is our own name.
HEADS = {
    "name": (
        *("name", "patient", "patient name", "full name"),
        *("nombre", "paciente", "nombre completo", "nombre y apellidos"),
        *("patientenname", "patientin", "姓名", "病人姓名", "患者姓名"),
    ),
    "birth_date": (
        *("birth date", "date of birth", "dob", "born", "birthday"),
        *("fecha de nacimiento", "nacimiento", "geburtsdatum", "geb datum", "geboren"),
        *("出生日期", "生日", "出生年月日"),
    ),
    "hospital_number": (
        *("hospital number", "medical record number", "mrn", "nhs number", "patient number"),
        *("patient id", "numero de historia clinica", "numero de historia", "nhc"),
        *("patientennummer", "patienten id", "pat nr", "病歷號", "病歷號碼"),
    ),
    "phone": (
        *("phone", "telephone", "mobile", "telephone number", "phone number"),
        *("telefono", "movil", "telefono movil", "telefon", "telefonnummer", "handy", "mobil"),
        *("電話", "手機", "電話號碼", "聯絡電話"),
    ),
    "operation_day": (
        *("operation day", "operation date", "surgery date", "date of surgery"),
        *("fecha de operacion", "fecha de la operacion", "fecha de cirugia"),
        *("fecha de la cirugia", "operationsdatum", "op datum", "op tag", "手術日期", "手術日"),
    ),
    "region": ("region", "spine region", "zona", "部位", "手術部位"),
    "levels": ("levels", "level", "niveles", "nivel", "segmente", "hohe", "節段", "手術節段"),
    "surgeon": (
        *("surgeon", "consultant", "responsible surgeon", "cirujano", "cirujana"),
        *("operateur", "operateurin", "chirurg", "chirurgin", "主刀醫師", "主治醫師"),
    ),
    "team": ("team", "equipo", "團隊", "醫療團隊"),
}
_REGIONS = {
    **{region.value: region for region in Region},
    **dict.fromkeys(("neck", "hws", "halswirbelsaule", "頸椎"), Region.CERVICAL),
    **dict.fromkeys(("lower back", "low back", "lws", "lendenwirbelsaule", "腰椎"), Region.LUMBAR),
    **dict.fromkeys(
        ("chest", "toracica", "dorsal", "bws", "brustwirbelsaule", "胸椎"), Region.THORACIC
    ),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One patient of a list; None and "" mean that the list does not say."""

    row: int
    name: str
    birth_date: date | None = None
    hospital_number: str = ""
    phone: str = ""
    operation_day: date | None = None
    region: Region | None = None
    levels: str = ""
    surgeon: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class PatientListFile:
    """The patients of a list in the order of the file, the columns that were left out, and what
    the list calls the others by our names."""

    arrivals: tuple[Arrival, ...]
    left_out: tuple[str, ...]
    called: Mapping[str, str]


def read_patient_list(path: Path, name: str) -> PatientListFile:
    """Everybody on the list; rows are counted as a spreadsheet shows them.

    Raises:
        FileRefused: with every invalid cell.
        RecoveryError: it is no table, or has no column of names.
    """
    rows = _rows(path, name)
    if not rows:
        raise refusal(name, EMPTY_FILE)
    heads = [_head(cell) for cell in rows[0][1]]
    if "name" not in heads:
        raise refusal(name, _NO_NAMES, row=rows[0][0])
    for head in HEADS:
        if heads.count(head) > 1:
            raise refusal(name, TWICE, row=rows[0][0], column=rows[0][1][heads.index(head)])
    if len(rows) - 1 > MOST_PATIENTS:
        raise refusal(name, _TOO_MANY)
    called = {head: cell for cell, head in zip(rows[0][1], heads, strict=True) if head}
    left_out = [cell for cell, head in zip(rows[0][1], heads, strict=True) if cell and not head]
    try:
        arrivals = _Reading(name, heads, rows[1:]).arrivals()
    except FileRefused as refused:
        raise refused.with_columns(called) from None
    return PatientListFile(arrivals, tuple(left_out), called)


def _rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    with open_table(path) as stream:
        is_packed = stream.read(4) == b"PK\x03\x04"
    if is_packed:
        rows = read_spreadsheet(path)[0].rows
        return [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    with open_table(path) as stream:
        lines = list(text_lines(stream, name))
    first = next((line for line in lines if line.strip()), "")
    separator = max(";,\t", key=lambda sign: sum(map(bool, map(_head, first.split(sign)))))
    taken: list[list[str]] = []
    try:
        taken.extend(csv.reader(lines, strict=True, delimiter=separator))
    except csv.Error as error:
        # A quote that is left open would make the rows after it part of a name.
        raise refusal(name, NO_ROW, row=len(taken) + 1) from error
    return [(n, [cell.strip() for cell in row]) for n, row in enumerate(taken, 1) if any(row)]


def _head(cell: str) -> str:
    """Our name of a column; "" of one that is left out."""
    plain = " ".join(re.sub(r"[^\w]+|_", " ", without_accents(cell)).split())
    return next((key for key, names in HEADS.items() if plain in names), "")


class _Reading:
    """The rows of a list on their way to arrivals; every invalid cell is collected."""

    def __init__(self, name: str, heads: list[str], rows: Sequence[tuple[int, list[str]]]) -> None:
        self._rows, self._heads, self._problems = rows, heads, Problems(name)
        self._orders = {head: self._order(head, name) for head in ("birth_date", "operation_day")}

    def arrivals(self) -> tuple[Arrival, ...]:
        found = [self._arrival(row, self._cells(cells)) for row, cells in self._rows]
        self._twice(found)
        self._problems.refuse()
        return tuple(found)

    def _cells(self, cells: list[str]) -> dict[str, str]:
        pairs = zip(self._heads, cells, strict=False)
        return {head: " ".join(cell.split()) for head, cell in pairs if head}

    def _order(self, head: str, name: str) -> str | None:
        if head not in self._heads:
            return None
        at = self._heads.index(head)
        cells = [row[at] if at < len(row) else "" for _, row in self._rows]
        order, problem, place = order_of(cells)
        if problem:
            raise refusal(name, problem, row=self._rows[place][0], column=head)
        return order

    def _arrival(self, row: int, cells: dict[str, str]) -> Arrival:
        if not cells.get("name"):
            self._problems.add(_NO_NAME, row=row, column="name")
        longest = {"name": 200, "hospital_number": 50, "phone": 40, "levels": 200}
        for head, most in longest.items():
            if len(cells.get(head, "")) > most:
                self._problems.add(too_long(most), row=row, column=head)
        if cells.get("phone") and not is_phone(cells["phone"]):
            self._problems.add(_NO_PHONE, row=row, column="phone")
        region = _REGIONS.get(without_accents(cells.get("region", "")))
        if cells.get("region") and region is None:
            self._problems.add(_NO_REGION, row=row, column="region")
        operation_day = self._day(row, "operation_day", cells)
        if operation_day and region is None and not cells.get("region"):
            self._problems.add(_REGION_IS_NEEDED, row=row, column="region")
        return Arrival(
            row=row,
            name=cells.get("name", ""),
            birth_date=self._day(row, "birth_date", cells),
            hospital_number=cells.get("hospital_number", ""),
            phone=cells.get("phone", ""),
            operation_day=operation_day,
            region=region,
            levels=cells.get("levels", ""),
            surgeon=cells.get("surgeon", ""),
            team=cells.get("team", ""),
        )

    def _day(self, row: int, head: str, cells: dict[str, str]) -> date | None:
        if not cells.get(head):
            return None
        try:
            return read_day(cells[head], self._orders[head])
        except Unreadable as error:
            self._problems.add(error.said, row=row, column=head)
            return None

    def _twice(self, found: Iterable[Arrival]) -> None:
        numbers: dict[str, int] = {}
        for one in found:
            if one.hospital_number:
                first = numbers.setdefault(one.hospital_number, one.row)
                if first != one.row:
                    problem = Said(_TWICE, row=first)
                    self._problems.add(problem, row=one.row, column="hospital_number")
