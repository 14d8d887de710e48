"""A second cohort with mechanics of its own, against tuning the rules to the first.

The stories are the same; how they show is not. Noise and silences are as in real diaries
(`measured`). Recovery is hyperbolic with a slow tail. Answers are ordinal: each person has own
thresholds and some use only every second number. A worsening grows in an S. Flares are boxes in
clusters. Whether a day is logged follows a habit that is on or off. Other answers follow a shared
function that lags pain. Every number here is our default unless a source stands beside it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.surgery import Region
from ..trends.series import Diaries
from .assumptions import NOMINAL
from .cohort import Cohort, Truth
from .measured import day_noise, silences
from .scenarios import SCENARIOS, Scenario
from .second_answers import Lived, Writer
from .simulate import generator_of
from .story import Told, draw_truth, due_days, tell

Floats = NDArray[np.float64]
Ticks = NDArray[np.bool_]

_REGIONS = (Region.LUMBAR, Region.CERVICAL, Region.THORACIC)
#: Half-lives in days, axial and limb, by region: evidence as for the first generator.
_HALF_LIFE = {Region.LUMBAR: (20, 16), Region.CERVICAL: (9, 5), Region.THORACIC: (22, 18)}
_YEAR = 365.25


@dataclass(frozen=True)
class _Patient:
    region: tuple[Region, ...]
    preop_axial: Floats
    preop_limb: Floats
    axial: Floats
    limb: Floats
    sd: Floats


def simulate_second(
    name: str, patients: int, seed: int, *, link: float = 1.0, days: int | None = None
) -> Cohort:
    """`patients` people of the second generator who live through one scenario."""
    rng = generator_of(seed, f"second {name}")
    scenario = SCENARIOS[name]
    length = days or scenario.days
    people = _people(rng, scenario, patients, length)
    truth = draw_truth(rng, scenario, patients)
    told = tell(rng, NOMINAL, scenario, truth, length)
    lived, logged = _life(rng, scenario, people, truth, told, length)
    writer = Writer(rng, scenario, people.region, truth, told, link)
    diaries = writer.written_down(lived, logged)
    return Cohort(_with_people(rng, diaries, people), truth, rng.integers(1, 4, patients))


def _with_people(rng: Generator, diaries: Diaries, people: _Patient) -> Diaries:
    known = rng.random(len(people.region)) >= NOMINAL.preop_unknown
    return replace(
        diaries,
        preop_axial=np.where(known, np.round(people.preop_axial), np.nan),
        preop_limb=np.where(known, np.round(people.preop_limb), np.nan),
    )


def _people(rng: Generator, scenario: Scenario, count: int, days: int) -> _Patient:
    drawn = rng.choice(3, count, p=(0.6, 0.3, 0.1))
    region = tuple(_REGIONS[place] for place in drawn)
    preop = 3 + 7 * rng.beta(2.2, 2.0, count)
    preop_limb = 10 * rng.beta(1.8, 1.6, count)
    # A recovery keeps a share of the pain from before; well under the 70 % of a failed one.
    kept = 0.05 + 0.55 * rng.beta(2.0, 2.2, count)
    start = preop * rng.uniform(0.7, 1.0, count)
    if scenario.never_improved:
        preop = np.clip(preop, 5.7, 9.5)
        kept = rng.uniform(0.8, 1.0, count)
        start = preop * rng.uniform(0.85, 1.05, count)
    halves = np.array([_HALF_LIFE[place] for place in region], dtype=np.float64)
    stretch = rng.gamma(6.0, 1 / 6.0, (count, 1))
    axial = _hyperbola(start, kept * preop, halves[:, 0] * stretch[:, 0], days)
    limb_kept = (0.8 if scenario.never_improved else 0.6 * rng.beta(1.5, 2.0, count)) * preop_limb
    limb = _hyperbola(0.7 * preop_limb, limb_kept, halves[:, 1] * stretch[:, 0], days)
    # A gamma spread of person SDs with mean 0.85, where the first generator is log-normal.
    sd = np.clip(rng.gamma(7.0, 0.85 / 7.0, count), 0.35, 1.8) * scenario.noise
    return _Patient(region, preop, preop_limb, axial, limb, sd)


def _hyperbola(start: Floats, end: Floats, half: Floats, days: int) -> Floats:
    """Fall to halfway in `half` days, with a last tenth that takes months."""
    day = np.arange(days)[None, :]
    fast = 1 / (1 + (day / half[:, None]) ** 1.6)
    slow = np.clip(1 - day / 240, 0, 1)
    return end[:, None] + (start - end)[:, None] * (0.9 * fast + 0.1 * slow)


def _grown(size: Floats, truth: Truth, days: int) -> Floats:
    """S-shaped growth to `size` over the ramp of the truth; as far as the straight line in all."""
    since = (np.arange(days)[None, :] - truth.onset[:, None] + 1) / truth.ramp[:, None]

    def curve(part: Floats) -> Floats:
        s: Floats = 1 / (1 + np.exp(-8.0 * (part - 0.5)))
        return s

    ends = curve(np.array([0.0, 1.0]))
    part = (curve(np.clip(since, 0, 1)) - ends[0]) / (ends[1] - ends[0])
    return np.asarray(size[:, None] * part * (truth.onset[:, None] >= 0))


def _life(
    rng: Generator, scenario: Scenario, people: _Patient, truth: Truth, told: Told, days: int
) -> tuple[Lived, Ticks]:
    count = len(people.region)
    change = _grown(truth.axial, truth, days)
    limb_change = _grown(truth.limb, truth, days)
    flare = _boxes(rng, count, days, scenario.flares_a_year or NOMINAL.flares_a_year)
    noise = people.sd[:, None] * day_noise(rng, count, days)
    slow = _slow(rng, scenario, count, days)
    doses = _doses(rng, scenario, truth, days)
    taper = np.zeros((count, days))
    if scenario.taper:
        # The pain follows the doses as they fall.
        since = np.clip((np.arange(days)[None, :] - truth.onset[:, None] + 1) / 14, 0, 1)
        taper = scenario.taper * np.ceil(since * 4) / 4
    felt = people.axial + noise + slow + change + flare + taper
    own = people.sd[:, None] * day_noise(rng, count, days)
    limb = people.limb + 0.5 * noise + 0.8 * own + limb_change + 0.3 * flare
    logged = _habit(rng, felt - people.axial, scenario.missing_more)
    logged &= due_days(rng, scenario, count, days)
    logged = (logged | told.must_log) & ~told.silent
    lived = Lived(
        axial=felt,
        limb=limb,
        strained_by=change + flare + taper + 0.5 * limb_change + 0.4 * (noise + slow),
        change=change,
        flare=flare,
        numbness=_grown(truth.numbness, truth, days),
        doses=doses,
    )
    return lived, logged


def _slow(rng: Generator, scenario: Scenario, count: int, days: int) -> Floats:
    """Seasons: steps of a few tenths that last weeks, and the slow wave with a steeper rise."""
    step = 0.25 * rng.standard_normal((count, days)) * (rng.random((count, days)) < 1 / 35)
    seasons = np.cumsum(step, axis=1)
    seasons -= np.linspace(0, 1, days)[None, :] * seasons[:, -1:]
    turn = 2 * np.pi * np.arange(days)[None, :] / 180 + rng.uniform(0, 2 * np.pi, (count, 1))
    wave = np.sin(turn) + 0.2 * np.sin(2 * turn)
    return np.asarray(seasons + scenario.wave * wave)


def _boxes(rng: Generator, count: int, days: int, a_year: float) -> Floats:
    """Flares of two to seven days at one height, one in four soon followed by another."""
    added = np.zeros((count, days + 30))
    single = rng.poisson(0.8 * a_year * days / _YEAR, count)
    who = np.repeat(np.arange(count), single)
    day = rng.integers(0, days, len(who))
    again = rng.random(len(who)) < 0.25
    who = np.concatenate([who, who[again]])
    day = np.concatenate([day, day[again] + rng.integers(8, 22, again.sum())])
    length = rng.integers(2, 8, len(who))
    height = 1.5 + 2.0 * rng.beta(1.5, 2.0, len(who))
    for row, first, span, tall in zip(who, day, length, height, strict=True):
        if first < days:
            added[row, first : first + span] += tall
            added[row, first + span] += tall / 2
    return added[:, :days]


def _doses(rng: Generator, scenario: Scenario, truth: Truth, days: int) -> Floats:
    """Opioid doses that fall in steps of a few days."""
    count = len(truth.onset)
    day = np.arange(days)[None, :]
    step = rng.integers(2, 6, (count, 1))
    early = np.floor(rng.integers(3, 9, (count, 1)) * 0.7 ** (day // step))
    lasting = rng.integers(2, 6, (count, 1)).astype(np.float64)
    onset = truth.onset[:, None]
    if scenario.taper:
        left = np.clip(1 - np.ceil((day - onset + 1) / 14 * 4) / 4, 0, 1)
        return np.asarray(np.maximum(early, np.round(lasting * left)))
    if scenario.explanation == "tablets_stopped":
        return np.asarray(np.maximum(early, lasting * (day < onset)))
    return np.asarray(np.maximum(early, lasting * (rng.random((count, 1)) < 0.13)))


def _habit(rng: Generator, away: Floats, more_missing: float) -> Ticks:
    """A habit that is on or off: few days are missed while on, gaps have real lengths."""
    count, days = away.shape
    slips = rng.beta(1.2, 12.0, count)
    logged = np.ones((count, days), dtype=bool)
    silent_until = np.zeros(count, dtype=np.int64)
    for day in range(days):
        # On a very bad day the diary is left alone more often, on a very good one a little.
        mood = 1 + 0.8 * (away[:, day] > 2.5) + 0.3 * (away[:, day] < -1.5)
        starts = (silent_until <= day) & (rng.random(count) < slips * 0.6 * mood)
        silent_until[starts] = day + silences(rng, int(starts.sum()))
        logged[:, day] = silent_until <= day
    if more_missing:
        logged &= rng.random((count, days)) >= more_missing
    return logged
