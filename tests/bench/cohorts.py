"""Whole cohorts: how fast they are replayed next to a peer, and how much memory that takes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator

from recovery_tracker.laboratory.speed import measure_speed

_DAYS = 400
_COHORTS = (1_000, 3_000)

#: A command of the program that ends with its greatest memory, in kB.
_COMMAND = """
import atexit, re
def told():
    with open("/proc/self/status") as file:
        print(re.search(r"VmHWM:\\s+(\\d+)", file.read())[1])
atexit.register(told)
from recovery_tracker.cli import main
main()
"""


def replays() -> Iterator[str]:
    """A thousand patients next to KernelCPD, then memory as the cohort grows to a million days."""
    yield str(measure_speed())
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
    """The greatest memory of one command, in kB."""
    command = [sys.executable, "-c", _COMMAND, *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    return int(answer.stdout.split()[-1])
