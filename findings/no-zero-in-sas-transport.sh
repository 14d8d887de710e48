#!/usr/bin/env bash
# pandas 3.1.1 with pyreadstat 1.3.7.
# Belief: a pain score of 0 in a SAS transport file (version 5, the one the FDA asks for) is 0 to whoever
#   reads it, as whole numbers are exact in that format.
# Seen: pandas reads 5.4e-79, the smallest number above 0 in that format. The mean is right and the score
#   rounds to 0, but counting the patients without pain finds nobody. pyreadstat reads 0.
source "$(dirname "$0")/environment.sh"
install pandas==3.1.1 pyreadstat==1.3.7
"$python" - <<'PY'
import pandas as pd
import pyreadstat

scores = pd.DataFrame({"PAIN": [0.0, 0.0, 3.0, 7.0]})
pyreadstat.write_xport(scores, "pain.xpt", file_format_version=5)
free = {
    "pyreadstat": int((pyreadstat.read_xport("pain.xpt")[0]["PAIN"] == 0).sum()),
    "pandas": int((pd.read_sas("pain.xpt", format="xport")["PAIN"] == 0).sum()),
}
read = pd.read_sas("pain.xpt", format="xport")["PAIN"]
print("pandas reads:", read.tolist(), "  mean", read.mean())
print("patients without pain:", free)
assert read.mean() == 2.5 and 0 < read.iloc[0] < 1e-78, "pandas reads the zero differently now"
assert free == {"pyreadstat": 2, "pandas": 0}, "the count of zeros changed"
PY
