#!/usr/bin/env bash
# gpxpy 1.6.2.
# Belief: `get_moving_data` divides a recorded walk into time moving and time stopped; a patient who sits
#   down for ten minutes on the way has stopped for ten minutes.
# Seen: a rest between two points at the same place is neither. Of a walk of 20 minutes, 10 are moving and
#   0 stopped, also with raw=True; a point 11 cm away makes it 600 seconds stopped. A watch that holds its
#   place while nothing moves hides the rests; a jittering one shows them.
source "$(dirname "$0")/environment.sh"
install gpxpy==1.6.2
"$python" - <<'PY'
from datetime import UTC, datetime, timedelta

from gpxpy.gpx import GPXTrackPoint, GPXTrackSegment

start = datetime(2026, 3, 2, 8, tzinfo=UTC)


def walk(drift: float) -> tuple[float, float, float]:
    """Five minutes, a rest of ten on a bench, five minutes: seconds in all, moving and stopped."""
    places = ((0, 51.500), (5, 51.503), (15, 51.503 + drift), (20, 51.506))
    points = [GPXTrackPoint(place, -0.1, time=start + timedelta(minutes=minute)) for minute, place in places]
    recorded = GPXTrackSegment(points)
    for raw in (False, True):
        data = recorded.get_moving_data(raw=raw)
        assert (data.moving_time, data.stopped_time) == (600, 600 if drift else 0), "the rest counts otherwise now"
    return recorded.get_duration(), data.moving_time, data.stopped_time


print("the same place:", walk(0.0))
print("11 cm away:    ", walk(0.000001))
assert walk(0.0) == (1200, 600, 0), "the rest counts now"
assert walk(0.000001) == (1200, 600, 600)
PY
