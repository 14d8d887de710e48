"""The operation that a recovery is counted from.

Day 0 is the day of the operation; a postoperative day is a difference of civil dates, so no clock
or zone can move it. With several operations the latest is the index operation.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .language import N_


class Region(StrEnum):
    """Part of the spine that was fused; decides wording, expected course and warning signs."""

    LUMBAR = "lumbar"
    CERVICAL = "cervical"
    THORACIC = "thoracic"


class Approach(StrEnum):
    """Side from which the surgeon reached the spine."""

    ANTERIOR = "anterior"
    POSTERIOR = "posterior"
    LATERAL = "lateral"
    COMBINED = "combined"


REGION_NAMES = {
    Region.LUMBAR: N_("Lower back"),
    Region.CERVICAL: N_("Neck"),
    Region.THORACIC: N_("Middle back"),
}

FUSION_NAMES = {
    Region.LUMBAR: N_("Lower back fusion"),
    Region.CERVICAL: N_("Neck fusion"),
    Region.THORACIC: N_("Middle back fusion"),
}

APPROACH_NAMES = {
    Approach.ANTERIOR: N_("From the front"),
    Approach.POSTERIOR: N_("From the back"),
    Approach.LATERAL: N_("From the side"),
    Approach.COMBINED: N_("From front and back"),
}

RISK_FACTORS = {
    "smoker": N_("Smokes or uses nicotine"),
    "osteoporosis": N_("Low bone density"),
    "diabetes": N_("Diabetes"),
    "revision": N_("Operated here before"),
    "blood_thinner": N_("Takes a blood thinner"),
    "opioids": N_("Takes strong painkillers every day"),
    "steroids": N_("Takes steroids"),
    "weak_immunity": N_("Weak immune system"),
}

#: Deficits that were there before the operation; the advice names them, so that an old weakness is
#: not mistaken for a new one and a new one is not dismissed.
KNOWN_DEFICITS = {
    "weakness": N_("A weak arm, hand, leg or foot"),
    "catheter": N_("A catheter"),
    "incontinence": N_("Leaking pee or poo"),
    "both_sides": N_("Pain or numbness on both sides"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One spinal fusion.

    Scores from before the operation are on the scales of `measures`; None means not known.
    """

    day: date
    region: Region
    #: Number of motion segments fused; None means not known.
    levels: int | None = None
    #: The levels as the surgeon writes them, for example "L4-S1".
    level_names: str = ""
    approach: Approach | None = None
    #: The implants, in the surgeon's words, for example "pedicle screws, TLIF cage".
    hardware: str = ""
    #: Keys of RISK_FACTORS that apply.
    risk_factors: frozenset[str] = field(default_factory=frozenset)
    #: Keys of KNOWN_DEFICITS that apply.
    known_deficits: frozenset[str] = field(default_factory=frozenset)
    preop_axial_pain: float | None = None
    preop_limb_pain: float | None = None

    def __post_init__(self) -> None:
        if self.levels is not None and not 1 <= self.levels <= 25:
            raise ValueError("levels must be between 1 and 25")
        for name in ("preop_axial_pain", "preop_limb_pain"):
            score = getattr(self, name)
            if score is not None and not 0 <= score <= 10:
                raise ValueError(f"{name} must be between 0 and 10")
        if unknown := self.risk_factors - RISK_FACTORS.keys():
            raise ValueError(f"unknown risk factor {sorted(unknown)[0]!r}")
        if unknown := self.known_deficits - KNOWN_DEFICITS.keys():
            raise ValueError(f"unknown deficit {sorted(unknown)[0]!r}")

    @property
    def reaches_throat(self) -> bool:
        """Whether the front of the neck may have been opened: anterior, combined or not known."""
        return self.region is Region.CERVICAL and self.approach not in (
            Approach.POSTERIOR,
            Approach.LATERAL,
        )


def postoperative_day(day: date, operation: Operation) -> int:
    """Days from the operation to `day`: 0 is the operation, negative is before it."""
    return (day - operation.day).days


def postoperative_week(day: date, operation: Operation) -> int:
    """Completed weeks after the operation; negative before it.

    >>> from datetime import date
    >>> postoperative_week(date(2026, 3, 12), Operation(date(2025, 12, 16), Region.LUMBAR))
    12
    """
    return completed_weeks(postoperative_day(day, operation))


def completed_weeks(days: int) -> int:
    """The week of a postoperative day wherever one is named: completed weeks, so day 86 is week 12.

    The first seven days are week 0, as on the axis of the chart. Our convention.

    >>> completed_weeks(0), completed_weeks(6), completed_weeks(7), completed_weeks(86)
    (0, 0, 1, 12)
    """
    return days // 7


def month_day(operation_day: date, months: int) -> date:
    """The day on which this many calendar months after the operation are complete.

    The same day of the month, or the last one of a month that is shorter.

    >>> from datetime import date
    >>> month_day(date(2024, 8, 31), 3), month_day(date(2024, 11, 29), 24)
    (datetime.date(2024, 11, 30), datetime.date(2026, 11, 29))
    """
    year, month = divmod(operation_day.year * 12 + operation_day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(operation_day.day, last))


def completed_months(operation_day: date, day: date) -> int:
    """Completed calendar months after the operation; day 365 is month 12, leap year or not.

    >>> from datetime import date
    >>> completed_months(date(2024, 11, 29), date(2026, 11, 29))
    24
    >>> completed_months(date(2024, 1, 15), date(2025, 1, 14))
    12
    """
    months = (day.year - operation_day.year) * 12 + day.month - operation_day.month
    if month_day(operation_day, months) > day:
        months -= 1
    return max(months, 12 * ((day - operation_day).days // 365))
