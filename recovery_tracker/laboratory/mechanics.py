"""Building blocks of the reference generator: noise, flares, missing days, how a number is given.

Everything is vectorised over patients and draws from the generator it is handed, so that the same
seed gives the same diaries.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .assumptions import Assumptions

Floats = NDArray[np.float64]
Ticks = NDArray[np.bool_]

_YEAR = 365.25
_FLARE_DAYS = 40


def autoregressive(rng: Generator, sd: Floats, lag_one: Floats, days: int) -> Floats:
    """Stationary first-order noise, shape (patients, days), with each patient's SD and lag 1."""
    shocks = rng.standard_normal((len(sd), days)) * sd[:, None]
    noise = np.empty_like(shocks)
    noise[:, 0] = shocks[:, 0]
    fresh = np.sqrt(1 - lag_one**2)
    for day in range(1, days):
        noise[:, day] = lag_one * noise[:, day - 1] + fresh * shocks[:, day]
    return noise


def drift(rng: Generator, step: Floats, keeps: float, days: int) -> Floats:
    """Slow random walk from 0 that reverts towards 0, shape (patients, days)."""
    steps = rng.standard_normal((len(step), days)) * step[:, None]
    level = np.zeros_like(steps)
    for day in range(1, days):
        level[:, day] = keeps * level[:, day - 1] + steps[:, day]
    return level


def flares(
    rng: Generator, a: Assumptions, patients: int, days: int, a_year: float
) -> tuple[Floats, Ticks]:
    """Pain added by flares and single bad days, and the days of strain before some of them.

    An infinite `flare_frailty` means that everyone flares equally often.
    """
    added = np.zeros((patients, days + _FLARE_DAYS))
    strained = np.zeros((patients, days), dtype=bool)
    frailty = np.ones(patients)
    if np.isfinite(a.flare_frailty):
        frailty = rng.gamma(a.flare_frailty, 1 / a.flare_frailty, patients)
    who, day = _moments(rng, a_year * frailty, days)
    height = rng.uniform(*a.flare_height, len(who))
    decay = rng.uniform(*a.flare_decay, len(who))
    for lag in range(_FLARE_DAYS):
        np.add.at(added, (who, day + lag), height * np.exp(-lag / decay))
    after_strain = (rng.random(len(who)) < a.flares_after_strain) & (day > 0)
    strained[who[after_strain], day[after_strain] - 1] = True
    who, day = _moments(rng, np.full(patients, a.spikes_a_year), days)
    np.add.at(added, (who, day), rng.uniform(*a.spike_height, len(who)))
    return added[:, :days], strained


def _moments(
    rng: Generator, a_year: Floats, days: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """(patient, day) of each event of a Poisson process with a rate for each patient."""
    counts = rng.poisson(a_year * days / _YEAR)
    who = np.repeat(np.arange(len(a_year)), counts)
    return who, rng.integers(0, days, len(who))


def pressed(change: Floats, onset: NDArray[np.int64], ramp: Floats, days: int) -> Floats:
    """Change that grows in a straight line over `ramp` days from `onset` and then stays."""
    since = np.arange(days)[None, :] - onset[:, None] + 1
    return change[:, None] * np.clip(since / ramp[:, None], 0, 1) * (onset >= 0)[:, None]


def logged_days(
    rng: Generator, a: Assumptions, felt: Floats, usual: Floats, more_missing: float
) -> Ticks:
    """Days with an entry. How people feel, gaps, quiet seasons and time all play a part."""
    patients, days = felt.shape
    odds = np.log(a.missing_chance / (1 - a.missing_chance))
    odds = odds + a.missing_spread * rng.standard_normal((patients, 1))
    logit = odds + a.missing_rise * 10 * np.arange(days)[None, :] / _YEAR
    away = felt - usual
    logit = logit + np.where(away >= 2, np.log(a.missing_when_bad), 0)
    logit = logit + np.where(away <= -2, np.log(a.missing_when_well), 0)
    logged: Ticks = rng.random((patients, days)) >= 1 / (1 + np.exp(-logit))
    gap = rng.random((patients, days)) < a.gap_chance
    lengths = 1 + rng.exponential(a.gap_days, (patients, days)).astype(int)
    who, day = np.nonzero(gap)
    silence(logged, who, day, lengths[who, day])
    who, day = _moments(rng, np.full(patients, a.quiet_seasons_a_year), days)
    silence(logged, who, day, rng.integers(*a.quiet_season_days, len(who)))
    if more_missing:
        logged &= rng.random((patients, days)) >= more_missing
    return logged


def silence(
    logged: Ticks, who: NDArray[np.intp], day: NDArray[np.int64], length: NDArray[np.int64]
) -> None:
    """Takes away `length` days from each (patient, day) on."""
    for row, first, days in zip(who.tolist(), day.tolist(), length.tolist(), strict=True):
        logged[row, first : first + days] = False


def answered_score(
    rng: Generator, a: Assumptions, felt: Floats, logged: Ticks, high: int = 10
) -> Floats:
    """Whole numbers on 0 to `high`, as people give them: rounded, sticky, drawn to 0, 5 and 10.

    NaN where nothing was logged; the last answer sticks across missing days.
    """
    patients, days = felt.shape
    given = np.full((patients, days), np.nan)
    last = np.full(patients, np.nan)
    stay = rng.random((patients, days)) < a.sticks
    heap = rng.random((patients, days)) < a.heaps
    nearest = np.clip(np.round(felt), 0, high)
    if high == 10:
        anchors = np.clip(5 * np.round(felt / 5), 0, high)
        nearest = np.where(heap & (np.abs(felt - anchors) <= 1), anchors, nearest)
    for day in range(days):
        keep = stay[:, day] & (np.abs(felt[:, day] - last) < 1)
        value = np.where(keep, last, nearest[:, day])
        on = logged[:, day]
        given[on, day] = value[on]
        last[on] = value[on]
    return given
