"""Advice as a page shows it: fixed sentences with this clinic's numbers put in.

The sentences are `domain.advice`; this module only chooses among them, orders them and fills in the
numbers, the weeks and the patient's own words.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from ...domain.advice import (
    ADVICE,
    KNOWN_BEFORE,
    NERVE_ADVICE,
    PATTERN_ADVICE,
    WITH_ADVICE_LINE,
    WITH_RISK,
    Advice,
    Who,
    filled,
    what_to_say,
)
from ...domain.flags import Urgency
from ...domain.language import N_
from ...domain.places import place_of
from ...domain.reasons import sign_beside
from ...domain.signs import WAS_THERE
from ...domain.surgery import Operation, postoperative_day, postoperative_week
from ...domain.triage import Concern, advice_of
from ...storage.flags import StoredFlag
from ...storage.settings import Installation
from ..shared.language import mark, say_day
from ..shared.said_words import SaidWords, said_words

LEVELS = {Urgency.EMERGENCY: "e", Urgency.SAME_DAY: "u", Urgency.REVIEW: "n", Urgency.NOTE: "n"}
#: Read out before the title, so that the level never hangs on the colour.
LEVEL_WORDS = {
    Urgency.EMERGENCY: N_("Emergency:"),
    Urgency.SAME_DAY: N_("Urgent:"),
    Urgency.REVIEW: N_("Not an emergency:"),
    Urgency.NOTE: N_("Not urgent:"),
}


@dataclass(frozen=True, slots=True)
class Guidance:
    """One card of advice, ready to be shown; every text is translated and filled."""

    urgency: Urgency
    title: str
    #: What the patient told us, in the words of the form; empty for what the trend found.
    told: tuple[str, ...]
    whys: tuple[str, ...]
    steps: tuple[str, ...]
    say: str
    who: Who
    if_nobody_answers: str
    known_before: tuple[str, ...] = ()
    #: Whole sentences about what was asked and left open; nobody is told that the patient said so.
    left_open: tuple[str, ...] = ()
    #: Whether no answer asks for it: the rules that look for patterns found it.
    is_by_rules: bool = False
    #: The day that it is about, or the first and the last, in words; empty for today.
    told_days: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among others: the most urgent first, then who is called first."""
        return -self.urgency, list(Who).index(self.who)

    @property
    def level(self) -> str:
        return LEVELS[self.urgency]

    @property
    def level_words(self) -> str:
        return _(LEVEL_WORDS[self.urgency])

    @property
    def calls_emergency(self) -> bool:
        return self.who.is_for_now


def guidance_for(
    concerns: Sequence[Concern],
    operation: Operation,
    today: date,
    installation: Installation,
    day: date,
) -> Guidance | None:
    """One card for the most urgent of a day's concerns; None where nothing asks for advice.

    The person who answers the call also hears what else of the `day` asks for one.
    """
    if not concerns:
        return None
    worst = [c for c in concerns if c.urgency is concerns[0].urgency]
    keys = list(dict.fromkeys(concern.advice for concern in worst))
    calls = [c for c in concerns if c.urgency >= Urgency.SAME_DAY and c.advice != WAS_THERE]
    named = [(concern.sign, concern.advice) for concern in (*worst, *calls)]
    said = said_words((*named, *((c.beside, "") for c in worst if c.beside)))
    return _card(
        [ADVICE[key] for key in keys],
        worst[0].urgency,
        said,
        operation,
        today,
        installation,
        keys,
        day,
    )


