#!/usr/bin/env bash
# quantulum3 0.10.0.
# Belief: a reader of quantities finds the score in "pain 7/10" and the fever in "T 101.4 F".
# Seen: seven out of ten is read as 0.7, "3-4" as 3.5, the segment L4/5 as the number 5, and 101.4 F is a
#   capacitance in farads. Only the minutes come out as a nurse would read them.
source "$(dirname "$0")/environment.sh"
install quantulum3==0.10.0
"$python" - <<'PY'
from quantulum3 import parser


def read(note: str) -> list[tuple[float, str]]:
    found = [(round(q.value, 6), q.unit.name) for q in parser.parse(note)]
    print(f"{note!r}: {found}")
    return found


assert read("Pain 7/10 after 20 min walking") == [(0.7, "dimensionless"), (20, "minute")]
assert read("leg pain 3-4 today") == [(3.5, "dimensionless")]
assert read("L4/5 fusion, pain 6/10") == [(5, "dimensionless"), (0.6, "dimensionless")]
assert read("T 101.4 F") == [(101.4, "farad")]
PY
