#!/usr/bin/env bash
# fhir.resources 8.3.0.
# Belief: `fhir.resources.procedure.Procedure` reads the R4 procedure that a hospital system sends.
# Seen: the default classes are R5 and refuse `performedDateTime`; `fhir.resources.R4B.procedure`
#   takes it. There, a value of 1.50 comes out as 1.5: FHIR asks that trailing zeros, which say how
#   exact a reading was, survive.
source "$(dirname "$0")/environment.sh"
install fhir.resources==8.3.0
"$python" - <<'PY'
from fhir.resources.procedure import Procedure
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.procedure import Procedure as R4Procedure

fusion = {
    "resourceType": "Procedure", "status": "completed",
    "subject": {"reference": "Patient/1"}, "performedDateTime": "2026-01-05",
}
try:
    Procedure.model_validate(fusion)
except ValueError as refused:
    print("default classes:", str(refused).splitlines()[1], "refused")
else:
    raise AssertionError("the default classes take an R4 procedure now")
print("R4B classes:", R4Procedure.model_validate(fusion).model_dump_json())
reading = '{"resourceType":"Observation","status":"final","code":{"text":"walking speed"},"valueQuantity":{"value":1.50}}'
again = Observation.model_validate_json(reading).model_dump_json()
print("1.50 becomes", again)
assert '"value":1.5}' in again, "the trailing zero survives now"
PY
