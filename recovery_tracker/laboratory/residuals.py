"""Day-to-day deviations of real diaries, resampled in blocks: noise that no formula made.

The diaries are self-tracked joint pain (MyAIGuide, repository oliviermirat/MyAIGuide at 949864d,
MIT licence). They belong to other people and are not in this repository: `folder_of_diaries` says
where they are looked for.
"""

import csv
import os
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.errors import RecoveryError
from .assumptions import NOMINAL

Floats = NDArray[np.float64]

#: Names the folder of real diaries; by default `shared/data` beside the checkout.
SETTING = "RECOVERY_TRACKER_REAL_DIARIES"

#: Participant and the share of simulated people who borrow their deviations. The first diary is
#: flat with rare outliers, the second restless with gaps; our default.
DONORS = ((2, 0.75), (1, 0.25))

BLOCK_DAYS = 21

#: The longest quiet season of the first generator.
LONGEST_GAP = NOMINAL.quiet_season_days[1]
_AROUND = 14
_ENOUGH = 8


def folder_of_diaries() -> Path:
    """The folder that holds the real diaries, whether or not it is there."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get(SETTING) or beside) / "myaiguide"


@cache
def real_scores(participant: int) -> Floats:
    """Pain of every day from the first to the last of a real diary, NaN where it was not given."""
    return _scores(folder_of_diaries() / f"participant{participant}.csv")


@cache
def deviations(participant: int) -> Floats:
    """Each answered day minus the mean of the 29 days around it, scaled to an SD of 1.

    In order of day; days without an answer or with fewer than eight around them are left out.
    """
    scores = real_scores(participant)
    away = []
    for day in np.flatnonzero(~np.isnan(scores)):
        around = scores[max(0, day - _AROUND) : day + _AROUND + 1]
        if np.count_nonzero(~np.isnan(around)) >= _ENOUGH:
            away.append(scores[day] - np.nanmean(around))
    series = np.array(away)
    scaled: Floats = (series - series.mean()) / series.std()
    return scaled


@cache
def gaps(participant: int = 2) -> NDArray[np.int64]:
    """Lengths, in days, of the runs without an answer in a real diary, up to `LONGEST_GAP`.

    A longer silence is a matter of its own (`gone_quiet`); nobody can be caught in it.
    """
    known = np.flatnonzero(~np.isnan(real_scores(participant)))
    apart = np.diff(known) - 1
    return apart[(apart > 0) & (apart <= LONGEST_GAP)]


def _scores(path: Path) -> Floats:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["axial_pain"]]
    except OSError:
        raise RecoveryError(
            f"{path}: the second generator resamples this real diary, and it is not there; "
            f"{SETTING} names the folder that holds myaiguide/"
        ) from None
    days = [date.fromisoformat(row["date"]).toordinal() for row in rows]
    scores = np.full(days[-1] - days[0] + 1, np.nan)
    for day, row in zip(days, rows, strict=True):
        scores[day - days[0]] = float(row["axial_pain"])
    return scores


def resampled(rng: Generator, patients: int, days: int) -> Floats:
    """Deviations of SD about 1, shape (patients, days), from blocks of one real diary each.

    The sign is kept: people's bad days are not their good days mirrored.
    """
    blocks = -(-days // BLOCK_DAYS)
    donor = rng.choice(len(DONORS), patients, p=[share for _, share in DONORS])
    result = np.empty((patients, days))
    for place, (participant, _) in enumerate(DONORS):
        rows = np.flatnonzero(donor == place)
        series = deviations(participant)
        start = rng.integers(0, len(series) - BLOCK_DAYS, (len(rows), blocks))
        taken = series[start[:, :, None] + np.arange(BLOCK_DAYS)]
        result[rows] = taken.reshape(len(rows), blocks * BLOCK_DAYS)[:, :days]
    return result
