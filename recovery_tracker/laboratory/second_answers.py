"""How the people of the second generator answer: in categories, by thresholds of their own.

Function (moving, walking, sleep) is one hidden factor that follows pain with a delay of days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.signs import HARDWARE_SIGNS, WEEKLY_SIGNS
from ..domain.surgery import Region
from ..trends.series import PAINKILLER_CODES, Diaries
from .cohort import Truth
from .measured import day_noise
from .scenarios import Scenario
from .story import Told, numb_zones

Floats = NDArray[np.float64]
Ticks = NDArray[np.bool_]

#: Days in which function catches up with 63 % of a change of pain.
_FUNCTION_LAG = 4.0
#: Chance that a person uses only every second number of the pain scale.
_COARSE = 0.12
#: Chance that the answer of the day before is given again when it would move by one.
_STICKS = 0.3


@dataclass(frozen=True)
class Lived:
    """What a person goes through, (patients, days), before it is put into an answer."""

    axial: Floats
    limb: Floats
    #: Pain that burdens function: lasting change in full, ordinary noise by a share.
    strained_by: Floats
    change: Floats
    flare: Floats
    numbness: Floats
    doses: Floats


def ordinal(rng: Generator, latent: Floats, logged: Ticks, top: int) -> Floats:
    """Categories 0 to `top` by thresholds of each person; NaN where nothing was logged."""
    count, days = latent.shape
    cuts = np.arange(top) + 0.5 + 0.25 * rng.standard_normal((count, top))
    cuts = np.sort(cuts + 0.2 * rng.standard_normal((count, 1)), axis=1)
    given = np.zeros((count, days))
    for place in range(top):
        given += latent > cuts[:, place, None]
    if top == 10:
        coarse = rng.random((count, 1)) < _COARSE
        given = np.where(coarse, 2 * np.round(given / 2), given)
    again = rng.random((count, days)) < _STICKS
    for day in range(1, days):
        keep = again[:, day] & (np.abs(given[:, day] - given[:, day - 1]) == 1)
        given[keep, day] = given[keep, day - 1]
    return np.where(logged, given, np.nan)


def _lagged_burden(strained_by: Floats) -> Floats:
    level = np.zeros(strained_by.shape[0])
    result = np.empty_like(strained_by)
    for day in range(strained_by.shape[1]):
        level = level + (strained_by[:, day] - level) / _FUNCTION_LAG
        result[:, day] = level
    return result


@dataclass(frozen=True)
class Writer:
    """The people of one scenario as they fill in the form; draws from `rng` in a fixed order."""

    rng: Generator
    scenario: Scenario
    region: tuple[Region, ...]
    truth: Truth
    told: Told
    link: float

    def written_down(self, lived: Lived, logged: Ticks) -> Diaries:
        """The diaries; pain from before the operation is filled in by the caller."""
        rng, told = self.rng, self.told
        count, days = logged.shape
        numbers = self._numbers(lived, logged)
        limb, numb = numbers["limb_pain"], numbers["numbness"] >= 1
        weekly = ((np.arange(days)[None, :] + rng.integers(0, 7, (count, 1))) % 7 == 0) & logged
        asked = weekly | (_clearly_above(lived.axial) & logged)
        signs = _ticks(rng, self.scenario, lived, asked, self.link)
        signs.update({key: tick & logged for key, tick in told.signs.items()})
        daily = set(HARDWARE_SIGNS) | {key for key in signs if key not in WEEKLY_SIGNS}
        answered = (rng.random((count, days)) < 0.95) | told.must_log | asked
        return Diaries(
            numbers={key: value.astype(np.float32) for key, value in numbers.items()},
            logged=logged,
            signs=signs,
            signs_answered=logged & answered,
            region=self.region,
            preop_axial=np.full(count, np.nan),
            preop_limb=np.full(count, np.nan),
            observed_until=np.full(count, days - 1),
            zones=numb_zones(rng, self.region, numb, (lived.numbness >= 0.8) & numb),
            strain={key: tick & logged for key, tick in told.strain.items()},
            limb_pain_side=np.where(limb >= 1, rng.integers(1, 3, (count, 1)), 0).astype(np.int8),
            painkiller_change=_tablets(lived.doses, weekly),
            signs_asked={
                **dict.fromkeys(WEEKLY_SIGNS, asked),
                **dict.fromkeys(sorted(daily), logged),
            },
        )

    def _numbers(self, lived: Lived, logged: Ticks) -> dict[str, Floats]:
        rng, scenario = self.rng, self.scenario
        count, days = logged.shape
        burden = self.link * _lagged_burden(lived.strained_by)
        ability = 1 - 0.8 / (1 + (np.arange(days)[None, :] / 25) ** 1.4)
        person = rng.standard_normal((count, 3))
        walking = 1.1 + 1.5 * ability + 0.5 * person[:, :1] + 0.5 * day_noise(rng, count, days)
        walking = walking + _habit_change(scenario, self.truth, days)
        if scenario.explanation != "walking_doubled":
            walking = walking - 0.28 * burden
        moving = 3.2 - 2.4 * ability + 0.4 * person[:, 1:2] + 0.45 * day_noise(rng, count, days)
        sleeping = 1.8 - 0.8 * ability + 0.5 * person[:, 2:] + 0.7 * day_noise(rng, count, days)
        always_numb = (rng.random((count, 1)) < 0.4) * rng.uniform(0.6, 1.6, (count, 1))
        # A single outlier of a real diary must not become a limb that cannot be felt at all.
        numb = always_numb + 0.3 * np.clip(day_noise(rng, count, days), -3, 3) + lived.numbness
        shows = bool(scenario.taper) or scenario.explanation == "tablets_stopped"
        tells_doses = (rng.random((count, 1)) < 0.6) | shows
        tells_sleep = rng.random((count, 1)) < 0.5
        counted = np.maximum(0, lived.doses + rng.choice([-1, 0, 0, 0, 1], (count, days)))
        counted = np.where(lived.doses > 0, counted, 0.0)
        return {
            "walking": ordinal(rng, walking, logged, 4),
            "mobility": ordinal(rng, moving + 0.38 * burden, logged, 4),
            "axial_pain": ordinal(rng, lived.axial, logged, 10),
            "limb_pain": ordinal(rng, lived.limb, logged, 10),
            "numbness": ordinal(rng, numb, logged, 4),
            "sleep": ordinal(rng, sleeping + 0.28 * burden, logged & tells_sleep, 4),
            "opioid_doses": np.where(logged & tells_doses, counted, np.nan),
            "temperature_c": np.where(logged, self.told.temperature, np.nan),
        }


def _habit_change(scenario: Scenario, truth: Truth, days: int) -> Floats:
    """Bands of walking added from the onset on, whatever the pain."""
    bands = 1.2 if scenario.explanation == "walking_doubled" else 1.5 * scenario.activity
    since = np.clip((np.arange(days)[None, :] - truth.onset[:, None] + 1) / 4, 0, 1)
    return np.asarray(bands * since * (truth.onset[:, None] >= 0))


def _clearly_above(axial: Floats) -> Ticks:
    """Days two points above the mean of the fourteen days before."""
    days = axial.shape[1]
    total = np.cumsum(np.pad(axial, ((0, 0), (1, 0))), axis=1)
    first = np.maximum(0, np.arange(days) - 14)
    n = np.maximum(1, np.arange(days) - first)
    usual = (total[:, np.arange(days)] - total[:, first]) / n
    return np.asarray((axial >= usual + 2) & (np.arange(days) > 0))


def _ticks(
    rng: Generator, scenario: Scenario, lived: Lived, asked: Ticks, link: float
) -> dict[str, Ticks]:
    """Loading and hardware answers: a logistic of the pain, with a person's own readiness."""
    count, days = asked.shape
    ready = 0.8 * rng.standard_normal((count, 1))
    logit = -2.8 + ready + 0.5 * (lived.flare > 1)
    if scenario.mechanical:
        logit = logit + link * 1.3 * np.clip(lived.change, 0, 2.5)
    chance = 1 / (1 + np.exp(-logit))
    burden = np.clip(lived.strained_by, 0, 4)
    chances = {
        "worse_on_loading": chance,
        "eases_lying": 0.7 * chance,
        "stiffness": 0.15 + 0.05 * link * burden,
        "spasm": 0.04 + 0.03 * link * burden,
        "insomnia": 0.10 + 0.04 * link * burden,
    }
    ticks = {key: asked & (rng.random((count, days)) < p) for key, p in chances.items()}
    if scenario.mechanical:
        has = rng.random((count, 1)) < 0.15
        felt = asked & has & (lived.change >= 1.2) & (rng.random((count, days)) < 0.3)
        moves = rng.random((count, 1)) < 0.5
        ticks["giving_way"] = felt & moves
        ticks["painful_bump"] = felt & ~moves
    return ticks


def _tablets(doses: Floats, weekly: Ticks) -> NDArray[np.int8]:
    """Tablets next to last week, as remembered: only a change by half is noticed."""
    before = np.roll(doses, 7, axis=1)
    before[:, :7] = doses[:, :1]
    codes = np.full(doses.shape, PAINKILLER_CODES["same"])
    codes[doses <= 0.6 * before] = PAINKILLER_CODES["fewer"]
    codes[doses >= 1.5 * before] = PAINKILLER_CODES["more"]
    codes[(doses == 0) & (before == 0)] = PAINKILLER_CODES["none"]
    return np.where(weekly, codes, 0).astype(np.int8)
