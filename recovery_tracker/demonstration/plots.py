"""The plots of the demonstration: some forty recoveries, each one line long.

A plot says what happens on which postoperative day; `stories` turns it into a diary. Nobody in it
exists, and no number here feeds a rule: the sizes are chosen so that a page has something to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..domain.flags import Decision
from ..domain.surgery import Approach, Region


@dataclass(frozen=True)
class PainChange:
    """Points added from one postoperative day on, reached after `days`, gone `until` a later day.

    Pain that goes away takes a week to do so.
    """

    start: int
    days: int
    points: float
    until: int | None = None


@dataclass(frozen=True)
class Plot:
    """One recovery. `day` is how far it has come: the postoperative day of today."""

    title: str
    day: int
    region: Region = Region.LUMBAR
    approach: Approach | None = Approach.POSTERIOR
    levels: str = "L4-L5"
    preop_axial: float = 7.0
    preop_limb: float = 6.0
    #: Pain that remains once the wound has healed.
    plateau: float = 1.6
    #: Days in which the pain of the operation falls to a third.
    span: float = 26.0
    noise: float = 0.7
    #: Share of days on which something is logged.
    logs: float = 0.9
    axial: tuple[PainChange, ...] = ()
    limb: tuple[PainChange, ...] = ()
    numbness: tuple[PainChange, ...] = ()
    zones: tuple[str, ...] = ("left_calf",)
    #: From `numbness` on these are marked as well as the old ones.
    new_zones: tuple[str, ...] = ()
    #: Loading brings the pain from this day on.
    loading_from: int | None = None
    #: Nothing is logged from this day on.
    silent_from: int | None = None
    signs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    temperatures: Mapping[int, float] = field(default_factory=dict)
    falls: tuple[int, ...] = ()
    notes: Mapping[int, str] = field(default_factory=dict)
    tablets_stopped: int | None = None
    walks_more_from: int | None = None
    walks_less_from: int | None = None
    risk_factors: frozenset[str] = frozenset()
    #: Days after the operation on which the person was seen, an X-ray made, the brace left off.
    visits: tuple[int, ...] = (42,)
    xrays: tuple[int, ...] = ()
    brace_off: int | None = None
    #: An earlier operation, this many days before the present one.
    earlier_operation: int | None = None
    #: Days written up only three days later.
    late: tuple[int, ...] = ()
    #: Whether today is logged already.
    today: bool = True
    #: What the surgeon has decided about the flag that is open today.
    decided: tuple[Decision, str] | None = None


_NECK: dict[str, Any] = {
    "region": Region.CERVICAL,
    "approach": Approach.ANTERIOR,
    "levels": "C5-C6",
    "zones": ("left_forearm",),
}
_MID: dict[str, Any] = {"region": Region.THORACIC, "levels": "T10-L1", "zones": ("left_ribs",)}

#: The patient whose sign-in link the demonstration prints.
_PATIENT = Plot(
    "A smooth recovery, week 13, with one flare that settled",
    91,
    axial=(PainChange(55, 2, 2.2, until=60),),
    notes={
        0: "Operation this morning. Very tired.",
        4: "Home! Stairs are hard.",
        21: "First walk to the park and back.",
        55: "Helped carry the shopping. Sore tonight.",
        61: "Back to how it was before the shopping.",
        84: "Walked an hour with the dog.",
    },
    visits=(14, 42),
    xrays=(42,),
    brace_off=45,
    today=False,
)

_WORSENING = (
    Plot(
        "Loosening at week 14: pain that had settled comes back with loading",
        150,
        plateau=1.4,
        axial=(PainChange(98, 28, 3.2),),
        loading_from=104,
        walks_less_from=112,
        notes={
            70: "Forgot about my back for most of the day.",
            104: "Sore when I stand long. Better lying down.",
            128: "Cannot do the shopping any more.",
        },
        visits=(14, 42, 90),
        xrays=(42, 90),
        brace_off=48,
        risk_factors=frozenset({"osteoporosis"}),
    ),
    Plot(
        "Loosening after a fall in week 16",
        140,
        axial=(PainChange(112, 5, 3.4),),
        loading_from=114,
        falls=(111,),
        walks_less_from=113,
        signs={111: ("fall",), 113: ("clunk",)},
        notes={111: "Slipped on the wet step."},
        decided=(Decision.IMAGING, "X-ray standing, then CT. Told to walk less until then."),
    ),
    Plot(
        "Loosening in week 20, seen early",
        160,
        axial=(PainChange(132, 18, 2.6),),
        loading_from=138,
        levels="L3-S1",
        risk_factors=frozenset({"smoker"}),
    ),
    Plot(
        "A late failed fusion: month ten, slowly",
        405,
        plateau=1.8,
        logs=0.6,
        axial=(PainChange(290, 80, 2.9),),
        loading_from=310,
        walks_less_from=330,
        risk_factors=frozenset({"smoker", "diabetes"}),
        visits=(42, 90, 180, 365),
        xrays=(90, 180),
    ),
    Plot(
        "A fusion that never got better",
        280,
        preop_axial=7.0,
        plateau=6.1,
        preop_limb=4.0,
        logs=0.7,
        visits=(42, 90, 180),
        xrays=(90,),
    ),
    Plot(
        "An infection in week 3",
        24,
        axial=(PainChange(15, 5, 2.0),),
        signs={
            18: ("wound_redness",),
            19: ("wound_redness", "wound_drainage", "fever"),
            20: ("wound_drainage",),
        },
        temperatures={18: 37.6, 19: 38.7, 20: 38.2},
        notes={19: "Shivery all afternoon. Wound looks angry."},
        risk_factors=frozenset({"diabetes"}),
        visits=(),
    ),
    Plot(
        "A nerve problem in week 12: leg pain and numbness back after good weeks",
        98,
        limb=(PainChange(80, 7, 4.2),),
        numbness=(PainChange(82, 8, 2.2),),
        new_zones=("left_foot",),
        zones=(),
        notes={84: "Tingling down to my toes. That is new."},
    ),
    Plot(
        "A weak foot in week 6",
        44,
        limb=(PainChange(40, 3, 3.0),),
        numbness=(PainChange(40, 2, 1.6),),
        signs={43: ("new_weakness",)},
        notes={43: "My foot keeps catching on the rug."},
    ),
    Plot(
        "An emergency answer yesterday: numb where one sits",
        33,
        limb=(PainChange(31, 1, 3.0),),
        signs={32: ("saddle_numbness",)},
    ),
    Plot(
        "Gone quiet after the pain rose",
        120,
        axial=(PainChange(88, 14, 2.8),),
        loading_from=92,
        silent_from=106,
    ),
)

_NECKS = (
    Plot("A smooth recovery of the neck, week 10", 70, preop_limb=7.0, plateau=1.2, **_NECK),
    Plot(
        "A neck with a voice that got worse on day 3",
        9,
        signs={3: ("voice_worse",), 5: ("swallowing_difficulty",)},
        visits=(),
        **_NECK,
    ),
    Plot(
        "A neck whose arm pain came back in week 9",
        84,
        limb=(PainChange(62, 6, 3.8),),
        numbness=(PainChange(63, 6, 2.0),),
        new_zones=("left_thumb_side",),
        **{**_NECK, "zones": ()},
    ),
    Plot(
        "A neck operated from behind, month 5",
        150,
        region=Region.CERVICAL,
        approach=Approach.POSTERIOR,
        levels="C3-C6",
        zones=("right_upper_arm",),
        plateau=2.2,
        xrays=(90,),
    ),
)

_PUZZLES = (
    Plot(
        "Flares that settle, three of them",
        170,
        axial=(
            PainChange(70, 2, 2.8, until=75),
            PainChange(109, 2, 2.4, until=115),
            PainChange(148, 2, 3.0, until=153),
        ),
        notes={70: "Sat in the car for four hours.", 148: "Moved a wardrobe. Silly."},
    ),
    Plot("Good days and bad days", 130, noise=1.4, plateau=2.4),
    Plot(
        "Tablets stopped, pain up a little",
        110,
        axial=(PainChange(84, 6, 1.6),),
        tablets_stopped=82,
        notes={82: "No more strong tablets from today."},
    ),
    Plot(
        "Walking twice as much",
        125,
        axial=(PainChange(96, 7, 1.2, until=118),),
        walks_more_from=95,
        notes={95: "Started walking to work."},
    ),
    Plot("Slow, but going the right way", 92, plateau=4.2, span=55.0, preop_axial=8.0),
    Plot("Someone who logs now and then", 140, logs=0.35),
    Plot("Gone quiet without a reason", 63, silent_from=45),
    Plot("Days written up late", 38, late=(12, 19, 26, 27, 33)),
    Plot(
        "A stiff week after heavy lifting",
        66,
        axial=(PainChange(58, 2, 2.0, until=63),),
        signs={58: ("giving_way",)},
    ),
    Plot(
        "A second operation at the next level",
        75,
        levels="L3-L4",
        earlier_operation=700,
        risk_factors=frozenset({"revision"}),
        preop_axial=8.0,
    ),
    Plot(
        "Two years of diary", 730, logs=0.97, plateau=1.3, visits=(42, 90, 180, 365), xrays=(365,)
    ),
)

_BEGINNINGS = (
    Plot("The operation is in nine days", -9, visits=()),
    Plot("Home since yesterday", 3, visits=()),
    Plot("The first week", 6, visits=()),
    Plot("Two weeks", 14, visits=()),
    Plot("A middle back, week 5", 35, **_MID),
    Plot("A middle back, week 20", 142, plateau=2.0, **_MID),
)

_OTHERS = tuple(
    Plot(
        f"A smooth recovery, week {week}",
        week * 7 + shift,
        plateau=plateau,
        preop_axial=preop,
        preop_limb=limb,
        logs=logs,
        levels=levels,
        visits=tuple(day for day in (42, 90, 180) if day < week * 7),
    )
    for week, shift, plateau, preop, limb, logs, levels in (
        (4, 2, 1.8, 7.0, 5.0, 0.95, "L5-S1"),
        (6, 5, 2.0, 8.0, 7.0, 0.9, "L4-S1"),
        (8, 1, 1.2, 6.0, 6.0, 0.85, "L4-L5"),
        (11, 4, 1.5, 7.0, 3.0, 0.9, "L3-L5"),
        (15, 0, 1.0, 6.0, 8.0, 0.8, "L5-S1"),
        (18, 3, 2.1, 8.0, 6.0, 0.75, "L4-L5"),
        (23, 6, 1.4, 7.0, 7.0, 0.7, "L2-L4"),
        (30, 2, 1.7, 7.0, 5.0, 0.6, "L4-S1"),
        (41, 5, 0.9, 6.0, 6.0, 0.55, "L5-S1"),
    )
)

#: Every plot; the first is the patient who signs in.
PLOTS: tuple[Plot, ...] = (
    _PATIENT,
    *_WORSENING,
    *_NECKS,
    *_PUZZLES,
    *_BEGINNINGS,
    *_OTHERS,
)
