"""Our Bundle before two independent validators and our own checks, without a network.

Each finds what the others do not: the models of fhir.resources (R4B; its default classes are R5)
dates and shapes, pyrofile with HL7's own definitions codes and invariants, and our own checks what
leads where. A fault that none of the three finds would go out to a clinic.
"""

import contextlib
import copy
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError
from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig

from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FORMS, FormScore
from recovery_tracker.exchange.fhir import bundle_of, bundle_text
from recovery_tracker.exchange.fhir_in import read_fhir
from recovery_tracker.exchange.fhir_names import MEASURE, SCORED

from .fhir_checks import problems_of
from .test_fhir import AT, DAY, FUSED, KIM, STEPS, TOLD

MEDICINES = (
    Medicine(DAY, "Oxycodone", 10.0, "mg", 2.0),
    Medicine(DAY, "Fentanyl", 1.0, "patch", 0.3333, date(2026, 4, 1)),
    Medicine(DAY, "Something"),
)
SCORES = (
    FormScore(DAY, "odi_percent", 57.8, Role.CLINICIAN),
    FormScore(DAY, "odi_points", 26, Role.PATIENT),
    FormScore(DAY, "ndi_percent", 44.4, Role.PATIENT),
    FormScore(DAY, "ndi_points", 22, Role.ADMINISTRATOR),
    FormScore(DAY, "eq5d_index", -0.059, Role.CLINICIAN),
    FormScore(DAY, "satisfaction", 4, Role.PATIENT),
)
FLAG = {
    "pattern": "nerve", "raised_on": DAY, "condition": "active", "summary": "Fits a nerve pattern.",
    "evidence": {"rule_set": "x"},
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """One of every resource that we write, as it is read from the file."""
    days = (TOLD, replace(TOLD, day=date(2026, 3, 2), limb_pain=5, limb_pain_side="left"))
    bundle = bundle_of(
        KIM, (FUSED,), days, STEPS, [FLAG], at=AT, medicines=MEDICINES, scores=SCORES,
        report=b"%PDF-1.7",
    )  # fmt: skip
    return json.loads(bundle_text(bundle))


def test_everything_that_is_promised_stands_in_it(made):
    kinds = {entry["resource"]["resourceType"] for entry in made["entry"]}
    assert kinds == {
        "Patient", "Procedure", "Device", "Observation", "Questionnaire", "QuestionnaireResponse",
        "Flag", "DocumentReference", "Provenance", "MedicationStatement",
    }  # fmt: skip
    (provenance,) = (
        e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == "Provenance"
    )
    assert len(provenance["target"]) == len(made["entry"]) - 1


def test_medicines_come_back(made):
    archive, _, left = read_fhir(made, "B", "UTC")
    assert sorted(archive.medicines, key=lambda m: m.name) == sorted(
        MEDICINES, key=lambda m: m.name
    )
    assert tuple(map(str, left)) == ("DocumentReference 1", "Flag 1")


def test_scores_come_back_with_who_copied_them(made):
    assert {score.form for score in SCORES} == set(FORMS) == set(SCORED)
    archive, _, _ = read_fhir(made, "B", "UTC")
    assert archive.scores == SCORES
    told = {
        one["code"]["coding"][0]["code"]: one
        for one in (entry["resource"] for entry in made["entry"])
        if one["resourceType"] == "Observation" and "performer" in one
    }
    assert told["odi_percent"]["valueQuantity"]["value"] == 57.8
    assert told["odi_percent"]["valueQuantity"]["code"] == "%"
    assert told["eq5d_index"]["valueQuantity"]["value"] == -0.059
    # A code of another's catalogue only where it is certain; ours says in words what it is.
    for one in told.values():
        assert [coding["system"] for coding in one["code"]["coding"]] == [MEASURE]
        assert one["code"]["text"]


def test_a_score_out_of_its_bounds_or_of_an_unknown_form_is_left_out(made):
    bundle = copy.deepcopy(made)
    wrong = 0
    for entry in bundle["entry"]:
        one = entry["resource"]
        if one["resourceType"] == "Observation" and "performer" in one:
            if one["code"]["coding"][0]["code"] == "satisfaction":
                one["code"]["coding"][0]["code"] = "happiness"
            else:
                one["valueQuantity"]["value"] = 101
            wrong += 1
    archive, _, left = read_fhir(bundle, "B", "UTC")
    assert wrong == len(SCORES)
    assert archive.scores == ()
    assert f"Observation {wrong}" in map(str, left)


def by_models(bundle: dict[str, Any]) -> list[str]:
    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        return [str(problem["msg"]) for problem in error.errors()]
    except (TypeError, ValueError) as error:
        return [str(error)]
    return []


#: pyrofile 0.3.0 adds up `value[x]` over all answers of a repeated item, where each may have one.
ADDED_UP = "QuestionnaireResponse.item.answer.value[x]"


@pytest.fixture(scope="module")
def by_definitions() -> Callable[[dict[str, Any]], list[str]]:
    part = Path(__file__).parents[1] / "fhir" / "r4-part.tgz"
    # Extensions of our own have no definition that could be fetched, as R4 allows.
    settings = ValidatorConfig(local_package_paths=[str(part)], allow_unknown_extensions=True)
    validator = Validator(settings)

    def errors(bundle: dict[str, Any]) -> list[str]:
        with contextlib.redirect_stdout(io.StringIO()):  # It prints what it evaluates.
            report = validator.validate_resource(bundle)
        found = (
            i for i in report.issues if str(getattr(i.severity, "value", i.severity)) == "error"
        )
        return [
            f"{i.code} {i.path}"
            for i in found
            if not (i.code == "profile.element.cardinality.max" and i.path == ADDED_UP)
        ]

    return errors


Change = Callable[[dict[str, Any]], None]


def to(kind: str, change: Change) -> Change:
    def changed(bundle: dict[str, Any]) -> None:
        resources = (e["resource"] for e in bundle["entry"])
        change(next(one for one in resources if one["resourceType"] == kind))

    return changed


#: One fault each, by what it is.
FAULTS: dict[str, Change] = {
    "no status": to("Observation", lambda o: o.pop("status")),
    "a status that is no code": to("Observation", lambda o: o.update(status="done")),
    "no code": to("Observation", lambda o: o.pop("code")),
    "30 February": to("Observation", lambda o: o.update(effectiveDateTime="2026-02-30")),
    "an instant without an offset": to(
        "Observation", lambda o: o.update(issued="2026-03-01T20:15")
    ),
    "two values": to("Observation", lambda o: o.update(valueInteger=4)),
    "a number as text": to("Observation", lambda o: o["valueQuantity"].update(value="4")),
    "a unit without a system": to("Observation", lambda o: o["valueQuantity"].pop("system")),
    "a unit that is none": to("Observation", lambda o: o["valueQuantity"].update(code="points")),
    "a code that is none": to(
        "Observation", lambda o: o["code"]["coding"][0].update(code="72514-9")
    ),
    "an unknown field": to("Observation", lambda o: o.update(pain=4)),
    "nobody it is about": to("Observation", lambda o: o["subject"].update(reference="urn:uuid:0")),
    "about an operation": to("Observation", lambda o: o.update(subject=dict(o["derivedFrom"][0]))),
    "an empty list": to("Observation", lambda o: o.update(category=[])),
    "an empty text": to("Patient", lambda p: p["name"][0].update(text="")),
    "a birthday in words": to("Patient", lambda p: p.update(birthDate="2 May 1961")),
    "a procedure of nobody": to("Procedure", lambda p: p.pop("subject")),
    "a procedure with an odd state": to("Procedure", lambda p: p.update(status="finished")),
    "an item without a link": to("Questionnaire", lambda q: q["item"][0].pop("linkId")),
    "an item without a type": to("Questionnaire", lambda q: q["item"][0].pop("type")),
    "a response without a state": to("QuestionnaireResponse", lambda q: q.pop("status")),
    "a flag without a code": to("Flag", lambda f: f.pop("code")),
    "a medicine without a name": to(
        "MedicationStatement", lambda m: m.pop("medicationCodeableConcept")
    ),
    "a period that is backwards": to(
        "MedicationStatement",
        lambda m: m.update(effectivePeriod={"start": "2026-03-02", "end": "2026-03-01"}),
    ),
    "a document that is none": to("DocumentReference", lambda d: d.pop("content")),
    "no time of recording": to("Provenance", lambda p: p.pop("recorded")),
    "no agent": to("Provenance", lambda p: p.pop("agent")),
    "a control character": to("Patient", lambda p: p["name"][0].update(text="Kim\x07")),
    "a bundle of no type": lambda bundle: bundle.pop("type"),
    "an address twice": lambda bundle: bundle["entry"].append(bundle["entry"][0]),
}


def test_the_bundle_is_good_and_each_fault_is_found_without_the_slow_one(made):
    assert by_models(made) == []
    assert problems_of(made) == []
    missed = {name for name, fault in FAULTS.items() if not _found(made, fault)}
    # What only HL7's own definitions tell; see the next test.
    assert missed == {
        "a status that is no code", "a procedure with an odd state", "a period that is backwards",
    }  # fmt: skip


def _found(made: dict[str, Any], fault: Change) -> bool:
    bundle = copy.deepcopy(made)
    fault(bundle)
    return bool(by_models(bundle) or problems_of(bundle))


@pytest.mark.slow
def test_the_definitions_of_hl7_agree(made, by_definitions):
    assert by_definitions(made) == []
    for name in ("a status that is no code", "a procedure with an odd state",
                 "a period that is backwards", "no status", "an unknown field"):  # fmt: skip
        bundle = copy.deepcopy(made)
        FAULTS[name](bundle)
        assert by_definitions(bundle), name
