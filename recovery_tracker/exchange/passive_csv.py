"""Passive values in our own table: `passive.csv` of an export, and back."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

from ..domain.language import N_, Said
from ..domain.passive import SOURCE_LENGTH, PassiveKind, PassiveValue
from .cells import as_cell, free_text, word
from .dates import read_day
from .formula import guarded
from .problems import Problems, Unreadable
from .table import Table

_NO_COUNT = Said(N_("This is no count of a device that can be read."))
_TWICE = Said(N_("This value is there already."))

COLUMNS = ("date", "kind", "source", "value")


def passive_text(values: Iterable[PassiveValue]) -> str:
    """One row a value, by day, kind and source."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sorted(values):
        writer.writerow((as_cell(one.day), str(one.kind), guarded(one.source), as_cell(one.value)))
    return text.getvalue()


def read_passive(content: bytes, name: str) -> tuple[PassiveValue, ...]:
    """The values of such a table.

    Raises:
        FileRefused: with every invalid cell.
    """
    table = Table(BytesIO(content), name, known=COLUMNS, required=COLUMNS)
    problems = Problems(name)
    found: dict[tuple[object, ...], PassiveValue] = {}
    for row, cells in table:
        values = dict(zip(table.columns, cells, strict=True))
        try:
            one = PassiveValue(
                read_day(values["date"].strip()),
                PassiveKind(word(tuple(PassiveKind))(values["kind"].strip())),
                free_text(SOURCE_LENGTH)(values["source"]),
                float(values["value"]),
            )
        except Unreadable as error:
            problems.add(error.said, row=row)
            continue
        except ValueError:
            problems.add(_NO_COUNT, row=row)
            continue
        if (one.day, one.kind, one.source) in found:
            problems.add(_TWICE, row=row)
        found[one.day, one.kind, one.source] = one
    problems.refuse()
    return tuple(sorted(found.values()))
