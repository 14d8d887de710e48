"""The measures that an answer about nerves is read beside: never the pain of the back or neck."""

from collections.abc import Collection

from .advice import NERVE_ADVICE
from .answer_rules import ANSWERS
from .signs import SIGNS

#: What a nerve that is pressed changes, most telling first.
BESIDE_NERVES = ("limb_pain", "numbness")

#: Answers that are about feeling: numbness is read first.
_OF_FEELING = frozenset({"saddle", "numbness", "genital"})


def beside_answers(signs: Collection[str]) -> tuple[str, ...]:
    """The measures to read beside a flag of these answers; empty if none is about nerves."""
    told = [SIGNS[sign].advice for sign in signs if sign in SIGNS]
    told += ["numbness" for sign in signs if sign in ANSWERS and sign in (*BESIDE_NERVES, *_ZONES)]
    if NERVE_ADVICE.isdisjoint(told):
        return ()
    return BESIDE_NERVES[::-1] if _OF_FEELING.issuperset(told) else BESIDE_NERVES


_ZONES = ("limb_pain_side", "numbness_zones")
