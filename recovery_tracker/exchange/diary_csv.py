"""One person's diary as a table: one row a day, columns in any order, empty cells not recorded.

`signs_asked` says which warning signs the form asked about. Without it, or if its cell is empty,
that is not known: a `signs` cell that is not empty then answers for every line of the form, and a
follow-up question counts as not asked.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import IO, Any

from ..domain.diary import ANSWERS, DiaryEntry, Source, celsius_of
from ..domain.errors import InvalidEntry
from ..domain.language import N_, Said, both
from ..domain.surgery import Region
from .cells import DIARY_READERS, VERBATIM, as_cell, strange_zone
from .choice_words import answers_in, word_in
from .choices import NOTHING_CHOSEN, Choices
from .cut_cells import refuse_cut
from .dates import needs_an_order, order_of, read_day, where_the_person_is
from .formula import guarded
from .headings import is_sum
from .hints import hint
from .problems import Problems, Unreadable, refusal
from .same_day import put_together, two_answers
from .table import Table, open_table
from .tidying import Tidier

COLUMNS: tuple[str, ...] = tuple(DIARY_READERS)

#: Most rows in one person's diary; two lifetimes of days. Our default.
MOST_ROWS = 60_000

#: Days by which a recording time may precede its own day: somebody further east. Our default.
SLACK_DAYS = 1

Rows = list[tuple[int, list[str]]]

_TOO_MANY = Said(
    N_("This file has more than {most} rows. Is it the diary of one person?"), most=f"{MOST_ROWS:,}"
)
NO_DAY = Said(N_("The day is missing here. Write it, or take the row out."))
_TO_COME = Said(N_("This day is still to come."))
_WRITTEN_LATER = Said(N_("This time is still to come."))
_LONG_AGO = Said(N_("This is decades ago. Is the year right?"))
BEFORE_ITS_DAY = Said(N_("This time lies before the day that it is about."))
_TWO_TEMPERATURES = Said(
    N_("This is another temperature than the one in degrees Celsius beside it.")
)
_NO_ANSWER = Said(N_("This answer cannot stand in a diary."))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for a diary, where more is known than the file says: regions of the operations, the
    latest day that has begun, the time of reading, and the zone where the person is."""

    regions: Collection[Region] = ()
    last_day: date | None = None
    at: datetime | None = None
    zone: str | None = None


#: Years after which a day can only be a slip of the year, such as 1926. Our default.
LONGEST_AGO = 25

#: Where nothing is known besides the file.
ANYTHING = Limits()


@dataclass(frozen=True, slots=True)
class DiaryFile:
    """The days of a file, oldest first, and what was changed on the way in: cells `rounded`,
    `emptied` (a word for nothing), `divided` (a scale of 100) and `worded` (an answer in words),
    rows put `together` with another of their day, and rows of `sums`."""

    entries: tuple[DiaryEntry, ...]
    changed: Mapping[str, int] = field(default_factory=Counter)


def read_diary(
    path: Path, regions: Collection[Region] = (), choices: Choices = NOTHING_CHOSEN
) -> tuple[DiaryEntry, ...]:
    """Every day of the file, oldest first; days with no answers are left out.

    With `regions` a place of numbness must be one that is asked after an operation on one of them.

    Raises:
        RecoveryError: with "FILE, row N, column C: what" for every invalid cell.
    """
    with open_table(path) as stream:
        return diary_from(stream, path.name, Limits(regions), choices).entries


def diary_from(
    stream: IO[bytes],
    name: str,
    limits: Limits = ANYTHING,
    choices: Choices = NOTHING_CHOSEN,
) -> DiaryFile:
    """The same from an open file that is called `name` in a refusal, with what was changed."""
    table = Table(stream, name, known=COLUMNS, required=("date",), encoding=choices.encoding)
    rows = _all(table)
    if table.separator == ",":
        refuse_cut(table.columns, rows, name, table.columns)
    return diary_of_rows(name, table.columns, rows, limits, choices, table.separator)


