#!/usr/bin/env bash
# statsmodels 0.15.0.
# Belief: one day without an answer leaves a gap of a day in the weekly decomposition of 140 days, or is
#   refused.
# Seen: seasonal_decompose refuses it. STL says nothing and returns no trend for 125 of the 140 days;
#   with robust=True for none of them is there any.
source "$(dirname "$0")/environment.sh"
install statsmodels==0.15.0 numpy==2.4.6
"$python" - <<'PY'
import numpy as np
from statsmodels.tsa.seasonal import STL, seasonal_decompose

pain = np.tile([2.0, 2, 3, 3, 2, 4, 5], 20)
assert not np.isnan(STL(pain, period=7).fit().trend).any()
pain[50] = np.nan
lost = {
    name: int(np.isnan(STL(pain, period=7, robust=robust).fit().trend).sum())
    for name, robust in (("STL", False), ("STL, robust", True))
}
try:
    seasonal_decompose(pain, period=7)
    refused = False
except ValueError as error:
    refused = True
    print("seasonal_decompose:", error)
print("days of 140 without a trend:", lost)
assert refused, "seasonal_decompose takes a missing day now"
assert lost == {"STL": 125, "STL, robust": 140}, "STL does something else with a missing day now"
PY
