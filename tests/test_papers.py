"""What the papers claim: each requirement and each hazard names tests that are there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.papers import HAZARDS_PAGE, PROJECT, hazards, hazards_page, missing

#: Requirements of levels 1 and 2 of version 5.0.0 of the standard.
REQUIREMENTS = 253


def test_every_requirement_has_a_status_and_a_test_or_a_reason() -> None:
    rows = yaml.safe_load((PROJECT / "docs/asvs.yaml").read_text(encoding="utf-8"))
    assert len({row["id"] for row in rows}) == len(rows) == REQUIREMENTS
    assert sum(row["level"] == 1 for row in rows) == 70
    for row in rows:
        assert row["what"], row
        if row["status"] != "met":
            assert row["status"] in {"not applicable", "open"}, row
            assert row["why"], row
        elif "where" in row:
            assert (PROJECT / row["where"]).is_file(), row
        else:
            assert row["tests"], row
            assert not list(missing(row["tests"])), row
            assert len(set(row["tests"])) == len(row["tests"]), row


def test_every_decision_is_listed_under_its_own_heading() -> None:
    """The list may add in brackets what replaced a part of it."""
    folder = PROJECT / "docs/decisions"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\) \| (.+?)(?: \([^()]*replaced by \d{4}\))? \|$",
        (folder / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {name for _, name, _ in listed} == {p.name for p in folder.glob("[0-9]*.md")}
    for number, name, title in listed:
        first = (folder / name).read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# {number} {title}"


def test_every_hazard_names_tests_that_are_there() -> None:
    rows = hazards()
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row["harm"] in {"A", "B", "C"}, row
        for name in ("hazard", "cause", "assumption", "control", "left"):
            assert row[name], (row["number"], name)
        assert not list(missing(row["tests"].split())), row
    assert HAZARDS_PAGE.read_text(encoding="utf-8") == hazards_page()


def test_a_test_that_is_not_there_is_missed() -> None:
    claimed = [
        "tests/test_papers.py::test_a_test_that_is_not_there_is_missed",
        "tests/test_papers.py::test_of_nothing",
        "tests/test_nowhere.py::*",
        "tests/test_papers.py",
    ]
    assert list(missing(claimed)) == claimed[1:]


def test_the_list_of_libraries_is_made(tmp_path: Path) -> None:
    """Every package of the lock file, with its version, in a form that other programs read."""
    made = tmp_path / "libraries.json"
    command = ["-m", "cyclonedx_py", "requirements", "requirements.lock", "-o", str(made)]
    subprocess.run([sys.executable, *command], cwd=PROJECT, check=True, capture_output=True)
    found = json.loads(made.read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX"
    named = {(one["name"].lower(), one["version"]) for one in found["components"]}
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", lock, re.MULTILINE))
    assert len(wanted) > 50
    assert wanted <= named
