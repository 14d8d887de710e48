"""What a file is, judged by its content and never by its name, and everything in it that we keep.

A file with nothing for a diary is named for what it is, in one line that says what to do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ..domain import compact
from ..domain.errors import RecoveryError
from ..domain.file_content import FileContent
from ..domain.history import Schedule
from ..domain.language import N_, Said
from ..domain.passive import PassiveValue
from ..domain.surgery import Operation
from . import daily_lists, daily_tables, health_apple, health_connect, packed
from .archive import Archive, archive_from
from .cells import birth_day
from .choices import NOTHING_CHOSEN, Choices
from .daily import largest
from .diary_csv import ANYTHING, COLUMNS, DiaryFile, Limits, diary_from, diary_of_rows
from .fhir_in import read_fhir
from .file_kinds import START, are_ours, is_diary, named_table, named_zip, not_ours
from .headings import Headed, headed
from .health_zip import HealthZip
from .lines import start_text
from .mapping import NO_MAPPING, ColumnMap, mapped
from .passive_csv import COLUMNS as PASSIVE_COLUMNS
from .passive_csv import read_passive
from .problems import EMPTY_FILE, TOO_LARGE, FileRefused, refusal, shown
from .spreadsheet import Sheet, read_spreadsheet
from .table import columns_named, did_you_mean, open_table, plain_name

_OTHER_OPERATION = Said(
    N_("This code is about an operation on another part of the spine than those in the diary.")
)
_OTHER_SAMSUNG = Said(
    N_(
        "This file is of Samsung Health, but it does not hold the daily steps. "
        "Give the file with pedometer_day_summary in its name."
    )
)
_FITBIT_LIST = Said(
    N_("This list by Fitbit does not say what it counts. Give the whole zip of the export.")
)
_OTHER_JSON = Said(
    N_("This file is JSON, but of no health program that is known. Give a table of days.")
)
_NOTHING_IN_IT = N_(
    "This zip holds nothing that a diary holds. In it: {names}. If one is your table, unpack it "
    "and give that."
)
_NOT_OVER = N_("counts of today, which is not over: {count}")
#: Kinds of files that this program wrote.
_OURS = ("export", "passive values")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Everything in a file that a diary holds. `kind` names what it is; `changed` counts the cells
    changed on the way in, by kind of change."""

    kind: str
    archive: Archive = field(default_factory=Archive)
    passive: tuple[PassiveValue, ...] = ()
    changed: Mapping[str, int] = field(default_factory=dict)
    #: What the file contains that was left out.
    left_out: tuple[Said, ...] = ()
    #: How many counts of today are among that, because the day is not over.
    of_today: int = 0

    def of_whole_days(self, today: date) -> "Incoming":
        """The same without what a device counted of today, which is not over: the first count of a
        day stays. Our own export comes back as it is.
        """
        kept = tuple(value for value in self.passive if value.day != today)
        if len(kept) == len(self.passive) or self.kind in _OURS:
            return self
        count = len(self.passive) - len(kept)
        left_out = (*self.left_out, Said(_NOT_OVER, count=count))
        return replace(self, passive=kept, left_out=left_out, of_today=count)

    def content(
        self, known: tuple[Operation, ...], schedule: Schedule, steps_source: str = ""
    ) -> FileContent:
        """What it brings to a person with these operations and this plan of days."""
        read = self.archive
        return FileContent(
            read.history(known, schedule),
            appointments=read.appointments,
            passive=self.passive,
            questions=read.questions,
            planned=read.planned,
            kind=self.kind,
            steps_source=steps_source,
        )


class NeedsMapping(RecoveryError):
    """A table whose columns a person has to explain.

    Attributes:
        kind: what it is; heads: its columns, each with a name of its own; rows: the first five;
        day_column: where the days are, if that is certain.
    """

    def __init__(self, name: str, kind: str, found: Headed) -> None:
        heads = found.heads
        self.kind, self.heads, self.day_column = kind, heads, found.day_column()
        self.rows = tuple(tuple(row) for _, row in found.rows[:5])
        columns = ", ".join(shown(head) + _near(head) for head in heads[:12])
        more = f" and {len(heads) - 12} more" if len(heads) > 12 else ""
        super().__init__(
            f"{name}: is {kind}; say what its columns mean with --map MAP.json "
            f"(columns: {columns}{more})"
        )


def _near(head: str) -> str:
    """Asks whether a misspelt column is one of ours; "" for one of ours."""
    near = None if plain_name(head, COLUMNS) in COLUMNS else did_you_mean(head, COLUMNS)
    return f" ({near})" if near else ""


