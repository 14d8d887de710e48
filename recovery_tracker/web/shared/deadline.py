"""A limit for a delivery as a whole: a time-out of a socket begins anew with each byte."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

AT_MOST = 30.0
"""Seconds that one delivery may take, from the first byte to the last answer. Our default."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` returns, or raises.

    It runs in a thread of its own, since nothing else ends a search for a name or a reply that
    comes byte by byte. After `seconds` it is left to itself; it ends with the program at the
    latest, and what it returns by then is nobody's.

    Raises:
        TimeoutError: it took longer.
    """
    returned: list[T] = []
    raised: list[Exception] = []

    def run() -> None:
        try:
            returned.append(work())
        except Exception as error:
            raised.append(error)

    thread = Thread(target=run, name="delivery", daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if thread.is_alive():
        raise TimeoutError
    if raised:
        raise raised[0]
    return returned[0]
