"""Whatever a hand or a failing disk breaks: the check says so in lines, and never gives up."""

from pathlib import Path

import pytest
from sqlalchemy import Text

from recovery_tracker.storage import soundness
from recovery_tracker.storage.columns import Base, Day, Instant, Json, Words
from recovery_tracker.storage.database import Database, Session
from recovery_tracker.storage.engine import driver, make_engine
from tests.databases import url_of
from tests.effort import share

from .test_erasure import full

_TYPED = (Day, Instant, Json, Words)


@pytest.mark.parametrize(
    ("value", "broken"),
    share(
        [
            ("'rubbish'", _TYPED),
            ("'0001-01-01T00:00:00+14:00'", (Instant,)),
            ("'[1,\"a\"]'", ()),
            ("'\"\\ud800\"'", ()),
            ("'NaN'", ()),
            ("'\"' || CAST(x'ff' AS TEXT) || '\"'", (*_TYPED, Text)),
        ],
        3,
    ),
)
def test_each_column_of_each_table_may_be_broken(
    database: Database, file: Path, value: str, broken: tuple[type, ...]
) -> None:
    full(database)
    database.close()
    free = make_engine(url_of(file), foreign_keys=False)
    tried = set()
    with free.begin() as connection, Session(connection) as session:
        raw = connection.connection.driver_connection
        for (trigger,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {trigger}")
        for column in (c for table in Base.metadata.sorted_tables for c in table.columns):
            if not isinstance(column.type, broken or _TYPED):
                continue
            raw.execute("SAVEPOINT whole")
            last = f"(SELECT max(rowid) FROM {column.table})"
            try:
                changed = raw.execute(
                    f"UPDATE {column.table} SET {column.name} = {value} WHERE rowid = {last}"
                )
            except driver().IntegrityError:
                continue  # The database itself keeps it out.
            told = list(soundness.problems_of(session))
            session.expunge_all()
            if changed.rowcount and broken:
                tried.add(column.table.name)
                assert told, str(column)
            raw.execute("ROLLBACK TO whole")
    free.dispose()
    assert not broken or {"audit_event", "entry_version", "flag"} <= tried
