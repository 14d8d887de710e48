"""Tables as text, read row by row: the header shows which character separates the columns.

Nothing in a file can use more memory than one bounded row: lines, fields and the number of columns
have a limit. Text is UTF-8, or UTF-16 with a byte order mark, or in an encoding a person chose.
"""

import codecs
import csv
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import IO

from ..domain.errors import RecoveryError
from .problems import FileRefused, place

#: Longest accepted line, in characters. The longest honest one is a note of 2,000 characters and a
#: list of every sign; our default.
LINE_LIMIT = 65_536

#: Bytes of a file that are looked at together; a line may be longer.
_BLOCK = 65_536

#: Rows that are handed out together. Few enough to stay in the processor's cache: three times as
#: fast as 50,000, measured.
_CHUNK = 1_000

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

#: Possible separators; the first is used if a header has only one column.
SEPARATORS = (",", ";", "\t", "|")

#: Other headings for a column of a diary. "pain" is not one of them: it may be back or leg.
_SAID_ALIKE = {"day": "date", "notes": "note", "temperature_°c": "temperature_c"}


def refusal(name: str, problem: str, *, row: int | None = None, column: str = "") -> RecoveryError:
    """The one line that says where a file cannot be read: FILE, row N, column C: what."""
    return RecoveryError(f"{place(name, row=row, column=column)}: {problem}")


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
        first, lines = self._first_line(_lines(stream, name, encoding))
        said = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", first, re.IGNORECASE)
        if said is not None:  # A hint for spreadsheets, which show the next line as row 1.
            self._row = 0
            first, lines = self._first_line(lines)
        self.separator = said[1] if said else separator_of(first, known)
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
        except _BadLine as error:
            raise refusal(self.name, str(error), row=self._row + 1) from error
        return "", lines

    def _header(self, known: Collection[str], required: Collection[str]) -> tuple[str, ...]:
        first = self._rows(1)
        if not first:
            raise refusal(self.name, "is empty; its first row must name the columns")
        columns = [plain_name(cell, known) for cell in first[0]]
        self._nameless = frozenset(at for at, column in enumerate(columns) if not column)
        named = [column for column in columns if column]
        return columns_named(named, place(self.name, row=self._row), known, required)

    def _rows(self, most: int) -> list[list[str]]:
        """The next rows, at most this many; none at the end."""
        rows: list[list[str]] = []
        try:
            rows.extend(islice(self._reader, most))
        except (csv.Error, _BadLine) as error:
            # The rows before it are already here: a note of several lines is one row, as in a
            # spreadsheet.
            problem = "is not a row of separated values (is a quote left open?)"
            if self.separator == ",":
                problem = "is not a row of comma-separated values (is a quote left open?)"
            if isinstance(error, _BadLine):
                problem = str(error)
            raise refusal(self.name, problem, row=self._row + len(rows) + 1) from error
        self._row += len(rows)
        return rows

    def chunks(self, most: int = _CHUNK) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """The rows, many at a time: (their numbers, their cells), blank rows left out."""
        width = len(self.columns) + len(self._nameless)
        while rows := self._rows(most):
            numbers: Sequence[int] = range(self._row - len(rows) + 1, self._row + 1)
            if set(map(len, rows)) != {width}:
                rows = [self._unwrap(row) if len(row) == 1 else row for row in rows]
                filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if row]
                for number, row in filled:
                    if len(row) != width:
                        problem = f"has {len(row)} cells where the header has {width}"
                        raise refusal(self.name, problem, row=number)
                numbers, rows = [number for number, _ in filled], [row for _, row in filled]
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
                    raise refusal(self.name, f"column {at + 1} has no name", row=number)
        return [[c for at, c in enumerate(row) if at not in self._nameless] for row in rows]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for numbers, rows in self.chunks():
            yield from zip(numbers, rows, strict=True)


