#!/usr/bin/env bash
# lightgbm 4.7.0, xgboost 3.2.0, scikit-learn 1.9.1.
# Belief: a pain score left out at prediction time means "unknown" to a boosted-tree model, much the
#   same to each library, above all under a constraint that risk never falls as pain rises.
# Seen: trained on complete diaries, lightgbm answers as for pain 0, xgboost as for pain 10, and
#   scikit-learn something in between. Same data, same constraint.
source "$(dirname "$0")/environment.sh"
install lightgbm==4.7.0 xgboost==3.2.0 scikit-learn==1.9.1 numpy==2.4.6
"$python" - <<'PY'
import numpy as np
from lightgbm import LGBMClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from xgboost import XGBClassifier

random = np.random.default_rng(3)
diary = np.c_[random.integers(0, 11, 4000), random.integers(0, 5, 4000)].astype(float)
worse = (random.random(4000) < 1 / (1 + np.exp(5 - diary[:, 0]))).astype(int)
asked = np.array([[np.nan, 1], [0, 1], [10, 1]])
models = {
    "lightgbm": LGBMClassifier(n_estimators=50, verbose=-1, monotone_constraints=[1, 1]),
    "xgboost": XGBClassifier(n_estimators=50, monotone_constraints=(1, 1)),
    "scikit-learn": HistGradientBoostingClassifier(monotonic_cst=[1, 1]),
}
risk = {}
for name, model in models.items():
    risk[name] = model.fit(diary, worse).predict_proba(asked)[:, 1]
    print(f"{name:12}  unanswered {risk[name][0]:.3f}   pain 0 {risk[name][1]:.3f}   pain 10 {risk[name][2]:.3f}")
assert risk["lightgbm"][0] == risk["lightgbm"][1], "lightgbm no longer answers as for 0"
assert risk["xgboost"][0] == risk["xgboost"][2], "xgboost no longer answers as for 10"
between = risk["scikit-learn"]
assert between[1] < between[0] < between[2], "scikit-learn no longer lies in between"
PY
