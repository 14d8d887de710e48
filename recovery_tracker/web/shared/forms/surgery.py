"""The details of one operation, as typed and as they are stored."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from ....domain.measures import MEASURES
from ....domain.surgery import (
    APPROACH_NAMES,
    KNOWN_DEFICITS,
    REGION_NAMES,
    RISK_FACTORS,
    Approach,
    Operation,
    Region,
)
from ....domain.wording import capitalize_first, uncapitalize
from ..language import day_text, mark
from .numbers import NotANumber, day_in, named, read_number, read_version
from .typed import TypedForm

#: Longest free text about an operation.
TEXT_LENGTH = 200
#: What a hospital letter says; a diary works without it.
LETTER = ("levels", "level_names", "approach", "hardware")
#: Years around today in which an operation may lie: a typing slip is caught, a plan is not.
YEARS_BACK, YEARS_AHEAD = 30, 2


class SurgeryForm(TypedForm):
    """One operation as typed. `errors` holds one message per field after `to_operation()`."""

    def text(self, name: str) -> str:
        """What was typed in a field, without the spaces around it."""
        return super().text(name).strip()

    @property
    def error_links(self) -> dict[str, str]:
        """Each message by the id of the field that the error summary links to."""
        return {
            "region-lumbar" if name == "region" else name: text
            for name, text in self.errors.items()
        }

    @property
    def tells_letter(self) -> bool:
        """Whether details from a hospital letter were typed, so that those fields are shown."""
        return any(self.text(name) for name in LETTER)

    def to_operation(self, today: date) -> Operation | None:
        """The operation, or None with `errors` filled."""
        self.errors = {}
        day, region = self._day(today), self._region()
        levels = self._levels()
        axial, limb = self._score("preop_axial_pain"), self._score("preop_limb_pain")
        texts = {name: self._short_text(name) for name in ("level_names", "hardware")}
        if self.errors or day is None or region is None:
            return None
        approach = self.text("approach")
        return Operation(
            day=day,
            region=region,
            levels=levels,
            approach=Approach(approach) if approach in [a.value for a in Approach] else None,
            risk_factors=frozenset(RISK_FACTORS).intersection(self.all("risk_factors")),
            known_deficits=frozenset(KNOWN_DEFICITS).intersection(self.all("known_deficits")),
            preop_axial_pain=axial,
            preop_limb_pain=limb,
            **texts,
        )

    def _day(self, today: date) -> date | None:
        day = day_in(self.text("day"))
        if day is None:
            self.errors["day"] = _("Choose the day of the operation")
            return None
        if not today.year - YEARS_BACK <= day.year <= today.year + YEARS_AHEAD:
            self.errors["day"] = _("Check the year of the operation")
        return day

    def _region(self) -> Region | None:
        if self.text("region") in [region.value for region in Region]:
            return Region(self.text("region"))
        self.errors["region"] = _("Choose where the operation was")
        return None

    def _levels(self) -> int | None:
        text = self.text("levels")
        if not text:
            return None
        if 1 <= read_version(text) <= 25:
            return int(text)
        problem = _("Enter a number between %(low)s and %(high)s", low=1, high=25)
        self.errors["levels"] = named(_("How many levels were joined?"), problem)
        return None

    def _score(self, name: str) -> float | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return read_number(text, MEASURES["axial_pain"])
        except NotANumber as problem:
            names = {
                "preop_axial_pain": _("Back or neck pain before, 0 to 10"),
                "preop_limb_pain": _("Leg or arm pain before, 0 to 10"),
            }
            self.errors[name] = named(names[name], problem)
            return None

    def _short_text(self, name: str) -> str:
        text = self.text(name)
        if len(text) > TEXT_LENGTH:
            self.errors[name] = _("Use at most %(limit)s characters", limit=TEXT_LENGTH)
        return text[:TEXT_LENGTH]


def typed_from(operation: Operation) -> dict[str, list[str]]:
    """The fields of the form as if `operation` had just been typed."""

    def number(value: float | None) -> list[str]:
        return [] if value is None else [f"{value:g}"]

    return {
        "day": [operation.day.isoformat()],
        "region": [operation.region.value],
        "levels": number(operation.levels),
        "level_names": [operation.level_names],
        "approach": [operation.approach.value] if operation.approach else [],
        "hardware": [operation.hardware],
        "risk_factors": sorted(operation.risk_factors),
        "known_deficits": sorted(operation.known_deficits),
        "preop_axial_pain": number(operation.preop_axial_pain),
        "preop_limb_pain": number(operation.preop_limb_pain),
    }


def blank_after(earlier: Iterable[Operation]) -> SurgeryForm:
    """The form of one more operation: what is known of the person is ticked, to be changed.

    A blood thinner or thin bones stay when somebody is operated on again, and the advice of every
    day reads them from the latest operation. "Operated here before" is said of each anew.
    """
    last = max(earlier, key=lambda operation: operation.day, default=None)
    if last is None:
        return SurgeryForm()
    known = {
        "risk_factors": last.risk_factors - {"revision"},
        "known_deficits": last.known_deficits,
    }
    return SurgeryForm({name: sorted(told) for name, told in known.items() if told})


def choices() -> dict[str, list[tuple[str, str]]]:
    """What the form offers, by field: (value, words)."""
    return {
        "regions": [(region.value, _(name)) for region, name in REGION_NAMES.items()],
        "approaches": [(approach.value, _(name)) for approach, name in APPROACH_NAMES.items()],
        "risks": [(key, _(text)) for key, text in RISK_FACTORS.items()],
        "deficits": [(key, _(text)) for key, text in KNOWN_DEFICITS.items()],
    }


def facts_of(operation: Operation) -> list[tuple[str, str]]:
    """(name, words) of what is known about an operation."""
    facts = [
        (_("Date"), day_text(operation.day)),
        (_("Where"), _(REGION_NAMES[operation.region])),
        (_("Levels"), operation.level_names or str(operation.levels or "")),
        (_("From which side"), _(APPROACH_NAMES[operation.approach]) if operation.approach else ""),
        (_("Metal parts"), operation.hardware),
        (_("Risks"), _listed(RISK_FACTORS[key] for key in sorted(operation.risk_factors))),
        (
            _("Had before"),
            _listed(KNOWN_DEFICITS[key] for key in sorted(operation.known_deficits)),
        ),
        *(_pain_before(operation, key) for key in ("axial_pain", "limb_pain")),
    ]
    return [(name, words) for name, words in facts if words]


def _listed(texts: Iterable[str]) -> str:
    """Several answers as one; some have commas of their own."""
    return capitalize_first(mark("; ").join(uncapitalize(_(text)) for text in texts))


def _pain_before(operation: Operation, key: str) -> tuple[str, str]:
    """Which pain it is, in the words of its region, and its score; "" where it is not known."""
    name, score = _(MEASURES[key].name_for(operation.region)), getattr(operation, f"preop_{key}")
    words = "" if score is None else _("%(score)s out of 10", score=f"{score:g}")
    return _("%(pain)s before", pain=name), words
