"""What was answered, in words: what was reported, and what was asked and left open."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from ...domain.advice import ADVICE, ANSWERED, WAS_LEFT_OPEN, Advice
from ...domain.answer_rules import ANSWERS
from ...domain.signs import SIGNS, WAS_THERE


def sign_words(sign: str) -> str:
    """A concern as a person would name it, in the reader's language."""
    return _(SIGNS[sign].patient if sign in SIGNS else ANSWERS[sign].patient)


@dataclass(frozen=True, slots=True)
class SaidWords:
    """What was answered, in words."""

    #: What was reported.
    told: tuple[str, ...] = ()
    #: Whole sentences about what was asked and left open.
    left_open: tuple[str, ...] = ()
    #: Whether of all that is over by now nothing was reported: a question about it was left open.
    only_asked: bool = False

    def why(self, advice: Advice) -> str:
        """The reason of an advice that these answers call for."""
        is_over = advice is ADVICE[WAS_THERE]
        return WAS_LEFT_OPEN if self.only_asked and is_over else advice.why


def said_words(found: Iterable[tuple[str, str]]) -> SaidWords:
    """The words for signs, each with the advice that it calls for.

    What is over by now asks for no caution: that its question was once left open is not said again.
    """
    found = list(found)
    over = {sign for sign, advice in found if advice == WAS_THERE}
    keys = list(dict.fromkeys(sign for sign, _advice in found))
    if "paralysis" in keys:
        # The same weakness in fewer words.
        keys = [key for key in keys if key not in ("new_weakness", "weakness_unspecified")]
    asked = [k for k in keys if k in SIGNS and SIGNS[k].left_open]
    left_open = [_(SIGNS[k].left_open) for k in asked if k not in over]
    told = [sign_words(k) for k in keys if k not in SIGNS or not SIGNS[k].left_open]
    told += [_(ANSWERED[k]) for k in asked if k in ANSWERED and k not in over]
    return SaidWords(tuple(told), tuple(left_open), bool(over) and over.issubset(asked))
