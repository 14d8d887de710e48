"""Health Connect: the SQLite file of Android's backup, opened as untrusted.

Several apps record the same walk; they are kept apart. Every row has its own day (`local_date`), so
travel changes nothing.
"""

import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from ..domain.language import N_, Said
from ..domain.passive import PassiveKind, PassiveValue
from .cells import FIRST_DAY, LAST_DAY
from .daily import plausible, source_name
from .problems import refusal

_OURS = Said(N_("This file is a whole database of this program. Whoever runs it can restore it."))
_OTHER = Said(
    N_("This is an SQLite database, but not that of Health Connect. Give a table of days.")
)
_DAMAGED = Said(N_("This database is damaged, or takes too long to read. Export it again."))

SQLITE = b"SQLite format 3\x00"

#: Seconds that reading may take; five years take about one. Our default.
MOST_SECONDS = 60
_EPOCH = date(1970, 1, 1)

#: (table, column of the value, what it is)
_TABLES = (
    ("steps_record_table", "count", PassiveKind.STEPS),
    ("distance_record_table", "distance", PassiveKind.DISTANCE),
)

#: Stages in which somebody sleeps: some sleep, light, deep, REM. Awake and out of bed are not.
_ASLEEP = (2, 4, 5, 6)
#: Stages that are read; five years of a watch have some hundred thousand. Our default.
_MOST_STAGES = 2_000_000


def read_health_connect(path: Path, name: str) -> tuple[PassiveValue, ...]:
    """Steps, distance and sleep of each app, by day.

    Raises:
        RecoveryError: it is another database, is damaged, or was made to keep a reader busy.
    """
    try:
        with closing(_opened(path)) as connection:
            tables = _tables(connection)
            if "patient" in tables and "entry_version" in tables:
                raise refusal(name, _OURS)
            if "steps_record_table" not in tables:
                raise refusal(name, _OTHER)
            found: list[PassiveValue] = []
            for table, column, kind in _TABLES:
                if table in tables:
                    found += _values(connection, table, column, kind)
            if {"sleep_session_record_table", "sleep_stages_table"} <= tables:
                found += _slept(connection)
    except (sqlite3.Error, OverflowError) as error:
        raise refusal(name, _DAMAGED) from error
    return tuple(sorted(found))


def _opened(path: Path) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    until = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
    return connection


def _tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Plain tables by name: a view or a virtual table could run anything."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return frozenset(
        name for name, sql in rows if str(sql or "").upper().startswith("CREATE TABLE")
    )


def _values(
    connection: sqlite3.Connection, table: str, column: str, kind: PassiveKind
) -> list[PassiveValue]:
    names = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    day = "local_date" if "local_date" in names else "NULL"
    offset = "start_zone_offset" if "start_zone_offset" in names else "0"
    # The same record may be there twice, under two ids.
    query = (
        f"SELECT app, coalesce(day, (start + 1000 * offset) / 86400000) AS day, sum(value) FROM ("
        f"SELECT DISTINCT app_info_id AS app, {day} AS day, start_time AS start, end_time, "
        f"coalesce({offset}, 0) AS offset, {column} AS value FROM {table} "
        f"WHERE typeof({column}) IN ('integer', 'real')) GROUP BY 1, 2"
    )
    apps = _apps(connection)
    found = []
    for app, number, total in connection.execute(query):
        value = plausible(kind, float(total))
        if value is None or not isinstance(number, int) or abs(number) > 200_000:
            continue
        civil = _EPOCH + timedelta(days=number)
        if FIRST_DAY <= civil <= LAST_DAY:
            found.append(PassiveValue(civil, kind, apps.get(app, "Health Connect"), value))
    return _once(found)


def _slept(connection: sqlite3.Connection) -> list[PassiveValue]:
    """Minutes asleep by the day that a night ends on; a night without stages does not say how much
    of it was sleep."""
    query = (
        "SELECT session.app_info_id, "
        "(session.end_time + 1000 * coalesce(session.end_zone_offset, 0)) / 86400000, "
        "stage.stage_start_time, stage.stage_end_time "
        "FROM sleep_stages_table AS stage JOIN sleep_session_record_table AS session "
        f"ON session.row_id = stage.parent_key WHERE stage.stage_type IN {_ASLEEP} "
        f"ORDER BY 1, 2, 3 LIMIT {_MOST_STAGES}"
    )
    apps = _apps(connection)
    minutes: dict[tuple[int, int], float] = defaultdict(float)
    until: dict[tuple[int, int], int] = {}
    for app, day, start, end in connection.execute(query):
        if not all(isinstance(value, int) for value in (day, start, end)) or abs(day) > 200_000:
            continue
        # Of two stages at once, as of a night that is there twice, the time counts once.
        start = max(start, until.get((app, day), start))
        if 0 < end - start < 86_400_000:
            minutes[app, day] += (end - start) / 60_000
            until[app, day] = end
    found = []
    for (app, day), total in minutes.items():
        value, civil = plausible(PassiveKind.SLEEP, total), _EPOCH + timedelta(days=day)
        if value is not None and FIRST_DAY <= civil <= LAST_DAY:
            name = apps.get(app, "Health Connect")
            found.append(PassiveValue(civil, PassiveKind.SLEEP, name, value))
    return _once(found)


def _once(values: list[PassiveValue]) -> list[PassiveValue]:
    """One value per day and source: two apps may share a name, and then the larger counts."""
    largest: dict[tuple[date, str], PassiveValue] = {}
    for one in values:
        key = (one.day, one.source)
        if key not in largest or largest[key].value < one.value:
            largest[key] = one
    return list(largest.values())


def _apps(connection: sqlite3.Connection) -> dict[int, str]:
    try:
        rows = connection.execute(
            "SELECT row_id, app_name, package_name FROM application_info_table LIMIT 10000"
        ).fetchall()
    except sqlite3.Error:
        return {}
    return {row[0]: source_name(str(row[1] or row[2] or ""), "Health Connect") for row in rows}
