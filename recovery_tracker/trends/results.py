"""What the evaluation found: the chief rows of `docs/trends.md`, for the page that explains flags.

A test keeps the two equal. Simulated diaries, never patients.
"""

from dataclasses import dataclass

#: What was evaluated: `recovery-tracker evaluate --seed` on these rules.
EVALUATED_RULES, EVALUATED_SEED = "2026-12-01.9", 13
#: Later rule sets that find the same, to what `docs/trends.md` says of what differs.
SAME_ALARMS: tuple[str, ...] = ("2026-12-01.10", "2026-12-01.11")


@dataclass(frozen=True, slots=True)
class Result:
    """One cell: false change flags a patient or year, a share from 0 to 1, or a median in days.

    `pain` is from the pain answers alone and `answers` from all of them, each on the reference
    generator, the second and the randomised one.
    """

    cell: str
    pain: tuple[float, float, float]
    answers: tuple[float, float, float]


RESULTS: tuple[Result, ...] = (
    Result("healthy", (0.19, 0.11, 0.31), (0.23, 0.12, 0.23)),
    Result("healthy_early", (0.09, 0.04, 0.09), (0.09, 0.04, 0.08)),
    Result("slow_wave", (0.82, 0.72, 0.8), (0.6, 0.55, 0.61)),
    Result("taper", (0.62, 0.36, 0.74), (0.37, 0.2, 0.49)),
    Result("ramp_3_42", (0.985, 0.97, 0.96), (0.992, 0.995, 0.968)),
    Result("ramp_2_42", (0.742, 0.738, 0.74), (0.95, 0.918, 0.762)),
    Result("ramp_2_84", (0.91, 0.835, 0.89), (0.98, 0.972, 0.898)),
    Result("step_3", (13, 13, 15), (8, 10, 18)),
    Result("nerve_limb", (0.94, 0.972, 0.902), (0.945, 0.975, 0.9)),
    Result("early_axial", (0.75, 0.75, 0.613), (0.822, 0.818, 0.61)),
    Result("early_limb", (0.76, 0.85, 0.73), (0.778, 0.865, 0.72)),
    Result("never_improved", (0.985, 0.96, 0.93), (0.982, 0.96, 0.922)),
)


@dataclass(frozen=True, slots=True)
class FirstAlarms:
    """Of 100 first change flags of a person, how many are a loosening, in one simulated world.

    `real` is for 1, 5 and 10 of 100 people who loosen in the year.
    """

    answers: str
    generator: str
    real: tuple[int, int, int]


FIRST_ALARMS: tuple[FirstAlarms, ...] = (
    FirstAlarms("pain alone", "reference", (5, 21, 36)),
    FirstAlarms("pain alone", "second", (8, 32, 49)),
    FirstAlarms("pain alone", "randomised", (3, 13, 23)),
    FirstAlarms("all answers", "reference", (4, 19, 33)),
    FirstAlarms("all answers", "second", (8, 31, 48)),
    FirstAlarms("all answers", "randomised", (4, 18, 30)),
)
