"""Daily counts in the tables of Google, Samsung, Garmin, Fitbit, Withings and Oura.

Tables are recognised by their headings. Each becomes passive values of one source; an empty cell,
a zero or an absent day is missing.
"""

import csv
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from ..domain.language import N_, Said
from ..domain.passive import PassiveKind, PassiveValue
from .choices import NOTHING_CHOSEN, Choices
from .daily import day_in, largest, number_of, plausible, summed, value_of
from .dates import NO_DATE, order_of
from .headings import DAY_WORDS, is_day
from .lines import text_lines
from .problems import Unreadable, refusal
from .same_day import put_together, two_answers
from .table import NO_ROW, SEPARATORS, plain_name, said_separator, separator_of
from .tidying import Tidier

Rows = list[list[str]]

_NO_TABLE = Said(N_("This is no table of separated values."))


#: Words in the headings of columns that count steps, in the languages seen so far.
_STEPS = (
    *("step count", "steps", "schrittzahl", "schritte", "recuento de pasos", "pasos"),
    *("número de pasos", "nombre de pas", "pas", "contagem de passos", "número de passos"),
    *("passos", "conteggio passi", "numero di passi", "passi", "aantal stappen", "stappen"),
    *("步數", "步数", "歩数"),
)


_DATES = ("date", "datum", "fecha", "data", "日期", "日付")


@dataclass(frozen=True, slots=True)
class DailyTable:
    """How one program's table names days and counts: column headings, in lower case."""

    source: str
    date: tuple[str, ...]
    #: (head, kind, factor into the unit of the measure)
    columns: tuple[tuple[str, PassiveKind, float], ...]
    #: Headings that must be there too, and what the others must look like.
    beside: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    #: Whether the table may contain nothing else: its headings are nobody's in particular.
    alone: bool = False


#: The first that fits is used.
TABLES = (
    DailyTable(
        "Samsung Health",
        ("day_time", "date", "create_time"),
        (
            *(("step_count", PassiveKind.STEPS, 1.0), ("count", PassiveKind.STEPS, 1.0)),
            *(("steps", PassiveKind.STEPS, 1.0), ("distance", PassiveKind.DISTANCE, 1.0)),
        ),
        ("com.samsung",),
    ),
    DailyTable(
        "Oura",
        _DATES,
        (("steps", PassiveKind.STEPS, 1.0), ("total sleep duration", PassiveKind.SLEEP, 1 / 60),
         ("total sleep time", PassiveKind.SLEEP, 1 / 60)),
        ("sleep score",),
    ),
    DailyTable(
        "Google Fit",
        _DATES,
        (
            *((head, PassiveKind.STEPS, 1.0) for head in _STEPS),
            *((head, PassiveKind.DISTANCE, 1.0)
              for head in ("distance (m)", "distanz (m)", "distancia (m)", "距離 (m)")),
            ("walking duration (ms)", PassiveKind.WALKING_MINUTES, 1 / 60_000),
        ),
        like=(r"\(kcal\)$|^move minutes", r"\((?:m|ms)\)$|^move minutes"),
    ),
    DailyTable(
        "Fitbit",
        ("date",),
        (("steps", PassiveKind.STEPS, 1.0),),
        ("calories burned", "minutes sedentary"),
    ),
    DailyTable("Garmin", ("", "date"), (("steps", PassiveKind.STEPS, 1.0),), ("goal",), alone=True),
    DailyTable(
        "Oura",
        ("day",),
        (("steps", PassiveKind.STEPS, 1.0),
         ("equivalent_walking_distance", PassiveKind.DISTANCE, 1.0),
         ("total_sleep_duration", PassiveKind.SLEEP, 1 / 60)),
        like=(r"^(?:class_5_min|bedtime_start|equivalent_walking_distance)$",),
    ),
    DailyTable(
        "Step counter",
        _DATES,
        tuple((head, PassiveKind.STEPS, 1.0) for head in _STEPS if head != "steps"),
        alone=True,
    ),
)  # fmt: skip


#: Rows from the top among which the headings of such a table are looked for. Our default.
_TOP = 10


