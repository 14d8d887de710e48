#!/usr/bin/env bash
# tableone 0.9.6.
# Belief: the first table of a report treats a missing value alike in all its rows: a mean is that of
#   the patients who answered, a percentage that of the patients of whom it is known.
# Seen: a mean leaves out who did not answer, and says how many in a column "Missing"; a percentage is
#   one of all patients, those without a scan included, who become a group called "None", and
#   "Missing" stays empty. Two fused and one not fused of six, three of them not yet scanned, is a
#   fusion rate of 33.3 % and not 66.7 %. include_null=False gives that.
source "$(dirname "$0")/environment.sh"
install tableone==0.9.6
"$python" - <<'PY'
import pandas as pd
from tableone import TableOne

patients = pd.DataFrame(
    {
        "fused": ["yes", "no", None, None, "yes", None],
        "pain": [3, None, None, 6, 7, None],
    }
)


def said(table: TableOne, row: str, group: str) -> tuple[str, str]:
    """What the table says in the columns Missing and Overall."""
    line = table.tableone.loc[(row, group)]
    return str(line.iloc[0]), str(line.iloc[1])


usual = TableOne(patients, columns=["fused", "pain"], categorical=["fused"])
known = TableOne(patients, columns=["fused", "pain"], categorical=["fused"], include_null=False)
print(usual)
print(known)
assert said(usual, "pain, mean (SD)", "") == ("3", "5.3 (2.1)")
assert said(usual, "fused, n (%)", "None") == ("", "3 (50.0)")
assert said(usual, "fused, n (%)", "yes") == ("", "2 (33.3)"), "of those known now"
assert said(known, "fused, n (%)", "yes")[1] == "2 (66.7)"
PY
