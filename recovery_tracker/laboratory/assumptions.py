"""Every number of the reference cohort, in one place, each with its source or "our default".

Pain is on the 0-10 scale, time in days after the operation unless a name says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from ..domain.surgery import Region

OUR_DEFAULT = "our default"


def _of(value: Any, source: str = OUR_DEFAULT) -> Any:
    return field(default=value, metadata={"source": source})


@dataclass(frozen=True)
class Course:
    """Exponential fall of a score from the operation to a plateau: (mean, SD between people)."""

    start: tuple[float, float]
    plateau: tuple[float, float]
    #: Days in which the distance to the plateau falls to 37 %, as a median between people.
    days: float
    source: str


#: Fitted to the published points by week; see docs/trends.md for the table they come from.
AXIAL_COURSES: Mapping[Region, Course] = MappingProxyType(
    {
        Region.LUMBAR: Course(
            (5.9, 1.2),
            (2.3, 1.3),
            28.0,
            "percutaneous TLIF, IJSS markup/6151; Koenders 2018; registry endpoints",
        ),
        Region.CERVICAL: Course(
            (5.8, 1.3),
            (2.3, 1.3),
            11.0,
            "recovery trajectories after ACDF, n=290: plateau on day 24; Stull: pre-op 6.5",
        ),
        Region.THORACIC: Course((6.0, 1.2), (2.4, 1.3), 30.0, OUR_DEFAULT),
    }
)
LIMB_COURSES: Mapping[Region, Course] = MappingProxyType(
    {
        Region.LUMBAR: Course(
            (4.5, 1.8), (1.6, 1.3), 25.0, "percutaneous TLIF, IJSS markup/6151; Koenders 2018"
        ),
        Region.CERVICAL: Course(
            (4.4, 1.8), (1.6, 1.3), 6.0, "ACDF trajectories, n=290: arm plateau on day 10.6"
        ),
        Region.THORACIC: Course((3.0, 1.5), (1.2, 1.1), 25.0, OUR_DEFAULT),
    }
)


@dataclass(frozen=True)
class Assumptions:
    """The nominal recovery; a scenario changes some of it."""

    regions: tuple[tuple[Region, float], ...] = _of(
        ((Region.LUMBAR, 0.70), (Region.CERVICAL, 0.25), (Region.THORACIC, 0.05))
    )
    #: SD between people of the logarithm of `Course.days`.
    course_days_spread: float = _of(0.4, "our default (detection trial cohort)")
    #: Pain before the operation lies this far above the start: mean, SD.
    preop_above_start: tuple[float, float] = _of((0.8, 0.8), "QOD baselines 6.5 to 6.7")
    #: A recovery that counts as healthy keeps at most this share of the pain from before.
    healthy_share_kept: float = _of(0.62, "our default; the numbers of Asher 2020 were not seen")
    healthy_plateau_most: float = _of(5.0)
    preop_unknown: float = _of(0.08)

    #: Person SD of a day around the person's own course: median, SD of its logarithm, bounds.
    sd_median: float = _of(0.85, "MyAIGuide participants 2 and 8: 0.69 and 0.89; Page 2022: 1.2")
    sd_spread: float = _of(0.35, "WCP poster 2024: person SDs 0.3 to 2.9")
    sd_bounds: tuple[float, float] = _of((0.4, 1.8))
    #: Lag-1 autocorrelation, uniform between people.
    lag_one: tuple[float, float] = _of((0.2, 0.7), "MyAIGuide: raw 0.36 to 0.71")
    #: Daily step of the slow natural drift: SD between people of its size; it reverts by 0.5 %.
    drift_step: float = _of(0.035, "local-level fits of MyAIGuide 2 and 8: 0.2 to 1.0 in 28 days")
    drift_keeps: float = _of(0.995)
    #: Correlation of axial and limb day noise.
    axial_limb_noise: float = _of(0.4)

    #: Flares that last over a day, a year; frailty shape between people.
    flares_a_year: float = _of(3.0, "our default: nominal three a year over a day")
    flare_frailty: float = _of(1.5, "Suri 2012: half of people have one in six months")
    flare_height: tuple[float, float] = _of(
        (1.5, 4.0), "Suri 2011: +2.70; the range is our default"
    )
    flare_decay: tuple[float, float] = _of((3.0, 9.0), "our default: longer flares")
    #: Short ones that colour a single day.
    spikes_a_year: float = _of(6.0, "Suri 2011: three quarters are over within a day")
    spike_height: tuple[float, float] = _of((1.0, 3.0))
    #: Share of flares that follow a day with logged bending, lifting or twisting.
    flares_after_strain: float = _of(0.4, "Suri 2012: commonest trigger; share our default")

    #: Chance to repeat the last answer while the pain has moved less than a point.
    sticks: float = _of(0.35, "MyAIGuide: 44 to 64 % identical neighbours")
    #: Chance that a value within a point of 0, 5 or 10 is answered as that.
    heaps: float = _of(0.10)

    #: Missing days: nominal chance, SD of its logit between people, rise over the first year.
    missing_chance: float = _of(0.08, "Ono 2019: 85 % completion; Greenberg 2022: 86 %")
    missing_spread: float = _of(0.7)
    missing_rise: float = _of(0.03, "Ono 2019: falls with study day")
    #: Odds multiplied on days two points above the person's own usual, and two below.
    missing_when_bad: float = _of(1.8, "our default; Sewell 2025 was not found again")
    missing_when_well: float = _of(1.3, "our default: pain apps: people who feel well stop")
    #: A run of missed days begins, a day; mean length.
    gap_chance: float = _of(0.008, "MyAIGuide gaps: median 1, 90th percentile 4")
    gap_days: float = _of(5.0)
    #: Seasons of quiet, a year; length in days.
    quiet_seasons_a_year: float = _of(0.25, "MyAIGuide 2: a gap of 90 days")
    quiet_season_days: tuple[int, int] = _of((14, 45))

    #: How strongly other answers move with a point of pain that lasts (event, flare) ...
    mobility_per_point: float = _of(0.35)
    walking_per_point: float = _of(0.16, "our default: loosening: walking down 30 %")
    sleep_per_point: float = _of(0.25)
    #: ... and what share of it they show for a point of ordinary day noise.
    noise_share: float = _of(0.4)
    #: Chance of "worse on loading" when asked: usual, on a flare, in a mechanical worsening.
    loading_usual: float = _of(0.06)
    loading_flare: float = _of(0.20, "our default: modifiers on 20 % of flare days")
    loading_mechanical: float = _of(0.60, "our default: load modifiers on 60 % of bad days")
    hardware_sign_share: float = _of(0.20, "our default: clunk 15 %, bump 5 %")

    #: Minutes walked at the plateau: median, SD of the logarithm between people and by day.
    walking_minutes: float = _of(48.0, "our default")
    walking_room: float = _of(45.0)
    walking_start_share: float = _of(0.18, "Stienen 2020: -71 % in week 1")
    walking_days: float = _of(22.0, "Stienen 2020: recovery over eight weeks")
    walking_person_spread: float = _of(0.45)
    walking_day_spread: float = _of(0.42, "our default: day-to-day step CV 0.35 to 0.45")
    steps_a_minute: float = _of(100.0)
    counts_steps: float = _of(0.3)

    mobility_start: float = _of(3.0)
    mobility_plateau: tuple[float, float] = _of((0.9, 0.5))
    mobility_day_spread: float = _of(0.5)
    answers_sleep: float = _of(0.6)
    sleep_plateau: tuple[float, float] = _of((1.1, 0.6), "our default: 16 % disturbed at six weeks")
    sleep_day_spread: float = _of(0.8)

    #: Numbness that stays: share of people, level.
    numb_share: float = _of(0.45, "our default; Inoue 2017: common where surgery failed")
    numb_level: tuple[float, float] = _of((0.5, 1.6))

    answers_opioids: float = _of(0.7)
    opioid_start: tuple[float, float] = _of((2.0, 7.0))
    opioid_days: tuple[float, float] = _of((6.0, 24.0), "Shinn 2022: median 11 days")
    opioid_long_term: float = _of(0.13, "our default: 12.8 % long-term after lumbar fusion, n=2491")
    opioid_long_term_doses: tuple[float, float] = _of((2.0, 5.0))

    fever_in_infection: float = _of(0.64, "Hwang 2020: 9 of 14")
    redness_in_infection: float = _of(0.48, "Choi 2022")
    drainage_in_infection: float = _of(0.60)


NOMINAL = Assumptions()


def sources(assumptions: Assumptions = NOMINAL) -> list[tuple[str, str, str]]:
    """(name, value, source) of every assumption."""
    return [
        (f.name, str(getattr(assumptions, f.name)), str(f.metadata["source"]))
        for f in fields(assumptions)
    ]
