#!/usr/bin/env bash
# fhiry 5.2.2.
# Belief: a FHIR bundle makes the same table whether it is read by itself or with its folder.
# Seen: `process_file` and `fhiry.parallel` say what each number is in `code.coding.codes`. With the property
#   `folder` and `process_source` the codes of all coded fields are empty: 3 and 4200 are there, and nothing
#   says that one is pain and the other steps.
source "$(dirname "$0")/environment.sh"
install fhiry==5.2.2
"$python" - <<'PY'
import json
from pathlib import Path

from fhiry import Fhiry, parallel

LOINC = "urn:oid:2.16.840.1.113883.6.1"
measures = [
    {
        "resourceType": "Observation",
        "id": f"day-{code}",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2026-03-02",
        "valueInteger": value,
    }
    for code, value in (("72514-3", 3), ("41950-7", 4200))
]
bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": measure} for measure in measures]}
Path("bundles").mkdir()
Path("bundles/diary.json").write_text(json.dumps(bundle), encoding="utf-8")

alone = Fhiry().process_file("bundles/diary.json")
together = parallel.process("bundles")
reader = Fhiry()
reader.folder = "bundles"
reader.process_source()
folder = reader.df
(column,) = [name for name in folder.columns if name.startswith("code.coding")]
print("by itself:      ", alone["code.coding.codes"].tolist(), alone["valueInteger"].tolist())
print("with its folder:", folder[column].tolist(), folder["valueInteger"].tolist(), "in", column)
assert together["code.coding.codes"].tolist() == ["72514-3", "41950-7"], "fhiry.parallel reads differently now"
assert alone["code.coding.codes"].tolist() == ["72514-3", "41950-7"], "a single bundle is read differently now"
assert folder[column].tolist() == ["", ""] and folder["valueInteger"].tolist() == [3, 4200], "the codes are kept now"
PY
