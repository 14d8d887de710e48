#!/usr/bin/env bash
# detecta 0.1.0.
# Belief: a CUSUM adds up how far pain lies above its usual level, so that a slow rise is found in the end.
# Seen: detect_cusum adds up the steps from one day to the next. Pain that rises by 0.04 points a day, from
#   2 to nearly 7, is never told with an allowance of 0.05, whatever the threshold; a textbook CUSUM with
#   the same two settings tells it within days. A jump is told by both.
source "$(dirname "$0")/environment.sh"
install detecta==0.1.0 numpy==2.4.6 matplotlib==3.11.0
"$python" - <<'PY'
import numpy as np
from detecta import detect_cusum

USUAL, THRESHOLD, ALLOWANCE = 2.0, 1.0, 0.05


def textbook(pain: np.ndarray) -> int:
    """The day on which the sum above the usual level exceeds the threshold; -1 for never."""
    total = 0.0
    for day, value in enumerate(pain):
        total = max(0.0, total + value - USUAL - ALLOWANCE)
        if total > THRESHOLD:
            return day
    return -1


def told(pain: np.ndarray, threshold: float = THRESHOLD) -> list[int]:
    return detect_cusum(pain, threshold, ALLOWANCE, ending=False, show=False)[0].tolist()


slow = np.concatenate([np.full(60, USUAL), USUAL + 0.04 * np.arange(120)])
jump = np.concatenate([np.full(60, USUAL), np.full(60, 7.0)])
print(f"slow rise from day 60, {slow[-1]:.1f} at the end: textbook day {textbook(slow)}, detecta {told(slow)}")
print(f"jump on day 60: textbook day {textbook(jump)}, detecta {told(jump)}")
assert 60 < textbook(slow) < 75
assert told(slow) == told(slow, threshold=0.1) == [], "slow rises are told now"
assert textbook(jump) == 60 and told(jump) == [60]
PY
