#!/usr/bin/env bash
# pandas 3.1.1, pyreadstat 1.3.8.
# Belief: a pain scale from 0 to 10 whose two ends have labels, as the form prints them, is read from SPSS
#   as from Stata: numbers, or categories in their order.
# Seen: from both, 0 and 10 become words and the nine between stay numbers, in one column. From Stata the
#   categories are in order. From SPSS they have none, and their codes follow neither the scale nor the
#   file: somebody without pain has a higher code than somebody at 7.
source "$(dirname "$0")/environment.sh"
install pandas==3.1.1 pyreadstat==1.3.8
"$python" - <<'PY'
import pandas as pd
import pyreadstat

diary = pd.DataFrame({"pain": [0.0, 3.0, 7.0, 10.0, 2.0, 5.0]})
ends = {"pain": {0: "no pain", 10: "worst pain"}}
pyreadstat.write_sav(diary, "diary.sav", variable_value_labels=ends)
pyreadstat.write_dta(diary, "diary.dta", variable_value_labels=ends)

for name, read in (("diary.sav", pd.read_spss), ("diary.dta", pd.read_stata)):
    pain = read(name)["pain"]
    print(name, pain.tolist(), "ordered:", pain.cat.ordered, "codes:", pain.cat.codes.tolist())
    assert pain.tolist() == ["no pain", 3.0, 7.0, "worst pain", 2.0, 5.0], "read otherwise now"

by_pain = diary["pain"].sort_values().index
stata = pd.read_stata("diary.dta")["pain"].cat
assert stata.ordered and stata.codes[by_pain].is_monotonic_increasing
spss = pd.read_spss("diary.sav")["pain"].cat
assert not spss.ordered and spss.codes[0] > spss.codes[2], "the codes follow the scale now"
PY
