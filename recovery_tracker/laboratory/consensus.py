"""The strongest peer on pain alone: three statistics that must agree that this is no usual diary.

A Bayes factor of ramps against flares on top of a Kalman filter, a CUSUM against the lagged
baseline and one against the best month. Each is read as minus the logarithm of how often a calm
diary reaches it, and the three are averaged. The numbers are those of the trial
that the bars on pain alone come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .baselines import best_month, cusum, lagged
from .calibration import CONSENSUS_SEED
from .cohort import Cohort
from .metrics import MONITORED_FROM
from .simulate import simulate_scenario
from .slow_peers import package

Floats = NDArray[np.float64]

#: The filter: SD and lag 1 of a day's noise, daily step of the level, span of the recovery in days.
_SD, _LAG_ONE, _STEP, _SPAN = 0.85, 0.45, 0.035, 35.0
#: First guess of (level, height of the recovery, noise of today) and its SD.
_START, _UNSURE = (2.2, 3.5, 0.0), (1.5, 2.0, _SD)
#: Rounding and quick noise in an answer.
_ANSWER_VARIANCE = 0.25 * _SD**2 + 1 / 12

#: A template begins every third day and is followed for 150 days.
_EVERY, _FOLLOWED = 3, 150
_SLOTS = _FOLLOWED // _EVERY
_RAMPS, _FLARES = (3.0, 21.0, 42.0, 84.0), (3.0, 6.0, 10.0)
#: Size of a change in points: mean, SD. Ramps and flares expected a year.
_SIZE, _SPREAD = 2.5, 1.5
_RAMPS_A_YEAR, _FLARES_A_YEAR = 0.3, 2.0
#: No template begins before the first day, none is weighed before the second.
_FIRST_TEMPLATE, _FIRST_SCORE = 28, 30
#: The person's own scale: days that the prior is worth, what is kept a day, first day it learns.
_PRIOR_DAYS, _KEPT, _LEARNS_FROM, _CLIP = 30.0, 0.995, 15, 3.0

#: Patients worked on at a time, so that a block stays in the processor's cache.
_BLOCK = 32
_RAREST = 1e-6
#: Calm diaries of the reference generator that it learns from.
_CALM_PATIENTS = 500


@dataclass(frozen=True)
class Consensus:
    """The three statistics with what calm diaries reach in each, sorted."""

    calm: tuple[Floats, Floats, Floats]

    @classmethod
    def from_calm(cls, pain: Floats) -> "Consensus":
        """Learns how often calm diaries (patients, days) reach what."""
        first, second, third = (np.sort(s[:, MONITORED_FROM:].ravel()) for s in _statistics(pain))
        return cls((first, second, third))

    def score(self, pain: Floats) -> Floats:
        """Mean of minus log10 of the share of calm days that reach today's statistics."""
        total = np.zeros(pain.shape)
        for statistic, calm in zip(_statistics(pain), self.calm, strict=True):
            beaten = np.searchsorted(calm, statistic) / len(calm)
            total -= np.log10(np.maximum(1 - beaten, _RAREST))
        return total / len(self.calm)


def consensus(cohort: Cohort) -> Floats:
    """The score of `Consensus`, learned from healthy people of the reference generator."""
    return _learned().score(cohort.diaries.number("axial_pain"))


@cache
def _learned() -> Consensus:
    calm = simulate_scenario("healthy", _CALM_PATIENTS, CONSENSUS_SEED)
    return Consensus.from_calm(calm.diaries.number("axial_pain"))


def _statistics(pain: Floats) -> Sequence[Floats]:
    mean, sd = lagged(pain)
    return (
        cusum((pain - mean) / sd, 0.5),
        cusum(pain - best_month(pain) - 1.25, 0.0),
        ramp_against_flare(pain),
    )


def ramp_against_flare(pain: Floats) -> Floats:
    """Log of the odds of a ramp against nothing or a flare, by day; -inf in the first weeks."""
    blocks = range(0, len(pain), _BLOCK)
    return np.concatenate([_Bank(pain[first : first + _BLOCK]).score() for first in blocks])


