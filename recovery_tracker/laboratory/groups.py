"""Results for parts of the patients: by week of onset, by logging share, by own variability."""

import numpy as np
from numpy.typing import NDArray

from .cohort import Cohort
from .metrics import MONITORED_FROM, Alarms, Estimate, delays, rate, share
from .results import GroupResult

Floats = NDArray[np.float64]

_THIRDS = ("lowest third", "middle third", "highest third")
_IN_TIME = 60


def own_variability(cohort: Cohort) -> Floats:
    """SD of the day-to-day change of axial pain from day 60 on, by patient; NaN where nobody wrote
    on two days running.
    """
    pain = cohort.diaries.number("axial_pain")[:, MONITORED_FROM:]
    steps = np.diff(pain, axis=1)
    some = np.isfinite(steps).any(axis=1)
    spread = np.full(len(pain), np.nan)
    spread[some] = np.nanstd(steps[some], axis=1)
    return spread


def group_results(
    generator: str, scenario: str, cohort: Cohort, alarms: Alarms
) -> list[GroupResult]:
    """False flags a year (a null), or the share caught within 60 days, in each third."""
    by = {
        "logging share": 1 - cohort.missing_share(),
        "own variability": own_variability(cohort),
    }
    if cohort.truth.onset.max() > 0:
        by["week of onset"] = cohort.truth.onset / 7
    rows = []
    for name, values in by.items():
        cuts = np.nanquantile(values, (1 / 3, 2 / 3))
        # Who never wrote on two days running has no variability and belongs to no third.
        part = np.where(np.isnan(values), -1, np.digitize(values, cuts))
        for place, words in enumerate(_THIRDS):
            inside = part == place
            span = f"{values[inside].min():.2f} to {values[inside].max():.2f}"
            asked = f"{scenario}, {generator}"
            found = _in_part(cohort, alarms, inside)
            rows.append(GroupResult(name, f"{words} ({span})", asked, found))
    return rows


def _in_part(cohort: Cohort, alarms: Alarms, inside: NDArray[np.bool_]) -> Estimate:
    if cohort.truth.onset.max() < 0:
        watched = alarms.between(MONITORED_FROM)
        years = cohort.rows(np.flatnonzero(inside)).patient_years(MONITORED_FROM)
        return rate(int(inside[watched.row].sum()), years)
    late = delays(alarms, cohort.truth.onset)
    return share(late[inside] <= _IN_TIME)
