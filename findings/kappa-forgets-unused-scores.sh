#!/usr/bin/env bash
# scikit-learn 1.9.1.
# Belief: quadratic weighted kappa of two sets of 0-10 pain scores weighs a disagreement by how many
#   points apart the scores are.
# Seen: without `labels` the scale is the scores that happen to occur, so 4 against 8 is one step when
#   nobody answered 5, 6 or 7. Agreement looks better than it is.
source "$(dirname "$0")/environment.sh"
install scikit-learn==1.9.1
"$python" - <<'PY'
from sklearn.metrics import cohen_kappa_score

morning, evening = [0, 2, 4, 8, 8, 2], [0, 4, 4, 8, 2, 2]
loose = cohen_kappa_score(morning, evening, weights="quadratic")
strict = cohen_kappa_score(morning, evening, weights="quadratic", labels=range(11))
print(f"scores that occur: {loose:.4f}   all eleven scores: {strict:.4f}")
assert round(loose, 4) == 0.6154 and round(strict, 4) == 0.5833, "the two kappas changed"
PY
