"""What the warning signs cost people who recover well: calls and journeys for nothing serious.

Base rates say how often somebody who recovers well ticks each sign; the product's own triage says
what that asks for. Nearly all rates are our default: nobody has published how often healthy people
tick a line of this form. So the sums compare two rule sets and promise no number of calls.

    python -m recovery_tracker.laboratory.sign_cost
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..domain.context import Context
from ..domain.diary import DiaryEntry
from ..domain.flags import Urgency
from ..domain.standing import STANDS_DAYS
from ..domain.surgery import Operation, Region
from ..domain.triage import triage

#: First and last postoperative day of each part of the year, and its name.
PARTS = ((0, 6, "week 1"), (7, 27, "weeks 2-4"), (28, 90, "weeks 5-13"), (91, 364, "later"))

#: Ticks in 100 patients in each part of the year. Our default unless said.
RATES: Mapping[str, tuple[float, float, float, float]] = {
    # Most early fevers come within 48 hours (Mayo 2018, in-patients); a fever or two in five years.
    "fever": (15, 3, 4, 30),
    "chills": (3, 1, 1, 6),
    "vomiting": (15, 3, 2, 10),
    "no_wind_or_poo": (25, 5, 2, 3),
    "belly": (3, 1, 1, 3),
    "rash": (5, 3, 3, 10),
    "very_unwell": (5, 2, 1, 4),
    "severe_pain": (10, 4, 3, 6),
    "new_weakness": (5, 3, 2, 3),
    "unsteady_walking": (15, 5, 3, 4),
    "calf_swelling": (4, 4, 3, 4),
    "upright_headache": (4, 2, 1, 2),
    "stiff_neck": (3, 1, 1, 3),
    "wound_redness": (5, 10, 2, 0),
    "wound_swelling": (3, 5, 1, 0),
    "wound_drainage": (5, 5, 1, 0),
    "clear_wound_fluid": (1, 1, 0, 0),
    "wound_bleeding": (3, 1, 0, 0),
    # About three falls in ten years of an adult's life, more in old age.
    "fall": (3, 5, 10, 30),
    "head_injury": (0.5, 0.5, 1, 3),
    "clunk": (2, 3, 4, 4),
    "giving_way": (3, 4, 5, 6),
    "out_of_place": (2, 2, 3, 4),
    "vision_change": (1, 1, 1, 4),
    "genital_change": (2, 3, 4, 4),
    "night_pain": (5, 5, 8, 10),
    "weight_loss": (3, 5, 3, 4),
    "fatigue": (20, 20, 20, 20),
    "cough": (5, 5, 8, 30),
    "chest_pain": (0.5, 0.5, 0.5, 2),
    "breathing_difficulty": (0.7, 0.5, 0.5, 2),
    "fainting": (1, 0.5, 0.5, 1),
    "coughing_blood": (0.1, 0.1, 0.1, 0.2),
    "face_swelling": (0.2, 0.1, 0.2, 0.5),
    "confusion": (1.5, 0.3, 0.2, 0.5),
    "over_sedated": (1.5, 0.5, 0.2, 0.1),
    "stroke_signs": (0.05, 0.05, 0.1, 0.3),
    "vision_loss": (0.02, 0.02, 0.05, 0.2),
    "seizure": (0.05, 0.02, 0.05, 0.2),
    "saddle_numbness": (0.5, 0.5, 0.5, 0.5),
    "bladder_bowel_change": (3, 1, 1, 2),
    "unspecified": (5, 5, 8, 15),
}
#: The same after an operation on the neck alone. Trouble swallowing in the first week: published
#: shares run from 1 to 79 of 100 (PMC3854602); 60 is our default.
NECK_RATES: Mapping[str, tuple[float, float, float, float]] = {
    "swallowing_difficulty": (60, 10, 3, 3),
    "throat_lump": (10, 5, 3, 3),
    "voice_worse": (10, 1, 0.5, 0.5),
    "neck_swelling": (5, 1, 0.3, 0.3),
    "cannot_drink": (0.3, 0.1, 0, 0),
    "cannot_swallow_saliva": (0.2, 0.05, 0, 0),
    "noisy_breathing": (0.2, 0.1, 0.1, 0.2),
}
#: Newly both legs or arms at a mild pain, in 100 patients in each part of the year.
BOTH_SIDES = (3, 2, 2, 4)

_DAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Cost:
    """Days that ask for something, for each patient-year: emergencies, calls on the same day."""

    emergency: float
    same_day: float


def cost_of(region: Region, patients: int, seed: int) -> Mapping[str, Cost]:
    """The cost by part of the year and for "a year", of people who recover well."""
    rng = np.random.default_rng(seed)
    operation = Operation(_DAY, region)
    found: Counter[tuple[str, Urgency]] = Counter()
    for _ in range(patients):
        for part, entry, context in _days(rng, operation):
            urgency = triage(entry, context).urgency
            if urgency is not None:
                found[part, urgency] += 1
    names = [name for _first, _last, name in PARTS]

    def cost(parts: list[str]) -> Cost:
        each = [
            sum(found[part, urgency] for part in parts) / patients
            for urgency in (Urgency.EMERGENCY, Urgency.SAME_DAY)
        ]
        return Cost(*each)

    return {**{name: cost([name]) for name in names}, "a year": cost(names)}


def _days(
    rng: np.random.Generator, operation: Operation
) -> Iterator[tuple[str, DiaryEntry, Context]]:
    """The days of one year on which something was ticked; each tick starts on a day of its own."""
    rates = {**RATES, **(NECK_RATES if operation.region is Region.CERVICAL else {})}
    told: list[DiaryEntry] = []
    for place, (first, last, part) in enumerate(PARTS):
        ticked: dict[int, set[str]] = {}
        for sign, of_100 in rates.items():
            for _ in range(rng.poisson(of_100[place] / 100)):
                ticked.setdefault(int(rng.integers(first, last + 1)), set()).add(sign)
        both = {
            int(rng.integers(first, last + 1)) for _ in range(rng.poisson(BOTH_SIDES[place] / 100))
        }
        for pod in sorted(ticked.keys() | both):
            day = operation.day + timedelta(days=pod)
            side = {"limb_pain": 3, "limb_pain_side": "both"} if pod in both else {}
            before = DiaryEntry(day - timedelta(days=1), limb_pain=2, limb_pain_side="left")
            entry = DiaryEntry(day, signs=frozenset(ticked.get(pod, ())), **side)  # type: ignore[arg-type]
            recent = [one for one in told if (day - one.day).days <= STANDS_DAYS]
            yield part, entry, Context(operation, day, (*recent, before))
            told.append(entry)


def main() -> None:
    """Prints the table for each region."""
    for region in Region:
        for part, cost in cost_of(region, 20_000, 1).items():
            row = f"| {region} | {part} | {cost.emergency:.2f} | {cost.same_day:.2f} |"
            sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
