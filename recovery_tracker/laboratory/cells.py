"""What the trend module must reach, cell by cell, named before any run.

A cell is one question asked of one scenario. Bars are given for the pain answers alone and for all
answers; with the link halved the bars of "all" stand beside the result for comparison.
"""

from dataclasses import dataclass
from enum import StrEnum


class Answers(StrEnum):
    """Which answers a detector may see."""

    PAIN = "pain alone"
    ALL = "all answers"
    HALF = "link halved"


class Ask(StrEnum):
    """What a cell counts."""

    FALSE_A_YEAR = "false change flags a patient-year from day 60"
    LEVELS = "level flags a patient-year"
    FALSE_LEVELS = "level flags a patient-year on people who gained 30 % or more"
    FALSE_EARLY = "false change flags a patient, days 0 to 59"
    CAUGHT = "caught in time"
    MEDIAN = "median days"
    NAMED = "named by then"
    RIGHT = "named right among caught"
    EXPLAINED = "explained among caught"
    ANSWERED = "as the answer says"
    SAME = "the same as without steps"
    NOTES = "notes of less walking a patient-year"


#: Cells where less is better.
_LESS = frozenset({Ask.FALSE_A_YEAR, Ask.FALSE_LEVELS, Ask.FALSE_EARLY, Ask.MEDIAN})


@dataclass(frozen=True)
class Cell:
    """One row of the table. Bars are (pain alone, all answers); None is "no bar, reported"."""

    key: str
    scenario: str
    ask: Ask
    #: Days after the onset, or the postoperative day, that count as in time.
    within: int = 0
    must: tuple[float, float] | None = None
    aim: tuple[float, float] | None = None
    #: Compared with the best peer, patient by patient.
    compared: bool = False
    #: Meaningless without the other answers.
    needs_all: bool = False

    @property
    def less_is_better(self) -> bool:
        return self.ask in _LESS

    def bars(self, answers: Answers) -> tuple[float | None, float | None]:
        """(must, aim) for what the detector saw."""
        place = 0 if answers is Answers.PAIN else 1
        return (
            self.must[place] if self.must else None,
            self.aim[place] if self.aim else None,
        )


def _both(value: float) -> tuple[float, float]:
    return (value, value)


def _silent(scenario: str, must: float, aim: float) -> Cell:
    return Cell(scenario, scenario, Ask.FALSE_A_YEAR, 0, _both(must), _both(aim))


CELLS: tuple[Cell, ...] = (
    _silent("healthy", 0.25, 0.10),
    Cell("healthy_early", "healthy", Ask.FALSE_EARLY, 59, _both(0.10), _both(0.03)),
    Cell("healthy_levels", "healthy", Ask.LEVELS),
    Cell("healthy_levels_false", "healthy", Ask.FALSE_LEVELS),
    _silent("asymptomatic_loosening", 0.25, 0.10),
    _silent("quiet_noise", 0.5, 0.25),
    _silent("loud_noise", 0.5, 0.25),
    _silent("many_flares", 0.5, 0.25),
    _silent("many_missing", 0.5, 0.25),
    _silent("slow_wave", 1.0, 0.5),
    _silent("taper", 0.5, 0.25),
    Cell("more_active", "more_active", Ask.FALSE_A_YEAR),
    Cell("less_active", "less_active", Ask.FALSE_A_YEAR),
    # The product's own default schedule, two days a week from week 12. Not
    # compared: thresholds of the peers are set on daily diaries and are far too high for it.
    _silent("healthy_scheduled", 0.25, 0.10),
    Cell("ramp_3_42_scheduled", "ramp_3_42_scheduled", Ask.CAUGHT, 60),
    Cell("ramp_2_42_scheduled", "ramp_2_42_scheduled", Ask.CAUGHT, 60),
    Cell("ramp_3_42", "ramp_3_42", Ask.CAUGHT, 60, (0.98, 0.99), (0.99, 0.99), compared=True),
    Cell("ramp_2_42", "ramp_2_42", Ask.CAUGHT, 60, (0.87, 0.95), (0.93, 0.98), compared=True),
    Cell("ramp_2_84", "ramp_2_84", Ask.CAUGHT, 120, (0.93, 0.97), (0.97, 0.99), compared=True),
    Cell("step_3", "step_3", Ask.MEDIAN, 0, (9, 7), (6, 4), compared=True),
    Cell("loosening", "loosening", Ask.CAUGHT, 60, compared=True),
    Cell("loosening_late", "loosening_late", Ask.CAUGHT, 60, compared=True),
    Cell("failed_fusion_late", "failed_fusion_late", Ask.CAUGHT, 120, compared=True),
    Cell(
        "nerve_numbness",
        "nerve_numbness",
        Ask.CAUGHT,
        21,
        _both(0.90),
        _both(0.97),
        needs_all=True,
    ),
    Cell("nerve_limb", "nerve_limb", Ask.CAUGHT, 21, _both(0.90), _both(0.97)),
    Cell("adjacent_level", "adjacent_level", Ask.CAUGHT, 60),
    Cell("never_improved", "never_improved", Ask.NAMED, 243, _both(0.95), _both(0.98)),
    Cell("early_axial", "early_axial", Ask.CAUGHT, 14, _both(0.75), _both(0.90)),
    Cell("early_limb", "early_limb", Ask.CAUGHT, 14, _both(0.75), _both(0.90)),
    Cell(
        "tablets_stopped",
        "tablets_stopped",
        Ask.EXPLAINED,
        0,
        _both(0.90),
        _both(0.97),
        needs_all=True,
    ),
    Cell(
        "walking_doubled",
        "walking_doubled",
        Ask.EXPLAINED,
        0,
        _both(0.90),
        _both(0.97),
        needs_all=True,
    ),
)

#: Scenarios whose caught flags are judged by name; the explained ones are left aside.
NAMED_SCENARIOS: tuple[str, ...] = (
    "ramp_3_42",
    "ramp_2_42",
    "ramp_2_84",
    "step_3",
    "loosening",
    "loosening_late",
    "failed_fusion_late",
    "never_improved",
    "nerve_numbness",
    "nerve_limb",
    "adjacent_level",
)

PATTERN_BARS = (0.75, 0.85)

#: Cells by which the best peer is chosen, on seeds of their own.
COMPARED: tuple[Cell, ...] = tuple(cell for cell in CELLS if cell.compared)
