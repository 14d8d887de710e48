#!/usr/bin/env bash
# ruptures 1.1.10.
# Belief: given a diary in which pain rises once, from one day to the next and for good, Pelt with the
#   squared error finds one change, on that day.
# Seen: as it comes it considers every fifth day only (jump=5). A rise between two of them becomes two
#   changes, five days apart, with a stretch of days between them that is neither good nor bad; the
#   exact day is never named. KernelCPD with a linear kernel, the same cost and penalty, considers
#   every day and finds the one change; so does Pelt with jump=1.
source "$(dirname "$0")/environment.sh"
install ruptures==1.1.10
"$python" - <<'PY'
import numpy as np
import ruptures

DAYS = np.arange(200)

for worse_from in (101, 103, 107, 112):
    pain = np.where(DAYS < worse_from, 2.0, 7.0) + DAYS % 2
    found = {
        "Pelt": ruptures.Pelt(model="l2").fit(pain).predict(pen=10),
        "Pelt, jump=1": ruptures.Pelt(model="l2", jump=1).fit(pain).predict(pen=10),
        "KernelCPD": ruptures.KernelCPD(kernel="linear").fit(pain).predict(pen=10),
    }
    found = {name: [int(day) for day in days[:-1]] for name, days in found.items()}
    print(f"worse from day {worse_from}: {found}")
    assert found["Pelt, jump=1"] == found["KernelCPD"] == [worse_from]
    assert all(day % 5 == 0 for day in found["Pelt"]), "Pelt considers other days now"
    assert len(found["Pelt"]) == 2 or worse_from == 101, "one change is found as one now"
PY
