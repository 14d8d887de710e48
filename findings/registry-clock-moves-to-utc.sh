#!/usr/bin/env bash
# pyreadstat 1.3.7 with pandas 3.1.1.
# Belief: the time at which a patient wrote down an entry is the same after it was saved for a registry
#   in SPSS, Stata or SAS transport form, or a time with a zone, which these formats cannot hold, is
#   refused.
# Seen: eight in the morning in Taipei is saved as midnight in all three, without a word and with nothing
#   in the file that says UTC. An entry of seven in the morning lands on the day before.
source "$(dirname "$0")/environment.sh"
install pyreadstat==1.3.7 pandas==3.1.1
"$python" - "$place" <<'PY'
import sys

import pandas as pd
import pyreadstat

written = pd.DataFrame({
    "recorded": pd.to_datetime(["2026-03-02 08:00", "2026-03-02 07:00"]).tz_localize("Asia/Taipei")
})
for form in ("sav", "dta", "xport"):
    file = f"{sys.argv[1]}/registry.{form}"
    getattr(pyreadstat, f"write_{form}")(written, file)
    back, _ = getattr(pyreadstat, f"read_{form}")(file)
    found = [str(value) for value in back["recorded"]]
    print(f"{form:5}", found)
    assert found == ["2026-03-02 00:00:00", "2026-03-01 23:00:00"], f"{form} keeps the clock now"
PY
