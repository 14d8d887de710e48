"""A monotone scorecard for axial pain: one step table for each statistic, read with numpy alone.

It is not what the product decides by; decision 0050 says how far it came. `train_scorecard` makes
the table, `scorecard.json` holds it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import engine
from .cohort import Cohort
from .metrics import MONITORED_FROM
from .scorecard_statistics import STATISTICS, statistics

FILE = "scorecard.json"
#: A table has at most this many steps, so that a person can read it.
MOST_STEPS = 12


@dataclass(frozen=True)
class Scorecard:
    """Points for each statistic: `points[k][i]` from `edges[k][i - 1]`, not included, upwards.

    The points of a statistic never fall as it grows, and begin at 0.
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

    def points_of(self, values: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
        """Points by statistic; the last axis of `values` is in the order of `STATISTICS`."""
        found = {}
        for place, name in enumerate(STATISTICS):
            edges = np.asarray(self.edges[name], dtype=np.float32)
            step = np.searchsorted(edges, values[..., place], side="left")
            found[name] = np.asarray(self.points[name])[step]
        return found

    def score(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sum of all points."""
        total = np.zeros(values.shape[:-1])
        for points in self.points_of(values).values():
            total += points
        return total


def read_table(path: Path | None = None) -> Scorecard:
    """The table of a file, or the one that belongs to this package.

    Raises ValueError where it is not a monotone table of every statistic.
    """
    source = files(__package__) / FILE if path is None else path
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


def scores(cohort: Cohort, card: Scorecard) -> NDArray[np.float64]:
    """The score by patient and day; -inf on days without an entry and before day 60."""
    parts = []
    for _, part in engine.batches(cohort):
        found = np.where(part.diaries.logged, card.score(statistics(part.diaries)), -np.inf)
        found[:, :MONITORED_FROM] = -np.inf
        parts.append(found)
    return np.concatenate(parts)
