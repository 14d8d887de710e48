"""A gentler cohort, axial pain alone: that of the trial which the bars on pain alone come from.

Against the reference cohort: everyone flares equally often, no single bad days, no heaping on 0, 5
and 10, no quiet seasons; an answer is missing on one day in ten, and on 18 % of days at 7 or more.
The module is never tuned on it. It answers one question: is a bar missed because of the module, or
because our own cohort is harder than the one that the bar was measured on?
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.surgery import Region
from ..trends.series import Diaries
from .assumptions import NOMINAL
from .cohort import Cohort
from .mechanics import (
    Floats,
    Ticks,
    answered_score,
    autoregressive,
    drift,
    flares,
    pressed,
    silence,
)
from .scenarios import SCENARIOS, Scenario
from .simulate import generator_of
from .story import draw_truth

#: What its mechanics share with the reference cohort, with the trial's own numbers.
_TRIAL = replace(NOMINAL, flare_frailty=np.inf, spikes_a_year=0.0, heaps=0.0)
_MISSING, _MISSING_AT_SEVEN = 0.10, 0.18
#: Every scenario that needs nothing but axial pain.
PLAIN_SCENARIOS = (
    "healthy",
    "quiet_noise",
    "loud_noise",
    "many_flares",
    "many_missing",
    "slow_wave",
    "taper",
    "ramp_3_42",
    "ramp_2_42",
    "ramp_2_84",
    "step_3",
)


def simulate_plain(name: str, patients: int, seed: int, *, flares_a_year: float = 3.0) -> Cohort:
    """`patients` people of the plain cohort who live through one of `PLAIN_SCENARIOS`.

    The trial had two flares a year; three are what the bars name as usual.
    """
    rng = generator_of(seed, f"plain {name}")
    scenario = SCENARIOS[name]
    truth = draw_truth(rng, scenario, patients)
    days = scenario.days
    often = flares_a_year if scenario.flares_a_year is None else scenario.flares_a_year
    flare, _ = flares(rng, _TRIAL, patients, days, often)
    ramp = truth.ramp.astype(np.float64)
    taper = pressed(np.full(patients, scenario.taper), truth.onset, np.full(patients, 14.0), days)
    felt = _usual(rng, scenario, patients, days) + flare + taper
    felt += pressed(truth.axial, truth.onset, ramp, days)
    logged = _logged(rng, felt, scenario.missing_more)
    unknown = np.full(patients, np.nan)
    diaries = Diaries(
        numbers={"axial_pain": answered_score(rng, _TRIAL, felt, logged)},
        logged=logged,
        signs={},
        signs_answered=np.zeros(logged.shape, dtype=bool),
        region=(Region.LUMBAR,) * patients,
        preop_axial=unknown,
        preop_limb=unknown,
        observed_until=np.full(patients, days - 1),
    )
    return Cohort(diaries, truth, np.ones(patients, dtype=np.int64))


def _usual(rng: Generator, scenario: Scenario, count: int, days: int) -> Floats:
    """Recovery, drift, day noise and the slow wave of people in whom nothing happens."""
    start = np.clip(rng.normal(6.0, 1.2, count), 3, 9)[:, None]
    plateau = np.clip(rng.normal(2.0, 1.2, count), 0.3, 5)[:, None]
    plateau = np.minimum(plateau, start - 0.5)
    span = 35 * np.exp(0.4 * rng.standard_normal((count, 1)))
    day = np.arange(days)[None, :]
    sd = scenario.noise * 0.85 * np.exp(0.35 * rng.standard_normal(count))
    noise = autoregressive(rng, sd, rng.uniform(0.2, 0.7, count), days)
    slow = drift(rng, np.abs(rng.normal(0, 0.035, count)), 0.995, days)
    turn = 2 * np.pi * day / 180 + rng.uniform(0, 2 * np.pi, (count, 1))
    course: Floats = plateau + (start - plateau) * np.exp(-day / span)
    return course + noise + slow + scenario.wave * np.sin(turn)


def _logged(rng: Generator, felt: Floats, more_missing: float) -> Ticks:
    """Days with an entry: single days missed, and runs of them."""
    chance = np.where(felt >= 7, _MISSING_AT_SEVEN, _MISSING)
    logged: Ticks = rng.random(felt.shape) >= chance
    who, day = np.nonzero(rng.random(felt.shape) < NOMINAL.gap_chance)
    length: NDArray[np.int64] = 1 + rng.exponential(NOMINAL.gap_days, len(who)).astype(int)
    silence(logged, who, day, length)
    return logged & (rng.random(felt.shape) >= more_missing)
