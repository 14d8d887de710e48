"""The trend module as the laboratory sees it: flags by patient row and postoperative day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..domain.flags import TREND_PATTERNS, Episode
from ..trends.batch import DAY_ZERO, trend_episodes, trend_score
from ..trends.parameters import STANDARD, Parameters
from ..trends.sensitivity import is_level
from .cells import Answers
from .cohort import Cohort, pain_alone
from .metrics import Alarms, alarms_of

#: Batches date their episodes as if every operation had been on this day.
INDEX_DAY = DAY_ZERO

#: Patients handed over at a time, so that memory stays bounded.
_BATCH = 500


@dataclass(frozen=True)
class Found:
    """What the module raised in a cohort: trend flags and notes with their patient row."""

    episodes: tuple[tuple[int, Episode], ...]

    @property
    def flags(self) -> tuple[tuple[int, Episode], ...]:
        """Trend flags alone."""
        return tuple(pair for pair in self.episodes if pair[1].pattern in TREND_PATTERNS)

    @property
    def levels(self) -> tuple[tuple[int, Episode], ...]:
        """Flags of a recovery that never came; all other flags are of a change."""
        return tuple(pair for pair in self.flags if is_level(pair[1]))

    @property
    def alarms(self) -> Alarms:
        """Days on which flags of a change were raised; those of a level are no alarm."""
        changes = (pair for pair in self.flags if not is_level(pair[1]))
        return alarms_of((row, day_of(episode.raised_on)) for row, episode in changes)

    def first_after(self, onset: NDArray[np.int64]) -> list[Episode | None]:
        """The first trend flag of each patient raised on or after the onset."""
        first: list[Episode | None] = [None] * len(onset)
        for row, episode in sorted(self.flags, key=lambda pair: pair[1].raised_on):
            if first[row] is None and day_of(episode.raised_on) >= onset[row]:
                first[row] = episode
        return first


def day_of(day: date) -> int:
    """Postoperative day of a date in a batch."""
    return (day - INDEX_DAY).days


def seen_by(cohort: Cohort, answers: Answers) -> Cohort:
    """The cohort with only the answers that a detector may see."""
    if answers is not Answers.PAIN:
        return cohort
    return Cohort(pain_alone(cohort.diaries), cohort.truth, cohort.levels, cohort.hidden)


def find(cohort: Cohort) -> Found:
    """Every trend episode of a cohort."""
    found: list[tuple[int, Episode]] = []
    for first, part in batches(cohort):
        found.extend((first + row, e) for row, e in trend_episodes(part.diaries, STANDARD))
    return Found(tuple(found))


def score(cohort: Cohort, parameters: Parameters = STANDARD) -> NDArray[np.float64]:
    """The module's alarm score by day, (patients, days); -inf where it has nothing to say."""
    parts = [trend_score(part.diaries, parameters) for _, part in batches(cohort)]
    scores = np.concatenate(parts)
    return np.where(np.isnan(scores), -np.inf, scores)


def batches(cohort: Cohort) -> Sequence[tuple[int, Cohort]]:
    """The cohort in parts: (row of its first patient, part)."""
    return [
        (first, cohort.rows(slice(first, first + _BATCH)))
        for first in range(0, cohort.patients, _BATCH)
    ]
