"""Which package may import which, checked on the source itself.

Everything here reads code with `ast`; nothing is imported, so a forbidden import cannot hide behind
a branch that did not run.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import nodes_of, parsed

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
PACKAGE = ROOT / "recovery_tracker"
EVERYTHING = frozenset({"*"})

#: Package to (packages of ours it may import, third parties it may import).
LAYERS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "domain": (frozenset(), frozenset()),
    "trends": (frozenset({"domain"}), frozenset({"numpy"})),
    # A leaf: the font files and what they cover.
    "fonts": (frozenset(), frozenset()),
    # A leaf: the sentences of each language.
    "translations": (frozenset(), frozenset()),
    # Joins what is stored and the files it is written to.
    "takeout": (frozenset({"domain", "exchange", "storage"}), frozenset()),
    # A leaf: where templates and migrations are.
    "folders": (frozenset(), frozenset()),
    "charts": (frozenset({"domain", "trends", "fonts"}), frozenset({"matplotlib", "numpy"})),
    "reports": (frozenset({"domain", "trends", "fonts"}), frozenset({"segno", "typst"})),
    "exchange": (
        # The answers of the form in each language, which a table may hold in place of numbers.
        frozenset({"domain", "trends", "translations"}),
        # NumPy: a cohort file is read straight into the arrays that the trend module takes.
        frozenset({"numpy", "lxml", "openpyxl", "pyarrow", "distributed"}),
    ),
    # Made-up people, for the demonstration alone.
    "demonstration": (frozenset({"domain"}), frozenset({"numpy"})),
    "laboratory": (
        frozenset({"domain", "trends", "charts", "exchange"}),
        frozenset({"matplotlib", "numpy", "pymannkendall", "river", "ruptures", "scipy"}),
    ),
    "storage": (
        frozenset({"domain", "folders"}),
        frozenset({"sqlalchemy", "alembic", "pysqlite3", "sqlcipher3", "cattrs"}),
    ),
    "services": (frozenset({"domain", "trends", "storage"}), frozenset()),
    # Joins the picture and the page that hands it over.
    "handout": (frozenset({"domain", "trends", "charts", "reports"}), frozenset()),
    "web": (EVERYTHING, EVERYTHING),
    "cli": (EVERYTHING, EVERYTHING),
}

#: Part of `web` to the other parts it may import. Only what makes the application may import all.
WEB: dict[str, frozenset[str]] = {
    "application": frozenset(
        {"shared", "config", "errors", "auth", "patient", "clinician", "admin"}
    ),
    # Only the clock and the file of leaked passwords.
    "config": frozenset({"shared"}),
    "secret_file": frozenset(),
    "shared": frozenset({"config"}),
    "auth": frozenset({"shared", "config"}),
    "patient": frozenset({"auth", "shared", "config"}),
    "clinician": frozenset({"auth", "shared", "config"}),
    "admin": frozenset({"auth", "shared", "config"}),
    "errors": frozenset({"auth", "shared"}),
}

#: Packages in which the same input must always give the same answer.
PURE = ("domain", "trends", "charts", "reports")

#: Peers are dev dependencies: only these modules may name them, and only inside a function.
PEERS = frozenset({"pymannkendall", "river", "ruptures", "scipy"})


def package_of(path: Path) -> str:
    """The package of a source file; a module at the top level counts as a package."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def sources(*packages: str) -> list[Path]:
    found = [
        p for p in sorted(PACKAGE.rglob("*.py")) if p.name != "__init__.py" or p.parent != PACKAGE
    ]
    return [p for p in found if not packages or package_of(p) in packages]


