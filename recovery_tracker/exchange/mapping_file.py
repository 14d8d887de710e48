"""What the columns of somebody's own table mean, kept as a small JSON file for the command line.

{"columns": {"Datum": "date", "Schmerz": "axial_pain"}, "dates": "dmy", "scale": 100}
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..domain.language import Said, both
from .choices import DATE_ORDERS, ENCODINGS, Choices
from .diary_csv import COLUMNS
from .mapping import ColumnMap
from .problems import refusal, shown
from .same_day import HOW
from .table import did_you_mean

_NO_OBJECT = Said(
    "This must be an object like {example}.", example='{"columns": {"Datum": "date"}}'
)
_NO_COLUMNS = Said('This needs "columns": the head of each column and what it means.')


def read_mapping(path: Path, choices: Choices) -> ColumnMap:
    """The mapping of a file; options on the command line take precedence.

    Raises:
        RecoveryError: it is not a mapping; the line names what is invalid.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise refusal(path.name, Said("This cannot be read.")) from error
    except (ValueError, RecursionError) as error:
        raise refusal(path.name, Said("This is not JSON.")) from error
    return mapping_from(found, path.name, choices)


def mapping_from(found: Any, name: str, choices: Choices) -> ColumnMap:
    """The same from a JSON value."""
    if not isinstance(found, dict):
        raise refusal(name, _NO_OBJECT)
    if unknown := sorted(found.keys() - {"columns", *_allowed()}):
        raise refusal(name, Said("This is an unknown key: {key}.", key=shown(unknown[0])))
    columns = found.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise refusal(name, _NO_COLUMNS)
    for head, column in columns.items():
        if column not in COLUMNS:
            no_column = Said("{name} is no column of a diary.", name=shown(str(column)))
            near = did_you_mean(str(column), COLUMNS)
            raise refusal(name, both(no_column, near) if near else no_column, column=head)
    if "date" not in columns.values():
        raise refusal(name, Said('No column is mapped to "date".'))
    if len(set(columns.values())) < len(columns):
        raise refusal(name, Said("Two columns are mapped to the same one."))
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
            raise refusal(name, Said("{key} must be one of: {listed}.", key=key, listed=listed))
    return replace(
        said,
        dates=said.dates or found.get("dates"),
        fahrenheit=said.fahrenheit or found.get("temperature") == "f",
        hundred=said.hundred or found.get("scale") == 100,
        encoding=said.encoding or found.get("encoding"),
        same_day=said.same_day or found.get("same_day"),
    )
