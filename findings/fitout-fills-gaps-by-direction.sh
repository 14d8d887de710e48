#!/usr/bin/env bash
# fitout 0.3.1.
# Belief: "missing values replaced by the average of the neighbouring values" fills a gap the same way
#   whichever way the nights are sorted.
# Seen: the filled value becomes the next one's neighbour, so a gap leans to its end: 2, -, -, -, 8
#   becomes 5, 6.5, 7.25, and read backwards 5, 3.5, 2.75. Takeout lists nights newest first.
source "$(dirname "$0")/environment.sh"
install fitout==0.3.1
"$python" - <<'PY'
from fitout.helpers import fill_missing_with_neighbours

forwards = fill_missing_with_neighbours([2, None, None, None, 8])
backwards = fill_missing_with_neighbours([8, None, None, None, 2])
print(forwards, backwards)
assert forwards == [2, 5.0, 6.5, 7.25, 8] and backwards == [8, 5.0, 3.5, 2.75, 2], "gaps are filled otherwise now"
PY
