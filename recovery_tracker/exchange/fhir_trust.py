"""Which resources of a FHIR document say something about one person that still stands.

FHIR lets a program take back, deny or qualify what a resource says, beside the value itself: its
status, who or what it is about, a sign before the number, a modifier that nobody here knows. A
reader who looks at the value alone reads "more than 4" as 4 and an operation that was not done as
done.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from ..domain.language import N_, Said
from .fhir_values import id_in, name_in, text_in
from .fhir_versions import ADDRESS
from .problems import refusal

Resource = Mapping[str, Any]

#: What a resource may say of itself for its content to count, by type. None is no word at all.
_STANDS: Mapping[str, frozenset[str | None]] = {
    "Observation": frozenset({None, "final", "amended", "corrected", "preliminary"}),
    "QuestionnaireResponse": frozenset({None, "completed", "amended", "in-progress"}),
    # Our own export writes a planned operation as one in preparation.
    "Procedure": frozenset({None, "completed", "in-progress", "preparation"}),
    "MedicationStatement": frozenset({None, "active", "completed", "stopped"}),
}
SEVERAL_PEOPLE = Said(N_("This file is about several people. Give what belongs to one of them."))
#: Things and groups that an answer may be about in place of the person.
_NO_PERSON = ("Device/", "Group/", "Location/", "Medication/", "Organization/")
#: A count of steps, in units that say nothing else or "a day".
_STEPS = re.compile(
    r"(?:1|#|count|foot ?steps?|steps?|schritte?|pasos?|pas|步|歩)?"
    r"(?: ?(?:/|per) ?(?:d|days?|24\.?\s?h(?:ours?)?))?"
)
#: Longest time that counts as one day; clocks go back by an hour. Our default.
_DAY = timedelta(hours=25)
#: A part of a day shorter than this is not the day's count. Our default.
_MOST_OF_A_DAY = timedelta(hours=22)


def has_more_pages(document: Resource) -> bool:
    """Whether a search found more than this document holds."""
    links = document.get("link")
    return any(
        isinstance(one, dict) and one.get("relation") == "next"
        for one in (links if isinstance(links, list) else ())
    )


def stands(one: Resource) -> bool:
    """Whether the content of a resource counts, as far as the resource itself says."""
    said = one.get("status")
    allowed = _STANDS.get(text_in(one, "resourceType"))
    if allowed is not None and (said if said is None else str(said)) not in allowed:
        return False
    # "focus" is somebody or something else; a modifier changes the meaning in a way that a reader
    # who does not know it must not guess.
    if one.get("modifierExtension") or one.get("focus") or one.get("dataAbsentReason"):
        return False
    quantity = one.get("valueQuantity")
    if isinstance(quantity, dict) and quantity.get("comparator"):
        return False
    subject = one.get("subject")
    return not _is_no_person(text_in(subject, "reference"))


def _is_no_person(reference: str) -> bool:
    return any(f"/{reference}".rpartition(f"/{kind}")[1] for kind in _NO_PERSON)


def refuse_several(resources: Iterable[tuple[str, Resource]], name: str) -> None:
    """Refuses a document whose resources are about more than one person.

    People are told apart by address, by a number of one issuer, or, without either, by name.

    Raises:
        RecoveryError: it names two.
    """
    listed = list(resources)
    people = {
        address: id_in(one, "id") or address
        for address, one in listed
        if one.get("resourceType") == "Patient" and address
    }
    found: dict[str, set[str]] = {}
    for _, one in listed:
        if text_in(one, "resourceType") in _STANDS:
            for kind, said in _subject(one, people):
                found.setdefault(kind, set()).add(said)
    if any(len(said) > 1 for said in found.values()):
        raise refusal(name, SEVERAL_PEOPLE)


def _subject(one: Resource, people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """How a resource names its person: by what, and as whom."""
    subject = one.get("subject")
    if not isinstance(subject, dict):
        return
    reference = text_in(subject, "reference")
    if _is_no_person(reference):
        return
    inside = one.get("contained")
    for other in inside if isinstance(inside, list) and reference.startswith("#") else ():
        if isinstance(other, dict) and f"#{id_in(other, 'id')}" == reference:
            subject = other
            reference = ""
    if reference:
        match = ADDRESS.search(reference)
        plain = match[1] if match else reference
        yield "reference", f"Patient/{people[reference]}" if reference in people else plain
        return
    numbers = subject.get("identifier")
    for number in numbers if isinstance(numbers, list) else [numbers]:
        if value := id_in(number, "value"):
            yield f"number {text_in(number, 'system')}", value
            return
    if words := text_in(subject, "display") or name_in(subject):
        yield "name", _told_apart(words)


def _told_apart(name: str) -> str:
    """A name whatever the order of its parts: "Smith, Ann" is "Ann Smith"."""
    words = re.findall(r"\w+", re.sub("['’]", "", name.casefold()))
    return " ".join(sorted(set(words))) or name


def is_longer_than_a_day(start: datetime, end: datetime) -> bool:
    """Whether a time is longer than one day."""
    return end - start > _DAY


def is_most_of_a_day(start: datetime, end: datetime) -> bool:
    """Whether a time is long enough for a count in it to be that of a day."""
    return end - start >= _MOST_OF_A_DAY


def counts_a_day(one: Resource) -> bool:
    """Whether the units of a number of steps may be those of a day."""
    return all(_STEPS.fullmatch(unit) for unit in _units_of(one))


def says_a_day(one: Resource) -> bool:
    """Whether the units of a number of steps say that they are those of a day."""
    return any(_STEPS.fullmatch(unit) and re.search("/|per", unit) for unit in _units_of(one))


def _units_of(one: Resource) -> list[str]:
    quantity = one.get("valueQuantity")
    said = quantity if isinstance(quantity, dict) else {}
    units = (text_in(said, key).casefold() for key in ("unit", "code"))
    return [re.sub(r"[{}\[\]]", "", unit).strip() for unit in units]
