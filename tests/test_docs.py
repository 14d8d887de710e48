"""What the program can do is written down: a name that exists and is explained nowhere is a gap."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from recovery_tracker import __version__
from recovery_tracker.cli import cli, main
from recovery_tracker.domain.flags import Attention, Condition, Pattern, Urgency
from recovery_tracker.domain.people import Role
from recovery_tracker.trends.parameters import STANDARD, Parameters
from recovery_tracker.trends.results import (
    EVALUATED_RULES,
    EVALUATED_SEED,
    FIRST_ALARMS,
    RESULTS,
    SAME_ALARMS,
)
from recovery_tracker.web.auth import passwords, sessions, throttle
from recovery_tracker.web.clinician.rules import COUNTED
from recovery_tracker.web.patient import visit
from recovery_tracker.web.shared import security
from tests.sources import nodes_of

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group=cli, before=""):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def environment_variables():
    """Every `RECOVERY_TRACKER_...` that a source file names."""
    found = set()
    for path in sorted((ROOT / "recovery_tracker").rglob("*.py")):
        for node in nodes_of(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"RECOVERY_TRACKER_[A-Z_]+", node.value))
    return sorted(found)


def test_every_threshold_is_documented():
    """`docs/thresholds.md` names each parameter; its number and source stand in the code."""
    paper = text_of("docs/thresholds.md")
    assert [one.name for one in fields(Parameters) if f"`{one.name}`" not in paper] == []


def test_every_threshold_has_a_unit_and_a_source():
    without = [
        field.name
        for field in fields(Parameters)
        if not {"unit", "source"} <= set(field.metadata)
        and not isinstance(getattr(STANDARD, field.name), str)
    ]
    assert without == []


def test_every_command_is_in_the_readme():
    missing = [
        name
        for name in commands()
        if f"`{name}" not in README and f"recovery-tracker {name}" not in README
    ]
    assert missing == []


def test_every_environment_variable_is_in_the_readme():
    assert [name for name in environment_variables() if f"`{name}`" not in README] == []


_FLAG_WORDS = [member.value for kind in (Pattern, Condition, Attention) for member in kind]


def test_every_word_of_a_flag_is_in_the_glossary():
    glossary = text_of("docs/glossary.md")
    words = [*_FLAG_WORDS, *(urgency.key for urgency in Urgency)]
    missing = [w for w in words if w not in glossary and w.replace("_", " ") not in glossary]
    assert missing == []


def test_every_make_target_in_the_papers_exists():
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    papers = "\n".join([README, *map(text_of, _documents()), text_of("CONTRIBUTING.md")])
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", papers, re.MULTILINE))
    assert {"run", "test", "demo"} <= named <= targets


def _documents():
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))]


def test_every_link_in_a_paper_leads_somewhere():
    papers = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", *_documents()]
    missing = [
        f"{name} links to {target}"
        for name in papers
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(name))
        if "://" not in target and not ((ROOT / name).parent / target).exists()
    ]
    assert missing == []


def test_the_recipes_name_files_and_tests_that_exist():
    """Whoever follows CONTRIBUTING finds each file, and each test that notices a forgotten step."""
    named = re.findall(r"`([\w./-]+/[\w.-]*)(?:::(\w+))?`", text_of("CONTRIBUTING.md"))
    assert len([test for _, test in named if test]) > 20
    missing = [
        f"{path}::{test}" if test else path
        for path, test in named
        if not any((folder / path).exists() for folder in (ROOT, ROOT / "recovery_tracker"))
        or (test and f"def {test}(" not in text_of(path))
    ]
    assert missing == []


def test_every_decision_is_listed():
    index = text_of("docs/decisions/README.md")
    pages = [p.name for p in (ROOT / "docs" / "decisions").glob("0*.md")]
    assert pages
    assert [page for page in pages if page not in index] == []


def test_the_example_of_the_readme_says_what_the_program_says(capsys, monkeypatch):
    """The command in the README, typed today, prints the text under it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    found = re.search(
        r"^    \$ \S+/recovery-tracker ((?:.*\\\n)*.*)\n((?:    .*\n|\n)+)", README, re.MULTILINE
    )
    arguments, shown = found[1].replace("\\", " ").split(), found[2]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    wanted = [line.removeprefix("    ") for line in shown.rstrip().splitlines()]
    assert capsys.readouterr().out.rstrip().splitlines() == wanted


