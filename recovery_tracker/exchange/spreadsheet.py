"""The sheets of a workbook (xlsx) as rows of text, read without running anything in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .headings import DAY_WORDS
from .mapping import MOST_COLUMNS
from .packed import LARGEST_PART, parts_of, unpacked
from .problems import refusal

#: Rows of a sheet; years of days are a few thousand. Our default.
MOST_ROWS = 60_000
#: Blank rows after which a sheet has ended, though more are formatted. Our default.
MOST_BLANK = 1_000
#: Rows from the top among which a heading of days is looked for. Our default.
_TOP = 15
#: A day of this century as a spreadsheet stores it.
_NUMBER_OF_DAY = re.compile(r"[34567]\d{4}(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that can be seen, with its rows as text."""

    name: str
    rows: list[list[str]]


def read_spreadsheet(path: Path) -> list[Sheet]:
    """The sheets that hold anything, blank rows among theirs too, so that they count; hidden ones
    are left out.

    Raises:
        RecoveryError: it is damaged or holds nothing, or unpacks to more than any genuine sheet.
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
                found = [
                    Sheet(sheet.title, _with_days(rows, book.epoch))
                    for sheet in book.worksheets
                    if sheet.sheet_state == "visible"
                    and (rows := _rows(sheet.iter_rows(values_only=True), path.name))
                ]
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
    if not found:
        raise refusal(path.name, "is empty; its first row must name the columns")
    return found


def _with_days(rows: list[list[str]], epoch: datetime) -> list[list[str]]:
    """The rows, with days instead of numbers under a heading of days."""
    days = next(((n, at) for n, row in enumerate(rows[:_TOP]) for at, cell in enumerate(row)
                 if cell.strip().casefold() in DAY_WORDS), None)  # fmt: skip
    if days is None:
        return rows
    heading, place = days
    for row in rows[heading + 1 :]:
        if place < len(row) and _NUMBER_OF_DAY.fullmatch(row[place]):
            row[place] = from_excel_day(float(row[place]), epoch)
    return rows


def from_excel_day(number: float, epoch: datetime) -> str:
    """The day that a spreadsheet with this first day stores as this number."""
    from openpyxl.utils.datetime import from_excel

    found: datetime = from_excel(number, epoch)
    return found.date().isoformat()


def _rows(found: Iterable[tuple[Any, ...]], name: str) -> list[list[str]]:
    """The rows down to the last one that holds anything; what is only formatted is not held."""
    rows: list[list[str]] = []
    blank = 0
    for row in found:
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        blank = 0 if any(cells) else blank + 1
        if blank > MOST_BLANK:
            break
        rows.append(cells)
        if len(rows) > MOST_ROWS:
            raise refusal(name, f"has more than {MOST_ROWS:,} rows")
    while rows and not any(rows[-1]):
        rows.pop()
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
