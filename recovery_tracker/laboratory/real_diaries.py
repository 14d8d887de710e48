"""Real self-tracked diaries as a cohort without a known worsening: how often is the module silent?

There was no operation and the scale is not the clinical one, so silence here is weak evidence and
an alarm may be true. Each diary is cut into windows that are read as separate patients.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..domain.surgery import Region
from ..trends.series import Diaries
from . import engine
from .cells import Answers, Ask, Cell
from .cohort import Cohort, Truth
from .judging import judge_alarms
from .mechanics import Floats, pressed
from .metrics import MONITORED_FROM, rate
from .residuals import DONORS, real_scores
from .results import CellResult
from .scenarios import SCENARIOS, Scenario
from .simulate import generator_of
from .story import draw_truth

WINDOW = 430
#: A window with fewer answers than this after day 60 says nothing.
_ENOUGH = 40

#: Windows that a change is planted in begin every so many days; they overlap.
_STRIDE = 30

REAL = Cell("real_diaries", "healthy", Ask.FALSE_A_YEAR)
PLANTED = (
    Cell("planted_3_42", "ramp_3_42", Ask.CAUGHT, 60),
    Cell("planted_2_42", "ramp_2_42", Ask.CAUGHT, 60),
    Cell("planted_2_84", "ramp_2_84", Ask.CAUGHT, 120),
    Cell("planted_step_3", "step_3", Ask.MEDIAN),
)


def real_cohort(participant: int, stride: int = WINDOW) -> Cohort:
    """Windows of one real diary, one beginning every `stride` days, pain alone."""
    scores = real_scores(participant)
    starts = range(0, len(scores) if stride == WINDOW else len(scores) - WINDOW, stride)
    pain = np.full((len(starts), WINDOW), np.nan)
    for row, start in enumerate(starts):
        window = scores[start : start + WINDOW]
        pain[row, : len(window)] = window
    watched = np.minimum(WINDOW, len(scores) - np.array(starts))
    enough = np.sum(~np.isnan(pain[:, MONITORED_FROM:]), axis=1) >= _ENOUGH
    name = f"real diary {participant}"
    return _read_as_patients(name, pain[enough], watched[enough].astype(np.int64))


def planted(participant: int, scenario: Scenario, seed: int) -> Cohort:
    """Overlapping windows of a real diary with the change of a scenario added to its pain."""
    calm = real_cohort(participant, _STRIDE)
    truth = draw_truth(generator_of(seed, scenario.name, participant), scenario, calm.patients)
    added = pressed(truth.axial, truth.onset, truth.ramp.astype(np.float64), WINDOW)
    # A fraction of a point is a chance of one more, as a person would round.
    parts = generator_of(seed, "planted", participant).random(added.shape)
    raised = np.floor(added) + (parts < added % 1)
    pain = np.clip(calm.diaries.number("axial_pain") + raised, 0, 10)
    watched = calm.diaries.observed_until.astype(np.int64) + 1
    return replace(
        _read_as_patients(f"real diary {participant}", pain, watched),
        truth=replace(truth, scenario=(f"real diary {participant}",) * calm.patients),
    )


def _read_as_patients(name: str, pain: Floats, watched: NDArray[np.int64]) -> Cohort:
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
        scenario=(name,) * count,
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


def real_results(seed: int) -> list[CellResult]:
    """Flags a year in every real diary of the checkout, and planted changes that were caught."""
    rows = []
    for participant, _ in sorted(DONORS):
        cohort = real_cohort(participant)
        alarms = engine.find(cohort).alarms.between(MONITORED_FROM)
        found = rate(len(alarms.row), cohort.patient_years(MONITORED_FROM))
        name = f"real diary {participant}"
        rows.append(CellResult(name, Answers.PAIN, REAL, found))
        for cell in PLANTED:
            changed = planted(participant, SCENARIOS[cell.scenario], seed)
            found = judge_alarms(cell, changed, engine.find(changed).alarms)
            rows.append(CellResult(name, Answers.PAIN, cell, found))
    return rows
