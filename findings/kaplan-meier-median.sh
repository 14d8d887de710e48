#!/usr/bin/env bash
# lifelines 0.30.3, statsmodels 0.15.0, scikit-survival 0.28.0.
# Belief: the Kaplan-Meier median time to revision of ten patients is one number.
# Seen: with revisions in months 1 to 10 the curve is exactly 0.5 after month 5. lifelines and the
#   usual reading of scikit-survival's curve say 5, statsmodels says 6 (R says 5.5, by its own rule
#   for a flat stretch at one half).
source "$(dirname "$0")/environment.sh"
install lifelines==0.30.3 statsmodels==0.15.0 scikit-survival==0.28.0
"$python" - <<'PY'
import numpy as np
from lifelines import KaplanMeierFitter
from sksurv.nonparametric import kaplan_meier_estimator
from statsmodels.duration.survfunc import SurvfuncRight

months, revised = np.arange(1.0, 11), np.ones(10, bool)
first = KaplanMeierFitter().fit(months, revised).median_survival_time_
second = SurvfuncRight(months, revised.astype(int)).quantile(0.5)
at, surviving = kaplan_meier_estimator(revised, months)
third = at[np.flatnonzero(surviving <= 0.5)[0]]
print("lifelines", first, " statsmodels", second, " scikit-survival", third)
assert (first, second, third) == (5.0, 6.0, 5.0), "the three medians changed"
PY