def read_file(
    path: Path,
    *,
    zone: str = "UTC",
    limits: Limits = ANYTHING,
    choices: Choices = NOTHING_CHOSEN,
    how: ColumnMap = NO_MAPPING,
    told: packed.Told = packed.untold,
) -> Incoming:
    """The content of the file, read whole; `zone` is where the person is. `told` hears how many
    more bytes of a long list were read.

    Raises:
        NeedsMapping: it is a table, and a person must say what its columns mean.
        FileRefused: with every invalid place.
        RecoveryError: it is something else, damaged or too large; one line says what.
    """
    with open_table(path) as stream:
        start = stream.read(START)
    reading = _Reading(path, zone, limits, how.choices if how else choices, how, told)
    if start[:4] == b"PK\x03\x04":
        return reading.zip()
    if start[:4] == b"PK\x05\x06":
        raise refusal(path.name, Said(N_("This zip is empty.")))
    if start.startswith(health_connect.SQLITE):
        found = health_connect.read_health_connect(path, path.name)
        return _counted("Health Connect", found, path.name)
    if problem := not_ours(start):
        raise refusal(path.name, problem)
    if health_apple.is_apple(start):
        with open_table(path) as stream:
            bounded = packed.Bounded(
                stream, packed.LARGEST_STREAM, lambda: refusal(path.name, TOO_LARGE), told
            )
            values, born = health_apple.read_apple(bounded, path.name, zone)
            return _counted("Apple Health", values, path.name, born)
    text = start_text(start).lstrip()
    if text.startswith(f"{compact.VERSION}."):
        return reading.code(start)
    if text[:1] in ("{", "["):
        return reading.json()
    return reading.table()


def _counted(kind: str, values: Sequence[PassiveValue], name: str, born: str = "") -> Incoming:
    if not values:
        raise refusal(
            name,
            Said(
                N_("This file is from {kind}. It holds no steps or other daily counts."), kind=kind
            ),
        )
    return Incoming(kind, Archive(birth_date=birth_day(born)), tuple(values))


