"""One person's diary as a table: one row a day, columns in any order, empty cells not recorded.

`signs_asked` says which warning signs the form asked. Without it, or where its cell is empty, that
is not known: a `signs` cell that is not empty then answers for every line of the form, and a
follow-up question counts as not asked.
"""

import csv
from collections.abc import Collection, Iterable
from io import StringIO
from pathlib import Path
from typing import IO, Any

from ..domain.diary import ANSWERS, DiaryEntry, Source
from ..domain.errors import InvalidEntry
from ..domain.surgery import Region
from .cells import DIARY_READERS, VERBATIM, as_cell, strange_zone
from .table import Table, guarded, open_table, refusal

COLUMNS: tuple[str, ...] = tuple(DIARY_READERS)


def read_diary(path: Path, regions: Collection[Region] = ()) -> tuple[DiaryEntry, ...]:
    """Every day of the file, oldest first; days on which nothing was answered are left out.

    With `regions` a place of numbness must be one that is asked after an operation on one of them.

    Raises:
        RecoveryError: "FILE, row N, column C: what" of the first cell that cannot stand.
    """
    with open_table(path) as stream:
        return diary_from(stream, path.name, regions)


def diary_from(
    stream: IO[bytes], name: str, regions: Collection[Region] = ()
) -> tuple[DiaryEntry, ...]:
    """The same from an open file that is called `name` in a refusal."""
    table = Table(stream, name, known=COLUMNS, required=("date",))
    entries: dict[Any, tuple[int, DiaryEntry | None]] = {}
    for row, cells in table:
        values = _values(table, row, cells)
        day = values.pop("date", None)
        if day is None:
            raise refusal(name, "is empty", row=row, column="date")
        if day in entries:
            problem = f"this day is already on row {entries[day][0]}"
            raise refusal(name, problem, row=row, column="date")
        zones = values.get("numbness_zones", frozenset())
        if regions and (problem := strange_zone(zones, regions)):
            raise refusal(name, problem, row=row, column="numbness_zones")
        entries[day] = row, _entry(day, values, name, row)
    return tuple(entry for _, (_, entry) in sorted(entries.items()) if entry is not None)


def _values(table: Table, row: int, cells: list[str]) -> dict[str, Any]:
    values = {}
    for column, cell in zip(table.columns, cells, strict=True):
        text = cell if column in VERBATIM else cell.strip()
        if text:
            try:
                values[column] = DIARY_READERS[column](text)
            except ValueError as error:
                raise refusal(table.name, str(error), row=row, column=column) from None
    return values


def _entry(day: Any, values: dict[str, Any], name: str, row: int) -> DiaryEntry | None:
    if not any(key in values for key in ANSWERS):
        return None
    try:
        return DiaryEntry(day=day, source=Source.IMPORT, **values)
    except InvalidEntry as invalid:
        column, problem = next(iter(invalid.problems.items()))
        raise refusal(name, problem, row=row, column=column) from None


def diary_text(entries: Iterable[DiaryEntry]) -> str:
    """The table of these entries; columns that nobody filled are left out."""
    rows = [_row(entry) for entry in entries]
    used = [column for column in COLUMNS if column == "date" or any(row[column] for row in rows)]
    text = StringIO(newline="")
    # The line ends of RFC 4180: with a bare line feed Python would not quote a carriage return.
    writer = csv.DictWriter(text, used, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(entry: DiaryEntry) -> dict[str, str]:
    row = {"date": as_cell(entry.day)}
    for column in COLUMNS[1:]:
        value = getattr(entry, column)
        row[column] = guarded(value) if column in VERBATIM and value else as_cell(value)
    return row
