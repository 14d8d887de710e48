#!/usr/bin/env bash
# csvkit 2.2.0 on agate 1.14.2.
# Belief: a column of pain scores becomes a column of numbers, whatever the scores are.
# Seen: in a good month, with nothing but 0 and 1 in it, csvjson takes back pain for a yes-or-no column
#   and writes false and true. Leg pain, which once reached 3, stays a number in the same file. In the
#   column of warning signs, where every day says "none", the answer becomes null: asked and not asked
#   are one.
source "$(dirname "$0")/environment.sh"
install csvkit==2.2.0 agate==1.14.2
cat >diary.csv <<'CSV'
date,axial_pain,limb_pain,signs
2026-03-01,1,0,none
2026-03-02,0,1,none
2026-03-03,1,3,
CSV
"$python" -m csvkit.utilities.csvjson --indent 1 diary.csv | tee diary.json
echo
"$python" - diary.json <<'PY'
import json
import sys

days = json.load(open(sys.argv[1], encoding="utf-8"))
assert [day["axial_pain"] for day in days] == [True, False, True], "scores of 0 and 1 are numbers now"
assert all(type(day["axial_pain"]) is bool for day in days), "scores of 0 and 1 are numbers now"
assert [day["limb_pain"] for day in days] == [0.0, 1.0, 3.0]
assert [day["signs"] for day in days] == [None, None, None], "the answer none is kept now"
PY
