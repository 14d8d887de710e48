"""Whole cohorts: how fast they are replayed next to a peer, and how much memory that takes."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_DAYS = 400
_COHORTS = (1_000, 3_000)

_SPEED = "from recovery_tracker.laboratory.speed import measure_speed; print(measure_speed())"
_COMMAND = "from recovery_tracker.cli import main; main()"


def replays() -> Iterator[str]:
    """A thousand patients next to KernelCPD, then memory as the cohort grows to a million days."""
    # In a process of its own, as `replay` is: the clinic of the benchmark fills this one's memory.
    yield subprocess.run(
        [sys.executable, "-c", _SPEED], capture_output=True, text=True, check=True
    ).stdout.rstrip()
    if sys.platform != "linux":
        return
    for patients in _COHORTS:
        with tempfile.TemporaryDirectory() as folder:
            drawn = ("--patients", patients, "--days", _DAYS, "--seed", 1)
            _run("simulate", *drawn, "--out", folder)
            with open(f"{folder}/diary.csv", "rb") as file:
                days = sum(1 for _line in file) - 1
            files = ("--patients", f"{folder}/patients.csv", "--diary", f"{folder}/diary.csv")
            memory = _run("replay", *files, "--out", f"{folder}/flags.csv")
        name = f"replay of {days:,} patient-days, memory"
        yield f"{name:<48}{memory / 1024:>9,.0f} MB"


def _run(*arguments: object) -> int:
    """The greatest memory of one command with all of its processes, in kB, as it was seen."""
    command = [sys.executable, "-c", _COMMAND, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        greatest = 0
        while process.poll() is None:
            greatest = max(greatest, _memory_of(process.pid))
            time.sleep(0.1)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read())
    return greatest


def _memory_of(session: int) -> int:
    """kB of every process of a session; pages that some of them share count once."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            if os.getsid(int(folder.name)) == session:
                found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.M)
                total += int(found[1]) if found else 0
    return total
