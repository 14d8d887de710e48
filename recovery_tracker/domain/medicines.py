"""The medicines that a person takes, with the dose from each day on: drawn and handed out.

No rule reads them. A change of dose is a row of its own, so that a taper can be seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from .language import N_
from .wording import Translate, mark, near_day_words, number

#: Longest name, as on the box. Our default.
NAME_LENGTH = 80
#: What a dose and a day can hold: bounds keep out a slip of the finger, nothing else. Our default.
MOST_AMOUNT, MOST_TIMES = 100_000.0, 24.0

#: What a dose is counted in.
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "mg": N_("mg"),
        "g": N_("g"),
        "ug": N_("µg"),
        "ml": N_("ml"),
        "tablet": N_("tablets"),
        "drop": N_("drops"),
        "patch": N_("patches"),
    }
)


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine at one dose, from `day` to `until`, both included; None while it goes on.

    `amount` in `unit` is one dose, `times` how often a day; None if not known.

    Raises:
        ValueError: the name is missing or too long, the end lies before the beginning, or a number
            is out of its bounds.
    """

    day: date
    name: str
    amount: float | None = None
    unit: str = "mg"
    times: float | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= NAME_LENGTH:
            raise ValueError(f"the name of a medicine needs 1 to {NAME_LENGTH} characters")
        if self.until is not None and self.until < self.day:
            raise ValueError("a medicine ends before it begins")
        if self.unit not in UNITS:
            raise ValueError(f"the unit must be one of: {', '.join(UNITS)}")
        # NaN fails the comparison, so it is refused here.
        for value, most in ((self.amount, MOST_AMOUNT), (self.times, MOST_TIMES)):
            if value is not None and not 0 < value <= most:
                raise ValueError(f"must lie above 0 and not above {most:g}")

    @property
    def key(self) -> str:
        """The same for every dose of one medicine, however it was typed."""
        return " ".join(self.name.split()).casefold()

    @property
    def daily(self) -> float | None:
        """What is taken in a day, in `unit`; None where the dose or how often is not known."""
        if self.amount is None or self.times is None:
            return None
        return self.amount * self.times

    def is_taken(self, day: date) -> bool:
        """Whether it is taken on a day."""
        return self.day <= day and (self.until is None or day <= self.until)


def by_name(medicines: Iterable[Medicine]) -> tuple[tuple[Medicine, ...], ...]:
    """The doses of each medicine in order of their days, the medicine that began first at first."""
    found: dict[str, list[Medicine]] = {}
    for one in sorted(medicines, key=lambda one: (one.day, one.key)):
        found.setdefault(one.key, []).append(one)
    return tuple(tuple(doses) for doses in found.values())


def dose_words(medicine: Medicine, translate: Translate = str) -> str:
    """The dose in words; "" if none is known.

    >>> dose_words(Medicine(date(2026, 3, 2), "Oxycodone", 10, "mg", 2))
    '10 mg, 2 times a day'
    """
    said = []
    if medicine.amount is not None:
        unit = translate(UNITS[medicine.unit])
        said.append(
            translate(N_("{amount} {unit}")).format(amount=number(medicine.amount), unit=unit)
        )
    if medicine.times is not None:
        often = N_("once a day") if medicine.times == 1 else N_("{times} times a day")
        said.append(translate(often).format(times=number(medicine.times)))
    return mark(", ", translate).join(said)


def daily_words(medicine: Medicine, translate: Translate = str) -> str:
    """What is taken in a day, as short as it can be; the dose where that is not known.

    >>> daily_words(Medicine(date(2026, 3, 2), "Oxycodone", 10, "mg", 2))
    '20 mg a day'
    """
    if medicine.daily is None:
        return dose_words(medicine, translate)
    return translate(N_("{amount} {unit} a day")).format(
        amount=number(medicine.daily), unit=translate(UNITS[medicine.unit])
    )


def course_words(doses: tuple[Medicine, ...], today: date, translate: Translate = str) -> str:
    """One medicine from its first dose to its last, in one sentence."""
    parts = []
    for one in doses:
        said = N_("{dose} from {day}") if daily_words(one) else N_("from {day}")
        parts.append(
            translate(said).format(
                dose=daily_words(one, translate), day=near_day_words(one.day, today, translate)
            )
        )
    if (last := doses[-1].until) is not None:
        said = N_("last taken on {day}") if last <= today else N_("to be taken until {day}")
        parts.append(translate(said).format(day=near_day_words(last, today, translate)))
    said = mark(", ", translate).join(parts)
    return doses[0].name + mark(": ", translate) + said + mark(".", translate)
