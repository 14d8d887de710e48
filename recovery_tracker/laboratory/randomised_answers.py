"""How the people of the randomised cohort answer: what follows pain, how much, how late."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.signs import HARDWARE_SIGNS, WEEKLY_SIGNS
from ..domain.surgery import Region
from ..trends.series import PAINKILLER_CODES, Diaries
from .answers import painkiller_codes, whole_doses
from .cohort import Floats
from .scenarios import Scenario
from .story import Told, numb_zones

Ticks = NDArray[np.bool_]


@dataclass(frozen=True)
class Felt:
    """What people live through, (patients, days), before it is put into answers."""

    axial: Floats
    limb: Floats
    #: The worsening alone; slow levels, moods, tapers and flares together; moods; day noise.
    change: Floats
    lasting: Floats
    mood: Floats
    noise: Floats
    numbness: Floats
    #: 1 on the day of the operation, falling with the recovery.
    early: Floats
    #: Bands of walking added by a new habit.
    activity: Floats
    doses: Floats
    logged: Ticks


def written_down(
    rng: Generator,
    scenario: Scenario,
    region: tuple[Region, ...],
    told: Told,
    felt: Felt,
    coarse: Ticks,
    link: float,
) -> Diaries:
    """The diaries; pain from before the operation is filled in by the caller."""
    n, days = len(felt.logged), felt.logged.shape[1]
    logged = felt.logged
    numbers = _numbers(rng, scenario, felt, coarse, link)
    numbers["temperature_c"] = np.where(logged, told.temperature, np.nan)
    limb, numb = numbers["limb_pain"], numbers["numbness"] >= 1
    weekly = ((np.arange(days)[None, :] + rng.integers(0, 7, (n, 1))) % 7 == 0) & logged
    asked = _asked_days(rng, felt, weekly)
    signs = _ticks(rng, scenario, felt, asked, link)
    signs.update({key: tick & logged for key, tick in told.signs.items()})
    daily = set(HARDWARE_SIGNS) | {key for key in signs if key not in WEEKLY_SIGNS}
    answered = (rng.random((n, days)) < rng.uniform(0.8, 1.0, (n, 1))) | told.must_log | asked
    return Diaries(
        numbers={key: value.astype(np.float32) for key, value in numbers.items()},
        logged=logged,
        signs=signs,
        signs_answered=logged & answered,
        region=region,
        preop_axial=np.full(n, np.nan),
        preop_limb=np.full(n, np.nan),
        observed_until=np.full(n, days - 1),
        zones=numb_zones(rng, region, numb, (felt.numbness >= 0.8) & numb),
        strain={key: tick & logged for key, tick in told.strain.items()},
        limb_pain_side=np.where(limb >= 1, rng.integers(1, 3, (n, 1)), 0).astype(np.int8),
        painkiller_change=_tablets(rng, felt.doses, weekly),
        signs_asked={
            **dict.fromkeys(WEEKLY_SIGNS, asked),
            **dict.fromkeys(sorted(daily), logged),
        },
    )


def _numbers(
    rng: Generator, scenario: Scenario, felt: Felt, coarse: Ticks, link: float
) -> dict[str, Floats]:
    n, days = len(felt.logged), felt.logged.shape[1]
    follows = np.where(rng.random(n) < 0.5, rng.integers(0, 22, n), 0)
    shared = rng.uniform(0.2, 1.1, (n, 1))
    burden = _later(felt.change, follows) + shared * felt.lasting
    burden = burden + rng.uniform(0, 0.4, (n, 1)) * felt.noise
    moody = rng.uniform(0, 0.7, (n, 1)) * (felt.mood > 0)

    def other(
        per_point: float, spread: tuple[float, float], level: Floats, early: Floats
    ) -> Floats:
        """An answer that moves with pain by the person's own share; for a fifth it does not."""
        share = per_point * np.exp(rng.normal(0, 0.5, (n, 1))) * rng.uniform(0.3, 1.5, (n, 1))
        share = link * np.where(rng.random((n, 1)) < 0.2, 0, share)
        day = _day_noise(rng, rng.uniform(0, 0.5, n), rng.uniform(*spread, n), days)
        return np.asarray(level + early * felt.early + share * burden + day + moody)

    def drawn(low: float, high: float) -> Floats:
        return rng.uniform(low, high, (n, 1))

    moving = other(0.40, (0.3, 0.8), drawn(0.2, 1.8), drawn(1, 3))
    sleeping = other(0.28, (0.4, 1.1), drawn(0.2, 2.2), drawn(0, 2))
    per_point = 0.0 if scenario.explanation == "walking_doubled" else 0.24
    still = other(per_point, (0.3, 0.9), drawn(0, 0.01), drawn(1, 3))
    walking = drawn(1.8, 4.0) - still + 1.6 * felt.activity
    numb = drawn(0, 1.1) * (0.5 + 0.5 * felt.early) + felt.numbness
    numb = numb + _day_noise(rng, rng.uniform(0.2, 0.7, n), rng.uniform(0.15, 0.4, n), days)
    pains = rng.random(n) < 0.05
    shows = bool(scenario.taper) or scenario.explanation == "tablets_stopped"
    tells_doses = (rng.random((n, 1)) < 0.6) | shows
    answers = {
        "axial_pain": _score(rng, felt.axial, felt.logged, coarse),
        "limb_pain": _score(rng, felt.limb, felt.logged, coarse),
        "mobility": _given(rng, moving, felt.logged & ~pains[:, None], 4),
        "walking": _given(rng, walking, felt.logged & ~pains[:, None], 4),
        "sleep": _given(rng, sleeping, felt.logged & (rng.random((n, 1)) < 0.7), 4),
        "numbness": _given(rng, numb, felt.logged, 4),
    }
    # Some leave single questions out, some of them often.
    for key, values in answers.items():
        left_out = np.where(rng.random((n, 1)) < 0.3, rng.uniform(0, 0.12, (n, 1)), 0.01)
        answers[key] = np.where(rng.random((n, days)) < left_out, np.nan, values)
    doses = whole_doses(rng, felt.doses)
    answers["opioid_doses"] = np.where(felt.logged & tells_doses, doses, np.nan)
    return answers


