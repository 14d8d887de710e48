"""What two validators of FHIR do not look for: what leads where, codes, units, odd signs."""

import re
from collections.abc import Iterator
from typing import Any

from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.passive import PASSIVE_MEASURES

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
#: Every code of ours, each looked up once.
CODES = {m.loinc for m in (*MEASURES.values(), *PASSIVE_MEASURES.values()) if m.loinc}
UNITS = {"{score}", "{steps}", "Cel", "[degF]", "min", "m", "km/h", "%", "1", "mg", "g", "ug", "mL"}
#: Where a reference may lead, by the place it stands in.
TARGETS = {
    "subject": {"Patient"},
    "patient": {"Patient"},
    "device": {"Device"},
    "informationSource": {"Patient"},
    "performer": {"Patient"},
    "who": {"Patient"},
    "derivedFrom": {"QuestionnaireResponse"},
}
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def problems_of(bundle: dict[str, Any]) -> list[str]:
    """Every problem in words; empty for a good Bundle."""
    kinds = {
        entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle.get("entry", ())
    }
    found = [f"{url} is no urn:uuid" for url in kinds if not _UUID.fullmatch(url)]
    if len(kinds) != len(bundle.get("entry", ())):
        found.append("an address stands twice")
    for entry in bundle.get("entry", ()):
        if entry["fullUrl"] != f"urn:uuid:{entry['resource'].get('id')}":
            found.append(f"{entry['fullUrl']} holds another id")
    return found + [
        problem for path, one in _parts(bundle) for problem in _problems(path, one, kinds)
    ]


def _parts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _parts(one, (*path, key))
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one, path)


def _problems(path: tuple[str, ...], value: Any, kinds: dict[str, str]) -> Iterator[str]:
    where = ".".join(path)
    if value in ("", [], {}, None):
        yield f"{where} is empty"
    if isinstance(value, str) and re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", value):
        yield f"{where} holds a control character"
    if not isinstance(value, dict):
        return
    if "reference" in value:
        kind = kinds.get(value["reference"])
        if kind is None:
            yield f"{where} leads nowhere"
        elif kind not in TARGETS.get(path[-1], {kind}):
            yield f"{where} leads to a {kind}"
    if value.get("system") == LOINC and value.get("code") not in CODES:
        yield f"{where}: {value.get('code')} is no LOINC code of ours"
    if value.get("system") == UCUM and value.get("code") not in UNITS:
        yield f"{where}: {value.get('code')} is no unit of ours"
    if "code" in value and "value" in value and "system" not in value:
        yield f"{where} has the code of a unit and not its system"
    if isinstance(value.get("value"), str):
        yield f"{where} holds a number as text"
