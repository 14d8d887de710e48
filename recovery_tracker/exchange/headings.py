"""Where the headings of somebody's own table are, and which of its columns holds the days.

Above the headings may stand a title, and below them a second row of headings; a column may have no
name, or the name of another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..domain.language import N_, Said
from .choices import DATE_ORDERS
from .dates import read_day
from .problems import Unreadable

Row = Sequence[str]
#: The number of a row, as a spreadsheet counts, and its cells.
Numbered = tuple[int, list[str]]

#: Rows from the top among which headings are looked for. Our default.
_TOP = 15

#: What a column of days is called, in lower case.
DAY_WORDS = frozenset(
    {
        *("date", "day", "datum", "tag", "fecha", "día", "dia", "jour", "data", "giorno", "dag"),
        *("日期", "日付", "full_date"),
    }
)

#: What stands first in place of a day before sums and means, in lower case.
_SUMS = frozenset(
    word
    for words in (
        "total totals subtotal sum average avg mean median min max count n sd stdev ø",
        "summe gesamt mittelwert durchschnitt mittel mw anzahl suma promedio media média",
        "moyenne moy somme totale soma średnia razem",
        "合計 小計 总计 總計 総計 平均 平均値",
    )
    for word in words.split()
)

NO_HEADINGS = Said(N_("This table has no row that says what its columns are. Add one at the top."))
LIES_ACROSS = Said(
    N_("The days stand side by side in this table. Write one row for each day, with the day first.")
)
NO_DAYS = Said(N_("This table has no column of days that can be read, like 2026-03-31."))
NO_TABLE = Said(N_("This file is text, and no table. Give a table with one row for each day."))


@dataclass(frozen=True, slots=True)
class Headed:
    """A table with a name for each column; `problem` says why nothing can be read from it, and
    `place` where."""

    heads: tuple[str, ...]
    rows: tuple[Numbered, ...]
    problem: Said | None = None
    place: Mapping[str, Any] = field(default_factory=dict)

    def day_column(self) -> int | None:
        """Where the days are: the column with such a name, else the only one that holds dates."""
        places = [at for at in range(len(self.heads)) if self._holds_days(at)]
        for at in places:
            if self.heads[at].strip().casefold() in DAY_WORDS:
                return at
        return places[0] if len(places) == 1 else None

    def _holds_days(self, at: int) -> bool:
        cells = [row[at] for _, row in self.rows[:50] if at < len(row) and row[at].strip()]
        cells = [cell for cell in cells if not is_sum(cell)]
        return bool(cells) and sum(map(is_day, cells)) * 2 > len(cells)

    def holds_days(self) -> bool:
        """Whether any column holds days."""
        return any(self._holds_days(at) for at in range(len(self.heads)))


def headed(rows: Sequence[Row]) -> Headed:
    """The table in these rows, whose first has the number 1; blank rows are left out."""
    numbered = [(n, list(row)) for n, row in enumerate(rows, 1) if any(map(str.strip, row))]
    if not numbered:
        return Headed((), (), NO_TABLE)
    at = _heading_row(numbered)
    first, below = numbered[at][1], numbered[at + 1 :]
    if sum(map(is_day, first)) > 1:
        return Headed(tuple(first), tuple(below), LIES_ACROSS)
    if any(map(is_day, first)):
        return Headed(tuple(first), tuple(below), NO_HEADINGS)
    if _is_of_qualtrics(below):
        first, below = below[0][1], below[2:]
    elif _is_second_heading(first, below):
        first, below = _both(first, below[0][1]), below[1:]
    found = Headed(named_apart(first), tuple(below))
    if len(found.heads) < 2:
        return Headed(found.heads, found.rows, NO_TABLE)
    if below and not found.holds_days():
        return _without_days(found)
    return found


def _without_days(found: Headed) -> Headed:
    """The same, with the first cell that is no day in the column that is called so."""
    for at, head in enumerate(found.heads):
        if not _is_day_word(head):
            continue
        for number, row in found.rows:
            try:
                cell = row[at].strip() if at < len(row) else ""
                if cell and not is_day(cell):
                    read_day(cell)
            except Unreadable as error:
                place = {"row": number, "column": head}
                return replace(found, problem=error.said, place=place)
    return replace(found, problem=NO_DAYS)


def is_day(cell: str) -> bool:
    """Whether a cell means a day, in whatever order it is written."""
    for order in (None, *DATE_ORDERS):
        try:
            read_day(cell.strip(), order)
        except ValueError:
            continue
        return True
    return False


def is_sum(cell: str) -> bool:
    """Whether what stands in place of a day begins a row of sums or means."""
    first = cell.split()[:1]
    return bool(first) and first[0].casefold().strip(".:()") in _SUMS


def named_apart(heads: Row) -> tuple[str, ...]:
    """The headings, each with a name of its own: a second "Pain" is "Pain (2)", and one without a
    name is "column 3"."""
    names: list[str] = []
    for at, head in enumerate(heads, 1):
        name = plain = head.strip().strip("\ufeff").strip() or nameless(at)
        again = 1
        while name.casefold() in (one.casefold() for one in names):
            again += 1
            name = f"{plain} ({again})"
        names.append(name)
    return tuple(names)


def nameless(at: int) -> str:
    """What a column without a heading is called; the first is 1."""
    return f"column {at}"


def _heading_row(numbered: Sequence[Numbered]) -> int:
    """Which of the rows names the columns: the first, unless it is a title above such a row."""
    first = numbered[0][1]
    if len(_filled(first)) > 1 and any(_is_day_word(cell) for cell in first):
        return 0
    for at, (_, row) in enumerate(numbered[1:_TOP], 1):
        if len(_filled(row)) > 1 and any(_is_day_word(cell) for cell in row):
            return at
    if len(_filled(first)) < 2:  # A title: what follows it may have other names for its days.
        wide = (at for at, (_, row) in enumerate(numbered[:_TOP]) if len(_filled(row)) > 1)
        return next(wide, 0)
    return 0


def _is_of_qualtrics(below: Sequence[Numbered]) -> bool:
    """Whether what was asked stands under short names, and above a row of identifiers."""
    return len(below) > 1 and any(cell.startswith('{"ImportId"') for cell in below[1][1])


def _is_second_heading(heads: Row, below: Sequence[Numbered]) -> bool:
    """Whether the first row divides some of the headings, as under cells that were merged: it has
    no number, and nothing where the next one has its day. Under another heading than a day's, one
    of its cells must have none above it."""
    if len(below) < 2:
        return False
    second, third = below[0][1], below[1][1]
    days = [at for at, cell in enumerate(third) if is_day(cell)]
    is_named = any(_is_day_word(heads[at]) for at in days if at < len(heads))
    divided = zip(heads, second, strict=False)
    return (
        bool(days)
        and not any(second[at].strip() for at in days if at < len(second))
        and not any(char.isdigit() for cell in second for char in cell)
        and (is_named or any(part.strip() and not head.strip() for head, part in divided))
    )


def _both(heads: Row, second: Row) -> list[str]:
    """One heading from each two; a cell that was merged counts for those beside it."""
    return list(_joined(heads, second))


def _joined(heads: Row, second: Row) -> Iterator[str]:
    above = ""
    for at, head in enumerate(heads):
        below = second[at].strip() if at < len(second) else ""
        above = head.strip() or (above if below else "")
        yield f"{above} {below}".strip()


def _filled(row: Row) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _is_day_word(cell: str) -> bool:
    return cell.strip().strip("\ufeff").strip().casefold() in DAY_WORDS