def guidance_of_flag(
    flag: StoredFlag,
    operation: Operation,
    today: date,
    installation: Installation,
    beside: Iterable[StoredFlag] = (),
) -> Guidance:
    """The card of an open flag: what the patient told us, or what their answers show.

    What the flags `beside` it are about is named in it too; what is as urgent also has its advice.
    """
    episode, urgency = flag.episode, flag.urgency
    found = advice_of(episode, operation)
    if not found:
        advice = PATTERN_ADVICE[episode.pattern]
        return _card([advice], urgency, SaidWords(), operation, today, installation, (), today)
    beside = tuple(beside)
    also = [(one.urgency, advice_of(one.episode, operation)) for one in beside]
    told = [*found, *(pair for _urgency, pairs in also for pair in pairs)]
    stood = (sign for why in episode.evidence_for if (sign := sign_beside(why)))
    said = said_words((*told, *((sign, "") for sign in stood)))
    found += tuple(pair for as_urgent, pairs in also if as_urgent is urgency for pair in pairs)
    keys = list(dict.fromkeys(key for _sign, key in found))
    advices = [ADVICE[key] for key in keys]
    days = sorted(frozenset().union(*(one.episode.days for one in (flag, *beside)))) or [today]
    card = _card(advices, urgency, said, operation, today, installation, keys, days[-1])
    between = dict.fromkeys((days[0], days[-1])) if days[0] < today else ()
    return replace(card, told_days=tuple(map(say_day, between)))


def _card(
    advices: Sequence[Advice],
    urgency: Urgency,
    said: SaidWords,
    operation: Operation,
    today: date,
    installation: Installation,
    keys: Collection[str],
    last: date,
) -> Guidance:
    """One card, about answers up to the day `last`. Of several advices the first caller named by
    `Who` gives title and words to say: an ambulance before a hospital, a hospital before a call.
    """
    places, pod = list(Who), postoperative_day(today, operation)
    advices = sorted(advices, key=lambda advice: places.index(advice.who))
    first = advices[0]
    values = values_for(operation, today, installation, said.told)

    def fill(text: str) -> str:
        return filled(_(text), values) if text else ""

    known = KNOWN_BEFORE if NERVE_ADVICE.intersection(keys) else {}
    risks = [
        _(text)
        for risk, (named, text) in WITH_RISK.items()
        if risk in operation.risk_factors and named.intersection(keys)
    ]
    return Guidance(
        urgency=urgency,
        title=fill(first.title),
        told=said.told,
        whys=tuple(dict.fromkeys(fill(said.why(advice)) for advice in advices)),
        steps=tuple(dict.fromkeys(fill(step) for advice in advices for step in advice.do)),
        say=fill(
            what_to_say(
                first,
                is_named=bool(said.told) or not keys,
                pod=pod,
                is_from_before=last < operation.day <= today,
            )
        ),
        who=first.who,
        if_nobody_answers=fill(_if_nobody_answers(first, values["line"])),
        known_before=(
            *(_(text) for key, text in known.items() if key in operation.known_deficits),
            *risks,
        ),
        left_open=said.left_open,
        is_by_rules=not keys,
    )


def _if_nobody_answers(advice: Advice, line: str) -> str:
    said = advice.if_nobody_answers
    return WITH_ADVICE_LINE.get(said, said) if line else said


def values_for(
    operation: Operation, today: date, installation: Installation, told: Sequence[str] = ()
) -> Mapping[str, str]:
    """What the placeholders of `domain.advice` stand for here."""
    return {
        "emergency": installation.emergency_number,
        "team": installation.team_number,
        "line": advice_line(installation),
        "day": say_day(operation.day),
        "weeks": str(max(0, postoperative_week(today, operation))),
        "sign": _join(told),
    }


def advice_line(installation: Installation) -> str:
    """The country's medical advice line by phone; "" where there is none."""
    return installation.out_of_hours or place_of(installation.country).advice_line


def _join(texts: Sequence[str]) -> str:
    """Several signs as one clause; where one of them has a comma, no "and" may join two of them."""
    if len(texts) < 2:
        return "".join(texts)
    if any(set(",，、") & set(text) for text in texts):
        return mark("; ").join(texts)
    return _("%(most)s and %(last)s", most=mark("; ").join(texts[:-1]), last=texts[-1])
