"""Advice for what a form tells of that came signed out: from the form alone, nothing of any record.

Whoever sent the answers reads them back; nothing is looked up, so a stranger learns nothing.
`signed_out` says how urgent they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from ...domain.advice import ADVICE, Who, filled
from ...domain.answer_rules import ANSWERS
from ...domain.flags import Urgency
from ...domain.language import N_
from ...domain.places import place_of
from ...domain.signs import SIGNS, WAS_THERE
from ...storage.settings import Installation
from .said_words import said_words
from .signed_out import concerns_at_worst

#: The name under which the page to sign in hands on what was found: a wrong password loses no
#: advice.
FIELD = "at_once"
_WORDS = {Urgency.EMERGENCY: N_("Emergency:"), Urgency.SAME_DAY: N_("Urgent:")}
_ORDER = {key: place for place, key in enumerate((*SIGNS, *ANSWERS))}
_WHO = {who: place for place, who in enumerate(Who)}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that asks for a call: a sign or a measure, how urgent, and its advice."""

    sign: str
    urgency: Urgency
    #: Key of `advice.ADVICE`.
    advice: str

    @property
    def place(self) -> tuple[int, int, int]:
        """The most urgent first, then who is called first, then the order of the form."""
        return -self.urgency, _WHO[ADVICE[self.advice].who], _ORDER[self.sign]

    @property
    def weight(self) -> tuple[int, bool]:
        """The more urgent counts; of two as urgent the one that is not over by now."""
        return self.urgency, self.advice != WAS_THERE

    def __str__(self) -> str:
        return f"{self.sign} {self.urgency.name} {self.advice}"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What to do now about the answers of a form; the most urgent and who is called first lead."""

    found: tuple[Found, ...]
    level: str
    level_words: str
    title: str
    told: tuple[str, ...]
    #: Whole sentences about what was asked and left open.
    left_open: tuple[str, ...]
    #: The reason, where neither says it.
    why: str
    steps: tuple[str, ...]
    number: str


def advice_at_once(fields: Iterable[tuple[str, str]], installation: Installation) -> AtOnce | None:
    """The advice for the answers in the fields of a form; None where none asks for a call today."""
    return advice_for_forms([fields], installation)


def advice_for_forms(
    forms: Iterable[Iterable[tuple[str, str]]], installation: Installation
) -> AtOnce | None:
    """The advice for all the forms: each is read on its own, so that no answer of one replaces or
    explains that of another. None where none asks for a call today.
    """
    found = _most_urgent(_found(list(fields)) for fields in forms)
    if not found:
        return None
    worst = found[0].urgency
    advices = [ADVICE[one.advice] for one in found if one.urgency is worst]
    emergency = installation.emergency_number
    line = installation.out_of_hours or place_of(installation.country).advice_line
    values = {"emergency": emergency, "team": installation.team_number, "line": line}

    def fill(text: str) -> str:
        return filled(_(text), values)

    said = said_words((one.sign, one.advice) for one in found)
    steps = dict.fromkeys(fill(step) for advice in advices for step in advice.do)
    return AtOnce(
        found,
        "e" if worst is Urgency.EMERGENCY else "u",
        _(_WORDS[worst]),
        fill(advices[0].title),
        said.told,
        said.left_open,
        "" if said.told or said.left_open else fill(said.why(advices[0])),
        tuple(step for step in steps if "{" not in step),
        emergency if advices[0].who.is_for_now else installation.team_number or line,
    )


def _found(fields: list[tuple[str, str]]) -> set[Found]:
    return {f for f in (*_handed_on(fields), *_told(fields)) if f.urgency in _WORDS}


def _most_urgent(forms: Iterable[set[Found]]) -> tuple[Found, ...]:
    """What was found in the forms, in order; of each sign only where it is most urgent, and that it
    is over by now only where every form says so.
    """
    found = {one for form in forms for one in form}
    worst: dict[str, tuple[int, bool]] = {}
    for one in found:
        worst[one.sign] = max(worst.get(one.sign, (0, False)), one.weight)
    kept = (one for one in found if one.weight == worst[one.sign])
    return tuple(sorted(kept, key=lambda one: one.place))


def _told(fields: list[tuple[str, str]]) -> Iterator[Found]:
    for concern in concerns_at_worst(fields):
        yield Found(concern.sign, concern.urgency, concern.advice)


def _handed_on(fields: list[tuple[str, str]]) -> Iterator[Found]:
    """What an earlier page found in the answers, as it was handed on."""
    urgencies = {urgency.name: urgency for urgency in _WORDS}
    for name, text in fields:
        sign, _space, rest = text.partition(" ")
        urgency, _space, advice = rest.partition(" ")
        if name == FIELD and sign in _ORDER and urgency in urgencies and advice in ADVICE:
            yield Found(sign, urgencies[urgency], advice)
