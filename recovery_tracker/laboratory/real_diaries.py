"""Real self-tracked diaries as a cohort without a known worsening: how often is the module silent?

There was no operation and the scale is not the clinical one, so silence here is weak evidence and
an alarm may be true. Each diary is cut into windows that are read as separate patients.
"""

import numpy as np

from ..domain.surgery import Region
from ..trends.series import Diaries
from . import engine
from .cells import Answers, Ask, Cell
from .cohort import Cohort, Truth
from .metrics import MONITORED_FROM, rate
from .residuals import DONORS, real_scores
from .results import CellResult

WINDOW = 430
#: A window with fewer answers than this after day 60 says nothing.
_ENOUGH = 40

REAL = Cell("real_diaries", "healthy", Ask.FALSE_A_YEAR)


def real_cohort(participant: int) -> Cohort:
    """The windows of one real diary, pain alone."""
    scores = real_scores(participant)
    windows = -(-len(scores) // WINDOW)
    padded = np.full(windows * WINDOW, np.nan)
    padded[: len(scores)] = scores
    pain = padded.reshape(windows, WINDOW)
    watched = np.minimum(WINDOW, len(scores) - WINDOW * np.arange(windows))
    enough = np.sum(~np.isnan(pain[:, MONITORED_FROM:]), axis=1) >= _ENOUGH
    pain, watched = pain[enough], watched[enough]
    count = len(pain)
    never, nothing = np.full(count, -1), np.zeros(count)
    diaries = Diaries(
        numbers={"axial_pain": pain},
        logged=~np.isnan(pain),
        signs={},
        signs_answered=np.zeros(pain.shape, dtype=bool),
        region=(Region.LUMBAR,) * count,
        preop_axial=np.full(count, np.nan),
        preop_limb=np.full(count, np.nan),
        observed_until=watched - 1,
    )
    truth = Truth(
        scenario=(f"real diary {participant}",) * count,
        onset=never,
        axial=nothing,
        limb=nothing,
        numbness=nothing,
        ramp=never,
        accepted=(frozenset(),) * count,
        sign_day=never,
        quiet_from=never,
        explanation=("",) * count,
    )
    return Cohort(diaries, truth, np.ones(count, dtype=np.int64))


def real_results() -> list[CellResult]:
    """Trend flags a year, from day 60 of each window, in every real diary of the checkout."""
    rows = []
    for participant, _ in sorted(DONORS):
        cohort = real_cohort(participant)
        alarms = engine.find(cohort).alarms.between(MONITORED_FROM)
        found = rate(len(alarms.row), cohort.patient_years(MONITORED_FROM))
        rows.append(CellResult(f"real diary {participant}", Answers.PAIN, REAL, found))
    return rows
