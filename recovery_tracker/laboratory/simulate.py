"""The reference cohort: recoveries from published numbers, with and without a worsening.

    cohort = simulate_scenario("ramp_3_42", patients=500, seed=7)

The same scenario, size and seed give the same diaries, whatever else is simulated.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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
from .story import Told, draw_truth, due_days, numb_zones, tell

#: Patients, and patients times days, of the mixture simulated at a time.
_BLOCK, _BLOCK_CELLS = 500, 300_000


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
    block: int = 0,
) -> Cohort:
    """`patients` people who live through one scenario.

    `link` scales how strongly the other answers move with pain; `hidden` keeps the true course for
    the clairvoyant bound; another `block` of the same seed holds other people. Raises KeyError for
    an unknown scenario.
    """
    rng = generator_of(seed, name, block)
    scenario = SCENARIOS[name]
    length = days or scenario.days
    people = draw_people(rng, assumptions, scenario, patients)
    truth = draw_truth(rng, scenario, patients)
    told = tell(rng, assumptions, scenario, truth, length)
    return _Life(rng, assumptions, scenario, people, truth, told, length, link).lived(hidden)


def simulate(patients: int, days: int, seed: int, *, link: float = 1.0) -> Cohort:
    """The reference cohort: `patients` people in the shares of `MIXTURE`, in mixed order.

    A change that would begin after the last day is simply not there yet: its patients count as
    healthy in the truth.
    """
    return joined(list(simulate_blocks(patients, days, seed, link=link)))


def block_count(patients: int, days: int) -> int:
    """How many blocks `simulate_blocks` gives."""
    return -(-patients // _block_size(days))


def simulate_blocks(patients: int, days: int, seed: int, *, link: float = 1.0) -> Iterator[Cohort]:
    """The reference cohort part by part, so that memory stays bounded however large it is."""
    names = list(MIXTURE)
    weights = np.array([MIXTURE[name] for name in names])
    size = _block_size(days)
    for block, first in enumerate(range(0, patients, size)):
        count = min(size, patients - first)
        rng = generator_of(seed, "mixture", block)
        drawn = rng.choice(len(names), count, p=weights / weights.sum())
        parts = []
        for place in np.unique(drawn):
            many = int((drawn == place).sum())
            part = simulate_scenario(names[place], many, seed, link=link, days=days, block=block)
            parts.append(_not_yet(part, days))
        order = np.argsort(np.argsort(drawn, kind="stable"), kind="stable")
        yield joined(parts).rows(order)


def _block_size(days: int) -> int:
    return max(1, min(_BLOCK, _BLOCK_CELLS // days))


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


@dataclass(frozen=True)
class _Life:
    """One block of people in one scenario; draws from `rng` in a fixed order."""

    rng: Generator
    a: Assumptions
    scenario: Scenario
    people: People
    truth: Truth
    told: Told
    days: int
    link: float

    def lived(self, hidden: bool) -> Cohort:
        """The people's days, felt and written down."""
        rng, a, people, truth, days = self.rng, self.a, self.people, self.truth, self.days
        ramp = truth.ramp.astype(np.float64)
        change = pressed(truth.axial, truth.onset, ramp, days)
        limb_change = pressed(truth.limb, truth.onset, ramp, days)
        flare, strained = flares(rng, a, people.count, days, self._flares_a_year())
        noise = autoregressive(rng, people.sd, people.lag_one, days)
        slow = drift(rng, people.drift_step, a.drift_keeps, days) + self._wave()
        taken = answers.doses_taken(rng, a, self.scenario, truth, days)
        # The pain of a taper comes as the doses fall, over two weeks.
        taper = self._from_onset(self.scenario.taper, 14.0)
        course = people.axial_course(days)
        axial = course + slow + noise + change + flare + taper
        limb = self._limb(noise, flare) + limb_change
        logged = logged_days(rng, a, axial, course, self.scenario.missing_more)
        logged &= due_days(rng, self.scenario, people.count, days)
        felt = answers.Felt(
            axial=axial,
            limb=limb,
            burden=change + flare + taper + 0.5 * limb_change + a.noise_share * (noise + slow),
            change=change,
            flare=flare,
            doses=taken,
            activity=self._activity(),
            strained=strained,
            logged=(logged | self.told.must_log) & ~self.told.silent,
        )
        seen = None
        if hidden:
            expected = course + slow
            seen = Hidden(expected, expected + noise + change, people.sd, people.lag_one)
        return Cohort(self._written_down(felt), truth, people.levels, seen)

    def _flares_a_year(self) -> float:
        more = self.scenario.flares_a_year
        return self.a.flares_a_year if more is None else more

    def _from_onset(self, size: float, ramp: float) -> Floats:
        """A change of one size for all that takes `ramp` days from each onset."""
        count = self.people.count
        return pressed(np.full(count, size), self.truth.onset, np.full(count, ramp), self.days)

    def _wave(self) -> Floats:
        phase = self.rng.uniform(0, 2 * np.pi, (self.people.count, 1))
        turn = 2 * np.pi * np.arange(self.days)[None, :] / 180
        wave: Floats = self.scenario.wave * np.sin(turn + phase)
        return wave

    def _limb(self, noise: Floats, flare: Floats) -> Floats:
        """Limb pain without a change: own course, noise partly shared with the axial pain."""
        own = autoregressive(self.rng, self.people.sd, self.people.lag_one, self.days)
        shared = self.a.axial_limb_noise
        mixed = shared * noise + np.sqrt(1 - shared**2) * own
        felt: Floats = self.people.limb_course(self.days) + mixed + 0.4 * flare
        return felt

    def _activity(self) -> Floats:
        """Change of the logarithm of minutes walked that has nothing to do with pain."""
        doubled = self.scenario.explanation == "walking_doubled"
        # A new habit takes five days.
        return self._from_onset(np.log(2.0) if doubled else self.scenario.activity, 5.0)

    def _written_down(self, felt: answers.Felt) -> Diaries:
        rng, people, told = self.rng, self.people, self.told
        count, logged = people.count, felt.logged
        added = pressed(
            self.truth.numbness, self.truth.onset, self.truth.ramp.astype(np.float64), self.days
        )
        weekly, asked = answers.weekly_days(rng, felt.axial, logged)
        numbers = self._numbers(felt, added)
        signs = answers.weekly_signs(rng, self.a, self.scenario, felt, asked, self.link)
        signs.update({key: tick & logged for key, tick in told.signs.items()})
        numb, limb = numbers["numbness"] >= 1, numbers["limb_pain"]
        answered = (rng.random((count, self.days)) < 0.97) | told.must_log | asked
        return Diaries(
            numbers={key: value.astype(np.float32) for key, value in numbers.items()},
            logged=logged,
            signs=signs,
            signs_answered=logged & answered,
            region=people.region,
            preop_axial=people.known_axial,
            preop_limb=people.known_limb,
            observed_until=np.full(count, self.days - 1),
            zones=numb_zones(rng, people.region, numb, (added >= 0.8) & numb),
            strain=self._strain(felt),
            limb_pain_side=np.where(limb >= 1, rng.integers(1, 3, (count, 1)), 0).astype(np.int8),
            painkiller_change=answers.painkiller_codes(rng, felt.doses, weekly),
            signs_asked=_asked(logged, asked, signs),
        )

    def _numbers(self, felt: answers.Felt, numbness_added: Floats) -> dict[str, Floats]:
        rng, a, people, logged = self.rng, self.a, self.people, felt.logged
        shape = logged.shape
        # Someone whose walking doubled keeps walking despite the pain.
        doubled = self.scenario.explanation == "walking_doubled"
        minutes = answers.minutes_walked(rng, a, felt, 0.0 if doubled else self.link)
        shows = bool(self.scenario.taper) or self.scenario.explanation == "tablets_stopped"
        tells_doses = (rng.random((people.count, 1)) < a.answers_opioids) | shows
        tells_sleep = rng.random((people.count, 1)) < a.answers_sleep
        counts = rng.random((people.count, 1)) < a.counts_steps
        steps = minutes * a.steps_a_minute * np.exp(0.3 * rng.standard_normal(shape))
        moving = answers.trouble_moving(rng, a, people, felt, self.link)
        sleeping = answers.trouble_sleeping(rng, a, felt, self.link)
        numb = answers.numbness_level(rng, a, numbness_added)
        doses = answers.whole_doses(rng, felt.doses)
        return {
            "walking": np.where(logged, answers.walking_band(minutes), np.nan),
            "mobility": answers.choice(rng, a, moving, logged),
            "axial_pain": answered_score(rng, a, felt.axial, logged),
            "limb_pain": answered_score(rng, a, felt.limb, logged),
            "numbness": answers.choice(rng, a, numb, logged),
            "sleep": answers.choice(rng, a, sleeping, logged & tells_sleep),
            "opioid_doses": np.where(logged & tells_doses, doses, np.nan),
            "temperature_c": np.where(logged, self.told.temperature, np.nan),
            "steps": np.where(logged & counts, np.round(steps), np.nan),
        }

    def _strain(self, felt: answers.Felt) -> dict[str, Ticks]:
        """Falls of the story, and one kind of strain for each person before some flares."""
        strain = {key: tick & felt.logged for key, tick in self.told.strain.items()}
        kind = self.rng.integers(0, 3, self.people.count)
        for place, word in enumerate(("bending", "lifting", "twisting")):
            strain[word] = felt.strained & felt.logged & (kind == place)[:, None]
        return strain


def _asked(logged: Ticks, asked: Ticks, signs: Mapping[str, Ticks]) -> dict[str, Ticks]:
    """Which signs a form asked: the weekly ones on their days, all others on every logged day."""
    daily = set(HARDWARE_SIGNS) | {key for key in signs if key not in WEEKLY_SIGNS}
    return {**dict.fromkeys(WEEKLY_SIGNS, asked), **dict.fromkeys(sorted(daily), logged)}
