"""The sheets of a workbook (xlsx) as rows of text, read without running anything in it."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..domain.language import N_, Said
from .headings import DAY_WORDS
from .mapping import MOST_COLUMNS
from .packed import LARGEST_PART, unpacked
from .problems import EMPTY_FILE, UNPACKS_TO_MORE, refusal

#: Rows of a sheet; years of days are a few thousand. Our default.
MOST_ROWS = 60_000
#: Tags, and as many attributes: eight columns of that many rows. A workbook of 100 kB unpacks to
#: thirty million, which the package reads for minutes. Our default.
MOST_TAGS = 2_500_000
#: Bytes from one tag to the next; a cell holds 32,767 characters, by Excel's own limit.
LONGEST_TAG = 200_000
#: Tags of one row: Excel's own 16,384 columns, four for each cell.
WIDEST_ROW = 4 * 16_384
#: A cell with a formula and nothing else; a text that is empty is a result.
_DAMAGED = Said(N_("This spreadsheet is damaged. Save it again, or save it as CSV in UTF-8."))
#: How the parts of the stricter of the two kinds of xlsx begin; the package finds no sheet there.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_KIND = Said(
    N_(
        "This workbook is of the kind “Strict Open XML”, which cannot be read. Save it as “Excel "
        "Workbook (.xlsx)”, or as CSV in UTF-8."
    )
)

_OPEN_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b(?![^<>]*\bt="str")[^<>]*>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')
FORMULA_MARK = "="
#: What a format writes beside a number as it stands.
_SAID_BESIDE = re.compile(r'"[^"]*"|\\.')
#: A format of fractions, and what stands below the line: "# ?/?", "?/10".
_FRACTION = re.compile(r"[?#0] ?/ ?([?#]+|\d+)")
_LIKE_THOUSANDS = re.compile(r"-?\d{1,3}\.\d{3}", re.ASCII)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
#: Sheets as large as the largest one that a workbook may have. Our default.
MOST_SHEETS = 4
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
        if _is_too_much(packed):
            raise refusal(path.name, UNPACKS_TO_MORE)
    try:
        found = _visible(path)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise refusal(path.name, _DAMAGED) from error
    except Exception as error:
        # The package's own errors have no common base class; what defusedxml refuses is a
        # ValueError.
        if type(error).__module__.partition(".")[0] not in ("openpyxl", "zipfile", "defusedxml"):
            raise
        raise refusal(path.name, _DAMAGED) from error
    if not found:
        raise refusal(path.name, EMPTY_FILE)
    return found


def _visible(path: Path) -> list[Sheet]:
    import openpyxl

    # A stream, because with a path the package goes by the file's name.
    with path.open("rb") as stream, zipfile.ZipFile(stream) as packed:
        if _STRICT in packed.read("xl/workbook.xml"):
            raise refusal(path.name, _STRICT_KIND)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        try:
            _refuse_repeated(book.worksheets, path.name)
            found = []
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                # The size that a sheet says it has may be wrong, and would cut it off.
                sheet.reset_dimensions()
                rows = _rows(sheet.iter_rows(), path.name)
                _show_formulas(rows, packed.read(sheet._worksheet_path))
                if rows:
                    found.append(Sheet(sheet.title, _with_days(rows, book.epoch)))
            return found
        finally:
            book.close()


def _show_formulas(rows: list[list[str]], part: bytes) -> None:
    """Puts "=" where a formula has no result, so that it is not taken for an empty cell.

    A program that writes formulas without computing them leaves such cells; a spreadsheet shows
    their results as soon as it opens the file.
    """
    from openpyxl.utils.cell import coordinate_to_tuple

    for match in _OPEN_FORMULA.finditer(part):
        place = _PLACE.search(match[0])
        row, column = coordinate_to_tuple(place[1].decode()) if place else (0, 0)
        if 0 < row <= len(rows) and 0 < column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = rows[row - 1][column - 1] or FORMULA_MARK


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


def _is_too_much(packed: zipfile.ZipFile) -> bool:
    """Whether the parts are larger than those of any genuine workbook, or hold more.

    Every part counts, whatever its name: any of them may be a sheet, and one may be several.
    """
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > LARGEST_PART:
        return True
    found = [_Counted(packed, part) for part in parts]
    most = max((one.tags for one in found), default=0)
    return (
        any(one.is_no_sheet for one in found)
        or max(
            sum(one.tags for one in found),
            sum(one.attributes for one in found),
            sum(one.sheets for one in found) * most // MOST_SHEETS,
        )
        > MOST_TAGS
    )


class _Counted:
    """What one part holds, counted without reading it as XML."""

    def __init__(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        self.tags = self.attributes = self.sheets = self._rows = 0
        self._gap = self._longest_gap = self._row = self._longest_row = 0
        with packed.open(part) as stream:
            while block := stream.read(1 << 20):
                self._add(block)

    @property
    def is_no_sheet(self) -> bool:
        """Whether a tag, a text or a row is longer than any in a genuine workbook."""
        is_wide = self._rows > 0 and self._longest_row > WIDEST_ROW
        return is_wide or self._longest_gap > LONGEST_TAG

    def _add(self, block: bytes) -> None:
        self.attributes += block.count(b"=")
        self.sheets += block.count(b"sheetId")
        pieces = [len(piece) for piece in block.split(b"<")]
        self.tags += len(pieces) - 1
        self._gap, self._longest_gap = _run(self._gap, pieces, self._longest_gap)
        rows = [piece.count(b"<") for piece in _ROW.split(block)]
        self._rows += len(rows) - 1
        self._row, self._longest_row = _run(self._row, rows, self._longest_row)


def _run(open_one: int, pieces: list[int], longest: int) -> tuple[int, int]:
    """The length of the run that goes on after these pieces, and of the longest so far."""
    runs = [open_one + pieces[0], *pieces[1:]]
    return runs[-1], max(longest, *runs)


def _refuse_repeated(sheets: Iterable[Any], name: str) -> None:
    """A part used by many sheets would be read once for each of them."""
    parts = [sheet._worksheet_path for sheet in sheets]
    if len(parts) > len(set(parts)):
        raise refusal(name, Said(N_("This workbook has one sheet under several names.")))


def _rows(found: Iterable[tuple[Any, ...]], name: str) -> list[list[str]]:
    """The rows down to the last one that holds anything; what is only formatted is not held."""
    rows: list[list[str]] = []
    blank = 0
    for row in found:
        cells = [_shown(cell) for cell in row[:MOST_COLUMNS]]
        blank = 0 if any(cells) else blank + 1
        if blank > MOST_BLANK:
            break
        rows.append(cells)
        if len(rows) > MOST_ROWS:
            raise refusal(
                name, Said(N_("This table has more than {most} rows."), most=f"{MOST_ROWS:,}")
            )
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _shown(cell: Any) -> str:
    """A cell of a sheet as text; a share and a fraction as they are seen, 70% and 2/5 and not 0.7
    and 0.4."""
    value = cell.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _text(value)
    if "%" in _SAID_BESIDE.sub("", cell.number_format):
        return f"{value * 100:.12g}%"
    if "%" in cell.number_format:
        return f"{_text(value)}%"
    if value % 1 and (fraction := _FRACTION.search(cell.number_format)):
        return _as_fraction(value, fraction[1])
    return _text(value)


def _as_fraction(value: float, below: str) -> str:
    """A number as a cell shows it in such a format: over this number, or over a small one."""
    if below.isdigit():
        return f"{value * int(below):.12g}/{below}"
    return str(Fraction(value).limit_denominator(10 ** len(below) - 1))


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
        # A number has decimals, never thousands: 6.512 is not the text "6.512".
        text = str(int(cell)) if cell.is_integer() else repr(cell)
        return f"{text}0" if _LIKE_THOUSANDS.fullmatch(text) else text
    return str(cell)