def _inside(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of every import in a file."""
    package = ["recovery_tracker", *path.relative_to(PACKAGE).parts[:-1]]
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                stem = ".".join([*base, *([node.module] if node.module else [])])
            else:
                stem = node.module or ""
            # `from . import diary` and `from recovery_tracker import services` name modules.
            if stem == "recovery_tracker" or not node.module:
                for alias in node.names:
                    yield node.lineno, f"{stem}.{alias.name}"
            else:
                yield node.lineno, stem


def complaints(path: Path) -> Iterator[str]:
    package = package_of(path)
    ours, others = LAYERS[package]
    for line, name in imports_of(path):
        where = f"{path.relative_to(ROOT)}:{line}"
        top, *rest = name.split(".")
        if top == "recovery_tracker":
            target = rest[0] if rest else "__version__"
            if target == "__version__" or target == package or ours == EVERYTHING:
                continue
            if target not in ours:
                yield f"{where}: {package} may not import {target}"
        elif top not in sys.stdlib_module_names and others != EVERYTHING and top not in others:
            yield f"{where}: {package} may not import {top}"


def complaints_in_web(path: Path) -> Iterator[str]:
    """A file of `web` that imports a part of `web` which its own part may not."""
    inside = path.relative_to(PACKAGE / "web").with_suffix("").parts
    if inside == ("__init__",):
        return
    for line, name in imports_of(path):
        if not name.startswith("recovery_tracker.web."):
            continue
        target = name.split(".")[2]
        if target != inside[0] and target not in WEB[inside[0]]:
            yield f"{path.relative_to(ROOT)}:{line}: web.{inside[0]} may not import web.{target}"


def test_settings_and_keys_come_without_the_pages() -> None:
    """Every command reads them, and the pages take a second to import."""
    assert list(imports_of(PACKAGE / "web" / "__init__.py")) == []


def test_imports_in_web_point_downwards() -> None:
    """Nobody's pages import another's: what two need is in `shared`."""
    found = {path.relative_to(PACKAGE / "web").parts[0] for path in sources("web")}
    assert {name.removesuffix(".py") for name in found} == {*WEB, "__init__"}
    assert [text for path in sources("web") for text in complaints_in_web(path)] == []


def test_a_forbidden_import_in_web_is_seen(tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "recovery_tracker"
    (package / "web" / "shared").mkdir(parents=True)
    planted = package / "web" / "shared" / "bad.py"
    planted.write_text("from ..auth import sessions\nfrom .. import patient\nfrom . import clock\n")
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", package)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert [text.split(": ")[1] for text in complaints_in_web(planted)] == [
        "web.shared may not import web.auth",
        "web.shared may not import web.patient",
    ]


def test_imports_point_downwards() -> None:
    """Each file imports only what its package may."""
    strange = {package_of(path) for path in sources()} - LAYERS.keys()
    assert strange == set(), "docs/architecture.md names the packages"
    assert [text for path in sources() for text in complaints(path)] == []


def test_the_guard_sees_a_forbidden_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself fails on a planted import, relative and absolute, ours and third party."""
    package = tmp_path / "recovery_tracker"
    (package / "domain").mkdir(parents=True)
    planted = package / "domain" / "bad.py"
    planted.write_text("from ..storage import tables\nimport numpy as np\nfrom flask import g\n")
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", package)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert [text.split(": ")[1] for text in complaints(planted)] == [
        "domain may not import storage",
        "domain may not import numpy",
        "domain may not import flask",
    ]


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


#: The clock, the environment, and what reads or writes without being told to.
_IMPURE = (
    "print",
    "open",
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "os.environ",
    "os.getenv",
)
_IMPURE_MODULES = frozenset({"random", "secrets", "socket", "subprocess", "requests", "urllib"})


def impurities(path: Path) -> Iterator[str]:
    """Every name in a file that could make the same input give another answer."""
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute | ast.Name):
            name = _dotted(node)
            if any(f".{name}".endswith(f".{bad}") for bad in _IMPURE):
                yield f"{path.name}:{node.lineno} uses {name}"
            if ".random." in f".{name}.":
                yield f"{path.name}:{node.lineno} rolls dice"
    for line, name in imports_of(path):
        if name.split(".")[0] in _IMPURE_MODULES:
            yield f"{path.name}:{line} imports {name}"