class _Reading:
    def __init__(
        self,
        path: Path,
        zone: str,
        limits: Limits,
        choices: Choices,
        how: ColumnMap,
        told: packed.Told,
    ) -> None:
        self.path, self.name, self.zone = path, path.name, zone
        self.limits, self.choices, self.how = replace(limits, zone=zone), choices, how
        self.told = told

    def code(self, start: bytes) -> Incoming:
        try:
            text = start[: compact.LONGEST + 1].decode(errors="replace")
            region, entries = compact.read_code(text)
        except compact.UnreadableCode as error:
            raise refusal(str(self.path), error.said) from error
        if self.limits.regions and region not in self.limits.regions:
            raise refusal(self.name, _OTHER_OPERATION)
        entries = tuple(replace(entry, region=region) for entry in entries)
        return Incoming("code", Archive(entries=entries))

    # Tables.

    def table(self) -> Incoming:
        if self.path.stat().st_size > packed.LARGEST_PART:
            raise refusal(self.name, TOO_LARGE)
        content = self.path.read_bytes()
        if not content.strip():
            raise refusal(self.name, EMPTY_FILE)
        return self.table_from(content, self.name)

    def table_from(self, content: bytes, name: str) -> Incoming:
        """The table in this text, recognised by its headings."""
        if not self.how and is_diary(content):
            return self._own(name)
        separator, rows = daily_tables.rows_of(content, name, self.choices.encoding)
        return self.rows(rows, name, self._own if name == self.name else None, separator)

    def _own(self, name: str) -> Incoming:
        with open_table(self.path) as stream:
            return _diary(diary_from(stream, name, self.limits, self.choices))

    def rows(
        self, rows: list[list[str]], name: str, own: Any = None, separator: str = ""
    ) -> Incoming:
        """A table of any shape; `own` reads one that must be a diary of ours. Cells of a workbook
        have no separator."""
        first = next((row for row in rows if any(map(str.strip, row))), None)
        if first is None:
            raise refusal(name, EMPTY_FILE)
        found = headed(rows)
        if self.how:
            columns, numbered = mapped(found.heads, found.rows, name, self.how, separator)
            try:
                read_as = diary_of_rows(
                    name, columns, numbered, self.limits, self.choices, separator
                )
            except FileRefused as refused:
                raise refused.with_columns(self.how.heads()) from None
            return _diary(read_as)
        kind = named_table(daily_tables.heads_of(found.heads))
        if isinstance(kind, Said):
            raise refusal(name, kind)
        if tuple(daily_tables.heads_of(first)) == PASSIVE_COLUMNS and own is not None:
            return Incoming("passive values", passive=read_passive(self.path.read_bytes(), name))
        if daily_tables.is_instants(rows):
            return _counted("Google Health", daily_tables.read_instants([rows], self.zone), name)
        if daily := daily_tables.daily_table(rows):
            values = daily_tables.read_daily(rows, name, self.zone, self.choices, separator)
            return _counted(daily[0].source, values, name)
        if first[0].strip("\ufeff ").startswith("com.samsung."):
            raise refusal(name, _OTHER_SAMSUNG)
        if own is not None and are_ours(first):
            read: Incoming = own(name)
            return read
        if found.problem:
            raise refusal(name, found.problem, **found.place)
        if are_ours(found.heads):  # Ours, under a title that a spreadsheet put above it.
            every = ColumnMap({head: plain_name(head, COLUMNS) for head in found.heads})
            columns, numbered = mapped(found.heads, found.rows, name, every, separator)
            return _diary(
                diary_of_rows(name, columns, numbered, self.limits, self.choices, separator)
            )
        raise NeedsMapping(name, kind or "a table with columns of its own", found)

    # JSON.

    def json(self) -> Incoming:
        if self.path.stat().st_size > packed.LARGEST_PART:
            raise refusal(self.name, TOO_LARGE)
        return self.json_from(self.path.read_bytes(), self.name)

    def json_from(self, content: bytes, name: str) -> Incoming:
        found = daily_lists.json_of(content)
        if found is None:
            raise refusal(name, Said(N_("This JSON file is damaged.")))
        if daily_lists.is_garmin(found):
            return _counted("Garmin", daily_lists.read_garmin(found), name)
        if daily_lists.is_oura(found):
            return _counted("Oura", daily_lists.read_oura(found), name)
        if daily_lists.is_fitbit(found):
            raise refusal(name, _FITBIT_LIST)
        if isinstance(found, list) and all(_is_resource(one) for one in found):
            found = {"resourceType": "Bundle", "entry": [{"resource": one} for one in found]}
        if isinstance(found, dict) and isinstance(found.get("resourceType"), str):
            return Incoming("FHIR", *_fhir(found, name, self.zone, self.limits))
        raise refusal(name, _OTHER_JSON)

    # Zips.

    def zip(self) -> Incoming:
        with packed.unpacked(self.path) as found:
            parts = packed.parts_of(found)
            names = {part.filename.rpartition("/")[2] for part in parts}
            if names & {"diary.csv", "patient.json"}:
                return Incoming(
                    "export", *archive_from(found, self.name, self.limits, self.choices)
                )
            if problem := named_zip({part.filename for part in parts}):
                raise refusal(self.name, problem)
            if "xl/workbook.xml" in {part.filename for part in parts}:
                return self.workbook()
            inside = HealthZip(found, parts, self.name, self.zone, self.choices, self.told)
            if (read := inside.read()) is not None:
                return _counted(read.kind, read.values, self.name, read.born)
        raise refusal(self.name, Said(_NOTHING_IN_IT, names=_listed(names)))

    def workbook(self) -> Incoming:
        """The sheets of a workbook with the same headings as the first that holds days."""
        sheets = read_spreadsheet(self.path)
        chosen = next((sheet for sheet in sheets if not headed(sheet.rows).problem), sheets[0])
        alike = [s for s in sheets if headed(s.rows).heads == headed(chosen.rows).heads]
        others = [sheet.name for sheet in sheets if sheet not in alike]
        names = [self.name if len(sheets) == 1 else f"{self.name}, {s.name}" for s in alike]
        read = [
            self.rows(sheet.rows, name, partial(self._sheet, sheet))
            for sheet, name in zip(alike, names, strict=True)
        ]
        left_out = tuple(Said(N_("sheet {name}"), name=shown(name)) for name in others)
        return replace(_together(read, names), left_out=left_out)

    def _sheet(self, sheet: Sheet, name: str) -> Incoming:
        """A sheet whose columns are ours."""
        first = next(at for at, row in enumerate(sheet.rows) if any(map(str.strip, row)))
        heads = [plain_name(cell, COLUMNS) for cell in sheet.rows[first]]
        places = [at for at, head in enumerate(heads) if head]
        numbered = [
            (n, [row[at] if at < len(row) else "" for at in places])
            for n, row in enumerate(sheet.rows[first + 1 :], first + 2)
        ]
        columns = tuple(heads[at] for at in places)
        columns = columns_named(columns, name, COLUMNS, ("date",))
        return _diary(diary_of_rows(name, columns, numbered, self.limits, self.choices, ";"))


def _is_resource(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("resourceType"), str)


def _fhir(
    found: Any, name: str, zone: str, limits: Limits
) -> tuple[Archive, tuple[PassiveValue, ...], Mapping[str, int], tuple[Said, ...]]:
    archive, passive, left_out = read_fhir(found, name, zone, limits)
    return archive, passive, {}, left_out


def _together(read: Sequence[Incoming], names: Sequence[str]) -> Incoming:
    """Several sheets as one file.

    Raises:
        RecoveryError: two of them hold the same day.
    """
    places: dict[date, str] = {}
    changed: Counter[str] = Counter()
    for one, name in zip(read, names, strict=True):
        changed.update(one.changed)
        for entry in one.archive.entries:
            if entry.day in places:
                raise refusal(
                    name,
                    Said(
                        N_("The day {day} is also in {other}."),
                        day=entry.day.isoformat(),
                        other=places[entry.day],
                    ),
                )
            places[entry.day] = name
    entries = [entry for one in read for entry in one.archive.entries]
    passive = largest(value for one in read for value in one.passive)
    archive = Archive(entries=tuple(sorted(entries, key=lambda entry: entry.day)))
    return replace(read[0], archive=archive, passive=passive, changed=changed)


def _diary(found: DiaryFile) -> Incoming:
    return Incoming("diary", Archive(entries=found.entries), changed=found.changed)


def _listed(names: Iterable[str]) -> str:
    first = sorted(names)[:4]
    return ", ".join(shown(name) for name in first) or "–"
