#!/usr/bin/env bash
# ucumvert 0.3.2.
# Belief: every UCUM unit of a diary turns into a quantity; "{score}" is what LOINC gives for a 0-10
#   pain rating.
# Seen: units with a number in them do ("Cel", "{steps}/d"), a lone annotation gives a token of the
#   parser: no magnitude, no dimension, and no error until somebody calculates with it.
source "$(dirname "$0")/environment.sh"
install ucumvert==0.3.2
"$python" - <<'PY'
from ucumvert import PintUcumRegistry

registry = PintUcumRegistry()
found = {unit: registry.from_ucum(unit) for unit in ("Cel", "{steps}/d", "{score}")}
for unit, quantity in found.items():
    print(f"{unit:10} {type(quantity).__name__:10} {quantity!r}")
assert all(hasattr(found[unit], "magnitude") for unit in ("Cel", "{steps}/d"))
assert not hasattr(found["{score}"], "magnitude"), "{score} is a quantity now"
PY
