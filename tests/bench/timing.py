"""How a part is timed and how its line of the table reads."""

import statistics
import time
from collections.abc import Callable

#: Seconds by the clock on the wall, and of the processor.
Taken = tuple[float, float]


def now() -> Taken:
    return time.perf_counter(), time.process_time()


def since(start: Taken, end: Taken | None = None) -> Taken:
    wall, processor = end or now()
    return wall - start[0], processor - start[1]


def times_of(what: Callable[[], object], times: int) -> list[Taken]:
    """What each call took, after one that warms up."""
    what()
    taken = []
    for _ in range(times):
        start = now()
        what()
        taken.append(since(start))
    return taken


def said(name: str, taken: list[Taken], bar: str = "") -> str:
    wall = 1000 * statistics.median(each[0] for each in taken)
    processor = 1000 * statistics.median(each[1] for each in taken)
    return f"{name:<48}{wall:>9,.1f} ms {processor:>9,.1f} ms  {bar}"


def said_seconds(name: str, seconds: float, bar: str = "") -> str:
    return f"{name:<48}{seconds:>9,.1f} s {'':>14}{bar}"