def rows_of(content: bytes, name: str, encoding: str | None = None) -> tuple[str, Rows]:
    """The separator and every row of a table of any shape, blank ones too, so that they count.

    Raises:
        RecoveryError: it is no text, or no table.
    """
    lines = list(text_lines(BytesIO(content), name, encoding))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    said = said_separator(lines[first]) if lines else ""
    if said:
        lines = lines[first + 1 :]
    separator = said or _separator(lines)
    try:
        rows = list(csv.reader(lines, delimiter=separator))
        if wrapped := _in_one_cell(rows):
            separator = _separator(wrapped)
            lines, rows = wrapped, list(csv.reader(wrapped, delimiter=separator))
    except csv.Error as error:
        raise refusal(name, _NO_TABLE) from error
    if (swallows := _swallowing(rows, separator)) and not _is_well_quoted(lines, separator):
        raise refusal(name, NO_ROW, row=swallows)
    return separator, rows


def _in_one_cell(rows: Rows) -> list[str]:
    """The rows of a table that a spreadsheet kept in one cell each, as lines; none of another."""
    lines = [row[0] if row else "" for row in rows]
    is_wrapped = all(len(row) < 2 for row in rows) and any(map(str.strip, lines))
    return lines if is_wrapped and any(one in lines[0] for one in SEPARATORS) else []


def _swallowing(rows: Rows, separator: str) -> int:
    """The first row with a cell in which further lines look like rows of a day; 0 if none has."""
    for number, row in enumerate(rows, 1):
        for cell in row:
            begins = (line.split(separator)[0] for line in cell.splitlines()[1:])
            if "\n" in cell and any(separator in cell and is_day(one) for one in begins):
                return number
    return 0


def _is_well_quoted(lines: Sequence[str], separator: str) -> bool:
    try:
        deque(csv.reader(lines, strict=True, delimiter=separator), maxlen=0)
    except csv.Error:
        return False
    return True


def _separator(lines: Sequence[str]) -> str:
    """What separates the columns: as the line says that has a column of days, else the first one
    that has any, for a title has none."""
    top = [line for line in lines if line.strip()][:_TOP]
    for line in top:
        separator = separator_of(line, DAY_WORDS)
        if separator in line and any(
            plain_name(c, ()).casefold() in DAY_WORDS
            for c in line.strip().replace('"', "").split(separator)
        ):
            return separator
    with_any = (line for line in top if separator_of(line, ()) in line)
    return separator_of(next(with_any, top[0] if top else ""), ())


def heads_of(row: Sequence[str]) -> list[str]:
    """Column headings in lower case, without the prefix that some programs add."""
    return [
        re.sub(r"^com\.samsung[\w.]*\.", "", cell.strip().strip("\ufeff").lower()) for cell in row
    ]


def daily_table(rows: Rows) -> tuple[DailyTable, int] | None:
    """Which program a table is from and which row holds its headings; None for any other one."""
    filled = [at for at, row in enumerate(rows) if any(map(str.strip, row))][:_TOP]
    if not filled:
        return None
    is_samsung = rows[filled[0]][0].strip().strip("\ufeff").startswith("com.samsung.")
    for at in filled:
        for one in TABLES:
            if _is_table(one, heads_of(rows[at]), is_samsung):
                return one, at
    return None


def _is_table(one: DailyTable, heads: Sequence[str], is_samsung: bool) -> bool:
    own = {*one.date, *(head for head, _, _ in one.columns), *one.beside}
    if one.alone and not own.issuperset(heads):
        return False
    marks = {"com.samsung"} if is_samsung else set(heads)
    return (
        any(head in heads for head in one.date)
        and any(head in heads for head, _, _ in one.columns)
        and all(mark in marks for mark in one.beside)
        and all(any(re.search(look, head) for head in heads) for look in one.like)
    )


def read_daily(
    rows: Rows, name: str, zone: str, choices: Choices = NOTHING_CHOSEN, separator: str = ","
) -> tuple[PassiveValue, ...]:
    """The values of a table that `daily_table` recognises; of several rows for a day the largest,
    where they are of several devices.

    Raises:
        RecoveryError: a day cannot be read, a count can be read two ways, or a table of nobody's in
            particular has several counts of a day and nobody said which counts.
    """
    recognised = daily_table(rows)
    assert recognised is not None
    table, at = recognised
    heads = heads_of(rows[at])
    day_at = next(heads.index(head) for head in table.date if head in heads)
    rows = _to_the_end(rows, at)
    cells = [row[day_at] for row in rows[at + 1 :] if len(row) > day_at]
    order, problem, place = order_of(cells)
    if problem and choices.dates is None:
        raise refusal(name, problem, row=at + 2 + place, column=rows[at][day_at].strip())
    found: list[tuple[int, PassiveValue]] = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        if len(row) <= day_at or not row[day_at].strip():
            continue
        day = day_in(row[day_at].strip(), choices.dates or order, zone)
        if day is None:
            raise refusal(name, NO_DATE, row=number, column=rows[at][day_at].strip())
        for head, kind, factor in table.columns:
            if head not in heads or heads.index(head) >= len(row):
                continue
            try:
                cell = _plain(row[heads.index(head)], kind, separator)
            except Unreadable as error:
                raise refusal(name, error.said, row=number, column=head) from None
            found += ((number, one) for one in value_of(day, kind, table.source, cell, factor))
    if table.alone:
        return _one_of_each_day(found, name, choices.same_day)
    return largest(one for _, one in found)