def test_the_results_on_the_page_are_those_of_the_paper():
    """`trends/results.py` against the table of every cell, and the run that both name."""
    paper = text_of("docs/trends.md")
    lines = re.findall(r"^\| `(\w+)`: .*$", paper, re.M)
    assert len(lines) > len(RESULTS)
    for result in RESULTS:
        (line,) = re.findall(rf"^\| `{result.cell}`: (.*)$", paper, re.M)
        cells = [cell.strip() for cell in line.split("|")]
        told = [_leading_number(cells[place]) for place in (2, 3, 4, 6, 7, 8)]
        assert told == pytest.approx([*result.pain, *result.answers], abs=1e-9), result.cell
    for first in FIRST_ALARMS:
        (line,) = re.findall(
            rf"^\| {first.answers} \| {first.generator} \| .* of 100 \|$", paper, re.M
        )
        assert re.findall(r"(\d+) of 100", line) == [str(each) for each in first.real], line
    run = f"`recovery-tracker evaluate --seed {EVALUATED_SEED}`, rule set {EVALUATED_RULES}"
    assert run in paper
    assert STANDARD.rule_set in (EVALUATED_RULES, *SAME_ALARMS)
    assert f"The rules in use are {STANDARD.rule_set}." in paper


def test_the_words_for_surgeons_name_the_numbers_of_the_rules():
    """`rules.COUNTED` says some thresholds in words; they are those of the code."""
    p = STANDARD
    told = " ".join(COUNTED)
    assert f"On days {p.early_first_day} to {p.early_last_day} pain" in told
    assert f"in weeks {p.slow_first_day // 7} and {p.slow_second_day // 7} and from month 6" in told
    assert p.failed_first_day == p.slow_second_day == 182
    assert "at least four weeks earlier" in told
    assert p.baseline_lag == 28
    assert "the three weeks before" in told
    assert p.early_length == 21
    assert "up to half a point" in told
    assert p.taper_points == 0.5
    assert "at least one point lower since, or numbness half a level, over four weeks" in told
    assert (p.settled_points, p.settled_levels, p.settled_length) == (1.0, 0.5, 28)
    assert "as low as three before it raises no flag, for three weeks at most" in told
    assert (p.spell_times, p.spell_most_days) == (3, 21)


def test_the_security_tables_name_the_numbers_of_the_program():
    page = " ".join(text_of("docs/security-tables.md").split())
    assert sessions.IDLE[Role.PATIENT].days == 30
    assert sessions.IDLE[Role.CLINICIAN].seconds == 15 * 60
    assert sessions.LONGEST[Role.PATIENT].days == 180
    assert sessions.LONGEST[Role.CLINICIAN].seconds == 12 * 3600
    assert "| ends if unused for | 30 days | 15 minutes |" in page
    assert "| ends in any case after | 180 days | 12 hours |" in page
    half = f"{sessions.HALF_SIGN_IN.seconds // 60} minutes"
    assert f"| half signed in | {half} | {half} |" in page
    tries, day, client = (
        throttle.TRIES_PER_ACCOUNT,
        throttle.TRIES_PER_DAY,
        throttle.TRIES_PER_CLIENT,
    )
    assert f"{tries} wrong tries per account in 15 minutes, {day} a day; {client} from" in page
    assert f"{passwords.SHORTEST} to {passwords.LONGEST} characters" in page
    assert passwords.GUESSES == 10**8
    assert visit.HELD_FOR.seconds == 3600
    assert security.LARGEST_FILE == 500 * 1024 * 1024


def _leading_number(cell):
    """The number of a cell such as "0.22 (0.20-0.24)", "96.6 % (...)" or "12 d (...)"."""
    number, unit = re.match(r"([\d.]+) ?(%|d)?", cell).groups()
    return float(number) / 100 if unit == "%" else float(number)


def test_the_version_has_its_part_in_the_changelog():
    """The same in the package and in its metadata, under an empty or growing "Unreleased"."""
    stated = re.search(r'^version = "(.+)"$', text_of("pyproject.toml"), re.MULTILINE)[1]
    assert stated == __version__
    heads = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d{2}-\d{2}))?$", text_of("CHANGELOG.md"), re.M)
    assert heads[0] == ("Unreleased", "")
    assert heads[1][0] == __version__
    days = [day for _, day in heads[1:]]
    assert all(days)
    assert days == sorted(days, reverse=True)
