"""Answers beside pain in the reference cohort, and how strongly they move with it.

`burden` is pain that lasts (a change, a flare, a taper) in full and ordinary day noise by a share;
`link` scales how much of it the other answers show. Both are assumptions, so results are also
reported with the link halved.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.signs import WEEKLY_SIGNS
from ..trends.series import PAINKILLER_CODES
from .assumptions import Assumptions
from .cohort import Truth
from .mechanics import Floats, Ticks, answered_score, autoregressive
from .people import People
from .scenarios import Scenario

#: Upper ends, in minutes, of the bands of the walking question (`domain.measures`).
_WALKING_BANDS = (3.0, 10.0, 30.0, 60.0)
_WEEK = 7


@dataclass(frozen=True)
class Felt:
    """A block of lives before it is written down, (patients, days)."""

    axial: Floats
    limb: Floats
    burden: Floats
    #: The lasting change of axial pain alone, and flares alone.
    change: Floats
    flare: Floats
    #: Opioid doses a day as taken.
    doses: Floats
    #: Added to the logarithm of minutes walked, whatever the pain.
    activity: Floats
    #: Days of strain, and days with an entry.
    strained: Ticks
    logged: Ticks


def minutes_walked(rng: Generator, a: Assumptions, felt: Felt, link: float) -> Floats:
    """Minutes walked a day, (patients, days)."""
    count, days = felt.burden.shape
    day = np.arange(days)[None, :]
    course = 1 - (1 - a.walking_start_share) * np.exp(-day / a.walking_days)
    person = a.walking_person_spread * rng.standard_normal((count, 1))
    # Someone who walks more from some day on has room to do so in the bands of the answer.
    has_room = np.log(a.walking_room / a.walking_minutes)
    more = felt.activity.max(axis=1, keepdims=True) > 0
    person = np.where(more, np.minimum(person, has_room), person)
    spread = np.full(count, a.walking_day_spread)
    noise = autoregressive(rng, spread, np.full(count, 0.1), days)
    weekend = -0.1 * (((day + rng.integers(0, _WEEK, (count, 1))) % _WEEK) >= 5)
    log_minutes = np.log(a.walking_minutes) + person + np.log(course) + noise + weekend
    log_minutes += felt.activity - link * a.walking_per_point * felt.burden
    minutes: Floats = np.exp(log_minutes)
    return minutes


def walking_band(minutes: Floats) -> Floats:
    """Position of the walking answer for minutes walked."""
    return np.digitize(minutes, _WALKING_BANDS).astype(np.float64)


def trouble_moving(
    rng: Generator, a: Assumptions, people: People, felt: Felt, link: float
) -> Floats:
    """Unrounded trouble moving, 0-4."""
    count, days = felt.burden.shape
    settled = np.clip(rng.normal(*a.mobility_plateau, count), 0, 2)[:, None]
    course = settled + (a.mobility_start - settled) * np.exp(
        -np.arange(days)[None, :] / people.axial_days[:, None]
    )
    noise = autoregressive(rng, np.full(count, a.mobility_day_spread), np.full(count, 0.3), days)
    trouble: Floats = course + noise + link * a.mobility_per_point * felt.burden
    return trouble


def trouble_sleeping(rng: Generator, a: Assumptions, felt: Felt, link: float) -> Floats:
    """Unrounded trouble sleeping, 0-4."""
    count, days = felt.burden.shape
    settled = np.clip(rng.normal(*a.sleep_plateau, count), 0, 3)[:, None]
    early = 1.2 * np.exp(-np.arange(days)[None, :] / 25)
    noise = autoregressive(rng, np.full(count, a.sleep_day_spread), np.full(count, 0.2), days)
    trouble: Floats = settled + early + noise + link * a.sleep_per_point * felt.burden
    return trouble


def doses_taken(
    rng: Generator, a: Assumptions, scenario: Scenario, truth: Truth, days: int
) -> Floats:
    """Opioid doses a day: most stop in the first weeks, some go on, some taper or stop late."""
    count = len(truth.onset)
    day = np.arange(days)[None, :]
    start = rng.uniform(*a.opioid_start, (count, 1))
    early = start * np.clip(1 - day / rng.uniform(*a.opioid_days, (count, 1)), 0, 1)
    long = rng.uniform(*a.opioid_long_term_doses, (count, 1))
    is_long = rng.random((count, 1)) < a.opioid_long_term
    onset = truth.onset[:, None]
    if scenario.taper:
        falling = np.clip(1 - (day - onset + 1) / 14, 0, 1)
        return np.maximum(early, long * falling)
    if scenario.explanation == "tablets_stopped":
        return np.maximum(early, long * (day < onset))
    return np.maximum(early, long * is_long)


def whole_doses(rng: Generator, taken: Floats) -> Floats:
    """Doses as counted: a fraction is a chance of one more."""
    return np.floor(taken) + (rng.random(taken.shape) < taken % 1)


def numbness_level(rng: Generator, a: Assumptions, added: Floats) -> Floats:
    """Unrounded numbness 0-4; some people always have some."""
    count, days = added.shape
    always = rng.random(count) < a.numb_share
    level = np.where(always, rng.uniform(*a.numb_level, count), 0.0)[:, None]
    early = 0.6 * np.exp(-np.arange(days)[None, :] / 40)
    noise = autoregressive(rng, np.full(count, 0.3), np.full(count, 0.5), days)
    numb: Floats = level + early + noise + added
    return numb


def weekly_days(rng: Generator, felt_pain: Floats, logged: Ticks) -> tuple[Ticks, Ticks]:
    """Days on which the weekly questions were asked, and those on which the signs of them were.

    The weekly signs are also asked on days two points above the mean of the fourteen days before.
    """
    count, days = felt_pain.shape
    weekly = (np.arange(days)[None, :] + rng.integers(0, _WEEK, (count, 1))) % _WEEK == 0
    total = np.cumsum(np.pad(felt_pain, ((0, 0), (1, 0))), axis=1)
    first = np.maximum(0, np.arange(days) - 14)
    usual = (total[:, np.arange(days)] - total[:, first]) / np.maximum(1, np.arange(days) - first)
    bad = (felt_pain >= usual + 2) & (np.arange(days)[None, :] > 0)
    return weekly & logged, (weekly | bad) & logged


def weekly_signs(
    rng: Generator, a: Assumptions, scenario: Scenario, felt: Felt, asked: Ticks, link: float
) -> dict[str, Ticks]:
    """Ticks of the loading and hardware answers on the days they were asked."""
    count, days = felt.burden.shape
    chance = np.where(felt.flare >= 1, a.loading_flare, a.loading_usual)
    if scenario.mechanical:
        full = np.clip(felt.change / 1.5, 0, 1)
        chance = chance + link * full * (a.loading_mechanical - a.loading_usual)
    bad = np.clip(felt.burden, 0, 4)
    chances = {
        "worse_on_loading": chance,
        "eases_lying": 0.8 * chance,
        "stiffness": 0.12 + link * 0.05 * bad,
        "spasm": 0.05 + link * 0.03 * bad,
        "insomnia": 0.08 + link * 0.04 * bad,
    }
    ticks = {key: asked & (rng.random((count, days)) < p) for key, p in chances.items()}
    if scenario.mechanical:
        has = np.asarray(rng.random(count) < a.hardware_sign_share)
        late = asked & (felt.change >= 1) & has[:, None]
        late = late & (rng.random((count, days)) < 0.4)
        bump = np.asarray(rng.random(count) < 0.25)
        ticks["painful_bump"] = late & bump[:, None]
        ticks["clunk"] = late & ~bump[:, None]
    return {key: tick for key, tick in ticks.items() if tick.any() or key in WEEKLY_SIGNS}


def painkiller_codes(rng: Generator, taken: Floats, weekly: Ticks) -> NDArray[np.int8]:
    """Answer to "pain tablets, next to last week" on the weekly days; 0 elsewhere."""
    days = taken.shape[1]
    total = np.cumsum(np.pad(taken, ((0, 0), (1, 0))), axis=1)
    at = np.arange(1, days + 1)
    week, fortnight = np.maximum(0, at - _WEEK), np.maximum(0, at - 2 * _WEEK)
    now = (total[:, at] - total[:, week]) / _WEEK
    before = (total[:, week] - total[:, fortnight]) / _WEEK
    # People also change tablets that are not counted here; one in ten answers at random.
    words = np.select(
        [(now < 0.1) & (before < 0.1), now < 0.8 * before, now > 1.25 * before],
        [PAINKILLER_CODES["none"], PAINKILLER_CODES["fewer"], PAINKILLER_CODES["more"]],
        PAINKILLER_CODES["same"],
    )
    odd = rng.random(taken.shape) < 0.1
    words = np.where(odd, rng.integers(1, 1 + len(PAINKILLER_CODES), taken.shape), words)
    return np.where(weekly, words, 0).astype(np.int8)


def choice(rng: Generator, a: Assumptions, felt: Floats, logged: Ticks) -> Floats:
    """A 0-4 answer as people give it; NaN where not logged."""
    return answered_score(rng, a, felt, logged, high=4)
