"""The reference cohort: recoveries from published numbers, with and without a worsening.

    cohort = simulate_scenario("ramp_3_42", patients=500, seed=7)

The same scenario, size and seed give the same diaries, whatever else is simulated.
"""

import zlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator, SeedSequence

from ..domain.signs import HARDWARE_SIGNS, WEEKLY_SIGNS
from ..trends.series import Diaries
from . import answers
from .assumptions import NOMINAL, Assumptions
from .cohort import Cohort, Hidden, Truth, joined
from .mechanics import (
    Floats,
    Ticks,
    answered_score,
    autoregressive,
    drift,
    flares,
    logged_days,
    pressed,
)
from .people import People, draw_people
from .scenarios import MIXTURE, SCENARIOS, Scenario
from .story import Told, draw_truth, numb_zones, tell

#: Patients simulated at a time, so that memory stays bounded.
_BLOCK = 1000


def generator_of(seed: int, name: str, block: int = 0) -> Generator:
    """The random numbers of one block of one scenario: independent of all others."""
    return np.random.default_rng(SeedSequence([seed, zlib.crc32(name.encode()), block]))


def simulate_scenario(
    name: str,
    patients: int,
    seed: int,
    *,
    link: float = 1.0,
    days: int | None = None,
    assumptions: Assumptions = NOMINAL,
    hidden: bool = False,
) -> Cohort:
    """`patients` people who live through one scenario.

    `link` scales how strongly the other answers move with pain; `hidden` keeps the true course for
    the clairvoyant bound. Raises KeyError for an unknown scenario.
    """
    rng = generator_of(seed, name)
    scenario = SCENARIOS[name]
    length = days or scenario.days
    people = draw_people(rng, assumptions, scenario, patients)
    truth = draw_truth(rng, scenario, patients)
    told = tell(rng, assumptions, scenario, truth, length)
    return _lived(rng, assumptions, scenario, people, truth, told, length, link, hidden)


