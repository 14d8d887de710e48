#!/usr/bin/env bash
# fhirpathpy 2.2.4.
# Belief: `item.answer.value.sum()` adds the three answers of a PEG in a QuestionnaireResponse, or
#   fails if it cannot.
# Seen: without the R4 model `value` finds no `valueDecimal`, and the sum is 0, the best score there
#   is; with the model it raises TypeError. A score nobody gave is indistinguishable from a real 0.
source "$(dirname "$0")/environment.sh"
install fhirpathpy==2.2.4
"$python" - <<'PY'
from fhirpathpy import evaluate
from fhirpathpy.models import models

answers = [{"linkId": f"peg{n}", "answer": [{"valueDecimal": value}]} for n, value in enumerate((6, 5, 7))]
response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": answers}
plain = evaluate(response, "item.answer.value.sum()", [])
print("without a model:", plain)
assert plain == [0], "the sum without a model changed"
try:
    print("with the R4 model:", evaluate(response, "item.answer.value.sum()", [], models["r4"]))
except TypeError as refused:
    print("with the R4 model: TypeError:", refused)
else:
    raise AssertionError("the R4 model adds them now")
PY