def _one_of_each_day(
    found: Iterable[tuple[int, PassiveValue]], name: str, how: str | None
) -> tuple[PassiveValue, ...]:
    """One value of each day: several that differ may be parts of it, such as hours. They are put
    together as those of a diary are.

    Raises:
        RecoveryError: they differ, and nobody said which counts.
    """
    days: dict[PassiveValue, tuple[int, Mapping[str, float]]] = {}
    for number, one in found:
        day = replace(one, value=0)
        first, before = days.get(day, (number, {}))
        both, contradicts = put_together(before, {one.kind: one.value}, how)
        if contradicts:
            raise refusal(name, two_answers(number, first), row=number)
        days[day] = first, both
    kept = {day: plausible(day.kind, total[day.kind]) for day, (_, total) in days.items()}
    return tuple(sorted(replace(day, value=v) for day, v in kept.items() if v is not None))


def _to_the_end(rows: Rows, at: int) -> Rows:
    """The rows up to the title of a further table in the same file, a lone cell."""
    if len(rows[at]) < 2:
        return rows
    for number, row in enumerate(rows[at + 1 :], at + 1):
        if len(row) == 1 and row[0].strip():
            return rows[:number]
    return rows


def _plain(cell: str, kind: PassiveKind, separator: str) -> str:
    """A number with a point for decimals and no thousands separator."""
    if kind is PassiveKind.STEPS:
        return Tidier(separator)("steps", cell)
    return cell.replace(",", ".") if separator != "," and "." not in cell else cell


def is_instants(rows: Rows) -> bool:
    """Whether each row is a count of steps at a moment, as in the daily files of Google Health."""
    heads = set(heads_of(rows[0])) if rows else set()
    return {"timestamp", "steps"} <= heads <= {"timestamp", "steps", "data source"}


def read_instants(tables: Iterable[Rows], zone: str) -> tuple[PassiveValue, ...]:
    """Counts of steps at moments, added up by local civil day and source."""
    place = ZoneInfo(zone)
    sums: dict[tuple[date, str], float] = defaultdict(float)
    seen: set[tuple[str, str, str]] = set()
    for rows in tables:
        heads = heads_of(rows[0])
        source_at = heads.index("data source") if "data source" in heads else None
        for row in rows[1:]:
            if len(row) < len(heads):
                continue
            moment, count = row[heads.index("timestamp")], row[heads.index("steps")]
            source = row[source_at].strip() if source_at is not None else ""
            number = number_of(count)
            if number is None or (moment, count, source) in seen:
                continue
            seen.add((moment, count, source))
            try:
                at = datetime.fromisoformat(moment.strip())
            except ValueError:
                continue
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            sums[at.astimezone(place).date(), source or "Google Health"] += number
    return summed(sums)


#: Tables of Withings, whose headings are only date and value, by the beginning of their names.
_WITHINGS = {
    "aggregates_steps": PassiveKind.STEPS,
    "aggregates_distance": PassiveKind.DISTANCE,
}


def withings_kind(part_name: str, rows: Rows) -> PassiveKind | None:
    """What a table from Withings counts per day; None for any other table."""
    if heads_of(rows[0])[:2] != ["date", "value"]:
        return None
    found = (kind for name, kind in _WITHINGS.items() if part_name.startswith(name))
    return next(found, None)


def read_withings(rows: Rows, kind: PassiveKind) -> tuple[PassiveValue, ...]:
    values: list[PassiveValue] = []
    for row in rows[1:]:
        day = day_in(row[0].strip()) if len(row) > 1 else None
        if day is not None:
            values += value_of(day, kind, "Withings", row[1])
    return largest(values)
