"""The whole catalogue as a table, for `docs/warning-signs.md` and the document to sign.

Plain English for a clinician, not translated: the wording that is signed is the original.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .advice import ADVICE
from .answer_rules import ANSWERS
from .flags import URGENCY_NAMES, Urgency
from .sign_types import Circumstance, Window
from .signs import LINES, LOADING_SIGNS, SIGNS
from .surgery import APPROACH_NAMES, REGION_NAMES

#: What makes a sign more urgent, for a clinician.
BESIDE: dict[Circumstance, str] = {
    Circumstance.FEVER: "fever or shivering",
    Circumstance.LOW_TEMPERATURE: "temperature under 36.0 °C",
    Circumstance.WOUND_SIGN: "any wound answer",
    Circumstance.PAIN_UP_3: (
        "pain up by 3 within 2 days, or of 3 with no answer since the operation"
    ),
    Circumstance.PAIN_7: "pain of 7 or more",
    Circumstance.NEW_NERVE_SIGN: (
        "new nerve sign within 2 days, or numbness of 2 or in any place with no answer since the"
        " operation"
    ),
    Circumstance.NERVE_OR_SADDLE_SIGN: "nerve, saddle or bladder answer",
    Circumstance.LASTED_OVER_7_DAYS: "lasted 7 days",
    Circumstance.WORSE_WITHIN_2_DAYS: "worse within 2 days",
    Circumstance.WORSE_EARLY: "worse, in the first 14 days",
    Circumstance.NECK_SWELLING: "swollen neck",
    Circumstance.VOMITING_OR_SIGHT: "vomiting or change of sight",
    Circumstance.HEADACHE_OR_WEAKNESS: "upright headache or weakness",
    Circumstance.VERY_UNWELL: "feeling very ill",
    Circumstance.WITH_NIGHT_PAIN: "night pain",
    Circumstance.WITH_WEIGHT_LOSS: "weight loss",
    Circumstance.BLOOD_THINNER: "blood thinner",
    Circumstance.BLOOD_THINNER_EARLY: "blood thinner, in the first 14 days",
    Circumstance.LOW_BONE_DENSITY: "low bone density",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in words. `raised` is "" if nothing makes it more urgent."""

    id: str
    words: str
    urgency: str
    raised: str
    advice: str
    source: str
    checked_by: str
    review_on: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells in the order of `HEADS`."""
        return (
            self.id,
            self.words,
            self.urgency,
            self.raised,
            self.advice,
            self.source,
            self.checked_by,
            self.review_on,
        )


HEADS = (
    "id",
    "words",
    "urgency",
    "more urgent with",
    "what to do",
    "source",
    "checked by",
    "look again",
)


#: What a sign that calls nobody is for, by whether a trend weighs it.
_WITHOUT_CALL = {True: "evidence for a trend only", False: "told beside a trend, not weighed"}


def rows() -> Iterator[RuleRow]:
    """Every sign, then every answer that asks for something on its own."""
    for sign in SIGNS.values():
        keys = [sign.advice, *sign.advice_at.values(), *sign.advice_in.values()]
        keys += [window.advice for window in sign.windows if window.advice]
        yield RuleRow(
            id=sign.id,
            words=sign.left_open or sign.patient,
            urgency="; ".join(map(_window, sign.windows))
            or _WITHOUT_CALL[sign.id in LOADING_SIGNS],
            raised="; ".join(
                f"{_name(urgency)} with {BESIDE[circumstance]}"
                for circumstance, urgency in sign.raised_by.items()
            ),
            advice="; ".join(dict.fromkeys(ADVICE[key].title for key in dict.fromkeys(keys))),
            source=sign.source,
            checked_by=sign.checked_by,
            review_on=sign.review_on.isoformat(),
        )
    for rule in ANSWERS.values():
        yield RuleRow(
            id=rule.key,
            words=f"{rule.patient} ({rule.when})",
            urgency=_name(rule.urgency),
            raised="",
            advice=ADVICE[rule.advice].title,
            source=rule.source,
            checked_by=rule.checked_by,
            review_on=rule.review_on.isoformat(),
        )


def as_markdown() -> str:
    """The table as `docs/warning-signs.md` holds it."""
    lines = [" | ".join(HEADS), " | ".join("---" for _ in HEADS)]
    for row in rows():
        cells = (f"`{row.id}`", *row.cells[1:])
        lines.append(" | ".join(cell.replace("|", "/") for cell in cells))
    shown = [f"{line.key}: {line.text}" for line in LINES]
    table = "\n".join(f"| {line} |" for line in lines)
    form = "\n".join(f"- {line}" for line in shown)
    return f"{table}\n\nThe lines of the form, in order:\n\n{form}\n"


def _name(urgency: Urgency) -> str:
    return URGENCY_NAMES[urgency].lower().removesuffix(" sign")


def _window(window: Window) -> str:
    where = [REGION_NAMES[region].lower() for region in sorted(window.regions)]
    how = [APPROACH_NAMES[approach].lower() for approach in sorted(window.approaches)]
    parts = [" or ".join(where), " or ".join([*how, "not known"]) if how else "", _days(window)]
    said = ", ".join(part for part in parts if part)
    return f"{_name(window.urgency)} ({said})" if said else _name(window.urgency)


def _days(window: Window) -> str:
    first, last = window.first_day, window.last_day
    if first is None and last is None:
        return ""
    if first is None:
        return "before the operation" if last == -1 else f"to day {last}"
    return f"from day {first}" if last is None else f"days {first} to {last}"
