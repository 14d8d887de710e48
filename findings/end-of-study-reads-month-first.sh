#!/usr/bin/env bash
# lifelines 0.30.3.
# Belief: with dayfirst=True `datetimes_to_durations` reads every day of a European table day first:
#   operation, revision, and the day on which each patient was last seen.
# Seen: it reads the first two so. The day last seen, `fill_date`, is read day first where it fills
#   an empty revision, and month first where it is the end of the study. Last seen on 01/06/2026, the
#   first of June, becomes the sixth of January: whoever was operated on the day before counts as
#   observed for one day, and their revision in March is not counted. Nothing is said. With datetime
#   objects the same table gives 67, 147 and 29 days and two revisions.
source "$(dirname "$0")/environment.sh"
install lifelines==0.30.3
"$python" - <<'PY'
import warnings
from datetime import datetime

from lifelines.utils import datetimes_to_durations

operated = ["05/01/2026", "05/01/2026", "05/01/2026"]
revised = ["13/03/2026", None, "03/02/2026"]
last_seen = ["01/06/2026", "01/06/2026", "01/06/2026"]

with warnings.catch_warnings():
    warnings.simplefilter("error", UserWarning)
    days, seen = datetimes_to_durations(operated, revised, fill_date=last_seen, dayfirst=True)


def as_day(text: str | None) -> datetime | None:
    return None if text is None else datetime.strptime(text, "%d/%m/%Y")


right = datetimes_to_durations(
    *([as_day(text) for text in column] for column in (operated, revised)),
    fill_date=datetime(2026, 6, 1),
)
print("text, day first: days", days, "revised", seen)
print("datetime:        days", right[0], "revised", right[1])
assert right[0].tolist() == [67, 147, 29] and right[1].tolist() == [True, False, True]
assert days.tolist() == [1, 1, 1] and not seen.any(), "the last day is read day first now"
PY
