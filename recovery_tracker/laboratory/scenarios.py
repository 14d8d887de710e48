"""What can happen to a simulated patient: nothing, a nuisance, or a true worsening.

A scenario says what is true, not how a diary shows it: both generators read the same table and
each has mechanics of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..domain.flags import Pattern

#: Long enough for an onset up to day 300 and 120 days of watching after it.
DAYS = 430

#: From this day on a returning back pain may be late failed fusion as well as late loosening.
AMBIGUOUS_FROM = 180
#: ... if it takes at least this many days.
AMBIGUOUS_RAMP = 42


@dataclass(frozen=True)
class Scenario:
    """One story. `onset` is a uniform range of postoperative days, None where nothing changes."""

    name: str
    #: Patterns that name it right; empty where no trend flag may be raised.
    accepted: tuple[Pattern, ...] = ()
    onset: tuple[int, int] | None = None
    #: Points added at the end of the ramp, and their SD between people.
    axial: float = 0.0
    limb: float = 0.0
    numbness: float = 0.0
    spread: float = 0.0
    #: Days that the change takes, uniform.
    ramp: tuple[int, int] = (42, 42)
    #: Other answers follow, and loading brings the pain.
    mechanical: bool = False
    #: Share of people with leg pain beside it, of half the size.
    limb_share: float = 0.0
    never_improved: bool = False
    fall: bool = False
    infection: str = ""
    #: Days after the onset from which nothing more is logged, uniform.
    quiet_after: tuple[int, int] | None = None
    #: `tablets_stopped` or `walking_doubled`.
    explanation: str = ""
    #: Nuisances.
    noise: float = 1.0
    flares_a_year: float | None = None
    missing_more: float = 0.0
    #: Logged only on the days of the product's own schedule: daily, then four, then two a week.
    scheduled: bool = False
    wave: float = 0.0
    taper: float = 0.0
    activity: float = 0.0
    days: int = DAYS

    @property
    def is_null(self) -> bool:
        """Whether every trend flag in it is a false one."""
        return not self.accepted


_AXIAL = (Pattern.LOOSE_HARDWARE,)
_LATE = (Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION)
_EXPLAINED = (Pattern.WORSENING, Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION)
_WATCHED = (120, 300)

_ALL = (
    # Nothing is wrong.
    Scenario("healthy"),
    Scenario("asymptomatic_loosening"),
    Scenario("quiet_noise", noise=0.6),
    Scenario("loud_noise", noise=1.4),
    Scenario("many_flares", flares_a_year=6.0),
    Scenario("many_missing", missing_more=0.48),
    Scenario("slow_wave", wave=0.8),
    Scenario("taper", onset=(90, 300), taper=1.0),
    Scenario("more_active", onset=(90, 300), activity=0.7),
    Scenario("less_active", onset=(90, 300), activity=-0.5),
    Scenario("healthy_scheduled", scheduled=True),
    # Loosening: the cells named by size and days.
    Scenario("ramp_3_42", _AXIAL, _WATCHED, axial=3.0, ramp=(42, 42), mechanical=True),
    Scenario("ramp_2_42", _AXIAL, _WATCHED, axial=2.0, ramp=(42, 42), mechanical=True),
    Scenario("ramp_2_84", _AXIAL, _WATCHED, axial=2.0, ramp=(84, 84), mechanical=True),
    Scenario("step_3", _AXIAL, _WATCHED, axial=3.0, ramp=(3, 3), mechanical=True),
    Scenario(
        "ramp_3_42_scheduled",
        _AXIAL,
        _WATCHED,
        axial=3.0,
        ramp=(42, 42),
        mechanical=True,
        scheduled=True,
    ),
    Scenario(
        "ramp_2_42_scheduled",
        _AXIAL,
        _WATCHED,
        axial=2.0,
        ramp=(42, 42),
        mechanical=True,
        scheduled=True,
    ),
    Scenario(
        "loosening",
        _AXIAL,
        _WATCHED,
        axial=2.5,
        spread=0.8,
        ramp=(14, 84),
        mechanical=True,
        limb_share=0.25,
    ),
    Scenario(
        "loosening_late",
        _AXIAL,
        (365, 540),
        axial=2.5,
        spread=0.8,
        ramp=(14, 84),
        mechanical=True,
        limb_share=0.25,
        days=680,
    ),
    Scenario("event_slip", (*_AXIAL, Pattern.EVENT), _WATCHED, axial=3.0, ramp=(1, 2), fall=True),
    # The first ten weeks.
    Scenario("early_axial", (*_AXIAL, Pattern.WORSENING), (14, 59), axial=3.0, ramp=(3, 3)),
    Scenario("early_limb", (Pattern.NERVE, Pattern.WORSENING), (14, 59), limb=3.0, ramp=(3, 3)),
    # Failed fusion.
    Scenario("never_improved", (Pattern.FAILED_FUSION,), (0, 0), never_improved=True),
    Scenario(
        "failed_fusion_late",
        _LATE,
        (180, 300),
        axial=2.5,
        spread=0.5,
        ramp=(56, 112),
        mechanical=True,
    ),
    # Nerve.
    Scenario("nerve_numbness", (Pattern.NERVE,), (60, 300), numbness=2.2, ramp=(5, 12)),
    Scenario("nerve_limb", (Pattern.NERVE,), (60, 300), limb=3.5, ramp=(5, 12)),
    Scenario(
        "adjacent_level",
        (Pattern.NERVE,),
        (365, 540),
        axial=1.0,
        limb=3.0,
        ramp=(14, 56),
        days=680,
    ),
    # Infection.
    Scenario("infection_acute", (Pattern.INFECTION,), (8, 40), axial=3.0, infection="acute"),
    Scenario(
        "infection_late",
        (Pattern.INFECTION,),
        (100, 300),
        axial=3.0,
        spread=0.4,
        ramp=(21, 60),
        infection="late",
    ),
    # Silence.
    Scenario("gone_quiet", (Pattern.GONE_QUIET,), (90, 300), quiet_after=(0, 0)),
    Scenario("worse_then_quiet", _AXIAL, _WATCHED, axial=3.0, ramp=(21, 21), quiet_after=(35, 60)),
    # Explained.
    Scenario(
        "tablets_stopped",
        _EXPLAINED,
        _WATCHED,
        axial=2.5,
        ramp=(5, 14),
        explanation="tablets_stopped",
    ),
    Scenario(
        "walking_doubled",
        _EXPLAINED,
        _WATCHED,
        axial=2.5,
        ramp=(10, 21),
        explanation="walking_doubled",
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in _ALL})

#: Shares of the reference cohort that `simulate` writes: relative weights, our default around
#: the published rates (revision for loosening 5 %, pseudarthrosis 4 to 6 %, infection 2.5 %).
MIXTURE: Mapping[str, float] = MappingProxyType(
    {
        "healthy": 48,
        "asymptomatic_loosening": 12,
        "many_flares": 4,
        "many_missing": 4,
        "slow_wave": 2,
        "taper": 2,
        "more_active": 2,
        "less_active": 1,
        "loosening": 5,
        "loosening_late": 1,
        "event_slip": 1,
        "early_axial": 1,
        "early_limb": 1,
        "never_improved": 5,
        "failed_fusion_late": 2,
        "nerve_numbness": 1.5,
        "nerve_limb": 1.5,
        "adjacent_level": 1,
        "infection_acute": 1,
        "infection_late": 1,
        "gone_quiet": 2,
        "worse_then_quiet": 1,
        "tablets_stopped": 1,
        "walking_doubled": 1,
    }
)
