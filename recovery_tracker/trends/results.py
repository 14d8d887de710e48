"""What the evaluation found: the chief rows of `docs/trends.md`, for the page that explains flags.

A test keeps the two equal. Simulated diaries, never patients.
"""

from dataclasses import dataclass

#: What was evaluated: `recovery-tracker evaluate --seed` on these rules.
EVALUATED_RULES, EVALUATED_SEED = "2026-11-21.7", 12
#: Later rule sets whose alarms, onsets and sizes are the same; `docs/trends.md` says what differs.
SAME_ALARMS = ("2026-11-29.1", "2026-11-30.1", "2026-11-30.2")


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
    Result("healthy", (0.2, 0.08), (0.22, 0.13)),
    Result("healthy_early", (0.11, 0.05), (0.11, 0.05)),
    Result("slow_wave", (0.72, 0.65), (0.56, 0.52)),
    Result("taper", (0.5, 0.34), (0.34, 0.23)),
    Result("ramp_3_42", (0.968, 0.978), (0.992, 0.998)),
    Result("ramp_2_42", (0.704, 0.704), (0.948, 0.904)),
    Result("ramp_2_84", (0.856, 0.838), (0.984, 0.972)),
    Result("step_3", (12, 13), (9, 11)),
    Result("nerve_limb", (0.946, 0.964), (0.944, 0.966)),
    Result("early_axial", (0.72, 0.772), (0.794, 0.83)),
    Result("early_limb", (0.776, 0.876), (0.77, 0.88)),
    Result("never_improved", (0.978, 0.938), (0.978, 0.938)),
)
