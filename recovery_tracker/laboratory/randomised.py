"""A third cohort in which every person draws mechanics of their own.

Two fixed generators teach a detector their habits. Here noise, its memory and its tails, slow
levels, moods, flares, tapers, the shape of a worsening, how strongly and how late the other answers
follow, what is asked, what is left out and how a number is chosen differ from person to person.
Ranges are our default; noise and silences also take the rows of `measured`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.surgery import Region
from .assumptions import NOMINAL
from .cohort import Cohort, Floats, joined
from .measured import MEASURED, heavy_noise, silences
from .randomised_answers import Felt, written_down
from .scenarios import SCENARIOS, Scenario
from .simulate import generator_of
from .story import draw_truth, due_days, tell

Ticks = NDArray[np.bool_]

_YEAR = 365.25
_REGIONS = (Region.LUMBAR, Region.CERVICAL, Region.THORACIC)
_BLOCK = 500

#: Kinds of people that a share of the cohort belongs to and that can be asked for alone.
KINDS = (
    "steady",
    "heavy_tails",
    "month_shifts",
    "answers_0_5_10",
    "writes_less_in_pain",
    "weekly_writer",
    "half_logged",
)

#: Shares of healthy people of each kind, drawn independently; our default.
KIND_SHARES = {
    "steady": 0.08,
    "heavy_tails": 0.20,
    "month_shifts": 0.10,
    "answers_0_5_10": 0.05,
    "writes_less_in_pain": 0.12,
    "weekly_writer": 0.05,
    "half_logged": 0.20,
}


def simulate_randomised(
    name: str | Scenario,
    patients: int,
    seed: int,
    *,
    link: float = 1.0,
    days: int | None = None,
    kind: str | None = None,
) -> Cohort:
    """`patients` people who live through one scenario, each with own mechanics.

    `link` scales how strongly the other answers move with pain; with `kind`, one of `KINDS`, all of
    them are of that kind.
    """
    scenario = SCENARIOS[name] if isinstance(name, str) else name
    parts = []
    for block, first in enumerate(range(0, patients, _BLOCK)):
        rng = generator_of(seed, f"randomised {scenario.name} {kind or ''}", block)
        count = min(_BLOCK, patients - first)
        parts.append(_lived(rng, scenario, count, days or scenario.days, link, kind))
    return parts[0] if len(parts) == 1 else joined(parts)


@dataclass(frozen=True)
class _People:
    """What each person draws, shape (n,)."""

    kinds: dict[str, Ticks]
    region: tuple[Region, ...]
    preop: Floats
    start: Floats
    end: Floats
    tau: Floats
    sd: Floats
    lag_one: Floats
    kurtosis: Floats


def _drawn(rng: Generator, scenario: Scenario, n: int, kind: str | None) -> _People:
    kinds = {each: rng.random(n) < share for each, share in KIND_SHARES.items()}
    if kind is not None:
        kinds[kind] = np.ones(n, dtype=bool)
    region = tuple(_REGIONS[place] for place in rng.choice(3, n, p=(0.65, 0.27, 0.08)))
    preop = np.clip(rng.normal(6.4, 1.5, n), 2.5, 10)
    start = preop * rng.uniform(0.65, 1.0, n)
    kept = rng.beta(1.6, 2.4, n) * 0.62
    if scenario.never_improved:
        preop = np.clip(preop, 5.7, 9.5)
        kept, start = rng.uniform(0.8, 1.0, n), preop * rng.uniform(0.85, 1.0, n)
    row = rng.choice(len(MEASURED), n)
    from_diary = rng.random(n) < 0.4
    lag_one = np.where(from_diary, [MEASURED[i].lag_one for i in row], rng.uniform(0, 0.75, n))
    kurtosis = np.where(
        kinds["heavy_tails"], 3 * np.exp(4 * rng.uniform(0.1, 0.7, n) ** 2), rng.uniform(3, 6, n)
    )
    sd = np.clip(np.exp(rng.normal(np.log(0.85), 0.4, n)), 0.3, 2.2)
    sd = np.where(kinds["steady"], rng.uniform(0.05, 0.4, n), sd) * scenario.noise
    tau = np.exp(rng.normal(np.log(20), 0.6, n))
    return _People(kinds, region, preop, start, kept * preop, tau, sd, lag_one, kurtosis)


def _lived(
    rng: Generator, scenario: Scenario, n: int, days: int, link: float, kind: str | None
) -> Cohort:
    people = _drawn(rng, scenario, n, kind)
    truth = draw_truth(rng, scenario, n)
    told = tell(rng, NOMINAL, scenario, truth, days)
    day = np.arange(days)[None, :]
    grown = _growth(rng, truth.onset, truth.ramp, days)
    change, limb_change = truth.axial[:, None] * grown, truth.limb[:, None] * grown
    course = people.end[:, None] + (people.start - people.end)[:, None] * np.exp(
        -((day / people.tau[:, None]) ** rng.uniform(0.6, 1.3, (n, 1)))
    )
    flare = _flares(rng, n, days, scenario.flares_a_year)
    slow, mood = _slow(rng, scenario, people, days), _moods(rng, n, days)
    taper, doses = _tapers(rng, scenario, truth.onset, n, days)
    activity = _activity(rng, scenario, truth.onset, n, days)
    noise = people.sd[:, None] * heavy_noise(rng, people.lag_one, people.kurtosis, days)
    noise *= np.where(rng.random((n, 1)) < 0.4, 0.7 + 0.12 * course, 1.0)
    lasting = slow + mood + taper + flare
    axial = course + lasting + noise + change + 0.8 * np.maximum(activity, 0)
    shared = rng.uniform(0.2, 0.6, (n, 1)) * noise + rng.uniform(0, 0.6, (n, 1)) * flare
    own = heavy_noise(rng, people.lag_one, people.kurtosis, days) * people.sd[:, None] * 0.8
    level = np.clip(rng.gamma(1.3, 1.0, n), 0, 4)[:, None]
    limb = level * (0.4 + 0.6 * np.exp(-day / people.tau[:, None])) + shared + own + limb_change
    logged = _logged(rng, scenario, people, axial - course, days)
    logged &= due_days(rng, scenario, n, days)
    felt = Felt(
        axial=axial,
        limb=limb,
        change=change,
        lasting=lasting,
        mood=mood,
        noise=noise,
        numbness=truth.numbness[:, None] * grown,
        early=np.exp(-day / people.tau[:, None]),
        activity=activity,
        doses=doses,
        logged=(logged | told.must_log) & ~told.silent,
    )
    coarse = people.kinds["answers_0_5_10"]
    diaries = written_down(rng, scenario, people.region, told, felt, coarse, link)
    known = rng.random(n) >= NOMINAL.preop_unknown
    limb_preop = np.clip(level[:, 0] + 4, 0, 10)
    diaries = replace(
        diaries,
        preop_axial=np.where(known, np.round(people.preop), np.nan),
        preop_limb=np.where(known, np.round(limb_preop), np.nan),
    )
    return Cohort(diaries, truth, rng.integers(1, 4, n))


def _growth(rng: Generator, onset: NDArray[np.int64], ramp: NDArray[np.int64], days: int) -> Floats:
    """0 to 1 over each ramp: straight, in an S, fast at first, in two stairs, or slow at first."""
    since = (np.arange(days)[None, :] - onset[:, None] + 1) / np.maximum(ramp, 1)[:, None]
    x = np.clip(since, 0, 1)
    stairs = np.where(x < 0.5, np.minimum(2 * x, 0.5), 0.5 + np.minimum(2 * x - 1, 0.5))
    shapes = (x, x * x * (3 - 2 * x), 1 - (1 - x) ** 2, stairs, x**1.7)
    shape = rng.integers(0, len(shapes), (len(onset), 1))
    grown = np.select([shape == place for place in range(len(shapes))], shapes)
    return np.asarray(grown * (onset >= 0)[:, None])


def _flares(rng: Generator, n: int, days: int, a_year: float | None) -> Floats:
    """Flares of a day to three weeks: sharp and fading, boxes, slopes, or slow to rise."""
    often = rng.gamma(rng.uniform(0.6, 2, n), 2.2) if a_year is None else np.full(n, a_year)
    count = rng.poisson(often * days / _YEAR)
    who = np.repeat(np.arange(n), count)
    first, height = rng.integers(0, days, len(who)), rng.uniform(1, 4, len(who))
    length = np.exp(rng.uniform(0, np.log(14), len(who)))
    shape, rise = rng.integers(0, 4, len(who)), rng.integers(0, 4, len(who))
    added = np.zeros((n, days + 45))
    for lag in range(45):
        x = lag / length
        late = np.exp(-np.maximum(lag - rise, 0) / length) * np.minimum(1, (lag + 1) / (rise + 1))
        part = np.select(
            [shape == 0, shape == 1, shape == 2],
            [np.exp(-x), (x < 1.5) * 1.0, np.clip(1.2 - 0.6 * x, 0, 1)],
            late,
        )
        np.add.at(added, (who, first + lag), height * part)
    return np.minimum(added[:, :days], 5)


def _slow(rng: Generator, scenario: Scenario, people: _People, days: int) -> Floats:
    """Drift over a month or two, waves of seasons, weekdays, and for some shifts that last months.

    A wave of the scenario comes on top of what the person has anyway.
    """
    n = len(people.region)
    day = np.arange(days)[None, :]
    keeps = np.exp(-1 / rng.uniform(25, 80, (n, 1)))
    steps = rng.standard_normal((n, days)) * np.sqrt(1 - keeps**2)
    drift = np.empty((n, days))
    drift[:, 0] = steps[:, 0]
    for at in range(1, days):
        drift[:, at] = keeps[:, 0] * drift[:, at - 1] + steps[:, at]
    drift *= np.where(rng.random((n, 1)) < 0.8, rng.uniform(0.05, 0.5, (n, 1)), 0)
    own = np.where(rng.random((n, 1)) < 0.08, rng.uniform(0.2, 0.9, (n, 1)), 0)
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    period = rng.uniform(70, 320, (n, 1)) if not scenario.wave else rng.uniform(120, 240, (n, 1))
    wave = (own + scenario.wave) * np.sin(2 * np.pi * day / period + phase)
    week = rng.uniform(0, 0.35, (n, 1)) * np.sin(2 * np.pi * (day + rng.integers(0, 7, (n, 1))) / 7)
    steps = rng.standard_normal((n, days)) * (rng.random((n, days)) < 1 / 45)
    shift = np.cumsum(steps, axis=1)
    shift -= np.linspace(0, 1, days)[None, :] * shift[:, -1:]
    size = np.where(people.kinds["month_shifts"], 0.55, rng.uniform(0, 0.15, n))
    return np.asarray(drift + wave + week + size[:, None] * shift)


def _moods(rng: Generator, n: int, days: int) -> Floats:
    """A low spell of three weeks to three months in which pain stands a little higher."""
    size = np.where(rng.random((n, 1)) < 0.08, rng.uniform(0.3, 1.0, (n, 1)), 0)
    middle = rng.integers(70, max(71, days - 50), (n, 1))
    near = np.abs(np.arange(days)[None, :] - middle) < rng.uniform(10, 45, (n, 1))
    return np.asarray(size * near)


def _tapers(
    rng: Generator, scenario: Scenario, onset: NDArray[np.int64], n: int, days: int
) -> tuple[Floats, Floats]:
    """Pain that comes as tablets are taken away, and doses a day."""
    day = np.arange(days)[None, :]
    stop = np.where(rng.random(n) < 0.75, rng.integers(5, 60, n), rng.integers(40, 260, n))
    size = np.where(rng.random(n) < 0.2, rng.uniform(0.2, 1.2, n), 0.0)
    if scenario.taper:
        stop, size = onset, np.full(n, scenario.taper)
    if scenario.explanation == "tablets_stopped":
        stop, size = onset, np.zeros(n)
    since = day - stop[:, None]
    over, holds = rng.uniform(3, 25, (n, 1)), rng.uniform(15, 80, (n, 1))
    fades = np.exp(-np.maximum(since - holds, 0) / rng.uniform(10, 50, (n, 1)))
    if scenario.taper:
        over, fades = np.full((n, 1), 14.0), np.ones((1, 1))
    pain = size[:, None] * np.clip(since / over, 0, 1) * fades
    taken = rng.integers(1, 6, (n, 1)).astype(np.float64)
    falling = taken * np.clip(1 - (since + 1) / over, 0, 1)
    doses = np.where(since < 0, taken, falling)
    return np.asarray(pain), np.asarray(doses)


def _activity(
    rng: Generator, scenario: Scenario, onset: NDArray[np.int64], n: int, days: int
) -> Floats:
    """Bands of walking added by a new habit, whatever the pain."""
    day = np.arange(days)[None, :]
    own = np.where(rng.random(n) < 0.1, rng.uniform(-0.4, 0.6, n), 0)
    since = rng.integers(60, max(61, days - 50), n)
    if scenario.explanation == "walking_doubled":
        own, since = np.full(n, 0.75), onset
    elif scenario.activity:
        own, since = np.full(n, scenario.activity), onset
    return np.asarray(own[:, None] * np.clip((day - since[:, None]) / 10, 0, 1))


def _logged(rng: Generator, scenario: Scenario, people: _People, away: Floats, days: int) -> Ticks:
    """Days with an entry: a habit that is on or off, bad days, silences as measured, holidays."""
    n = len(people.region)
    half = people.kinds["half_logged"]
    share = np.where(half, rng.uniform(0.35, 0.6, n), np.clip(rng.beta(6, 1.3, n), 0.5, 0.99))
    decline = rng.uniform(-0.05, 0.3, (n, 1)) * np.arange(days)[None, :] / days
    shy = np.where(people.kinds["writes_less_in_pain"], rng.uniform(0.2, 0.5, n), 0)
    shy = np.where(~people.kinds["writes_less_in_pain"], rng.normal(0, 0.05, n), shy)
    chance = share[:, None] * (1 - decline) - shy[:, None] * np.tanh(away / 2)
    chance = np.clip(chance, 0.06, 0.99)
    stays = rng.uniform(1.05, 3.5, n)
    logged = np.zeros((n, days), dtype=bool)
    drawn, on = rng.random((n, days)), rng.random(n) < chance[:, 0]
    for at in range(days):
        leaves = np.minimum(0.97, (1 - chance[:, at]) / chance[:, at] / stays)
        on = np.where(on, drawn[:, at] >= leaves, drawn[:, at] < 1 / stays)
        logged[:, at] = on
    for row in np.flatnonzero(rng.random(n) < 0.3):
        first, length = int(rng.integers(10, days - 20)), int(rng.integers(5, 40))
        logged[row, first : first + length] = False
    for row, first in zip(*np.nonzero(rng.random((n, days)) < 1 / 60), strict=True):
        logged[row, first : first + int(silences(rng, 1)[0])] = False
    weekly = people.kinds["weekly_writer"]
    own_day = (np.arange(days)[None, :] + rng.integers(0, 7, (n, 1))) % 7 == 0
    logged = np.where(weekly[:, None], own_day & (rng.random((n, days)) < 0.92), logged)
    if scenario.missing_more:
        logged &= rng.random((n, days)) >= scenario.missing_more
    return logged
