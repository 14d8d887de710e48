"""Values in the resources of FHIR R4, whatever form a program gave them; none can be trusted."""

import re
from collections.abc import Mapping
from typing import Any

from ..domain.measures import MEASURES, Kind
from ..domain.medicines import UNITS
from ..domain.surgery import Region
from .cells import DIARY_READERS, NONE
from .fhir_names import DOSE_UNITS

#: Words that name a part of the spine or its limb, and the operations that it can belong to.
_PARTS = (
    (r"\b(neck|cervical|arm)", frozenset({Region.CERVICAL})),
    (
        r"\b(back|lumbar|thoracic|leg|thigh|calf|sciatic)",
        frozenset({Region.LUMBAR, Region.THORACIC}),
    ),
)

#: "Back pain" is one word to some.
_AXIAL = re.compile(
    r"\b(?:back(?:aches?|pains?)?|neck(?:s|aches?|pains?)?|spin(?:e|al)|lumb\w*|cervic\w*|axial)\b"
)
_LIMB = re.compile(
    r"\b(?:(?:leg|arm|limb|thigh)(?:s|aches?|pains?)?|sciatic\w*|radicul\w*|cal(?:f|ves))\b"
)
#: What is denied of a pain without a word about where it is; with a "to" it names a place.
_STAYS = re.compile(
    r"\b(?:(?:without|no|not)(?: any)? (?:radiat|spread)\w*(?! (?:in|un)?to\b)"
    r"|not (?:otherwise|elsewhere) \w+)\b"
)
#: "back" and "neck" of something else, and a pain that was remembered over longer than a day.
_ELSEWHERE = re.compile(
    r"\b(?:back|neck) of\b|\bfemoral neck\b"
    r"|\b(?:other than|except|not|without)\b|\b(?:iv|injection)\b"
)
#: A number that is not the pain of the day: what somebody hopes for or bears, or had at the least.
_NOT_FELT = re.compile(
    r"\b(?:goals?|targets?|acceptable|tolerable|expect\w*|anticipat\w*|predict\w*|least|lowest"
    r"|minimum|best|relief|before surgery|pre-?op\w*)\b"
)
_LONGER = re.compile(r"\b(?:weeks?|months?|(?:[2-9]|\d\d) ?days?)\b")
#: What the name of an operation may say of a fusion besides that there was one.
_NO_FUSION = re.compile(
    r"\b(?:without|no|not)\b(?: \w+){0,2} (?:fusion|arthrodesis)"
    r"|\bremov\w+ (?:of )?(?:\w+ ){0,3}(?:fusion|hardware|instrument|implant|screw|device)"
    r"|\bexploration of\b"
)

#: Units of a score from 0 to 10, in lower case; lengths and shares are other scales.
_OF_TEN = frozenset(
    {"", "1", "{score}", "score", "points", "point", "level", "{nrs}", "nrs", "{#}", "/10", "/{10}"}
)


def text_in(one: Any, key: str) -> str:
    """The text at a key; "" where there is none, or something of another kind."""
    said = one.get(key) if isinstance(one, dict) else None
    return said if isinstance(said, str) else ""


def id_in(one: Any, key: str) -> str:
    """The same of an id, which some programs write as a number."""
    said = one.get(key) if isinstance(one, dict) else None
    return str(said) if type(said) is int else text_in(one, key)


def first_of(listed: Any) -> Any:
    """The first of a list; None where there is no list, or nothing in it."""
    return listed[0] if isinstance(listed, list) and listed else None


def name_in(patient: Mapping[str, Any]) -> str:
    """The first name of a FHIR Patient; "" where there is none."""
    said = first_of(patient.get("name"))
    given = said.get("given") if isinstance(said, dict) else None
    parts = [*(given if isinstance(given, list) else ()), text_in(said, "family")]
    whole = " ".join(part for part in parts if part and isinstance(part, str))
    return text_in(said, "text") or whole


def is_of_ten(one: Mapping[str, Any], number: float) -> bool:
    """Whether a pain is on a scale of 0 to 10, as far as its units say."""
    quantity = one.get("valueQuantity")
    said = quantity if isinstance(quantity, dict) else {}
    units = (text_in(said, key).strip().casefold() for key in ("unit", "code"))
    return 0 <= number <= 10 and all(unit in _OF_TEN for unit in units)


def subject_of(one: Mapping[str, Any]) -> str:
    """What an Observation says it is about, in lower case."""
    site = one.get("bodySite") if isinstance(one.get("bodySite"), dict) else {}
    return " ".join(texts_of(site) + texts_of(one.get("code"))).casefold()


