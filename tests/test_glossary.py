"""The glossary is a contract: what it names exists, and words given up do not come back."""

import ast
import re
from pathlib import Path

from tests.catalogues import extracted, sentences
from tests.sources import nodes_of, parsed

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "recovery_tracker"
#: Words of code that no source defines.
PYTHON = {"None", "NaN"}
#: A word that no page, message or report says, and what stands there instead.
GIVEN_UP = {
    "receipt": "flag",
    "receipts": "flags",
    "overview": "the name of the page",
    "picture": "imaging, or chart",
    "pictures": "imaging, or charts",
    "case": "patient",
}
#: Modules and packages that were renamed, by their dotted names inside the package.
RENAMED = (
    "findings",
    "overview",
    "domain.signals",
    "storage.overview",
    "storage.beside",
    "storage.receipts",
    "storage.standing",
    "storage.surgeries",
    "storage.typed",
    "web.clinician.body",
    "web.forms",
)
#: What no module, class, function or argument is called any more, and its name today.
OLD_NAMES = {
    "carry": "resubmission",
    "connect": "init_app",
    "firsts_of": "milestones_of",
    "readout": "day_values",
    "receipt": "flag, or episode",
    "receipts": "flags, flag_view or flag_updates",
    "sparks": "sparklines",
    "staff_mail": "AlertWishes, wishes_of",
    "standing_of": "summary_of",
    "surgeries": "record_rows",
}

#: Classes of one name in two modules, whose readers never meet: rows of two tables, people of the
#: laboratory. A new one is refused: one name, one thing.
SHARED = {
    "Answers", "Comparison", "Course", "Due", "Felt", "FirstAlarms", "Found", "Line", "Measured",
    "Passkey", "Placed", "Row", "Sheet", "Step", "Told",
}  # fmt: skip


def _rows():
    """(the clinic's word, the names of our code) of every row."""
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[1] != "we write":
            yield cells[0], re.findall(r"`([^`]+)`", cells[1])


def _defined():
    """Every name that the source defines, the members of its classes, and its plain strings."""
    names, members = set(PYTHON), {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in nodes_of(file):
            if isinstance(node, ast.ClassDef):
                inside = members.setdefault(node.name, set())
                for one in node.body:
                    inside |= set(_names_of(one))
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            names |= set(_names_of(node))
    return names | {file.parent.name for file in PACKAGE.rglob("*.py")}, members


def _names_of(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign):
        yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def test_every_name_of_the_glossary_exists():
    names, members = _defined()
    rows = list(_rows())
    missing = []
    for word, listed in rows:
        for name in listed:
            owner, _, member = name.removesuffix("()").partition(".")
            if "/" in name:
                exists = (PACKAGE / name).exists()
            elif member:
                exists = member in members.get(owner, ())
            else:
                exists = owner in names
            missing += [] if exists else [(word, name)]
    assert missing == []
    assert sum(len(listed) for _, listed in rows) > 60


def test_words_that_were_given_up_are_in_no_sentence():
    found = [
        (word, message.id)
        for message in sentences(extracted())
        for word in GIVEN_UP
        if re.search(rf"\b{word}\b", str(message.id).casefold())
    ]
    assert found == []


def old_names(nodes, module):
    """Names in a module, its own among them, that were given up."""
    said = {module}
    for node in nodes:
        said |= {name.lower() for name in _names_of(node)}
        if isinstance(node, ast.arg):
            said.add(node.arg)
    return sorted(said & OLD_NAMES.keys())


def test_code_says_the_names_of_today():
    found = {
        str(file.relative_to(PACKAGE)): names
        for file in sorted(PACKAGE.rglob("*.py"))
        if (names := old_names(nodes_of(file), file.stem))
    }
    assert found == {}


def test_an_old_name_is_found():
    tree = ast.parse("class Receipt: pass\ndef of(sparks): readout = 1")
    assert old_names(ast.walk(tree), "carry") == ["carry", "readout", "receipt", "sparks"]


def test_modules_that_were_renamed_are_gone():
    for name in RENAMED:
        place = PACKAGE.joinpath(*name.split("."))
        assert not place.exists(), name
        assert not place.with_suffix(".py").exists(), name


def test_no_class_takes_a_name_that_another_has():
    places = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in parsed(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(file.relative_to(PACKAGE).as_posix())
    assert {name: at for name, at in places.items() if len(at) > 1 and name not in SHARED} == {}
