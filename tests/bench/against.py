"""`make bench-against COMMIT=…`: what another commit takes, beside this one, in the same run.

Times are of the processor alone, so that a busy machine disturbs them little. The other commit's
own benchmark is run on its own code, with the packages that are installed here.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parents[2]
_PAGES = """
import time
time.perf_counter = time.process_time
from tests.bench.__main__ import pages
for line in pages():
    print(line, flush=True)
"""
_COMMAND = "from recovery_tracker.cli import main; main()"
_LINE = re.compile(r"^(.{48}) *([\d,.]+) (ms|s) ")


def main(commit: str) -> None:
    """A line for each measure that both commits have: there, here, and how many times faster."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder, "there")
        git = ["git", "-C", str(_HERE), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", there, commit], check=True)
        try:
            for name, before, now in (*_replays(there, Path(folder)), *_pages(there)):
                sys.stdout.write(f"{name:<48}{before:>9.2f} s {now:>9.2f} s {before / now:>6.1f}\n")
                sys.stdout.flush()
        finally:
            subprocess.run([*git, "remove", "--force", there], check=True)


def _pages(there: Path) -> Iterator[tuple[str, float, float]]:
    found = {tree: _run(tree, "-c", _PAGES)[1] for tree in (there, _HERE)}
    times = {
        tree: {
            match[1].strip(): float(match[2].replace(",", "")) / (1000 if match[3] == "ms" else 1)
            for match in filter(None, map(_LINE.match, lines.splitlines()))
        }
        for tree, lines in found.items()
    }
    for name, before in times[there].items():
        if name in times[_HERE]:
            yield name, before, times[_HERE][name]


def _replays(there: Path, folder: Path) -> Iterator[tuple[str, float, float]]:
    """2,000 patients of a year, files included, on one processor."""
    drawn = ("--patients", "2000", "--days", "365", "--seed", "3")
    _run(_HERE, "-c", _COMMAND, "simulate", *drawn, "--out", str(folder / "text"))
    _run(_HERE, "-c", _COMMAND, "simulate", *drawn, "--out", str(folder / "p"), "--parquet")
    text = (str(folder / "text" / "patients.csv"), str(folder / "text" / "diary.csv"))
    parquet = (str(folder / "p" / "patients"), str(folder / "p" / "diary"))
    before = _replay(there, *text)
    yield "replay of 2,000 x 365 from CSV", before, _replay(_HERE, *text)
    yield "replay of 2,000 x 365 from Parquet", before, _replay(_HERE, *parquet)


def _replay(tree: Path, patients: str, diary: str) -> float:
    out = str(Path(patients).parent / "flags.csv")
    files = ("--patients", patients, "--diary", diary, "--out", out)
    return min(_run(tree, "-c", _COMMAND, "replay", *files, alone=True)[0] for _ in range(2))


def _run(tree: Path, *arguments: str, alone: bool = False) -> tuple[float, str]:
    """Seconds of the processor that a program of this tree took, and what it printed."""
    # What a first run compiled, a second one has, as an installed program has it.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**kept, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, {0})) if alone else None,
    )
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system, done.stdout


if __name__ == "__main__":
    main(sys.argv[1])
