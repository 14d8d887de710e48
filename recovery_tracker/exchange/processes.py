"""Work shared out among the processors that this process may use."""

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Done = TypeVar("Done")

#: Inherited by a forked process, so that nothing is copied to it.
_work: Callable[[int], Any] | None = None


def processors() -> int:
    """How many processes can share work; 1 where the system cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def shared_out(work: Callable[[int], Done], count: int, workers: int) -> Iterator[Done]:
    """`work(0)` to `work(count - 1)` in that order; an error in one of them stops the work."""
    global _work
    if min(workers, count) < 2:
        yield from map(work, range(count))
        return
    import multiprocessing  # Here, so that one process alone does without it.

    _work = work
    try:
        with multiprocessing.get_context("fork").Pool(min(workers, count)) as pool:
            yield from pool.imap(_inherited, range(count))
    finally:
        _work = None


def _inherited(place: int) -> Any:
    assert _work is not None
    return _work(place)
