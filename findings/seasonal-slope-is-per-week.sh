#!/usr/bin/env bash
# pymannkendall 1.4.3.
# Belief: `seasonal_test(daily_pain, period=7)` removes the weekly rhythm and gives the slope in
#   points a day, as `original_test` does, so slope and intercept draw the trend line.
# Seen: the slope is points per period. Pain that rises 0.05 a day is 0.35; a line drawn with it over
#   days climbs seven times too fast.
source "$(dirname "$0")/environment.sh"
install pymannkendall==1.4.3 numpy==2.4.6
"$python" - <<'PY'
import numpy as np
import pymannkendall

pain = 3 + 0.05 * np.arange(60)
daily = pymannkendall.original_test(pain)
weekly = pymannkendall.seasonal_test(pain, period=7)
print(f"original_test {daily.slope:.3f}   seasonal_test {weekly.slope:.3f}   both from intercept {daily.intercept:.1f}, {weekly.intercept:.1f}")
assert abs(daily.slope - 0.05) < 1e-9 and abs(weekly.slope - 0.35) < 1e-9, "the slopes changed"
PY
