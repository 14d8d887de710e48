"""Real self-tracked diaries as a cohort without a known worsening: how often is the module silent?

There was no operation and the scale is not the clinical one, so silence here is weak evidence and
an alarm may be true. Each diary is cut into windows that are read as separate patients.
"""

import csv
import os
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..domain.errors import RecoveryError
from ..domain.surgery import Region
from ..trends.series import Diaries
from . import engine
from .cells import Answers, Ask, Cell
from .cohort import Cohort, Truth
from .judging import judge_alarms
from .measured import statistics_of
from .mechanics import Floats, pressed
from .metrics import MONITORED_FROM, rate
from .results import CellResult
from .scenarios import SCENARIOS, Scenario
from .simulate import generator_of
from .story import draw_truth

#: Names the folder of real diaries; by default `shared/data` beside the checkout.
SETTING = "RECOVERY_TRACKER_REAL_DIARIES"

#: What is read, by name. They belong to other people and are not in this repository.
DIARIES = {
    "MyAIGuide 1, knee": "myaiguide/participant1.csv",
    "MyAIGuide 1, eyes": "myaiguide/participant1_eyes__or_around_them.csv",
    "MyAIGuide 1, forearm": "myaiguide/participant1_forearm_close_to_elb.csv",
    "MyAIGuide 1, hands": "myaiguide/participant1_hands_and_fingers.csv",
    "MyAIGuide 1, shoulder and neck": "myaiguide/participant1_shoulder_neck.csv",
    "MyAIGuide 2, knee": "myaiguide/participant2.csv",
    "Visible, muscle, joint and head": "visible/diary.csv",
}

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


def folder_of_diaries() -> Path:
    """The folder that holds the real diaries, whether or not it is there."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get(SETTING) or beside)


@cache
def real_scores(diary: str) -> Floats:
    """Pain of every day from the first to the last of a real diary, NaN where it was not given.

    Raises RecoveryError where the diary is not in the folder.
    """
    path = folder_of_diaries() / DIARIES[diary]
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["axial_pain"]]
    except OSError:
        raise RecoveryError(
            f"{path}: this real diary is not there; {SETTING} names the folder that holds it"
        ) from None
    days = [date.fromisoformat(row["date"]).toordinal() for row in rows]
    scores = np.full(days[-1] - days[0] + 1, np.nan)
    for day, row in zip(days, rows, strict=True):
        scores[day - days[0]] = float(row["axial_pain"])
    return scores


def real_cohort(diary: str, stride: int = WINDOW) -> Cohort:
    """Windows of one real diary, one beginning every `stride` days, pain alone."""
    scores = real_scores(diary)
    starts = range(0, len(scores) if stride == WINDOW else len(scores) - WINDOW, stride)
    pain = np.full((len(starts), WINDOW), np.nan)
    for row, start in enumerate(starts):
        window = scores[start : start + WINDOW]
        pain[row, : len(window)] = window
    watched = np.minimum(WINDOW, len(scores) - np.array(starts))
    enough = np.sum(~np.isnan(pain[:, MONITORED_FROM:]), axis=1) >= _ENOUGH
    return _read_as_patients(diary, pain[enough], watched[enough].astype(np.int64))


def planted(diary: str, scenario: Scenario, seed: int) -> Cohort:
    """Overlapping windows of a real diary with the change of a scenario added to its pain."""
    calm = real_cohort(diary, _STRIDE)
    place = list(DIARIES).index(diary)
    truth = draw_truth(generator_of(seed, scenario.name, place), scenario, calm.patients)
    added = pressed(truth.axial, truth.onset, truth.ramp.astype(np.float64), WINDOW)
    # A fraction of a point is a chance of one more, as a person would round.
    parts = generator_of(seed, "planted", place).random(added.shape)
    raised = np.floor(added) + (parts < added % 1)
    pain = np.clip(calm.diaries.number("axial_pain") + raised, 0, 10)
    watched = calm.diaries.observed_until.astype(np.int64) + 1
    return replace(
        _read_as_patients(diary, pain, watched),
        truth=replace(truth, scenario=(diary,) * calm.patients),
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
    """Flags a year in every real diary, and planted changes that were caught."""
    rows = []
    for name in DIARIES:
        cohort = real_cohort(name)
        alarms = engine.find(cohort).alarms.between(MONITORED_FROM)
        found = rate(len(alarms.row), cohort.patient_years(MONITORED_FROM))
        rows.append(CellResult(name, Answers.PAIN, REAL, found))
        for cell in PLANTED:
            changed = planted(name, SCENARIOS[cell.scenario], seed)
            found = judge_alarms(cell, changed, engine.find(changed).alarms)
            rows.append(CellResult(name, Answers.PAIN, cell, found))
    return rows


if __name__ == "__main__":
    for each in DIARIES:
        sys.stdout.write(f"{replace(statistics_of(real_scores(each)), diary=each)}\n")