def simulate(patients: int, days: int, seed: int, *, link: float = 1.0) -> Cohort:
    """The reference cohort: `patients` people in the shares of `MIXTURE`, in mixed order.

    A change that would begin after the last day is simply not there yet: its patients count as
    healthy in the truth.
    """
    rng = generator_of(seed, "mixture")
    names = list(MIXTURE)
    weights = np.array([MIXTURE[name] for name in names])
    drawn = rng.choice(len(names), patients, p=weights / weights.sum())
    parts: list[Cohort] = []
    for place, name in enumerate(names):
        count = int((drawn == place).sum())
        for block in range(0, count, _BLOCK):
            size = min(_BLOCK, count - block)
            part = simulate_scenario(
                name, size, seed + 7919 * (block // _BLOCK), link=link, days=days
            )
            parts.append(_not_yet(part, days))
    order = np.argsort(np.argsort(drawn, kind="stable"), kind="stable")
    return joined(parts).rows(order)


def _not_yet(cohort: Cohort, days: int) -> Cohort:
    truth = cohort.truth
    never = truth.onset >= days
    if not never.any():
        return cohort
    changed = replace(
        truth,
        scenario=tuple("healthy" if n else s for n, s in zip(never, truth.scenario, strict=True)),
        onset=np.where(never, -1, truth.onset),
        axial=np.where(never, 0.0, truth.axial),
        limb=np.where(never, 0.0, truth.limb),
        numbness=np.where(never, 0.0, truth.numbness),
        accepted=tuple(frozenset() if n else p for n, p in zip(never, truth.accepted, strict=True)),
        sign_day=np.where(never, -1, truth.sign_day),
        quiet_from=np.where(never, -1, truth.quiet_from),
        explanation=tuple("" if n else e for n, e in zip(never, truth.explanation, strict=True)),
    )
    return replace(cohort, truth=changed)


def _lived(
    rng: Generator,
    a: Assumptions,
    scenario: Scenario,
    people: People,
    truth: Truth,
    told: Told,
    days: int,
    link: float,
    hidden: bool,
) -> Cohort:
    count = people.count
    ramp = truth.ramp.astype(np.float64)
    change = pressed(truth.axial, truth.onset, ramp, days)
    limb_change = pressed(truth.limb, truth.onset, ramp, days)
    a_year = a.flares_a_year if scenario.flares_a_year is None else scenario.flares_a_year
    flare, strained = flares(rng, a, count, days, a_year)
    noise = autoregressive(rng, people.sd, people.lag_one, days)
    slow = drift(rng, people.drift_step, a.drift_keeps, days) + _wave(rng, scenario, count, days)
    taken = answers.doses_taken(rng, a, scenario, truth, days)
    taper = pressed(np.full(count, scenario.taper), truth.onset, np.full(count, 14.0), days)
    axial_course = people.axial_course(days)
    expected = axial_course + slow
    felt_axial = expected + noise + change + flare + taper
    felt_limb = _limb(rng, a, people, noise, flare, days) + limb_change
    logged = logged_days(rng, a, felt_axial, axial_course, scenario.missing_more)
    logged = (logged | told.must_log) & ~told.silent
    lasting = change + flare + taper + 0.5 * limb_change
    felt = answers.Felt(
        burden=lasting + a.noise_share * (noise + slow),
        change=change,
        flare=flare,
        doses=taken,
        activity=_activity(scenario, truth, days),
    )
    diaries = _kept(
        rng, a, scenario, people, truth, told, felt, felt_axial, felt_limb, strained, logged, link
    )
    seen = None
    if hidden:
        seen = Hidden(expected, expected + noise + change, people.sd, people.lag_one)
    return Cohort(diaries, truth, people.levels, seen)


def _wave(rng: Generator, scenario: Scenario, count: int, days: int) -> Floats:
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    wave: Floats = scenario.wave * np.sin(2 * np.pi * np.arange(days)[None, :] / 180 + phase)
    return wave


def _limb(
    rng: Generator, a: Assumptions, people: People, noise: Floats, flare: Floats, days: int
) -> Floats:
    """Limb pain without a change: own course, noise partly shared with the axial pain."""
    own = autoregressive(rng, people.sd, people.lag_one, days)
    shared = a.axial_limb_noise
    mixed = shared * noise + np.sqrt(1 - shared**2) * own
    felt: Floats = people.limb_course(days) + mixed + 0.4 * flare
    return felt


def _activity(scenario: Scenario, truth: Truth, days: int) -> Floats:
    """Change of the logarithm of minutes walked that has nothing to do with pain."""
    size = np.log(2.0) if scenario.explanation == "walking_doubled" else scenario.activity
    count = len(truth.onset)
    # A new habit takes five days.
    return pressed(np.full(count, size), truth.onset, np.full(count, 5.0), days)


def _kept(
    rng: Generator,
    a: Assumptions,
    scenario: Scenario,
    people: People,
    truth: Truth,
    told: Told,
    felt: answers.Felt,
    felt_axial: Floats,
    felt_limb: Floats,
    strained: Ticks,
    logged: Ticks,
    link: float,
) -> Diaries:
    """The diaries as written down."""
    count, days = logged.shape
    added = pressed(truth.numbness, truth.onset, truth.ramp.astype(np.float64), days)
    numb, _ = answers.numbness_level(rng, a, count, days, added)
    # Someone whose walking doubled keeps walking in spite of the pain.
    walking_link = 0.0 if scenario.explanation == "walking_doubled" else link
    minutes = answers.minutes_walked(rng, a, people, felt, walking_link)
    shows_doses = bool(scenario.taper) or scenario.explanation == "tablets_stopped"
    tells_doses = (rng.random((count, 1)) < a.answers_opioids) | shows_doses
    tells_sleep = rng.random((count, 1)) < a.answers_sleep
    counts = rng.random((count, 1)) < a.counts_steps
    weekly, asked = answers.weekly_days(rng, felt_axial, logged)
    numbness = answers.choice(rng, a, numb, logged)
    limb = answered_score(rng, a, felt_limb, logged)
    steps = np.round(minutes * a.steps_a_minute * np.exp(0.3 * rng.standard_normal((count, days))))
    numbers = {
        "walking": np.where(logged, answers.walking_band(minutes), np.nan),
        "mobility": answers.choice(
            rng, a, answers.trouble_moving(rng, a, people, felt, link), logged
        ),
        "axial_pain": answered_score(rng, a, felt_axial, logged),
        "limb_pain": limb,
        "numbness": numbness,
        "sleep": answers.choice(
            rng, a, answers.trouble_sleeping(rng, a, felt, link), logged & tells_sleep
        ),
        "opioid_doses": np.where(
            logged & tells_doses, answers.whole_doses(rng, felt.doses), np.nan
        ),
        "temperature_c": np.where(logged, told.temperature, np.nan),
        "steps": np.where(logged & counts, steps, np.nan),
    }
    signs = answers.weekly_signs(rng, a, scenario, felt, asked, link)
    signs.update({key: tick & logged for key, tick in told.signs.items()})
    strain = {key: tick & logged for key, tick in told.strain.items()}
    kind = rng.integers(0, 3, count)
    for place, word in enumerate(("bending", "lifting", "twisting")):
        strain[word] = strained & logged & (kind == place)[:, None]
    side = rng.integers(1, 3, (count, 1))
    return Diaries(
        numbers={key: value.astype(np.float32) for key, value in numbers.items()},
        logged=logged,
        signs=signs,
        signs_answered=logged & ((rng.random((count, days)) < 0.97) | told.must_log | asked),
        region=people.region,
        preop_axial=people.known_axial,
        preop_limb=people.known_limb,
        observed_until=np.full(count, days - 1),
        zones=numb_zones(rng, people.region, numbness >= 1, (added >= 0.8) & (numbness >= 1)),
        strain=strain,
        limb_pain_side=np.where(limb >= 1, side, 0).astype(np.int8),
        painkiller_change=answers.painkiller_codes(rng, felt.doses, weekly),
        signs_asked=_asked(logged, asked, signs),
    )


def _asked(logged: Ticks, asked: Ticks, signs: Mapping[str, Ticks]) -> dict[str, Ticks]:
    """Which signs a form asked: the weekly ones on their days, all others on every logged day."""
    daily = set(HARDWARE_SIGNS) | {key for key in signs if key not in WEEKLY_SIGNS}
    return {**dict.fromkeys(WEEKLY_SIGNS, asked), **dict.fromkeys(sorted(daily), logged)}
