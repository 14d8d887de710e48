"""Tables as text, read row by row: the header shows which character separates the columns.

Nothing in a file can use more memory than one bounded row: lines, fields and the number of columns
have a limit. Text is UTF-8, or UTF-16 with a byte order mark, or in an encoding a person chose.
"""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import IO

from ..domain.language import N_, Said, both
from .lines import BadLine, bounded_lines
from .problems import EMPTY_FILE, FileRefused, Problem, refusal, shown

#: Rows that are handed out together. Few enough to stay in the processor's cache: three times as
#: fast as 50,000, measured.
_CHUNK = 1_000

#: Possible separators; the first is used if a header has only one column.
SEPARATORS = (",", ";", "\t", "|")

#: Other headings for a column of a diary. "pain" is not one of them: it may be back or leg.
_SAID_ALIKE = {"day": "date", "notes": "note", "temperature_°c": "temperature_c"}


@contextmanager
def open_table(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading; a file that cannot be opened is refused in one line."""
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = (error.strerror or "?").lower()
        raise refusal(
            str(path), Said(N_("This file cannot be read ({reason})."), reason=reason)
        ) from error
    with stream:
        yield stream


class Table:
    """A table with named columns. Iterating gives (row number, cells), blank rows left out.

    Upper and lower case and spaces do not matter in column names. A column with neither name nor
    content is left out.

    Raises:
        RecoveryError: a column is unknown, missing or doubled, or the text is not a table.
    """

    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        *,
        known: Collection[str],
        required: Collection[str],
        encoding: str | None = None,
    ) -> None:
        self.name = name
        self._row = 0
        first, lines = self._first_line(bounded_lines(stream, encoding))
        said = said_separator(first)
        if said:  # Spreadsheets show the next line as row 1.
            self._row = 0
            first, lines = self._first_line(lines)
        self.separator = said or separator_of(first, known)
        whole = chain([first], lines) if first else lines
        self._reader = csv.reader(whole, strict=True, delimiter=self.separator)
        self._nameless: frozenset[int] = frozenset()
        self.columns = self._header(known, required)

    def _first_line(self, lines: Iterator[str]) -> tuple[str, Iterator[str]]:
        """The first line that is not blank, "" at the end, and those after it."""
        try:
            for line in lines:
                if line.strip("\r\n"):
                    return _unwrapped(line), lines
                self._row += 1
        except BadLine as error:
            raise refusal(self.name, error.said, row=self._row + 1) from error
        return "", lines

    def _header(self, known: Collection[str], required: Collection[str]) -> tuple[str, ...]:
        first = self._rows(1)
        if not first:
            raise refusal(self.name, EMPTY_FILE)
        columns = [plain_name(cell, known) for cell in first[0]]
        self._nameless = frozenset(at for at, column in enumerate(columns) if not column)
        named = [column for column in columns if column]
        return columns_named(named, self.name, known, required, row=self._row)

    def _rows(self, most: int) -> list[list[str]]:
        """The next rows, at most this many; none at the end."""
        rows: list[list[str]] = []
        try:
            rows.extend(islice(self._reader, most))
        except (csv.Error, BadLine) as error:
            # The rows before it are already here: a note of several lines is one row, as in a
            # spreadsheet.
            problem = error.said if isinstance(error, BadLine) else NO_ROW
            raise refusal(self.name, problem, row=self._row + len(rows) + 1) from error
        self._row += len(rows)
        return rows

    def chunks(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """The rows, many at a time: (their numbers, their cells), blank rows left out."""
        width = len(self.columns) + len(self._nameless)
        while rows := self._rows(_CHUNK):
            numbers: Sequence[int] = range(self._row - len(rows) + 1, self._row + 1)
            if set(map(len, rows)) != {width}:
                rows = [self._unwrap(row) if len(row) == 1 else row for row in rows]
                filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if row]
                for number, row in filled:
                    if len(row) != width:
                        raise refusal(self.name, other_width(row, width), row=number)
                numbers, rows = [number for number, _ in filled], [row for _, row in filled]
            # As spreadsheets save rows that were cleared.
            said = [place for place, row in enumerate(rows) if any(map(str.strip, row))]
            if len(said) < len(rows):
                numbers, rows = [numbers[at] for at in said], [rows[at] for at in said]
            yield numbers, self._named(numbers, rows) if self._nameless else rows

    def _unwrap(self, row: list[str]) -> list[str]:
        """A row that a spreadsheet kept in a single cell, split again."""
        if self.separator not in row[0]:
            return row
        try:
            inner = next(csv.reader([row[0]], strict=True, delimiter=self.separator), row)
        except csv.Error:
            return row
        return inner if len(inner) == len(self.columns) + len(self._nameless) else row

    def _named(self, numbers: Sequence[int], rows: list[list[str]]) -> list[list[str]]:
        """The rows without the cells of columns that have no name, which must be empty."""
        for number, row in zip(numbers, rows, strict=True):
            for at in self._nameless:
                if row[at].strip():
                    raise refusal(self.name, Said(NO_NAME, number=at + 1), row=number)
        return [[c for at, c in enumerate(row) if at not in self._nameless] for row in rows]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for numbers, rows in self.chunks():
            yield from zip(numbers, rows, strict=True)


NO_ROW = Said(N_("This is not a row of separated values. Is a quote left open?"))
NO_NAME = N_("Column {number} has no name.")
TWICE = Said(N_("The column is there twice."))
MISSING = N_("The column {column} is missing.")


def other_width(row: Sequence[str], width: int) -> Said:
    """What is said of a row that has not as many cells as the table has headings."""
    counted = Said(
        N_("Cells in this row: {cells}. Headings: {width}. There must be as many."),
        cells=len(row),
        width=width,
    )
    return both(counted, _IN_QUOTES) if len(row) > width else counted


_IN_QUOTES = Said(N_("Put a text with a comma or a semicolon in it in quotes."))


def columns_named(
    named: Sequence[str],
    name: str,
    known: Collection[str],
    required: Collection[str],
    row: int | None = None,
) -> tuple[str, ...]:
    """These columns of a table, which `row` named.

    Raises:
        RecoveryError: one is unknown, missing or doubled.
    """
    problems = [
        Problem(name, _unknown(column, known), row) for column in named if column not in known
    ]
    doubled = [column for at, column in enumerate(named) if column in named[:at]]
    problems += [Problem(name, TWICE, row, column) for column in dict.fromkeys(doubled)]
    # A misspelt column is not reported as missing too.
    if not problems:
        missing = [column for column in required if column not in named]
        problems = [Problem(name, Said(MISSING, column=repr(one)), row) for one in missing]
    if problems:
        raise FileRefused(problems)
    return tuple(named)


def _unwrapped(line: str) -> str:
    """A header that a spreadsheet kept in a single cell, split again."""
    plain = line.strip().strip("\ufeff")
    if not (plain.startswith('"') and plain.endswith('"')):
        return line
    try:
        cells = next(csv.reader([plain], strict=True), [])
    except csv.Error:
        return line
    is_one = len(cells) == 1 and any(separator in cells[0] for separator in SEPARATORS)
    return f"{cells[0]}\n" if is_one and plain.count('"') == 2 else line


def plain_name(cell: str, known: Collection[str]) -> str:
    """The known name of a column; upper and lower case and spaces do not matter."""
    name = cell.strip().strip("\ufeff").strip()
    plain = re.sub(r"[\s\-]+", "_", name.casefold())
    alike = _SAID_ALIKE.get(plain, plain)
    return plain if plain in known else alike if alike in known else name


#: What people call the columns of a diary, and what they may have meant.
_MEANT = {
    "pain": ("axial_pain", "limb_pain"),
    **dict.fromkeys(("back_pain", "neck_pain", "spine_pain"), ("axial_pain",)),
    **dict.fromkeys(("leg_pain", "arm_pain", "sciatica"), ("limb_pain",)),
    **dict.fromkeys(
        ("temperature", "temp", "temperatur", "temperatura", "fever"),
        ("temperature_c", "temperature_f"),
    ),
}


def _unknown(column: str, known: Collection[str]) -> Said:
    said = Said(N_("This is an unknown column: {column}."), column=shown(column))
    near = did_you_mean(column, known)
    return both(said, near) if near else said


def did_you_mean(column: str, known: Collection[str]) -> Said | None:
    """A question that names the nearest known column; None where none is near."""
    meant = _MEANT.get(re.sub(r"[\s\-]+", "_", column.strip().casefold()), ())
    if meant and meant[0] in known:
        return _mean(*map(repr, meant))
    near = get_close_matches(column.casefold(), [c for c in known if c != "patient_id"], 1, 0.6)
    return _mean(repr(near[0])) if near else None


def _mean(one: str, other: str = "") -> Said:
    if other:
        return Said(N_("Did you mean {one} or {other}?"), one=one, other=other)
    return Said(N_("Did you mean {one}?"), one=one)


def said_separator(line: str) -> str:
    """The separator that a hint for spreadsheets in the first line names; "" for any other line."""
    said = re.fullmatch(r"\ufeff?\"?sep=([^\r\n\"])\"?\s*", line, re.IGNORECASE)
    return said[1] if said else ""


def separator_of(line: str, known: Collection[str]) -> str:
    """The separator of a header's columns: the one that gives the most known names."""

    def worth(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(plain_name(cell, known) in known for cell in cells), len(cells)

    return max(SEPARATORS, key=worth)
