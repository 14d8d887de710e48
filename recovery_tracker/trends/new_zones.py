"""Numb places that were never marked before: one rule for what raises a flag and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .parameters import Parameters
from .series import Diaries, IntArray
from .windows import Bools, back, running


@dataclass(frozen=True, eq=False)
class NewZones:
    """By place the rows that ever marked it, ascending, and the days on which it is new to them."""

    of: Mapping[str, tuple[IntArray, Bools]] = field(default_factory=dict)

    def on(self, row: int, day: int) -> tuple[str, ...]:
        """The places that are new to a patient on a day, in the order of their names."""
        found = []
        for zone, (rows, is_new) in self.of.items():
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row and is_new[at, day]:
                found.append(zone)
        return tuple(sorted(found))


def new_zones(diaries: Diaries, speaks: Bools, p: Parameters) -> NewZones:
    """The places that are marked on most of the last days that speak and were never marked before,
    in a diary that had been written in long enough to know.
    """
    days = diaries.shape[1]
    logged = running(speaks)
    settled = np.zeros(diaries.shape, dtype=bool)
    windows = []
    for length, lag in p.zone_windows:
        recent = back(logged, 0, length - 1)
        enough = (recent >= p.recent_entries) & ~settled
        settled |= enough
        enough &= back(logged, lag, days) >= p.zone_history
        windows.append((length, lag, p.zone_share * recent, enough))
    known = diaries.lateness() <= p.late_never
    found = {}
    for zone, ticked in diaries.zones.items():
        marked = ticked & known
        rows = np.flatnonzero(marked.any(axis=1))
        if not rows.size:
            continue
        marked = marked[rows]
        sums = running(marked & speaks[rows])
        since = np.arange(days) - marked.argmax(axis=1)[:, None]
        is_new = np.zeros(marked.shape, dtype=bool)
        for length, lag, most, enough in windows:
            is_new |= enough[rows] & (back(sums, 0, length - 1) >= most[rows]) & (since < lag)
        found[zone] = rows, is_new
    return NewZones(found)
