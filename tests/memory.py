"""What Python's objects take, measured in a process of its own.

Before Python 3.13.2 a second thread can end the process in which tracemalloc stops (CPython
gh-128679), and the processes of the tests have several.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def peak_of(before: str, measured: str, *arguments: Path) -> int:
    """Bytes taken at most while `measured` ran, after `before`; `arguments` stand in `sys.argv`."""
    shown = "print(tracemalloc.get_traced_memory()[1])"
    code = "\n".join(("import sys, tracemalloc", before, "tracemalloc.start()", measured, shown))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout)
