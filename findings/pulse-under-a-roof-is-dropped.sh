#!/usr/bin/env bash
# tcxreader 0.4.11, beside python-tcxparser 2.4.0.
# Belief: `only_gps`, which is on by default and said to cut what has no position from the start and end of
#   a recording, leaves a walk alone that began and ended outdoors.
# Seen: points without a position go wherever they are. The pulse of 130 on the stairs of a shopping centre
#   is gone, the highest is 90, while the distance still counts the stairs. python-tcxparser says 130.
source "$(dirname "$0")/environment.sh"
install tcxreader==0.4.11 python-tcxparser==2.4.0
"$python" - <<'PY'
from pathlib import Path

from tcxparser import TCXParser
from tcxreader.tcxreader import GARMIN_XML_SCHEMA, TCXReader

WALK = ((0, 51.500, 80, 0), (2, 51.501, 90, 110), (4, None, 120, 200), (6, None, 130, 290), (8, 51.503, 90, 400))


def point(minute: int, latitude: float | None, pulse: int, metres: int) -> str:
    place = f"<LatitudeDegrees>{latitude}</LatitudeDegrees><LongitudeDegrees>-0.1</LongitudeDegrees>"
    return (
        f"<Trackpoint><Time>2026-03-02T08:0{minute}:00Z</Time>"
        + (f"<Position>{place}</Position>" if latitude else "")
        + f"<DistanceMeters>{metres}</DistanceMeters><HeartRateBpm><Value>{pulse}</Value></HeartRateBpm></Trackpoint>"
    )


Path("walk.tcx").write_text(
    f'<TrainingCenterDatabase xmlns="{GARMIN_XML_SCHEMA.strip("{}")}"><Activities><Activity Sport="Other">'
    '<Id>2026-03-02T08:00:00Z</Id><Lap StartTime="2026-03-02T08:00:00Z"><TotalTimeSeconds>480</TotalTimeSeconds>'
    "<DistanceMeters>400</DistanceMeters><Calories>20</Calories><Intensity>Active</Intensity>"
    f"<TriggerMethod>Manual</TriggerMethod><Track>{''.join(point(*p) for p in WALK)}</Track></Lap>"
    "</Activity></Activities></TrainingCenterDatabase>",
    encoding="utf-8",
)
read = TCXReader().read("walk.tcx")
highest = {"tcxreader": read.hr_max, "python-tcxparser": TCXParser("walk.tcx").hr_max}
print("highest pulse:", highest, f"  tcxreader's distance: {read.distance} m, points: {len(read.trackpoints)} of 5")
assert TCXReader().read("walk.tcx", only_gps=False).hr_max == 130
assert highest == {"tcxreader": 90, "python-tcxparser": 130}, "the highest pulse changed"
assert (read.distance, read.duration, len(read.trackpoints)) == (400, 480, 3), "the walk is read differently now"
PY