def _all(table: Table) -> Rows:
    rows: Rows = []
    problems = Problems(table.name)
    for row in table:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            problems.add(_TOO_MANY)
            problems.refuse()
    return rows


def diary_of_rows(
    name: str,
    columns: tuple[str, ...],
    rows: Rows,
    limits: Limits = ANYTHING,
    choices: Choices = NOTHING_CHOSEN,
    separator: str = ",",
) -> DiaryFile:
    """The days in rows whose columns are known.

    Raises:
        FileRefused: with every invalid cell, in one list.
    """
    if choices.fahrenheit and "temperature_f" not in columns:
        columns = tuple("temperature_f" if c == "temperature_c" else c for c in columns)
    reading = _Reading(name, columns, limits, choices, separator)
    rows = reading.placed(rows)
    reading.decide_order(rows)
    reading.decide_words(rows)
    for row, cells in rows:
        reading.take(row, cells)
    entries = reading.entries()
    reading.problems.refuse()
    return DiaryFile(tuple(entries), reading.tidy.changed)


class _Reading:
    """The rows of a diary on the way to becoming days, with everything that is wrong with them."""

    def __init__(
        self,
        name: str,
        columns: tuple[str, ...],
        limits: Limits,
        choices: Choices,
        separator: str,
    ) -> None:
        self.problems = Problems(name)
        self.columns, self.limits = columns, limits
        self.tidy = Tidier(separator, choices)
        self.order = choices.dates
        self.choices = choices
        #: The first row of each day, and the answers of all its rows.
        self.days: dict[date, tuple[int, dict[str, Any]]] = {}
        self._says_order_once = False
        self._last_row = 0
        #: Of columns that hold words of ours: what each of them means.
        self._words: dict[str, Mapping[str, str]] = {}

    def placed(self, rows: Rows) -> Rows:
        """The rows, with the days where the person is in place of instants in UTC."""
        at = self.columns.index("date")
        told = [cells[at] for _, cells in rows]
        try:
            days = where_the_person_is(told, self.limits.zone, self.order)
        except Unreadable as error:
            raise refusal(self.problems.name, error.said, column="date") from None
        if days is told:
            return rows
        return [
            (row, [*cells[:at], day, *cells[at + 1 :]])
            for (row, cells), day in zip(rows, days, strict=True)
        ]

    def decide_order(self, rows: Rows) -> None:
        """The order of the dates, from all of them together; a person is asked if none decides."""
        if self.order is not None:
            return
        at = self.columns.index("date")
        self.order, problem, place = order_of(cells[at] for _, cells in rows)
        if problem:
            self.problems.add(problem, row=rows[place][0], column="date")
            self._says_order_once = True

    def decide_words(self, rows: Rows) -> None:
        """Which columns hold the words of our answers in place of their numbers."""
        day_at = self.columns.index("date")
        of_days = [cells for _, cells in rows if not is_sum(cells[day_at])]
        for at, column in enumerate(self.columns):
            if words := answers_in(column, (cells[at] for cells in of_days)):
                self._words[column] = words

    def take(self, row: int, cells: list[str]) -> None:
        if not any(cell.strip() for cell in cells):
            return  # A row that a spreadsheet keeps after the last one.
        if tuple(cell.strip().casefold() for cell in cells) == self.columns:
            return  # The headings once more, where a table goes on over a page.
        if is_sum(cells[self.columns.index("date")]):
            self.tidy.changed["sums"] += 1
            return
        values = self._values(row, cells)
        if values is None:
            return
        day = values.pop("date", None)
        if day is None:
            self.problems.add(NO_DAY, row=row, column="date")
        elif self._may_stand(row, day, values):
            if day in self.days:
                first, before = self.days[day]
                values, contradicts = put_together(before, values, self.choices.same_day)
                if contradicts:
                    self.problems.add(two_answers(row, first), row=row, column=contradicts)
                if row != self._last_row:
                    self.tidy.changed["together"] += 1
            self.days[day] = self.days.get(day, (row, {}))[0], values
            self._last_row = row

    def entries(self) -> list[DiaryEntry]:
        """The days, oldest first, without those that have no answer."""
        made = (self._entry(row, day, values) for day, (row, values) in sorted(self.days.items()))
        return [entry for entry in made if entry is not None]

    def _values(self, row: int, cells: list[str]) -> dict[str, Any] | None:
        """The cells' meaning by column; None if the day itself cannot be read."""
        values: dict[str, Any] = {}
        is_read = True
        for column, cell in zip(self.columns, cells, strict=True):
            if column == "date" and self._says_order_once and needs_an_order(cell):
                is_read = False
                continue
            try:
                if text := self._numbered(column, cell) or self.tidy(column, cell):
                    values[column] = self._read(column, text)
            except Unreadable as error:
                more = None if error.says_what_to_do else hint(column, cell)
                said = both(error.said, more) if more else error.said
                self.problems.add(said, row=row, column=column)
                is_read = is_read and column != "date"
        return values if is_read else None

    def _numbered(self, column: str, cell: str) -> str:
        """The number of an answer that is given in our words; "" for any other cell."""
        if column not in self._words:
            return ""
        number = self._words[column].get(word_in(cell), "")
        if number:
            self.tidy.changed["worded"] += 1
        return number

    def _read(self, column: str, text: str) -> Any:
        return read_day(text, self.order) if column == "date" else DIARY_READERS[column](text)

    def _may_stand(self, row: int, day: date, values: dict[str, Any]) -> bool:
        """Whether the row agrees with what is known besides the file."""
        limits, before = self.limits, len(self.problems)
        at: datetime | None = values.get("recorded_at")
        zones = values.get("numbness_zones", frozenset())
        if limits.last_day is not None and day > limits.last_day:
            self.problems.add(_TO_COME, row=row, column="date")
        if limits.last_day is not None and limits.last_day.year - day.year > LONGEST_AGO:
            self.problems.add(_LONG_AGO, row=row, column="date")
        if problem := recorded_problem(day, at.date() if at else None):
            self.problems.add(problem, row=row, column="recorded_at")
        if at is not None and limits.at is not None and at > limits.at + timedelta(days=SLACK_DAYS):
            self.problems.add(_WRITTEN_LATER, row=row, column="recorded_at")
        if limits.regions and (problem := strange_zone(zones, limits.regions)):
            self.problems.add(problem, row=row, column="numbness_zones")
        if problem := _settle_temperature(values):
            self.problems.add(problem, row=row, column="temperature_f")
        return len(self.problems) == before

    def _entry(self, row: int, day: date, values: dict[str, Any]) -> DiaryEntry | None:
        if not any(key in values for key in ANSWERS):
            return None
        if "own_item" not in values:
            values.pop("own_question", None)  # The words of a question that was not answered.
        try:
            return DiaryEntry(day=day, source=Source.IMPORT, **values)
        except InvalidEntry as invalid:
            for column in invalid.problems:
                self.problems.add(_NO_ANSWER, row=row, column=column)
            return None


def recorded_problem(day: date, recorded_on: date | None) -> Said | None:
    """What is wrong with a recording time; None if nothing is, or if there is none."""
    if recorded_on is None or recorded_on >= day - timedelta(days=SLACK_DAYS):
        return None
    return BEFORE_ITS_DAY


def _settle_temperature(values: dict[str, Any]) -> Said | None:
    """Adds degrees Celsius to a temperature in Fahrenheit; says if the two do not agree."""
    typed = values.get("temperature_f")
    if typed is None:
        return None
    celsius, said = celsius_of(typed), values.get("temperature_c")
    values["temperature_c"] = celsius
    # A file may hold both, the Celsius rounded to one tenth.
    agrees = said is None or abs(said - celsius) < 0.051
    return None if agrees else _TWO_TEMPERATURES


def diary_text(entries: Iterable[DiaryEntry]) -> str:
    """The table of these entries; columns that nobody filled in are left out."""
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
        value = getattr(entry, "recorded_here" if column == "recorded_at" else column)
        row[column] = guarded(value) if column in VERBATIM and value else as_cell(value)
    return row
