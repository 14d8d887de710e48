#!/usr/bin/env bash
# dateparser 1.5.0.
# Belief: a search for dates in an operation note finds the day of surgery, wherever the level stands.
# Seen: a spinal level before the date hides it. "Fusion on 3 May 2026" gives that day, "Fusion L4-5 on
#   3 May 2026" nothing at all; after "C5-6, 12 March 2026" it is the first of March, and T10-12, which
#   are vertebrae, becomes the twelfth of October. A pain score of 7/10 is the tenth of July.
source "$(dirname "$0")/environment.sh"
install dateparser==1.5.0
"$python" - <<'PY'
from datetime import date, datetime

from dateparser.search import search_dates

SETTINGS = {"RELATIVE_BASE": datetime(2026, 6, 1)}


def days_in(note: str) -> list[date]:
    found = search_dates(note, languages=["en"], settings=SETTINGS) or []
    days = [moment.date() for _, moment in found]
    print(f"{note:50} {', '.join(map(str, days)) or 'nothing'}")
    return days


surgery = date(2026, 5, 3)
assert days_in("Fusion on 3 May 2026.") == [surgery]
assert days_in("Fusion on 3 May 2026, level L4-5.") == [surgery]
assert days_in("Fusion L4-5 on 3 May 2026.") == []
assert days_in("Fusion L4/5 on 3 May 2026.") == []
assert days_in("Fusion L4-S1 on 3 May 2026.") == []
assert days_in("ACDF on 12 March 2026") == [date(2026, 3, 12)]
assert date(2026, 3, 12) not in days_in("ACDF C5-6, 12 March 2026")
levels = days_in("Fusion T10-12 on 3 May 2026")
assert date(2026, 10, 12) in levels and surgery not in levels
assert days_in("PLIF on 3 May 2026, pain 7/10.") == [surgery, date(2026, 7, 10)]
PY
