"""The first sheet of a workbook (xlsx) as rows of text, read without running anything in it."""

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .mapping import MOST_COLUMNS
from .packed import LARGEST_PART, parts_of, unpacked
from .problems import refusal

#: Rows of a sheet; years of days are a few thousand. Our default.
MOST_ROWS = 60_000


def read_spreadsheet(path: Path) -> list[list[str]]:
    """The rows of the first sheet that has any, without blank ones.

    Raises:
        RecoveryError: it is damaged, or unpacks to more than any genuine sheet.
    """
    with unpacked(path) as packed:
        if sum(part.file_size for part in parts_of(packed)) > 2 * LARGEST_PART:
            raise refusal(path.name, "unpacks to more than such a file can hold")
    import openpyxl

    try:
        # A stream, because with a path the package goes by the file's name.
        with path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            try:
                for sheet in book.worksheets:
                    if rows := _rows(sheet.iter_rows(values_only=True), path.name):
                        return rows
            finally:
                book.close()
    except (KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        problem = "is a damaged spreadsheet; save it again, or as CSV in UTF-8"
        raise refusal(path.name, problem) from error
    except Exception as error:
        # The package's own errors have no common base class; what defusedxml refuses is a
        # ValueError.
        if type(error).__module__.partition(".")[0] not in ("openpyxl", "zipfile", "defusedxml"):
            raise
        raise refusal(path.name, "is a spreadsheet that cannot be read") from error
    return []


def _rows(found: Iterable[tuple[Any, ...]], name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for number, row in enumerate(found):
        if number > MOST_ROWS:
            raise refusal(name, f"has more than {MOST_ROWS:,} rows")
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            rows.append(cells)
    return rows


def _text(cell: Any) -> str:
    """A cell as a text table would have it; midnight after a date is left out."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)
