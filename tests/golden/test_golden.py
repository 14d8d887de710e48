"""The same rules find the same things, and other rules have another name.

When one of these fails after a change that was meant: give the rule set a new name in
`trends/parameters/__init__.py`, run `make rules`, and read what changed in `findings.txt`.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from recovery_tracker import trends
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.trends import rules
from recovery_tracker.trends.parameters import STANDARD
from tests.effort import effort

from .corpus import diaries
from .mutate import answer_mutants, trend_mutants, window_mutants
from .recorded import RECORDED, now

TRENDS = Path(trends.__file__).parent


def test_the_rules_find_what_they_found_when_they_got_their_name() -> None:
    recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    found = now().splitlines()

    changed = [line for line in found if line not in set(recorded)]
    assert found == recorded, "\n".join([f"{len(changed)} lines are new:", *changed[:12]])


def test_the_corpus_is_wide() -> None:
    corpus = diaries()
    names = [diary.name for diary in corpus]
    assert len(set(names)) == len(names) >= 200
    told = now()
    for pattern in (
        "emergency_sign emergency",
        "infection same_day",
        "nerve same_day",
        "nerve review",
        "event same_day",
        "event review",
        "loose_hardware review",
        "failed_fusion review",
        "worsening review",
        "slow_recovery note",
        "gone_quiet note",
        "gone_quiet review",
        "urgent_sign same_day",
        "less_walking note",
    ):
        assert f"  {pattern} " in told, pattern


def test_any_number_or_row_that_decides_is_in_the_fingerprint() -> None:
    before = rules.fingerprint()

    assert rules.fingerprint(replace(STANDARD, rule_set="another name")) == before
    assert rules.fingerprint(replace(STANDARD, name_nerve_leads=2.9)) != before
    assert rules.fingerprint(replace(STANDARD, factor_quiet=1.3)) != before
    told = rules.everything()
    assert told["answers"]["circumstances.FEVER_C"] == 38.0
    assert told["signs"].keys() == SIGNS.keys()
    assert "patient" not in told["signs"]["fever"]


def test_every_changed_constant_asks_for_another_name() -> None:
    """Each number of the rules, changed by one or by a third: the name no longer fits. Whether a
    diary of the corpus notices it too is what `make rules-hunt` says.
    """
    before, standard = rules.fingerprint(), rules.everything()["trends"]
    mutants = list(trend_mutants())
    assert len(mutants) > 200
    for name, parameters in mutants:
        assert rules.plain(parameters, {"rule_set"}) != standard, name
    others = chain(answer_mutants(), window_mutants())
    for number, (name, undo) in enumerate(others):
        is_same = number % effort(8, 1) == 0 and rules.fingerprint() == before
        undo()
        assert not is_same, name
    assert rules.fingerprint() == before


#: Files whose numbers decide nothing about a flag, and why.
FREE = {
    "course.py": "published means and spreads, drawn and named in receipts; versioned by itself",
    "levels.py": "what is drawn and quoted; raises nothing",
    "step_course.py": "steps as drawn and quoted, and the published course; raises nothing",
    "zones.py": "what the map shows; raises nothing",
    "results.py": "results of an evaluation, held to docs/trends.md by a test",
    "batch.py": "memory",
    "series.py": "codes of words in arrays",
}
#: Numbers that are no thresholds, by the line they stand in.
ALLOWED = {
    "a square": "** 2",
    "a square, too": "**2",
    "two halves of one array": "np.split(",
    "rows, for speed alone": "_FEW = 6",
    "the middle of two": ") / 2",
    "the middle place": "// 2",
    "noon of a day": "time(12)",
    "decimals that are told": "round(",
    "half of a sum of squares": "0.5 * moved * size - 0.5 * np.log(precision)",
    "the median": "p.onset_before, 0.5, p.onset_up_to",
    "the last axis": "axis=2",
    "an S from 0 to 1": "share * share * (3.0 - 2.0 * share)",
    "days of a week": "/ 7.0)",
    "weeks and the rest": "divmod(days, 7)",
    "a year, so that a search ends": "_HORIZON = 366",
    "digits of a hash": "[:16]",
    "measured, held to the evaluation by a test": "Measured(",
}


def test_no_number_decides_outside_the_rule_set() -> None:
    files = [file for file in sorted(TRENDS.glob("*.py")) if file.name not in FREE]
    assert len(files) > 15

    found = [place for file in files for place in _numbers(file)]

    assert found == []
    assert all((TRENDS / name).is_file() for name in FREE)


def test_the_names_of_patterns_are_weighed_by_the_rule_set_alone() -> None:
    """Here a 1 is a weight too."""
    tree = ast.parse((TRENDS / "patterns.py").read_text(encoding="utf-8"))
    odds = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    odds = [node for node in odds if node.returns and ast.unparse(node.returns).endswith("float")]
    assert {"_loose", "_failed", "_nerve", "_under_load"} <= {node.name for node in odds}

    weights = [
        node.value
        for function in odds
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]

    # One less a share, and nothing at all.
    assert set(weights) <= {0.0, 1.0}
    assert weights.count(1.0) <= 1


def _numbers(file: Path) -> Iterator[str]:
    """Numbers other than 0 and 1 that stand in a file of the trend module, by line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not is_number or node.value in (0, 1):
            continue
        line = lines[node.lineno - 1]
        if not any(text in line for text in ALLOWED.values()):
            yield f"{file.name}:{node.lineno}: {line.strip()}"
