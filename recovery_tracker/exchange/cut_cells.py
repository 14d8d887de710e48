"""Numbers that a comma without quotes cut into two cells, so that a row is read one column off.

A row that is longer than its headings shows it. One that had lost its end before shows nothing;
there only the temperatures are looked at, where half a degree is a fever.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from ..domain.language import N_, Said
from .headings import Numbered, Row, nameless
from .problems import refusal
from .table import other_width

#: A number before its comma, and what may stand behind it: decimals, or thousands.
_BEFORE, _BEHIND = re.compile(r"[+-]?\d{1,3}", re.ASCII), re.compile(r"\d{1,3}", re.ASCII)
#: Whole degrees of either scale, and one decimal.
_DEGREES = re.compile(r"[34]\d|9\d|1[01]\d", re.ASCII)
_DECIMAL = re.compile(r"\d", re.ASCII)
_TEMPERATURES = ("temperature_c", "temperature_f")
SPLIT = Said(
    N_(
        "Every temperature is whole degrees with one digit in the cell after it. If these are "
        "decimals, use a point, or save the file with ; between the columns. If not, write .0 "
        "after the degrees."
    )
)


def refuse_longer(
    rows: Iterable[Numbered], heads: Row, used: Collection[int], name: str, separator: str
) -> None:
    """Refuses a row with more cells than the table has headings; `used` are the places of columns
    that a person named.

    Numbers without a heading, and empty cells at the end, are somebody's habit, unless a comma may
    have cut a number.

    Raises:
        RecoveryError: it names the row.
    """
    width = len(heads)
    while width and width - 1 not in used and heads[width - 1] == nameless(width):
        width -= 1
    for number, row in rows:
        if len(row) <= width:
            continue
        is_longer = any(map(str.strip, row[len(heads) :]))
        may_be = len(row) > len(heads) or any(_BEHIND.fullmatch(c.strip()) for c in row[width:])
        if is_longer or (may_be and separator == "," and _may_be_cut(row)):
            raise refusal(name, other_width(row, width), row=number)


def _may_be_cut(row: Row) -> bool:
    return any(
        _BEFORE.fullmatch(cell.strip()) and _BEHIND.fullmatch(behind.strip())
        for cell, behind in pairwise(row)
    )


def refuse_cut(columns: Sequence[str], rows: Iterable[Numbered], name: str, heads: Row) -> None:
    """Refuses a table separated by commas in which every temperature may be cut in two.

    `columns` are what those of the file mean, in its order, and `heads` what it calls them.

    Raises:
        RecoveryError: it names the first such row.
    """
    column = next((one for one in _TEMPERATURES if one in columns), "")
    if not column or column == columns[-1]:
        return
    at, first = columns.index(column), 0
    for number, row in rows:
        degrees, behind, *_ = *(cell.strip() for cell in row[at : at + 2]), "", ""
        if not any(map(str.isdigit, degrees)):
            continue
        is_whole = _DEGREES.fullmatch(degrees) and _DECIMAL.fullmatch(behind)
        # Any number may be an answer, and a digit alone is no note.
        has_room = columns[at + 1] == "note" or not any(map(str.strip, row[len(columns) - 1 :]))
        if not (is_whole and has_room):
            return
        first = first or number
    if first:
        raise refusal(name, SPLIT, row=first, column=heads[at])
