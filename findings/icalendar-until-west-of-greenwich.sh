#!/usr/bin/env bash
# icalendar 7.3.2; the rule is read by python-dateutil 2.9.0.
# Belief: a daily reminder "until 8 January, 20:00" in a named zone is written so that it ends then.
# Seen: UNTIL is written as local time without Z, where RFC 5545 (3.3.10) asks for UTC beside a zoned
#   start. A reader that takes the standard at its word ends the series at 20:00 UTC, 15:00 in New
#   York: the last day has no reminder.
source "$(dirname "$0")/environment.sh"
install icalendar==7.3.2 python-dateutil==2.9.0.post0 tzdata
"$python" - <<'PY'
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Event

zone = ZoneInfo("America/New_York")
reminder = Event()
reminder.add("dtstart", datetime(2026, 1, 5, 20, tzinfo=zone))
reminder.add("rrule", {"freq": "daily", "until": datetime(2026, 1, 8, 20, tzinfo=zone)})
rule = next(line for line in reminder.to_ical().decode().splitlines() if line.startswith("RRULE"))
print(rule)
assert rule == "RRULE:FREQ=DAILY;UNTIL=20260108T200000", "UNTIL is written in UTC now"
start = datetime(2026, 1, 5, 20, tzinfo=zone)
as_written = list(rrulestr(rule.replace("200000", "200000Z"), dtstart=start))
as_meant = list(rrulestr(rule.replace("20260108T200000", "20260109T010000Z"), dtstart=start))
print("reminders if it is taken for UTC:", len(as_written), "  meant:", len(as_meant))
assert (len(as_written), len(as_meant)) == (3, 4)
PY
