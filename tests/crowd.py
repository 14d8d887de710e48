"""Many patients from a few: each is copied with everything a list or a chart reads of them.

The few are made by the product itself; the copies are written by SQL, so that ten thousand people
with their diaries, flags and standings are there in seconds. The audit is not copied: a copy's
chain begins when somebody looks at it.
"""

from datetime import date

from sqlalchemy import Table, text

from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.database import Database

#: Tables copied, parents first; the column that names a row of another one moves with it.
_COPIED = (
    "patient",
    "care",
    "operation",
    "event",
    "imaging",
    "appointment",
    "entry_version",
    "flag",
    "decision",
    "standing",
)
_NUMBERED = frozenset(_COPIED) - {"care", "standing"}
_MOVED = ("id", "patient_id", "flag_id", "flag_awake_id")


def multiply(database: Database, copies: int, *, since: date = date.min) -> int:
    """Every patient is there `copies` more times, with the days from `since` on.

    Gives how many patients there are now. SQLite only.
    """
    with database.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        numbers = [f"SELECT max(id) AS n FROM {name}" for name in sorted(_NUMBERED)]
        largest = session.execute(text(f"SELECT max(n) FROM ({' UNION ALL '.join(numbers)})"))
        values = {"copies": copies, "since": since.isoformat(), "stride": largest.scalar_one()}
        for name in _COPIED:
            session.execute(text(_copy_of(Base.metadata.tables[name])), values)
        count: int = session.execute(text("SELECT count(*) FROM patient")).scalar_one()
    return count


def _copy_of(table: Table) -> str:
    columns = [column.name for column in table.columns]
    wanted = "WHERE day >= :since" if table.name == "entry_version" else ""
    return f"""
        WITH RECURSIVE copy(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < :copies)
        INSERT INTO {table.name} ({", ".join(columns)})
        SELECT {", ".join(_copied(name, table) for name in columns)}
        FROM copy CROSS JOIN (SELECT * FROM {table.name} {wanted}) AS old
    """


def _copied(column: str, table: Table) -> str:
    if column in _MOVED:
        return f"old.{column} + k * :stride"
    if column == "public_id":
        return "lower(hex(randomblob(16)))"
    if column in ("name", "hospital_number") and table.name == "patient":
        return f"old.{column} || ' ' || k"
    if column == "day" and table.name == "appointment":
        # Visits of a crowd are spread over the weeks.
        return "date(old.day, '+' || (1 + k % 60) || ' days')"
    return f"old.{column}"
