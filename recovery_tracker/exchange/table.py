"""Tables as text: comma-separated values, read row by row and refused at the first problem.

Nothing a file holds can use more memory than a bounded row: lines, fields and the number of columns
have a limit. Text must be UTF-8, with or without a byte order mark.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO

from ..domain.errors import RecoveryError

#: Longest accepted line, in characters. The longest honest one is a note of 2,000 characters and a
#: list of every sign; our default.
LINE_LIMIT = 65_536

#: Bytes of a file that are looked at together; a line may be longer.
_BLOCK = 65_536

#: Rows that are handed out together. Few enough to stay in the processor's cache: measured three
#: times as fast as 50,000.
_CHUNK = 1_000

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refusal(name: str, problem: str, *, row: int | None = None, column: str = "") -> RecoveryError:
    """The one line that says where a file cannot be read: FILE, row N, column C: what."""
    where = name
    if row is not None:
        where += f", row {row}"
    if column:
        where += f", column {column}"
    return RecoveryError(f"{where}: {problem}")


def shown(text: str) -> str:
    """A piece of a file, quoted and short enough for one line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


@contextmanager
def open_table(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading; a file that cannot be opened is refused in one line."""
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = (error.strerror or "cannot be opened").lower()
        raise refusal(str(path), f"cannot be read ({reason})") from error
    with stream:
        yield stream


class Table:
    """A table with named columns. Iterating gives (row number, cells), blank rows left out.

    Raises:
        RecoveryError: a column is unknown, missing or doubled, or the text is not a table.
    """

    def __init__(
        self, stream: IO[bytes], name: str, *, known: Collection[str], required: Collection[str]
    ) -> None:
        self.name = name
        self._lines = _lines(stream, name)
        self._reader = csv.reader(self._lines, strict=True)
        self._row = 0
        self.columns = self._header(known, required)

    def _header(self, known: Collection[str], required: Collection[str]) -> tuple[str, ...]:
        first = self._rows(1)
        while first == [[]]:
            first = self._rows(1)
        if not first:
            raise refusal(self.name, "is empty; its first row must name the columns")
        columns = tuple(cell.strip() for cell in first[0])
        if len(columns) == 1 and columns[0] not in known and any(c in columns[0] for c in ";\t"):
            raise refusal(self.name, "columns must be separated by commas", row=self._row)
        for at, column in enumerate(columns, 1):
            if not column:
                raise refusal(self.name, f"column {at} has no name", row=self._row)
            if column not in known:
                raise refusal(self.name, f"unknown column {shown(column)}", row=self._row)
        if doubled := [column for column in columns if columns.count(column) > 1]:
            raise refusal(self.name, "the column is there twice", row=self._row, column=doubled[0])
        for column in required:
            if column not in columns:
                raise refusal(self.name, f"the column {column!r} is missing", row=self._row)
        return columns

    def _rows(self, most: int) -> list[list[str]]:
        """The next rows, at most so many; none at the end."""
        rows: list[list[str]] = []
        try:
            rows.extend(islice(self._reader, most))
        except (csv.Error, _BadLine) as error:
            # The rows before it are here: a note of several lines is one row, as in a spreadsheet.
            problem = "is not a row of comma-separated values (is a quote left open?)"
            if isinstance(error, _BadLine):
                problem = str(error)
            raise refusal(self.name, problem, row=self._row + len(rows) + 1) from error
        self._row += len(rows)
        return rows

    def chunks(self, most: int = _CHUNK) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """The rows, many at a time: (their numbers, their cells), blank rows left out."""
        width = len(self.columns)
        while rows := self._rows(most):
            numbers: Sequence[int] = range(self._row - len(rows) + 1, self._row + 1)
            if set(map(len, rows)) != {width}:
                filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if row]
                for number, row in filled:
                    if len(row) != width:
                        problem = f"has {len(row)} cells where the header has {width}"
                        raise refusal(self.name, problem, row=number)
                numbers, rows = [number for number, _ in filled], [row for _, row in filled]
            yield numbers, rows

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for numbers, rows in self.chunks():
            yield from zip(numbers, rows, strict=True)


def _lines(stream: IO[bytes], name: str) -> Iterator[str]:
    """The lines of a stream, each bounded, all of them plain UTF-8."""
    start = stream.read(3)
    if start[:2] in _UTF_16:
        raise refusal(name, "is UTF-16; save it as CSV in UTF-8")
    if start != b"\xef\xbb\xbf":
        stream.seek(0)
    for block in _blocks(stream):
        # Bytes that are not UTF-8 become lone surrogates, so that the line they are in is known.
        text = TextIOWrapper(BytesIO(block), "utf-8", errors="surrogateescape", newline="")
        lines = text.readlines()
        if max(map(len, lines)) > LINE_LIMIT or b"\0" in block or not block.isascii():
            yield from _checked(lines)
        else:
            yield from lines


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stream in pieces that end with a line, or are too long for one."""
    rest = b""
    while more := stream.read(_BLOCK):
        rest += more
        # A \r at the very end may be half of an end of line.
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
        if end or len(rest) > 4 * LINE_LIMIT:
            yield rest[: end or None]
            rest = rest[end:] if end else b""
    if rest:
        yield rest


class _BadLine(ValueError):
    """A line that cannot stand; the text says why."""


def _checked(lines: Sequence[str]) -> Iterator[str]:
    """The lines up to the first that cannot stand, which raises `_BadLine`."""
    for line in lines:
        if len(line) > LINE_LIMIT:
            raise _BadLine(f"a line is longer than {LINE_LIMIT:,} characters")
        if "\0" in line:
            raise _BadLine("holds a NUL character; is it a spreadsheet file?")
        if not line.isascii() and not _is_text(line):
            raise _BadLine("is not UTF-8 text; save it as CSV in UTF-8")
        yield line


def _is_text(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


#: A spreadsheet runs a cell that begins with one of these; some take the wide forms of East Asia
#: for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(text: str) -> str:
    """Free text as it is written to a file: a leading quote keeps a spreadsheet from running it.

    >>> guarded("=1+1"), guarded("fine"), unguarded(guarded("'=1+1"))
    ("'=1+1", 'fine', "'=1+1")
    """
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(_FORMULA):
        return text[1:]
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return text.startswith(_FORMULA)
