"""The scorecard of axial pain: a step table for each statistic, trained once and read here.

`scorecard.json` holds the tables, `laboratory/train_scorecard.py` made them. More is worse, so no
table ever falls.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .windows import Floats

FILE = "scorecard.json"
#: What it weighs; `axial.py` says how the first six are taken, `together.py` the others.
STATISTICS = (
    "lasting",
    "today",
    "under_load",
    "total",
    "sudden",
    "sudden_joint",
    "together",
    "together_sum",
    "far_month",
    "moving",
    "walking",
    "together_slow",
)
#: A table has at most this many steps, so that a person can read it.
MOST_STEPS = 12


@dataclass(frozen=True)
class Scorecard:
    """Points for each statistic: `points[k][i]` from `edges[k][i - 1]`, not included, upwards.

    The points of a statistic never fall as it grows, and begin at 0.

    Raises:
        ValueError: a table falls, does not begin at 0, or has more steps than a person can read.
    """

    version: str
    made_by: str
    edges: Mapping[str, tuple[float, ...]]
    points: Mapping[str, tuple[float, ...]]

    def __post_init__(self) -> None:
        for name in STATISTICS:
            edges, points = self.edges[name], self.points[name]
            if len(points) != len(edges) + 1 or len(points) > MOST_STEPS:
                raise ValueError(f"{name}: {len(points)} steps for {len(edges)} edges")
            if points[0] != 0 or any(np.diff(points) < 0) or any(np.diff(edges) <= 0):
                raise ValueError(f"{name}: points must begin at 0 and never fall")

    def points_of(self, name: str, values: NDArray[Any]) -> Floats:
        """The points of one statistic, of the shape of its values.

        Values are compared in single precision, in which the edges were found.
        """
        edges = np.asarray(self.edges[name], dtype=np.float32)
        step = np.searchsorted(edges, values.astype(np.float32), side="left")
        found: Floats = np.asarray(self.points[name])[step]
        return found


@cache
def standard() -> Scorecard:
    """The table of the rule set in use."""
    return read_table(files(__package__) / FILE)


def read_table(source: Any) -> Scorecard:
    """The table of a file.

    Raises:
        ValueError: it is no monotone table of every statistic.
    """
    held: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return Scorecard(
        held["version"],
        held["made_by"],
        {name: tuple(row["edges"]) for name, row in held["tables"].items()},
        {name: tuple(row["points"]) for name, row in held["tables"].items()},
    )


def write_table(card: Scorecard, path: Path) -> None:
    """The table as a file that `read_table` gives back, number for number."""
    tables = {
        name: {"edges": list(card.edges[name]), "points": list(card.points[name])}
        for name in STATISTICS
    }
    held = {"version": card.version, "made_by": card.made_by, "tables": tables}
    path.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
