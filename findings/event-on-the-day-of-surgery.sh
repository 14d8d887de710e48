#!/usr/bin/env bash
# lifelines 0.30.3, beside scikit-survival 0.28.0.
# Belief: a patient taken back to theatre on the day of surgery counts as a revision in the cumulative
#   incidence, as in the Kaplan-Meier curve.
# Seen: AalenJohansenFitter starts at zero whatever happened on day 0. Its table lists the event, its curve
#   never shows it, and stays too low to the end: 11 % revised in a year, not 21 %. Half a day later the
#   same event counts. KaplanMeierFitter of the same library and scikit-survival count it on day 0.
source "$(dirname "$0")/environment.sh"
install lifelines==0.30.3 scikit-survival==0.28.0
"$python" - <<'PY'
import numpy as np
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from sksurv.nonparametric import cumulative_incidence_competing_risks

days = [0, 30, 90, 180, 270, 300, 330, 345, 360, 365]
what = [1, 0, 2, 1, 0, 0, 0, 0, 0, 0]  # 1: revision, 2: death, 0: neither so far


def incidence(days: list[float]) -> AalenJohansenFitter:
    return AalenJohansenFitter(calculate_variance=False).fit(days, what, event_of_interest=1)


same_day, half_a_day_later = incidence(days), incidence([0.5, *days[1:]])
year = {
    "lifelines, day 0": same_day.cumulative_density_.iloc[-1, 0],
    "lifelines, day 0.5": half_a_day_later.cumulative_density_.iloc[-1, 0],
    "scikit-survival, day 0": cumulative_incidence_competing_risks(np.array(what), np.array(days, float))[1][1][-1],
}
year = {name: round(float(share), 4) for name, share in year.items()}
curve = KaplanMeierFitter().fit(days, [code > 0 for code in what])
print("revised within a year:", year)
assert same_day.event_table.loc[0, "observed_1"] == 1
assert round(curve.survival_function_.iloc[0, 0], 4) == 0.9, "Kaplan-Meier changed"
assert year == {"lifelines, day 0": 0.1125, "lifelines, day 0.5": 0.2125, "scikit-survival, day 0": 0.2125}, "a share changed"
PY
