"""Writes down what the rules find now: `python -m tests.golden`, or `make rules`.

The findings of the corpus, the tables in `docs/thresholds.md`, `docs/warning-signs.md` and
`docs/sources.md`, and the example of the README. Under the name of a rule set that a flag may
already carry, findings may not change: give the rules a new name first
(`trends/parameters/__init__.py`). `--same-name` overrules that, for a name that no release has
carried yet.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from recovery_tracker.domain import references, sign_table
from recovery_tracker.trends.parameters import documented

from .recorded import RECORDED, ROOT, now


def main(arguments: list[str]) -> int:
    found = now()
    if RECORDED.is_file():
        before = RECORDED.read_text(encoding="utf-8")
        same_name = before.splitlines()[0] == found.splitlines()[0]
        if same_name and before != found and "--same-name" not in arguments:
            sys.stderr.write(f"Other findings under the same {found.splitlines()[0]}.\n")
            sys.stderr.write("Give the rule set a new name, or say --same-name.\n")
            return 1
    RECORDED.write_text(found, encoding="utf-8")
    rows = "\n".join(f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in documented())
    _write("thresholds.md", "| `rule_set` |", rows + "\n<!-- parameters:end -->\n")
    _write("warning-signs.md", "<!-- rules -->\n", "<!-- rules -->\n" + sign_table.as_markdown())
    _write("sources.md", "| named as |", references.as_markdown())
    _write_example()
    return 0


def _write(page: str, begins: str, made: str) -> None:
    """The page, from these words to its end, is what was made."""
    paper = ROOT / "docs" / page
    kept, _ = paper.read_text(encoding="utf-8").split(begins, 1)
    paper.write_text(kept + made, encoding="utf-8")


def _write_example() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    found = re.search(
        r"^    \$ \S+/recovery-tracker ((?:.*\\\n)*.*)\n((?:    .*\n|\n)+)", text, re.MULTILINE
    )
    assert found is not None
    program = Path(sys.executable).with_name("recovery-tracker")
    said = subprocess.run(
        [str(program), *found[1].replace("\\", " ").split()],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
    )
    lines = "".join(f"    {line}".rstrip() + "\n" for line in said.stdout.rstrip().splitlines())
    readme.write_text(
        text[: found.start(2)] + lines + "\n" + text[found.end(2) :], encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
