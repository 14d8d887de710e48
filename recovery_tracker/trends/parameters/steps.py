"""What the steps of a phone or watch may say: beside a flag, and in a note of their own."""

from dataclasses import dataclass

from .described import OURS, threshold


@dataclass(frozen=True)
class StepRules:
    """Steps within one source, compared with the same person's own. They raise no alarm."""

    steps_now: int = threshold(
        14, "days", "Whole weeks up to a flag whose steps are compared.", OURS
    )
    steps_now_needs: int = threshold(6, "days counted", "Fewest of them.", OURS)
    steps_usual_needs: int = threshold(
        10, "days counted", "Fewest in the days that the flag calls usual.", OURS
    )
    steps_fell: float = threshold(
        0.75, "times the usual", "At or below, fewer steps speak for a worsening.", OURS
    )
    steps_held: float = threshold(
        0.9, "times the usual", "At or above, steps speak against a worsening.", OURS
    )
    steps_first: int = threshold(
        28,
        "days after the operation",
        "Before it steps are no usual: a fall of half is then the rule.",
        "a wearable, 30 patients: 77 % of the usual in week 4 (Stienen 2020)",
    )
    steps_before: int = threshold(
        84, "days", "What a lasting fall is compared with: so many days before it.", OURS
    )
    steps_before_needs: int = threshold(28, "days counted", "Fewest of them.", OURS)
    steps_half: float = threshold(
        0.5, "times the usual", "At or below, in each week: a note.", OURS
    )
    steps_weeks: int = threshold(3, "weeks in a row", "So long for a note.", OURS)
    steps_week_needs: int = threshold(3, "days counted", "Fewest in each week.", OURS)
    steps_back: float = threshold(0.7, "times the usual", "A week at or above ends the note.", OURS)
    steps_silent: int = threshold(
        28, "days", "Without a day counted, a note ends: the device is gone.", OURS
    )
