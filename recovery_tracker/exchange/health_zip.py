"""The zips that health programs export: a list, a database or tables of daily counts inside."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from ..domain.errors import RecoveryError
from ..domain.passive import PassiveValue
from . import daily_lists, daily_tables, health_apple, health_connect, packed
from .choices import Choices
from .daily import largest

#: Every table of daily counts starts with one of these.
_WORDS = tuple(
    word.encode()
    for word in ("step", "schritt", "pasos", "步", "歩", "com.samsung", "date,value", "sleep score")
)


class Counted(NamedTuple):
    """What was counted, by which program; `born` is a day, "" where nobody says."""

    kind: str
    values: Sequence[PassiveValue]
    born: str = ""


class HealthZip:
    """An open zip and its parts; `told` hears how many more bytes of it were read."""

    def __init__(
        self,
        found: ZipFile,
        parts: list[ZipInfo],
        name: str,
        zone: str,
        choices: Choices,
        told: packed.Told,
    ) -> None:
        self.found, self.parts, self.name = found, parts, name
        self.zone, self.choices, self.told = zone, choices, told

    def read(self) -> Counted | None:
        """What was counted, by whichever program; None for a zip of anything else."""
        return self._apple() or self._database() or self._daily()

    def _passed_over(self, part: ZipInfo) -> None:
        """All parts but this one count as read."""
        self.told(sum(one.file_size for one in self.parts) - part.file_size)

    def _apple(self) -> Counted | None:
        # The largest XML first: the list of records has a name in the phone's language.
        xml = [p for p in self.parts if p.filename.lower().endswith(".xml")]
        for part in sorted(xml, key=lambda p: -p.file_size):
            if health_apple.is_apple(packed.start_of(self.found, part)):
                name = f"{self.name}, {packed.short(part)}"
                self._passed_over(part)
                with packed.stream_of(self.found, part, self.name, told=self.told) as stream:
                    values, born = health_apple.read_apple(stream, name, self.zone)
                return Counted("Apple Health", values, born)
        return None

    def _database(self) -> Counted | None:
        for part in sorted(self.parts, key=lambda p: -p.file_size)[:20]:
            if packed.start_of(self.found, part, 16) != health_connect.SQLITE:
                continue
            self._passed_over(part)
            with TemporaryDirectory() as folder:
                file = Path(folder) / "found.db"
                with (
                    packed.stream_of(
                        self.found, part, self.name, 4_000_000_000, self.told
                    ) as stream,
                    file.open("wb") as out,
                ):
                    copyfileobj(stream, out, 1 << 20)
                values = health_connect.read_health_connect(file, self.name)
            return Counted("Health Connect", values)
        return None

    def _daily(self) -> Counted | None:
        """Google's Takeout, Garmin, Samsung, Fitbit, Withings, Oura: several tables in a zip."""
        values: list[PassiveValue] = []
        instants: list[list[list[str]]] = []
        minutes = daily_lists.FitbitMinutes()
        for part in self.parts:
            if part.file_size <= packed.LARGEST_PART:
                if part.filename.lower().endswith(".json"):
                    values += self._list_of_part(part, minutes)
                elif part.filename.lower().endswith(".csv"):
                    values += self._table_of_part(part, instants)
            self.told(part.file_size)
        # The same walk is in both; the table says in which zone it counts.
        values += daily_tables.read_instants(instants, self.zone) if instants else minutes.values()
        once = largest(values)
        kinds = sorted({one.source for one in once})
        return Counted(" + ".join(kinds[:3]), once) if once else None

    def _list_of_part(
        self, part: ZipInfo, minutes: daily_lists.FitbitMinutes
    ) -> Sequence[PassiveValue]:
        """The values of a list by the day; steps by the minute are added to `minutes`."""
        document = daily_lists.json_of(packed.content_of(self.found, part, self.name))
        if daily_lists.is_garmin(document):
            return daily_lists.read_garmin(document)
        if daily_lists.is_fitbit(document) and "steps" in packed.short(part):
            minutes.add(document)
        return ()

    def _table_of_part(
        self, part: ZipInfo, instants: list[list[list[str]]]
    ) -> Sequence[PassiveValue]:
        """The values of a table by the day; one by the moment is added to `instants`."""
        rows = self._rows_of_part(part)
        if daily_tables.is_instants(rows):
            instants.append(rows)
        elif rows and (kind := daily_tables.withings_kind(packed.short(part), rows)):
            return daily_tables.read_withings(rows, kind)
        elif daily_tables.daily_table(rows):
            name = f"{self.name}, {packed.short(part)}"
            return daily_tables.read_daily(rows, name, self.zone, self.choices)
        return ()

    def _rows_of_part(self, part: ZipInfo) -> list[list[str]]:
        """The rows of a table inside, none where it is not one of daily counts."""
        start = packed.start_of(self.found, part, 2048).lower()
        if not any(word in start for word in _WORDS):
            return []
        try:
            content = packed.content_of(self.found, part, self.name)
            return daily_tables.rows_of(content, self.name)[1]
        except RecoveryError:
            return []