def pain_in(words: str) -> str:
    """The measure of a pain that is said to be here; "" where that is neither or both, or where it
    is a pain of more than a day or was not felt."""
    words = _STAYS.sub("", words)
    if any(said.search(words) for said in (_LONGER, _ELSEWHERE, _NOT_FELT)):
        return ""
    is_limb, is_axial = _LIMB.search(words) is not None, _AXIAL.search(words) is not None
    return "" if is_limb == is_axial else "limb_pain" if is_limb else "axial_pain"


def is_fusion(words: str) -> bool:
    """Whether an operation of this name joined vertebrae."""
    return bool(re.search(r"fusion|arthrodesis", words)) and not _NO_FUSION.search(words)


def parts_named(words: str) -> frozenset[Region]:
    """The operations that these words can be about; none where they name no part."""
    named = [parts for pattern, parts in _PARTS if re.search(pattern, words)]
    return frozenset[Region]().union(*named)


def dose_of(dosage: Any) -> tuple[float | None, str]:
    """Amount and unit of a dose; None and "mg" where it has no unit that we know."""
    rates = dosage.get("doseAndRate") if isinstance(dosage, dict) else None
    rate = first_of(rates)
    quantity = rate.get("doseQuantity") if isinstance(rate, dict) else None
    if not isinstance(quantity, dict):
        return None, "mg"
    code, unit = text_in(quantity, "code"), text_in(quantity, "unit")
    unit = next((ours for ours, ucum in DOSE_UNITS.items() if ucum == code), unit)
    value = number_in({"valueQuantity": quantity})
    return (value, unit) if unit in UNITS else (None, "mg")


def times_a_day(dosage: Any) -> float | None:
    """How often a day a dose is taken; None where it is not said by the day, or is only taken when
    needed, or may be one of several."""
    timing = dosage.get("timing") if isinstance(dosage, dict) else None
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    if not isinstance(repeat, dict) or repeat.get("periodUnit") != "d":
        return None
    is_needed = dosage.get("asNeededBoolean") is True or dosage.get("asNeededCodeableConcept")
    if is_needed or any(key in repeat for key in ("frequencyMax", "periodMax")):
        return None
    often, period = repeat.get("frequency", 1), repeat.get("period", 1)
    if not all(type(value) in (int, float) and 0 < value < 1e6 for value in (often, period)):
        return None
    return float(round(often / period, 4))


def codes_of(concept: Any) -> list[tuple[str, str]]:
    """System and code of each coding of a CodeableConcept."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return [
        (text_in(one, "system"), text_in(one, "code"))
        for one in (codings if isinstance(codings, list) else ())
        if isinstance(one, dict)
    ]


def texts_of(concept: Any) -> list[str]:
    """What a CodeableConcept says in words: its text, then each display."""
    if not isinstance(concept, dict):
        return []
    codings = concept.get("coding")
    listed = codings if isinstance(codings, list) else []
    return [text_in(concept, "text"), *(text_in(one, "display") for one in listed)]


def is_instant(text: Any) -> bool:
    """Whether it is a moment of a day other than midnight."""
    return re.search(r"T(?!00:00(?::00)?)", str(text)) is not None


def start_of(period: Any) -> Any:
    """The start of a Period; None where there is none."""
    return period.get("start") if isinstance(period, dict) else None


def number_in(one: Mapping[str, Any]) -> float | None:
    """The value of an Observation, in any of its three forms."""
    quantity, coded = one.get("valueQuantity"), one.get("valueCodeableConcept")
    value: Any = one.get("valueInteger")
    if isinstance(quantity, dict):
        value = quantity.get("value")
    elif isinstance(coded, dict):
        shown = next((text for text in texts_of(coded) if re.fullmatch(r"\d{1,3}", text)), None)
        value = None if shown is None else int(shown)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e9 else None


def answer_of(key: str, answers: Any) -> Any:
    """The answer of an item on its own scale; None where it cannot be read."""
    if not isinstance(answers, list):
        return None
    said = [
        str(value)
        for one in answers
        if isinstance(one, dict)
        for name, value in one.items()
        if name.startswith("value") and isinstance(value, str | int | float)
    ]
    if not said:
        return None
    try:
        kind = MEASURES[key].kind if key in MEASURES else Kind.WORDS
        if kind is Kind.TEXT:
            return said[0]
        return DIARY_READERS[key](";".join(said) if said != [NONE] else NONE)
    except ValueError:
        return None
