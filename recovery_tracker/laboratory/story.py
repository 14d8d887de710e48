"""What a scenario makes true for each patient, and the ticks that follow from it by definition.

Both generators tell the same stories: a fever is a fever whatever the mechanics of pain.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.history import TAPERING
from ..domain.measures import NUMBNESS_ZONES
from ..domain.surgery import Region
from .assumptions import Assumptions
from .cohort import Truth, accepted_patterns
from .scenarios import Scenario

Floats = NDArray[np.float64]
Ticks = NDArray[np.bool_]

#: A fever or a wound answer is repeated on logged days of this many after the first.
_SIGN_DAYS = 10
_SIGN_REPEATS = 0.8


def draw_truth(rng: Generator, scenario: Scenario, count: int) -> Truth:
    """Onset, size and speed for each patient of a scenario."""
    onset = np.full(count, -1)
    if scenario.onset is not None:
        onset = rng.integers(scenario.onset[0], scenario.onset[1] + 1, count)
    low, high = scenario.ramp
    if scenario.infection == "acute":
        low, high = 3, 7
    ramp = rng.integers(low, high + 1, count)
    size = np.zeros(count)
    if scenario.axial:
        size = np.clip(scenario.axial + scenario.spread * rng.standard_normal(count), 1, 5)
    limb = np.full(count, scenario.limb)
    if scenario.limb_share:
        limb = np.where(rng.random(count) < scenario.limb_share, size / 2, limb)
    quiet = np.full(count, -1)
    if scenario.quiet_after is not None:
        quiet = onset + rng.integers(scenario.quiet_after[0], scenario.quiet_after[1] + 1, count)
    return Truth(
        scenario=(scenario.name,) * count,
        onset=onset,
        axial=size,
        limb=limb,
        numbness=np.full(count, scenario.numbness),
        ramp=ramp,
        accepted=accepted_patterns(scenario, onset, ramp),
        sign_day=_sign_days(rng, scenario, onset, ramp),
        quiet_from=quiet,
        explanation=(scenario.explanation,) * count,
    )


def _sign_days(
    rng: Generator, scenario: Scenario, onset: NDArray[np.int64], ramp: NDArray[np.int64]
) -> NDArray[np.int64]:
    if scenario.infection == "acute":
        return onset + rng.integers(1, 7, len(onset))
    if scenario.infection == "late":
        return onset + np.round(ramp * rng.uniform(0.8, 1.3, len(onset))).astype(np.int64)
    if scenario.fall:
        return onset - 1
    return np.full(len(onset), -1)


def due_days(rng: Generator, scenario: Scenario, count: int, days: int) -> Ticks:
    """Days on which an entry is due, (patients, days); operations fall on any weekday."""
    if not scenario.scheduled:
        return np.ones((count, days), dtype=bool)
    day = np.arange(days)[None, :]
    weekday = (day + rng.integers(0, 7, (count, 1))) % 7
    due = np.zeros((count, days), dtype=bool)
    for first, weekdays in TAPERING.steps:
        due = np.where(day >= first, np.isin(weekday, list(weekdays)), due)
    return due


@dataclass(frozen=True)
class Told:
    """Ticks, numbers and forced entries that the story itself brings."""

    signs: dict[str, Ticks]
    strain: dict[str, Ticks]
    temperature: Floats
    must_log: Ticks
    silent: Ticks


def tell(rng: Generator, a: Assumptions, scenario: Scenario, truth: Truth, days: int) -> Told:
    """Fever, wound, fall and silence of a scenario, day by day."""
    count = len(truth.onset)
    column = np.arange(days)[None, :]
    must = column == truth.sign_day[:, None]
    silent = (truth.quiet_from[:, None] >= 0) & (column >= truth.quiet_from[:, None])
    told = Told({}, {}, np.full((count, days), np.nan), must, silent)
    if scenario.fall:
        return replace(told, strain={"fall": must.copy()}, signs={"fall": must.copy()})
    if not scenario.infection:
        return told
    since = column - truth.sign_day[:, None]
    repeated = rng.random((count, days)) < _SIGN_REPEATS
    ill = must | ((since > 0) & (since < _SIGN_DAYS) & repeated)
    fever = rng.random(count) < a.fever_in_infection
    redness = rng.random(count) < a.redness_in_infection
    drainage = rng.random(count) < a.drainage_in_infection
    drainage |= ~fever & ~redness
    hot = ill & fever[:, None]
    degrees = np.round(rng.uniform(38.1, 39.4, (count, days)), 1)
    return replace(
        told,
        temperature=np.where(hot, degrees, np.nan),
        signs={
            "fever": hot,
            "wound_redness": ill & redness[:, None],
            "wound_drainage": ill & drainage[:, None],
        },
    )


def numb_zones(
    rng: Generator, region: tuple[Region, ...], numb: Ticks, new: Ticks
) -> dict[str, Ticks]:
    """Zones that are marked: an old one on `numb` days and a neighbour from `new` days on."""
    marked: dict[str, Ticks] = {}
    for row, place in enumerate(region):
        zones = list(NUMBNESS_ZONES[place])
        old = int(rng.integers(len(zones)))
        for zone, on in ((zones[old], numb[row]), (zones[(old + 2) % len(zones)], new[row])):
            if on.any():
                marked.setdefault(zone, np.zeros(numb.shape, dtype=bool))[row] |= on
    return marked
