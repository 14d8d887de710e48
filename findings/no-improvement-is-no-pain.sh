#!/usr/bin/env bash
# negspacy 1.1.0 with spaCy 3.8.18, its own English terms.
# Belief: in clinic letters, "no" before a symptom means that the patient does not have it, and a word
#   between the two is understood.
# Seen: back pain without improvement, leg pain without relief and somebody who is not free of leg pain
#   are all read as people without that pain. "Loosening is not excluded" is read rightly, "no doubt about
#   loosening" as none.
source "$(dirname "$0")/environment.sh"
install negspacy==1.1.0 spacy==3.8.18
"$python" - <<'PY'
import spacy
from negspacy import negation  # noqa: F401  (adds "negex")

reader = spacy.blank("en")
reader.add_pipe("sentencizer")
words = ("back pain", "leg pain", "loosening", "fever")
reader.add_pipe("entity_ruler").add_patterns(
    [{"label": "SIGN", "pattern": [{"LOWER": word} for word in sign.split()]} for sign in words]
)
reader.add_pipe("negex")


def is_denied(letter: str) -> bool:
    (sign,) = reader(letter).ents
    print(f"{letter:48} {'no' if sign._.negex else ''} {sign.text}")
    return sign._.negex


assert is_denied("No fever.")
assert not is_denied("Back pain as before.")
assert not is_denied("Loosening is not excluded.")
assert is_denied("No improvement in back pain since surgery.")
assert is_denied("Without any relief of leg pain.")
assert is_denied("She is not free of leg pain.")
assert is_denied("No doubt about loosening.")
PY
