"""What the evaluation found: the chief rows of `docs/trends.md`, for the page that explains flags.

A test keeps the two equal. Simulated diaries, never patients.
"""

from dataclasses import dataclass

#: What was evaluated: `recovery-tracker evaluate --seed` on these rules.
EVALUATED_RULES, EVALUATED_SEED = "2026-11-21.6", 11


@dataclass(frozen=True, slots=True)
class Result:
    """One cell: false flags a patient or patient-year, a share from 0 to 1, or a median in days.

    `pain` is from the pain answers alone and `answers` from all of them, each on the reference
    generator and on the second.
    """

    cell: str
    pain: tuple[float, float]
    answers: tuple[float, float]


RESULTS: tuple[Result, ...] = (
    Result("healthy", (0.16, 0.09), (0.2, 0.15)),
    Result("healthy_early", (0.09, 0.06), (0.08, 0.07)),
    Result("slow_wave", (0.67, 0.64), (0.48, 0.56)),
    Result("taper", (0.52, 0.39), (0.36, 0.21)),
    Result("ramp_3_42", (0.976, 0.976), (0.994, 0.994)),
    Result("ramp_2_42", (0.718, 0.698), (0.948, 0.914)),
    Result("ramp_2_84", (0.862, 0.836), (0.99, 0.966)),
    Result("step_3", (12, 12), (9, 10)),
    Result("nerve_limb", (0.956, 0.988), (0.956, 0.988)),
    Result("early_axial", (0.738, 0.762), (0.826, 0.84)),
    Result("early_limb", (0.786, 0.896), (0.788, 0.886)),
    Result("never_improved", (0.97, 0.958), (0.97, 0.958)),
)