def columns_named(
    named: Sequence[str], where: str, known: Collection[str], required: Collection[str]
) -> tuple[str, ...]:
    """These columns of a table; `where` says in a refusal which line named them.

    Raises:
        RecoveryError: one is unknown, missing or doubled.
    """
    lines = [
        f"{where}: unknown column {shown(column)}{did_you_mean(column, known)}"
        for column in named
        if column not in known
    ]
    doubled = [column for at, column in enumerate(named) if column in named[:at]]
    for column in dict.fromkeys(doubled):
        lines.append(f"{where}, column {column}: the column is there twice")
    # A misspelt column is not reported as missing too.
    if not lines:
        missing = [column for column in required if column not in named]
        lines = [f"{where}: the column {column!r} is missing" for column in missing]
    if lines:
        raise FileRefused(lines)
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
    **dict.fromkeys(("temperature", "temp", "fever"), ("temperature_c", "temperature_f")),
}


def did_you_mean(column: str, known: Collection[str]) -> str:
    """A question that names the nearest known column; "" where none is near."""
    meant = _MEANT.get(re.sub(r"[\s\-]+", "_", column.strip().casefold()), ())
    if meant and meant[0] in known:
        return f"; did you mean {' or '.join(repr(one) for one in meant)}?"
    near = get_close_matches(column.casefold(), [c for c in known if c != "patient_id"], 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def separator_of(line: str, known: Collection[str]) -> str:
    """The separator of a header's columns: the one that gives the most known names."""

    def worth(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(plain_name(cell, known) in known for cell in cells), len(cells)

    return max(SEPARATORS, key=worth)


class _Recoded:
    """The bytes of a stream in UTF-8, whatever they were; unreadable ones give no text."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_over = False

    def read(self, size: int) -> bytes:
        if self._is_over:
            return b""
        taken = self._stream.read(size)
        self._is_over = not taken
        text = self._decoder.decode(taken, final=not taken)
        # A decoder may hold back half a character: an empty piece does not mean the end.
        while not text and not self._is_over:
            taken = self._stream.read(size)
            self._is_over = not taken
            text = self._decoder.decode(taken, final=not taken)
        return text.replace("\ufffd", "\udcff").encode("utf-8", "surrogateescape")


def text_lines(stream: IO[bytes], name: str, encoding: str | None = None) -> Iterator[str]:
    """The lines of a file of any shape.

    Raises:
        RecoveryError: one of them is not text.
    """
    row = 0
    try:
        for line in _lines(stream, name, encoding):
            row += 1
            yield line
    except _BadLine as error:
        raise refusal(name, str(error), row=row + 1) from error


def _lines(stream: IO[bytes], name: str, encoding: str | None = None) -> Iterator[str]:
    """The lines of a stream, each bounded, all of them text."""
    start = stream.read(3)
    stream.seek(0)
    if start[:2] in _UTF_16:
        stream.seek(2)
        stream = _Recoded(stream, _UTF_16[start[:2]])  # type: ignore[assignment]
    elif start == b"\xef\xbb\xbf":
        stream.seek(3)
    elif encoding is not None:
        stream = _Recoded(stream, encoding)  # type: ignore[assignment]
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
    """An invalid line; the text says why."""


def _checked(lines: Sequence[str]) -> Iterator[str]:
    """The lines up to the first invalid one, which raises `_BadLine`."""
    for line in lines:
        if len(line) > LINE_LIMIT:
            raise _BadLine(f"a line is longer than {LINE_LIMIT:,} characters")
        if "\0" in line:
            raise _BadLine("holds a NUL character; is it a spreadsheet file?")
        if not line.isascii() and not _is_text(line):
            raise _BadLine("is not UTF-8 text; save it as CSV in UTF-8 (or say --encoding)")
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
    """Free text as written to a file: a leading quote keeps a spreadsheet from running it.

    >>> guarded("=1+1"), guarded("fine"), unguarded(guarded("'=1+1"))
    ("'=1+1", 'fine', "'=1+1")
    """
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(_FORMULA):
        return text[1:]
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return text.startswith(_FORMULA)
