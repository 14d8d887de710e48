"""The simulated people: where they were operated, how they would recover, how noisy they are."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.surgery import Region
from .assumptions import AXIAL_COURSES, LIMB_COURSES, Assumptions, Course
from .scenarios import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """One array entry per patient; pain on 0-10, spans in days."""

    region: tuple[Region, ...]
    levels: NDArray[np.int64]
    #: True pain before the operation, and what the file knows of it (NaN = unknown).
    preop_axial: Floats
    preop_limb: Floats
    known_axial: Floats
    known_limb: Floats
    axial_start: Floats
    axial_plateau: Floats
    axial_days: Floats
    limb_start: Floats
    limb_plateau: Floats
    limb_days: Floats
    sd: Floats
    lag_one: Floats
    drift_step: Floats

    @property
    def count(self) -> int:
        return len(self.region)

    def axial_course(self, days: int) -> Floats:
        """Expected axial pain, shape (patients, days)."""
        return _falling(self.axial_start, self.axial_plateau, self.axial_days, days)

    def limb_course(self, days: int) -> Floats:
        """Expected limb pain, shape (patients, days)."""
        return _falling(self.limb_start, self.limb_plateau, self.limb_days, days)


def _falling(start: Floats, plateau: Floats, span: Floats, days: int) -> Floats:
    passed = np.exp(-np.arange(days)[None, :] / span[:, None])
    return plateau[:, None] + (start - plateau)[:, None] * passed


def draw_people(rng: Generator, a: Assumptions, scenario: Scenario, count: int) -> People:
    """People whose recovery is as the scenario says before anything happens in it."""
    places = [place for place, _ in a.regions]
    drawn = rng.choice(len(places), count, p=[share for _, share in a.regions])
    region = tuple(places[place] for place in drawn)
    axial = [AXIAL_COURSES[place] for place in region]
    limb = [LIMB_COURSES[place] for place in region]
    axial_start = np.clip(_around(rng, axial, "start"), 3, 9.5)
    preop_axial = np.clip(axial_start + rng.normal(*a.preop_above_start, count), 3, 10)
    limb_start = np.clip(_around(rng, limb, "start"), 0, 9.5)
    preop_limb = np.clip(limb_start + 1 + rng.normal(*a.preop_above_start, count), 0, 10)
    most = np.minimum(a.healthy_plateau_most, a.healthy_share_kept * preop_axial)
    axial_plateau = np.clip(_around(rng, axial, "plateau"), 0.2, most)
    limb_most = np.clip(a.healthy_share_kept * preop_limb, 0.2, a.healthy_plateau_most)
    limb_plateau = np.clip(_around(rng, limb, "plateau"), 0.0, limb_most)
    if scenario.never_improved:
        preop_axial = np.clip(preop_axial, 5.7, 9.5)
        axial_start = preop_axial * rng.uniform(0.85, 1.0, count)
        axial_plateau = preop_axial * rng.uniform(0.78, 1.0, count)
        limb_plateau = 0.8 * preop_limb
    known = rng.random(count) >= a.preop_unknown
    return People(
        region=region,
        levels=1 + rng.binomial(3, 0.25, count),
        preop_axial=preop_axial,
        preop_limb=preop_limb,
        known_axial=np.where(known, np.round(preop_axial), np.nan),
        known_limb=np.where(known, np.round(preop_limb), np.nan),
        axial_start=axial_start,
        axial_plateau=axial_plateau,
        axial_days=_spans(rng, a, axial),
        limb_start=limb_start,
        limb_plateau=limb_plateau,
        limb_days=_spans(rng, a, limb),
        sd=_person_sd(rng, a, count) * scenario.noise,
        lag_one=rng.uniform(*a.lag_one, count),
        drift_step=np.abs(rng.normal(0, a.drift_step, count)),
    )


def _person_sd(rng: Generator, a: Assumptions, count: int) -> Floats:
    drawn = a.sd_median * np.exp(a.sd_spread * rng.standard_normal(count))
    return np.clip(drawn, *a.sd_bounds)


def _around(rng: Generator, courses: list[Course], name: str) -> Floats:
    means, spreads = np.array([getattr(course, name) for course in courses]).T
    drawn: Floats = means + spreads * rng.standard_normal(len(courses))
    return drawn


def _spans(rng: Generator, a: Assumptions, courses: list[Course]) -> Floats:
    medians = np.array([course.days for course in courses])
    spans: Floats = medians * np.exp(a.course_days_spread * rng.standard_normal(len(courses)))
    return spans
