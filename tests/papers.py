"""The papers that a safety officer or an auditor reads, and what they claim of tests.

`python -m tests.papers` writes `docs/hazards.md` again from `docs/hazards.csv`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[1]
HAZARDS = PROJECT / "docs/hazards.csv"
HAZARDS_PAGE = PROJECT / "docs/hazards.md"
COLUMNS = ("number", "harm", "hazard", "cause", "assumption", "control", "tests", "left")

HEAD = """# Hazard log

The hazards that a clinical safety officer would ask about: what causes each, what we assume, what
controls it, what turns red when the control goes, and what is left. Harm as in the review of the
sources: A life, cord, cauda equina or airway; B dangerous delay; C misleads. Nobody outside the
project has reviewed this page. It is written from `hazards.csv` by `python -m tests.papers`.

| # | harm | hazard | cause | assumption | control | test | what is left |
|---|---|---|---|---|---|---|---|
"""


def hazards() -> list[Mapping[str, str]]:
    """The rows of the log."""
    with HAZARDS.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader)


def hazards_page() -> str:
    """The log as a page."""
    return HEAD + "".join(_row(one) for one in hazards())


def _row(hazard: Mapping[str, str]) -> str:
    tests = ", ".join(f"`{one.removesuffix('::*')}`" for one in hazard["tests"].split())
    cells = [hazard[name] for name in COLUMNS[:6]] + [tests or "none", hazard["left"]]
    return f"| {' | '.join(cells)} |\n"


def missing(tests: Iterable[str]) -> Iterator[str]:
    """Those that are not there: `file::name` of a test, or `file::*` for a whole file."""
    for test in tests:
        file, _, name = test.partition("::")
        path = PROJECT / file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        wanted = r"def test_" if name == "*" else rf"def {re.escape(name)}\("
        if not name or not re.search(wanted, text):
            yield test


if __name__ == "__main__":
    HAZARDS_PAGE.write_text(hazards_page(), encoding="utf-8")
