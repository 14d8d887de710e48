"""The lane of events above the panels: a numbered symbol for each, and the key that names them all.

Every event has its symbol and its words: symbols that would overlap stand side by side, or on
another row.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from .story import ChartStory

#: Width of a symbol with the air around it, and the height of a row, in inches.
SYMBOL = 0.19
EVENT_PITCH = 0.19
#: How far a symbol may stand beside its line before it takes another row, in inches.
_BESIDE = 0.6


class TimeAxis(Protocol):
    """Where a day stands, in inches, on a picture of this width."""

    @property
    def width(self) -> float: ...

    def x(self, day: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """The symbol of an event: its number, its day, its row and its centre in inches."""

    number: int
    day: int
    shape: str
    row: int
    x: float


def place_events(story: ChartStory, axis: TimeAxis) -> tuple[Placed, ...]:
    """A place for the symbol of every event, in as few rows as possible."""
    ends: list[float] = []
    placed = []
    right = axis.width - SYMBOL / 2
    for event in story.events:
        at = axis.x(event.day)
        row = 0
        while True:
            if row == len(ends):
                ends.append(-1.0)
            x = min(max(at, ends[row] + SYMBOL), right)
            if x >= ends[row] + SYMBOL - 1e-9 and x - at <= _BESIDE:
                break
            row += 1
        ends[row] = x
        placed.append(Placed(event.number, event.day, event.shape, row, x))
    return tuple(placed)


def event_rows(story: ChartStory, axis: TimeAxis) -> int:
    """Rows that the symbols take; 0 where nothing happened."""
    return max((placed.row + 1 for placed in place_events(story, axis)), default=0)
