#!/usr/bin/env bash
# pyrofile-validator 0.3.0, fhir.resources 8.3.0.
# Belief: "at most one value" in QuestionnaireResponse.item.answer.value[x] is counted for each answer,
#   so a question that takes several answers, like where it is numb, may have two.
# Seen: pyrofile counts the values of all answers of an item together. Two answers with one value each
#   are an error, cardinality.max, at the path of the value; one answer is none. The R4B models of
#   fhir.resources accept both.
source "$(dirname "$0")/environment.sh"
install pyrofile-validator==0.3.0 fhir.resources==8.3.0

"$python" - <<'PY'
import contextlib
import io
import json
import tarfile

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig

KIND = "QuestionnaireResponse"


def element(path, low, high, *types):
    found = {"id": f"{KIND}{path}", "path": f"{KIND}{path}", "min": low, "max": high}
    return {**found, "base": {"path": f"{KIND}{path}", "min": low, "max": high},
            **({"type": [{"code": one} for one in types]} if types else {})}


# The part of HL7's definition that matters here: an item repeats, its answer repeats, and each
# answer has at most one value.
definition = {
    "resourceType": "StructureDefinition", "id": KIND, "name": KIND, "status": "active",
    "url": f"http://hl7.org/fhir/StructureDefinition/{KIND}", "fhirVersion": "4.0.1",
    "kind": "resource", "abstract": False, "type": KIND, "derivation": "specialization",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/DomainResource",
    "snapshot": {"element": [
        element("", 0, "*"),
        element(".status", 1, "1", "code"),
        element(".item", 0, "*", "BackboneElement"),
        element(".item.linkId", 1, "1", "string"),
        element(".item.answer", 0, "*", "BackboneElement"),
        element(".item.answer.value[x]", 0, "1", "string", "integer"),
    ]},
}
package = {"name": "part.of.r4", "version": "4.0.1", "fhirVersions": ["4.0.1"]}
with tarfile.open("part.tgz", "w:gz") as out:
    for name, content in (("package.json", package), (f"StructureDefinition-{KIND}.json", definition)):
        data = json.dumps(content).encode()
        info = tarfile.TarInfo(f"package/{name}")
        info.size = len(data)
        out.addfile(info, io.BytesIO(data))


def response(*places):
    answers = [{"valueString": place} for place in places]
    return {"resourceType": KIND, "status": "completed",
            "item": [{"linkId": "numb", "answer": answers}]}


validator = Validator(ValidatorConfig(local_package_paths=["part.tgz"]))


def errors(resource):
    with contextlib.redirect_stdout(io.StringIO()):
        report = validator.validate_resource(resource)
    return [(one.code, one.path) for one in report.issues
            if str(getattr(one.severity, "value", one.severity)) == "error"]


one, two = response("left calf"), response("left calf", "left foot")
for shown in (one, two):
    QuestionnaireResponse.model_validate(shown)
print("fhir.resources: one answer and two answers are valid")
print("pyrofile, one answer: ", errors(one))
print("pyrofile, two answers:", errors(two))
assert errors(one) == []
assert errors(two) == [("profile.element.cardinality.max", f"{KIND}.item.answer.value[x]")]
PY
