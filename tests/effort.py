"""How much the longest tests do: everything where WHOLE_EFFORT is set, else a part."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")


def is_whole() -> bool:
    """Whether the whole effort was asked for."""
    return "WHOLE_EFFORT" in os.environ


def effort(part: int, whole: int) -> int:
    """`whole` where the whole effort was asked for, else `part`."""
    return whole if is_whole() else part


def today() -> int:
    """The number of the day, by which a part of the whole effort has its turn.

    The first process of a run notes it for those that it starts: around midnight they would
    otherwise collect different tests.
    """
    return int(os.environ.setdefault("DAY_OF_EFFORT", str(datetime.now(UTC).toordinal())))


def is_every_case() -> bool:
    """Whether a quick run, too, is to try each case of each test."""
    return is_whole() or "EVERY_CASE" in os.environ


def share(cases: Sequence[Case], parts: int) -> Sequence[Case]:
    """All cases where the whole effort was asked for, else every so manieth, others each day."""
    return cases if is_every_case() else cases[today() % parts :: parts]


def first_of(*cases: Any) -> list[Any]:
    """Cases for `parametrize`: the first for every change, the others for the longer checks."""
    rest = [pytest.param(*_listed(case), marks=pytest.mark.long) for case in cases[1:]]
    return [cases[0], *rest]


def _listed(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)


def in_turn(cases: Sequence[Case]) -> Sequence[Case]:
    """All cases where the whole effort was asked for, else the one of today."""
    return cases if is_whole() else [cases[today() % len(cases)]]