class _Bank:
    """A Kalman filter on level, recovery and noise, with every template run through its gains."""

    def __init__(self, pain: Floats) -> None:
        self.pain = pain
        people = len(pain)
        self.state = np.repeat(np.array(_START)[:, None], people, axis=1)
        self.cover = np.repeat(np.diag(np.square(_UNSURE))[:, :, None], people, axis=2)
        self.scale_sum = np.full(people, _PRIOR_DAYS)
        self.scale_days = np.full(people, _PRIOR_DAYS)
        shape = (_SLOTS, len(_RAMPS) + len(_FLARES), people)
        #: What each template has done to the state, its fit to the surprises, and its weight.
        self.moved = np.zeros((3, *shape))
        self.fit, self.weight = np.zeros(shape), np.zeros(shape)
        self.begun = np.full(_SLOTS, -1)
        self.ndtr = package("scipy.special").ndtr

    def score(self) -> Floats:
        score = np.full(self.pain.shape, -np.inf)
        for day in range(self.pain.shape[1]):
            if day:
                self._predict()
            if day % _EVERY == 0 and day >= _FIRST_TEMPLATE:
                slot = day // _EVERY % _SLOTS
                self.begun[slot] = day
                self.moved[:, slot] = self.fit[slot] = self.weight[slot] = 0.0
            self._observe(day)
            if day >= _FIRST_SCORE:
                score[:, day] = self._odds(day)
        return score

    def _predict(self) -> None:
        self.state[2] *= _LAG_ONE
        self.cover[2] *= _LAG_ONE
        self.cover[:, 2] *= _LAG_ONE
        self.cover[0, 0] += _STEP**2
        self.cover[2, 2] += _SD**2 * (1 - _LAG_ONE**2)
        self.moved[2] *= _LAG_ONE

    def _observe(self, day: int) -> None:
        fading = np.exp(-day / _SPAN)
        seen = np.array([1.0, fading, 1.0])
        on = ~np.isnan(self.pain[:, day])
        cross = np.einsum("ijn,j->in", self.cover, seen)
        variance = seen @ cross + _ANSWER_VARIANCE
        scale = self.scale_sum / self.scale_days
        width = np.sqrt(variance * scale)
        surprise = np.where(on, (self.pain[:, day] - seen @ self.state) / width, 0.0)
        surprise = np.clip(surprise, -_CLIP, _CLIP)
        if day >= _LEARNS_FROM:
            kept = np.where(on, _KEPT, 1.0)
            self.scale_sum = kept * self.scale_sum + surprise**2 * scale
            self.scale_days = kept * self.scale_days + on
        gain = np.where(on, cross / variance, 0.0)
        self._follow(day, fading, gain, surprise * width / variance, on / variance)
        self.state += gain * surprise * width
        self.cover -= gain[:, None] * cross[None, :]

    def _follow(self, day: int, fading: float, gain: Floats, pull: Floats, press: Floats) -> None:
        shown = self.moved[0] + fading * self.moved[1]
        shown += self.moved[2]
        fresh = _templates(day - self.begun)[:, :, None] - shown
        self.fit += fresh * pull
        self.weight += fresh * fresh * press
        for part, by in zip(self.moved, gain, strict=True):
            part += fresh * by

    def _odds(self, day: int) -> Floats:
        age = day - self.begun
        live = np.flatnonzero((self.begun >= 0) & (age >= 2) & (age < _FOLLOWED))
        if not len(live):
            return np.full(len(self.pain), -np.inf)
        scale = self.scale_sum / self.scale_days
        factor = self._log_factor(self.fit[live] / scale, self.weight[live] / scale)
        ramps, flares = factor[:, : len(_RAMPS)], factor[:, len(_RAMPS) :]
        chance = np.log(_EVERY * _RAMPS_A_YEAR / 365 / len(_RAMPS))
        rare = np.log(_EVERY * _FLARES_A_YEAR / 365 / len(_FLARES))
        odds: Floats = _log_sum(ramps) + chance - np.logaddexp(0.0, _log_sum(flares) + rare)
        return odds

    def _log_factor(self, fit: Floats, weight: Floats) -> Floats:
        """Log Bayes factor of a change of unknown positive size."""
        prior = 1 / _SPREAD**2
        variance = 1 / (weight + prior)
        mean = variance * (fit + _SIZE * prior)
        positive = np.maximum(self.ndtr(mean / np.sqrt(variance)), 1e-12)
        positive /= self.ndtr(_SIZE / _SPREAD)
        factor: Floats = 0.5 * (mean * mean / variance - _SIZE**2 * prior)
        factor += np.log(np.sqrt(variance * prior) * positive)
        return np.where(weight > 1e-6, factor, -np.inf)


def _templates(age: NDArray[np.int64]) -> Floats:
    """Every template by its age in days, (slots, templates); before its beginning it is nothing."""
    since = age[:, None] + 1.0
    return np.hstack(
        [np.minimum(1.0, since / np.array(_RAMPS)), np.exp(-(since - 1) / np.array(_FLARES))]
    )


def _log_sum(values: Floats) -> Floats:
    """Logarithm of the sum over slots and templates of what is given as logarithms."""
    total: Floats = np.logaddexp.reduce(values, axis=(0, 1))
    return total
