#!/usr/bin/env bash
# river 0.26.1.
# Belief: ADWIN, fed one pain score a day, says that the pain has changed as soon as it can tell.
# Seen: as it comes, it looks at every 32nd value only. Wherever pain jumps from 2 to 8, the day on
#   which it speaks is a multiple of 32: up to a month late in a diary, and nobody who feeds it
#   thousands of values an hour would notice. With clock=1 the same diary is told within days.
source "$(dirname "$0")/environment.sh"
install river==0.26.1
"$python" - <<'PY'
from river.drift import ADWIN


def told_on(first_bad_day: int, **options: int) -> int:
    """The day on which a jump of pain from 2 or 3 to 7 or 8 is told."""
    detector = ADWIN(**options)
    for day in range(1, 400):
        detector.update((2 if day < first_bad_day else 7) + day % 2)
        if detector.drift_detected:
            return day
    raise AssertionError("never told")


for bad in (40, 60, 70, 100, 130):
    usual, daily = told_on(bad), told_on(bad, clock=1)
    print(f"worse from day {bad:3}: told on day {usual:3} as it comes, on day {daily:3} with clock=1")
    assert usual % 32 == 0, "ADWIN looks on other days now"
    assert bad < daily < bad + 15
PY
