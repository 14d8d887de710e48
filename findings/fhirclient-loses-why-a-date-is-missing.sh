#!/usr/bin/env bash
# fhirclient 4.4.0.
# Belief: a client reads an Observation and writes it back as it was.
# Seen: extensions of primitive elements are dropped. A date that is absent for a stated reason
#   (`_effectiveDateTime` with data-absent-reason) comes back as no date and no reason.
source "$(dirname "$0")/environment.sh"
install fhirclient==4.4.0
"$python" - <<'PY'
from fhirclient.models.observation import Observation

reason = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
walked = {
    "resourceType": "Observation", "status": "final", "code": {"text": "walking"}, "valueInteger": 3,
    "_effectiveDateTime": {"extension": [reason]},
}
again = Observation(walked).as_json()
print(again)
assert "_effectiveDateTime" not in again and again["valueInteger"] == 3, "the reason survives now"
PY