def _later(values: Floats, lag: NDArray[np.int64]) -> Floats:
    days = values.shape[1]
    at = np.clip(np.arange(days)[None, :] - lag[:, None], 0, days - 1)
    return np.take_along_axis(values, at, axis=1)


def _day_noise(rng: Generator, keeps: Floats, sd: Floats, days: int) -> Floats:
    shocks = rng.standard_normal((len(sd), days))
    noise = np.empty_like(shocks)
    noise[:, 0] = shocks[:, 0]
    fresh = np.sqrt(1 - keeps**2)
    for day in range(1, days):
        noise[:, day] = keeps * noise[:, day - 1] + fresh * shocks[:, day]
    return noise * sd[:, None]


def _score(rng: Generator, felt: Floats, logged: Ticks, coarse: Ticks) -> Floats:
    """0 to 10; some are drawn to 0, 5 and 10, some answer nothing else."""
    n, days = len(felt), felt.shape[1]
    fives = np.clip(5 * np.round(felt / 5), 0, 10)
    drawn = np.where(rng.random((n, 1)) < 0.3, rng.uniform(0.02, 0.3, (n, 1)), 0)
    felt = np.where((rng.random((n, days)) < drawn) & (np.abs(felt - fives) < 1.4), fives, felt)
    twos = rng.random((n, 1)) < 0.05
    felt = np.where(twos, 2 * np.round(felt / 2), felt)
    return _given(rng, np.where(coarse[:, None], fives, felt), logged, 10)


def _given(rng: Generator, felt: Floats, logged: Ticks, top: int) -> Floats:
    """Whole numbers that stick to the last answer while little has changed; NaN where not given."""
    n, days = len(felt), felt.shape[1]
    nearest = np.clip(np.round(felt), 0, top)
    stays = rng.random((n, days)) < rng.uniform(0, 0.55, (n, 1))
    given, last = np.full((n, days), np.nan), nearest[:, 0].copy()
    for day in range(days):
        keep = stays[:, day] & (np.abs(felt[:, day] - last) < 1.1)
        value = np.where(keep, last, nearest[:, day])
        on = logged[:, day]
        given[on, day] = value[on]
        last = np.where(on, value, last)
    return given


def _asked_days(rng: Generator, felt: Felt, weekly: Ticks) -> Ticks:
    """Days on which the loading questions were asked: by the form's own rule, daily, weekly, never.

    The form's rule is weekly, and on days two points above the mean of the fortnight before.
    """
    n, days = len(felt.logged), felt.logged.shape[1]
    total = np.cumsum(np.pad(felt.axial, ((0, 0), (1, 0))), axis=1)
    first = np.maximum(0, np.arange(days) - 14)
    usual = (total[:, np.arange(days)] - total[:, first]) / np.maximum(1, np.arange(days) - first)
    bad = felt.logged & (felt.axial >= usual + 2) & (np.arange(days) > 0)
    how = rng.choice(4, (n, 1), p=(0.5, 0.3, 0.14, 0.06))
    return np.select(
        [how == 0, how == 1, how == 2],
        [weekly | bad, felt.logged, weekly],
        np.zeros((n, days), dtype=bool),
    )


def _ticks(
    rng: Generator, scenario: Scenario, felt: Felt, asked: Ticks, link: float
) -> dict[str, Ticks]:
    n, days = len(asked), asked.shape[1]
    usual = np.where(rng.random((n, 1)) < 0.15, rng.uniform(0.15, 0.35, (n, 1)), 0)
    usual = np.where(usual > 0, usual, rng.uniform(0.01, 0.12, (n, 1)))
    chance = usual + rng.uniform(0, 0.12, (n, 1)) * np.clip(felt.lasting, 0, 2)
    if scenario.mechanical:
        full = np.where(rng.random((n, 1)) < 0.25, rng.uniform(0, 0.1, (n, 1)), 0)
        full = np.where(full > 0, full, rng.uniform(0.1, 0.75, (n, 1)))
        lag = np.where(rng.random(n) < 0.5, rng.integers(0, 11, n), 0)
        chance = chance + link * full * np.clip(_later(felt.change, lag) / 1.5, 0, 1)
    sticks = rng.random((n, days)) < rng.uniform(0, 0.6, (n, 1))
    ticked = rng.random((n, days)) < chance
    for day in range(1, days):
        ticked[:, day] = np.where(sticks[:, day], ticked[:, day - 1], ticked[:, day])
    ticks = {"worse_on_loading": asked & ticked}
    ticks["eases_lying"] = asked & ticked & (rng.random((n, days)) < 0.6)
    if scenario.mechanical:
        felt_it = asked & (felt.change >= 1) & (rng.random((n, 1)) < 0.15)
        ticks["clunk"] = felt_it & (rng.random((n, days)) < 0.25)
    return ticks


def _tablets(rng: Generator, doses: Floats, weekly: Ticks) -> NDArray[np.int8]:
    words = painkiller_codes(rng, doses, weekly)
    quiet = rng.random((len(doses), 1)) < 0.3
    # Some never notice a change of their tablets.
    same = PAINKILLER_CODES["same"]
    return np.where(quiet & weekly & (doses > 0), same, words).astype(np.int8)
