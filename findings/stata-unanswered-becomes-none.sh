#!/usr/bin/env bash
# pyreadstat 1.3.7 with pandas 3.1.1.
# Belief: `user_missing=True` brings back why an answer is missing (.a, "refused") from a Stata file, and an
#   answer that is only missing (.) stays missing.
# Seen: in a column of whole numbers with such a code the plain missing answer is read as 0, and with the
#   labels as "none": a patient who said nothing about pain has none. Without the option, or read by pandas,
#   it is missing.
source "$(dirname "$0")/environment.sh"
install pyreadstat==1.3.7 pandas==3.1.1
"$python" - <<'PY'
import pandas as pd
import pyreadstat

answers = pd.DataFrame({"pain": [0, 7, "a", None]})
labels = {"pain": {0: "none", "a": "refused"}}
pyreadstat.write_dta(answers, "pain.dta", missing_user_values={"pain": ["a"]}, variable_value_labels=labels)

written = pd.read_stata("pain.dta", convert_categoricals=False, convert_missing=True)
print("in the file:   ", [str(value) for value in written["pain"]])
assert [str(value) for value in written["pain"]] == ["0", "7", ".a", "."]
plain = pyreadstat.read_dta("pain.dta")[0]
assert plain["pain"].isna().tolist() == [False, False, True, True]

coded = pyreadstat.read_dta("pain.dta", user_missing=True)[0]["pain"].tolist()
named = pyreadstat.read_dta("pain.dta", user_missing=True, apply_value_formats=True)[0]["pain"].tolist()
print("with the codes:", coded)
print("with labels:   ", named)
assert coded == [0, 7, "a", 0], "a plain missing answer stays missing now"
assert named == ["none", 7, "refused", "none"], "the labels changed"
PY