def test_pure_packages_read_no_clock_file_or_chance() -> None:
    """The same answer, picture and page for the same input, whenever and wherever."""
    found = [f"{package_of(path)}/{text}" for path in sources(*PURE) for text in impurities(path)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "today = date.today()",
        "clock = datetime.now",
        "home = os.environ['HOME']",
        "word = os.environ.get('WORD')",
        "dice = np.random.default_rng()",
        "print(1)",
    ],
)
def test_an_impure_line_is_found(line: str, tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "recovery_tracker"
    planted = package / "domain" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{line}\n")
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", package)
    assert list(impurities(planted))


#: Everything that brings a copy of SQLite, and who may name it: the one place that chooses, and the
#: one that reads files of other programs.
SQLITE = frozenset({"sqlite3", "pysqlite3", "sqlcipher3", "apsw"})
MAY_OPEN = frozenset({"storage/engine.py", "exchange/health_connect.py"})


def other_openings(path: Path) -> list[str]:
    if _inside(path) in MAY_OPEN:
        return []
    return [f"{_inside(path)}:{n}" for n, name in imports_of(path) if name.split(".")[0] in SQLITE]


def test_one_copy_of_sqlite_opens_a_database() -> None:
    """Two in one process end each other's locks."""
    assert [found for path in sources() for found in other_openings(path)] == []


def test_a_second_copy_of_sqlite_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    other = tmp_path / "storage" / "other.py"
    other.parent.mkdir()
    other.write_text("def late():\n    from sqlite3 import connect\n")
    assert other_openings(other) == ["storage/other.py:2"]


def test_no_pyplot() -> None:
    """pyplot keeps global state and is not safe in a server; figures are objects."""
    found = [
        f"{_inside(path)}:{line}"
        for path in sources("charts", "laboratory")
        for line, name in imports_of(path)
        if name.startswith("matplotlib.pyplot")
    ]
    assert found == []


def test_peers_are_imported_late() -> None:
    """The product runs without the peers, so no module may need one in order to load."""
    found = {
        f"{_inside(path)}: {name}"
        for path in sources("laboratory")
        for name in _imported_at_load(path) & PEERS
    }
    assert found == set()


def _imported_at_load(path: Path) -> set[str]:
    at_load = [n for n in parsed(path).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return {
        alias.name.split(".")[0]
        for node in at_load
        for alias in (
            [ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names
        )
    }


#: Modules outside `services` that open a write, and why.
OPENS_A_WRITE = {
    "storage/backup.py": "notes a backup or restore in a copy that nobody else has opened",
    "storage/own_copies.py": "erases in a copy that nobody else has opened",
}


def writes_opened(path: Path) -> list[int]:
    """Lines that open a write transaction, or keep the method that does.

    The writers of files and archives take what they write as an argument; that of a database takes
    none.
    """
    with_arguments = {
        id(node.func)
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and (node.args or node.keywords)
    }
    return [
        node.lineno
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and (
            (node.attr == "write" and id(node) not in with_arguments)
            or (node.attr in ("connect", "begin") and _dotted(node.value).endswith("engine"))
        )
    ]


def test_only_services_open_a_write() -> None:
    """Nobody else can change a record and leave its flags as they were."""
    found = {
        _inside(path)
        for path in sources()
        if package_of(path) not in ("services", "storage") and writes_opened(path)
    }
    storage = {_inside(path) for path in sources("storage") if _opens_database(path)}
    assert found | storage == set(OPENS_A_WRITE)


def test_writers_in_storage_take_only_a_session_that_may_write() -> None:
    """mypy then refuses to hand them any other; helpers of `storage/upgrade.py` know none of it."""
    found = [
        f"{_inside(path)}: {name}" for path in sources("storage") for name in careless_writers(path)
    ]
    assert found == []


def careless_writers(path: Path) -> Iterator[str]:
    """Functions that write through a session which might be one for reading."""
    for node in nodes_of(path):
        if not isinstance(node, ast.FunctionDef):
            continue
        takes = {
            argument.arg
            for argument in node.args.args
            if argument.annotation is not None and _dotted(argument.annotation) == "Session"
        }
        calls = [_dotted(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)]
        writes = {f"{name}.{verb}" for name in takes for verb in _WRITING}
        if takes and (writes.intersection(calls) or {"insert", "update", "delete"} & set(calls)):
            yield node.name


_WRITING = ("add", "add_all", "delete", "flush", "merge", "commit")


def test_a_careless_writer_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "def one(session: Session): session.add(1)\n"
        "def two(session: Session): session.execute(delete(Row))\n"
        "def three(session: Change): session.add(1)\n"
        "def four(session: Session): session.execute(select(Row))\n"
    )
    assert list(careless_writers(planted)) == ["one", "two"]


def _opens_database(path: Path) -> bool:
    # Inside storage connections of its own are its business; a whole write transaction is not.
    lines = path.read_text(encoding="utf-8").splitlines()
    return any(".write()" in lines[line - 1] for line in writes_opened(path))


@pytest.mark.parametrize(
    "line",
    [
        "with database.write() as session: pass",
        "with access.database().write() as session: pass",
        "opened = database.write",
        "with database.engine.begin() as connection: pass",
    ],
)
def test_a_write_opened_elsewhere_is_found(line: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f"file.write(1)\n{line}\n")
    assert writes_opened(planted) == [2]


def test_no_f_string_reaches_the_database() -> None:
    """SQL text is written out or bound, never glued together from values."""
    for path in sources("storage", "services"):
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] == "text":
                assert not any(isinstance(arg, ast.JoinedStr) for arg in node.args), (
                    f"{path.relative_to(ROOT)}:{node.lineno} formats SQL"
                )


def test_no_truth_is_asked_for_with_is():
    """Only SQLite knows `IS ?`; PostgreSQL refuses it, and what is read there fails."""
    for path in sources():
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in (
                "is_",
                "is_not",
            ):
                assert not any(
                    isinstance(arg, ast.Constant) and isinstance(arg.value, bool)
                    for arg in node.args
                ), f"{path.relative_to(ROOT)}:{node.lineno} asks for a truth with IS"


def test_research_stays_out_of_the_product():
    """`simulate` and `evaluate` are commands of their own; nothing else may need the laboratory."""
    users = {
        _inside(path)
        for path in sources()
        if package_of(path) != "laboratory"
        for _, name in imports_of(path)
        if name.startswith("recovery_tracker.laboratory")
    }
    assert users == {"cli/laboratory.py"}


#: Functions of the program that it does not call itself, and who does.
CALLED_FROM_OUTSIDE = {
    "as_markdown": "make rules, for two tables of docs/",
    "downgrade_database": "the tests of the migrations, which walk back",
    "measure_speed": "make bench",
}


def test_no_function_is_there_for_tests_alone() -> None:
    """What nothing but a test calls is deleted, or stands in that test."""
    called = set(re.findall(r"\w+", "".join(map(Path.read_text, TEMPLATES.rglob("*.html")))))
    called |= set(re.findall(r"\w+", (PACKAGE / "cli" / "__init__.py").read_text()))
    made: dict[str, str] = {}
    for path in (*sources(), *(ROOT / "migrations").rglob("*.py")):
        for node in nodes_of(path):
            if isinstance(node, ast.Name):
                called.add(node.id)
            elif isinstance(node, ast.Attribute):
                called.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                called |= {one.name for one in node.names if one.asname}
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and not node.decorator_list:
                made[node.name] = str(path.relative_to(ROOT))
    unused = {name: path for name, path in made.items() if name not in called}
    assert unused.keys() == CALLED_FROM_OUTSIDE.keys(), unused


def test_no_module_leads_back_to_itself() -> None:
    """No circles, not even by an import inside a function or for types alone; a package may name
    its own modules.
    """
    modules = {".".join(("recovery_tracker", *_parts(path))): path for path in sources()}
    leads_to = {
        name: {
            target
            for _line, wanted in imports_of(path)
            for target in (wanted, wanted.rpartition(".")[0])
            if target in modules and not f"{target}.".startswith(f"{name}.")
        }
        for name, path in modules.items()
        if path.name != "__init__.py"
    }
    while ends := [name for name, targets in leads_to.items() if not targets & leads_to.keys()]:
        for name in ends:
            del leads_to[name]
    assert sorted(leads_to) == []


def _parts(path: Path) -> tuple[str, ...]:
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return inside[:-1] if inside[-1] == "__init__" else inside


def test_what_is_left_out_on_postgresql_is_there():
    """The list names tests, so that one that was renamed is tried again."""
    listed = [
        line
        for line in (ROOT / "tests" / "only_sqlite.txt").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert len(listed) > 50
    assert listed == sorted(set(listed))
    gone = []
    for line in listed:
        file, *names = line.split("::")
        if not all(
            re.search(rf"\b{name}\b", (ROOT / file).read_text())
            for name in names
            if name != "runTest"
        ):
            gone.append(line)
    assert gone == []
