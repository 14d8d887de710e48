"""All clinical content as one document that a clinician can read and sign.

Made from the catalogues alone, in the English it was written in: what is signed is that wording. No
clock is asked, so the same rules give the same bytes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ..domain.advice import (
    ADVICE,
    KNOWN_BEFORE,
    NOTHING_FOUND,
    PATTERN_ADVICE,
    WITH_RISK,
    YOU_MUST_CALL,
    Advice,
)
from ..domain.flags import PATTERN_NAMES
from ..domain.measures import MEASURES, Kind
from ..domain.peg import ADAPTED, ITEMS
from ..domain.peg import MCID as PEG_MCID
from ..domain.peg import MCID_SOURCE as PEG_SOURCE
from ..domain.places import COUNTRIES
from ..domain.references import HEADS as SOURCE_HEADS
from ..domain.references import rows as source_rows
from ..domain.sign_table import HEADS, rows
from ..domain.signs import LINES
from ..domain.surgery import KNOWN_DEFICITS, RISK_FACTORS, Approach, Region
from ..fonts import FAMILIES, printable
from ..trends.course import WEEKS, course_of
from ..trends.parameters import STANDARD, documented
from .typeset import Page, paper_name

_INTRO = (
    "Every sentence, urgency and number below decides what a patient or a clinician reads. They"
    " come from published lists and papers where a source is named, and are our own where it says"
    " “our default” or “our proposal”. They were never validated in patients.",
    "Please strike out what is wrong, write what it should say, and sign at the end. The program"
    " shows the name of the person who signed.",
)
_SIGN = (
    "I have read this document for the rule set named in its title. What I did not strike out may"
    " be shown to patients and clinicians of the place that I sign for."
)


def write_clinical_content(paper: str = "a4") -> bytes:
    """The document as a tagged PDF (PDF/UA-1)."""
    return Page("clinical.typ", content(paper)).pdf()


def content(paper: str = "a4") -> dict[str, Any]:
    """The same as data: title, what to do with it, and the tables in order."""
    return {
        "title": f"Clinical content of the recovery diary, rule set {STANDARD.rule_set}",
        "paper": paper_name(paper),
        "fonts": list(FAMILIES),
        "intro": list(_INTRO),
        "sign": _SIGN,
        "parts": [*_asked(), *_advised(), *_counted()],
    }


def _asked() -> list[dict[str, Any]]:
    """What patients are asked, and what follows from a ticked sign."""
    return [
        _part(
            "Warning signs",
            "Each sign with its urgency by day after the operation, and what raises it.",
            HEADS,
            (3.2, 4, 3, 3.5, 3, 4, 1.3, 1.5),
            (row.cells for row in rows()),
        ),
        _part(
            "The lines of the daily form",
            "“Anything new or worse since your last entry?”",
            ("line", "words", "signs under it"),
            (1, 4, 5),
            ((line.key, line.text, ", ".join(line.signs)) for line in LINES),
        ),
        _part(
            "The questions",
            "As after an operation on the lower back. Every one may be left out but the"
            " warning signs.",
            ("answer", "question", "answers", "about it"),
            (2, 4, 5, 3),
            _questions(),
        ),
    ]


def _advised() -> list[dict[str, Any]]:
    """What patients read, and whom they call."""
    return [
        _part(
            "Advice to patients",
            "{emergency}, {team}, {line}, {weeks} and {sign} are filled in.",
            ("key", "title", "why", "what to do", "what to say", "if nobody answers"),
            (2.6, 2, 4, 5, 3, 3.5),
            [_advice(key, advice) for key, advice in ADVICE.items()]
            + [_advice(PATTERN_NAMES[p], advice) for p, advice in PATTERN_ADVICE.items()],
        ),
        _part(
            "Said beside it",
            "Where something was known before the operation.",
            ("what is known", "sentence"),
            (2, 6),
            [(KNOWN_DEFICITS[key], text) for key, text in KNOWN_BEFORE.items()]
            + [(RISK_FACTORS[key], text) for key, (_keys, text) in WITH_RISK.items()]
            + [("always", YOU_MUST_CALL), ("nothing found", NOTHING_FOUND)],
        ),
        _part(
            "Numbers to call",
            "Defaults that set-up asks to be confirmed.",
            ("country", "emergency", "advice", "crisis", "checked on", "note"),
            (2, 1.5, 1.5, 1.5, 1.5, 6),
            (
                (
                    place.name,
                    ", ".join(place.emergency),
                    place.advice_line,
                    place.crisis_line,
                    place.checked_on.isoformat() if place.checked_on else "",
                    place.note,
                )
                for place in COUNTRIES.values()
            ),
        ),
    ]


def _counted() -> list[dict[str, Any]]:
    """Every number that decides, and where it comes from."""
    return [
        _part(
            "Expected course",
            "Mean pain by week after the operation; 0 is before it.",
            ("operation", *(f"{week:g}" for week in WEEKS), "source"),
            (2, *([0.7] * len(WEEKS)), 7),
            _courses(),
        ),
        _part(
            "What patients notice",
            "The change of each answer that is called one: smaller changes are said to be"
            " smaller than patients usually notice.",
            ("answer", "change", "source"),
            (2.5, 1, 8),
            _noticed(),
        ),
        _part(
            "Numbers of the rules",
            "Every threshold with its unit, meaning and source.",
            ("name", "value", "unit", "meaning", "source"),
            (3.4, 1.4, 2, 5, 5),
            documented(),
        ),
        _part(
            "Sources",
            "Every source named above, and what became of looking it up by name.",
            SOURCE_HEADS,
            (2.6, 4, 5, 4),
            source_rows(),
        ),
    ]


def _part(
    title: str,
    about: str,
    heads: Sequence[str],
    widths: Sequence[float],
    table: Iterable[Sequence[str]],
) -> dict[str, Any]:
    cells = [[printable(str(cell)) for cell in row] for row in table]
    return {
        "title": title,
        "about": about,
        "heads": list(heads),
        "widths": list(widths),
        "rows": cells,
    }


def _advice(key: str, advice: Advice) -> tuple[str, ...]:
    return (
        key,
        advice.title,
        advice.why,
        " ".join(advice.do),
        advice.say,
        advice.if_nobody_answers,
    )


def _courses() -> Iterable[tuple[str, ...]]:
    kinds = (
        ("lumbar", Region.LUMBAR, None),
        ("neck from the front", Region.CERVICAL, Approach.ANTERIOR),
        ("neck from the back", Region.CERVICAL, Approach.POSTERIOR),
        ("thoracic", Region.THORACIC, None),
    )
    for name, region, approach in kinds:
        for measure in ("axial_pain", "limb_pain"):
            course = course_of(region, approach, measure)
            assert course is not None
            means = (f"{mean:g}" for mean in course.mean)
            pain = "back or neck" if measure == "axial_pain" else "leg or arm"
            yield (f"{name}: {pain}", *means, course.source)


def _questions() -> Iterable[tuple[str, ...]]:
    for measure in MEASURES.values():
        if measure.question:
            answers = "; ".join(measure.options or measure.words.values())
            if measure.kind is Kind.SCORE:
                answers = f"0 to 10; {answers}"
            about = ADAPTED if measure.key in ITEMS else ""
            yield measure.name[Region.LUMBAR], measure.question[Region.LUMBAR], answers, about


def _noticed() -> Iterable[tuple[str, ...]]:
    for measure in MEASURES.values():
        if measure.mcid is not None:
            yield measure.name[Region.LUMBAR], f"{measure.mcid:g}", measure.mcid_source
    yield "Adapted PEG, mean of the three", f"{PEG_MCID:g}", PEG_SOURCE
