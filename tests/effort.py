"""How much the longest tests do: everything where WHOLE_EFFORT is set, else a part."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

Case = TypeVar("Case")


def is_whole() -> bool:
    """Whether the whole effort was asked for."""
    return "WHOLE_EFFORT" in os.environ


def effort(part: int, whole: int) -> int:
    """`whole` where the whole effort was asked for, else `part`."""
    return whole if is_whole() else part


def in_turn(cases: Sequence[Case]) -> Sequence[Case]:
    """All cases where the whole effort was asked for, else the one of today."""
    return cases if is_whole() else [cases[datetime.now(UTC).toordinal() % len(cases)]]
