"""What the columns of somebody's own table mean: given by a person, kept as a small JSON file.

    {"columns": {"Datum": "date", "Schmerz": "axial_pain"}, "dates": "dmy", "scale": 100}

Columns that are not named are left out. A scale is divided only if the mapping says so, and a word
never becomes a number.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .choices import DATE_ORDERS, ENCODINGS, Choices
from .cut_cells import refuse_cut, refuse_longer
from .diary_csv import COLUMNS
from .heading_units import against
from .headings import Numbered
from .problems import refusal, shown
from .same_day import HOW
from .table import did_you_mean

#: Columns of a table; a hospital's record has some hundreds. Our default.
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Heading of a column to the column of a diary, and the other answers about the file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)

    def __bool__(self) -> bool:
        return bool(self.columns)


NO_MAPPING = ColumnMap()


def read_mapping(path: Path, choices: Choices) -> ColumnMap:
    """The mapping of a file; options on the command line take precedence.

    Raises:
        RecoveryError: it is not a mapping; the line names what is invalid.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise refusal(path.name, "cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise refusal(path.name, "is not JSON") from error
    return mapping_from(found, path.name, choices)


def mapping_from(found: Any, name: str, choices: Choices) -> ColumnMap:
    """The same from a JSON value."""
    if not isinstance(found, dict):
        raise refusal(name, 'must be an object like {"columns": {"Datum": "date"}}')
    if unknown := sorted(found.keys() - {"columns", *_allowed()}):
        raise refusal(name, f"unknown key {shown(unknown[0])}")
    columns = found.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise refusal(name, 'needs "columns": the head of each column and what it means')
    for head, column in columns.items():
        if column not in COLUMNS:
            problem = f"{shown(str(column))} is no column of a diary"
            raise refusal(name, problem + did_you_mean(str(column), COLUMNS), column=head)
    if "date" not in columns.values():
        raise refusal(name, 'no column is mapped to "date"')
    if len(set(columns.values())) < len(columns):
        raise refusal(name, "two columns are mapped to the same one")
    return ColumnMap(dict(columns), _choices(found, name, choices))


def _allowed() -> Mapping[str, tuple[Any, ...]]:
    """What can be said of a file beside its columns."""
    return {
        "dates": (None, *DATE_ORDERS),
        "temperature": (None, "c", "f"),
        "scale": (None, 10, 100),
        "encoding": (None, *ENCODINGS),
        "same_day": (None, *HOW),
    }


def _choices(found: Mapping[str, Any], name: str, said: Choices) -> Choices:
    for key, values in _allowed().items():
        if found.get(key) not in values:
            listed = ", ".join(str(value) for value in values[1:])
            raise refusal(name, f"{key} must be one of: {listed}")
    return replace(
        said,
        dates=said.dates or found.get("dates"),
        fahrenheit=said.fahrenheit or found.get("temperature") == "f",
        hundred=said.hundred or found.get("scale") == 100,
        encoding=said.encoding or found.get("encoding"),
        same_day=said.same_day or found.get("same_day"),
    )


def mapped(
    heads: Sequence[str],
    rows: Iterable[Numbered],
    name: str,
    how: ColumnMap,
    separator: str = "",
) -> tuple[tuple[str, ...], list[Numbered]]:
    """The columns of a diary and the rows with their numbers; short rows are padded with empty
    cells. `separator` is what stands between the cells of a text, "" in a workbook.

    Raises:
        RecoveryError: a column of the mapping is not in the table, or holds many things; a row has
            more cells than there are headings.
    """
    plain = [head.strip().strip("\ufeff").casefold() for head in heads]
    places = []
    for head, column in how.columns.items():
        said = head.strip().casefold()
        if said not in plain:
            raise refusal(name, f"has no column {shown(head)}{did_you_mean(head, heads)}")
        if said == "rating/amount" and "category" in plain:
            raise refusal(name, _EVERY_SYMPTOM, column=head)
        if problem := against(head, column, how.choices):
            raise refusal(name, problem, column=head)
        places.append((plain.index(said), column))
    rows = list(rows)
    if separator:
        refuse_longer(rows, heads, {at for at, _ in places}, name, separator)
    if separator == ",":
        means = dict(places)
        refuse_cut([means.get(at, "") for at in range(len(heads))], rows, name, heads)
    _refuse_several(plain, heads, {at for at, _ in places}, rows, name)
    found = [(n, [row[at] if at < len(row) else "" for at, _ in places]) for n, row in rows]
    named = [plain[at] for at, _ in places]
    # Where a table goes on over a page its headings are repeated.
    kept = [(n, row) for n, row in found if any(row) and [c.casefold() for c in row] != named]
    return tuple(column for _, column in places), kept


def _refuse_several(
    plain: Sequence[str],
    heads: Sequence[str],
    used: Collection[int],
    rows: Sequence[Numbered],
    name: str,
) -> None:
    """Refuses rows of several people, or of several symptoms, that a column left out tells apart.

    Raises:
        RecoveryError: it names that column.
    """
    is_redcap = any(head.endswith(("_complete", "complete?")) for head in plain)
    for at, head in enumerate(plain):
        if at in used or head not in _WHOSE | _OF_WHAT:
            continue
        cells = [row[at].strip().casefold() for _, row in rows if at < len(row)]
        said = {*cells} - {""}
        if head in _NUMBERS and len(said) == len(rows) and not is_redcap:
            continue  # A number for each row.
        if len(said) > 1:
            of = "people" if head in _WHOSE else "things"
            problem = f"holds rows of several {of}; keep those of one, {_OTHERWISE}"
            raise refusal(name, problem, column=heads[at])


_OTHERWISE = "take this column out, or map it to the note"
#: Headings of columns that tell whose row it is, and of what, in lower case.
_WHOSE = frozenset(
    {
        *("patient", "patient_id", "patient id", "patientid", "patient name", "patients", "person"),
        *("name", "full name", "first name", "vorname", "nachname", "patientin", "patient/in"),
        *(
            "record_id",
            "record id",
            "subject",
            "subject_id",
            "person_id",
            "participant",
            "mrn",
            "nhs number",
        ),
        *("nombre", "paciente", "nom", "prénom", "姓名", "病人", "患者", "氏名", "名前"),
    }
)
_NUMBERS = frozenset({"record_id", "record id"})
_OF_WHAT = frozenset(
    {
        *("symptom", "symptoms", "location", "pain location", "body part", "body site"),
        *("körperteil", "symptome", "síntoma", "symptôme", "部位", "症狀", "症状"),
    }
)

#: Bearable writes a row for each symptom, mood and sleep of a day.
_EVERY_SYMPTOM = "holds every symptom and mood on scales of their own, which are no pain scores"
