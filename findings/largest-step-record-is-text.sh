#!/usr/bin/env bash
# healthkit-to-sqlite 1.0.1.
# Belief: the steps of an Apple Health export are numbers in the database made from it.
# Seen: every value is text. Their sum is right, because SQLite turns text into numbers to add it; the
#   longest walk is not: 900 steps are more than 1000, and "ORDER BY value" is the order of a dictionary.
source "$(dirname "$0")/environment.sh"
install healthkit-to-sqlite==1.0.1
cat >export.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_GB">
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" creationDate="2026-03-01 10:00:00 +0000" startDate="2026-03-01 09:00:00 +0000" endDate="2026-03-01 09:10:00 +0000" value="900"/>
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" creationDate="2026-03-02 10:00:00 +0000" startDate="2026-03-02 09:00:00 +0000" endDate="2026-03-02 09:10:00 +0000" value="1000"/>
</HealthData>
XML
venv/bin/healthkit-to-sqlite export.xml health.db --xml >log
"$python" - health.db <<'PY'
import sqlite3
import sys
from contextlib import closing

with closing(sqlite3.connect(sys.argv[1])) as database:
    total, longest = database.execute("SELECT sum(value), max(value) FROM rStepCount").fetchone()
print("sum", repr(total), "  longest walk", repr(longest))
assert total == 1900
assert longest == "900", "the values are numbers now"
PY
