"""What every test may use."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, Pool, create_engine, event

from recovery_tracker.storage import engine as opening
from tests.effort import is_every_case, today
from tests.stories import story

__all__ = ["story"]

HERE = Path(__file__).parent
#: Where a case takes a page, a file or a process.
HEAVY = {"web", "reports", "charts", "cli", "storage", "laboratory", "test_changes.py"}

#: Files of the tests are kept in memory where there is room for them: a third of the time went into
#: waiting for a disk to have what is thrown away a moment later. What the database asks of a disk
#: is told by `test_power_cut`.
MEMORY = Path("/dev/shm")
ROOM = 8 << 30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK):
    # A folder for each user, which PostgreSQL, never root, may pass through.
    own = MEMORY / f"recovery-tracker-tests-{os.getuid()}"
    own.mkdir(mode=0o711, exist_ok=True)
    os.environ.setdefault("TMPDIR", str(own))
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(own))
    tempfile.tempdir = None

# What nothing uses any more is looked for a hundredth as often as usual: it saves a twentieth of
# the time, and Python frees nearly all of it at once anyway.
gc.set_threshold(70_000, 20, 20)

# A machine may be busy: how long an example takes says nothing about what it proves. In CI the
# examples are the same each time, so that a change is judged and not the dice.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    # Derandomised examples need no memory of earlier ones.
    database=None if "CI" in os.environ else settings.default.database,
)
settings.load_profile("house")

#: Files, classes and tests that are left out where the databases of tests are on PostgreSQL.
ONLY_SQLITE = frozenset(
    line
    for line in (HERE / "only_sqlite.txt").read_text().splitlines()
    if line and not line.startswith("#")
)


def pytest_configure() -> None:
    """The day is noted before the processes that share out a run are started."""
    today()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests of a browser are not even read where none will run: it saves each process seconds."""
    if collection_path.name == "browser" and "not browser" in config.option.markexpr:
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What fits the database stays, and of the costly cases those whose turn it is."""
    if os.environ.get("TEST_DATABASE") == "postgresql":
        left = [item for item in items if is_of_the_file(item.nodeid)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    _share_costly_cases(config, items)


def is_of_the_file(nodeid: str) -> bool:
    """Whether a test looks into the SQLite file, or is about what only SQLite does."""
    named = nodeid.partition("[")[0]
    parts = named.split("::")
    return any("::".join(parts[:n]) in ONLY_SQLITE for n in range(1, len(parts) + 1))


def _share_costly_cases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that draws pages or starts programs for many cases, a run of everything tries every
    other, tomorrow the rest; EVERY_CASE tries them all, as does naming a file.
    """
    if is_every_case() or [Path(named).name for named in config.args] != ["tests"]:
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.path.relative_to(HERE).parts[0] in HEAVY and "[" in item.nodeid:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = {
        item for many in cases.values() if len(many) > 2 for item in many[(today() + 1) % 2 :: 2]
    }
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]


def pytest_collection_finish() -> None:
    """Programs and tests that are loaded stay to the end: walking through them again and again,
    looking for what is used no more, took a seventh of the time.
    """
    gc.freeze()


@pytest.fixture(autouse=True)
def copies_are_dropped() -> Iterator[None]:
    """What a test copied on a server does not stay there for the whole run."""
    from tests.databases import drop_copies

    yield
    drop_copies()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest tables and nothing in it, for copies."""
    from recovery_tracker.storage.upgrade import upgrade_database
    from tests.databases import made, url_of

    file = made(tmp_path_factory.mktemp("empty") / "empty.db")
    upgrade_database(url_of(file))
    return file


@pytest.fixture(autouse=True, scope="session")
def queries_are_compiled_once() -> Iterator[None]:
    """Nearly every test opens a file of its own, for which SQLAlchemy would write the SQL of each
    query anew, a sixth of the time: all SQLite files that one driver opens share a dialect and what
    it has written.
    """
    shared: dict[Any, tuple[Any, Any]] = {}

    def sharing(address: Any, **options: Any) -> Engine:
        engine = create_engine(address, query_cache_size=5_000, **options)
        if engine.name == "sqlite":
            own = engine.dialect, engine._compiled_cache
            engine.dialect, engine._compiled_cache = shared.setdefault(engine.dialect.dbapi, own)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "create_engine", sharing)
        yield


@pytest.fixture(autouse=True, scope="module")
def every_database_is_closed() -> Iterator[None]:
    """No connection that a module's tests or fixtures opened is left open when they are done.

    From Python 3.13 on, one that is collected while open is a warning, and so an error, in whatever
    test happens to run then.
    """
    opened: dict[int, tuple[Any, str]] = {}

    def connected(connection: Any, _record: Any) -> None:
        opened[id(connection)] = (connection, os.environ.get("PYTEST_CURRENT_TEST", "its set-up"))

    def closed(connection: Any, _record: Any) -> None:
        opened.pop(id(connection), None)

    event.listen(Pool, "connect", connected)
    event.listen(Pool, "close", closed)
    yield
    event.remove(Pool, "connect", connected)
    event.remove(Pool, "close", closed)
    forgotten = {where for connection, where in opened.values() if _ends(connection)}
    assert not forgotten, f"left open by {sorted(forgotten)}"


def _ends(connection: Any) -> bool:
    """The connection is closed; whether it had been open."""
    try:
        was_open = not getattr(connection, "closed", False)
        connection.cursor().close()
    except Exception:
        return False
    connection.close()
    return was_open
