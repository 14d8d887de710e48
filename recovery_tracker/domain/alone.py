"""Which single answers ask for help on their own: what a phone without a signal must know.

Found by asking `triage` about a day with one answer and nothing else, so no threshold is repeated
here. A phone does not know what two answers ask for together; as it takes a warning answer to make
another one more urgent, any warning answer leads to help there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .context import Context
from .diary import DiaryEntry, SignChange
from .flags import Urgency
from .follow_ups import follow_ups
from .measures import MEASURES, NUMBNESS_ZONES, Kind, Measure
from .triage import present_signs, triage

#: Counts with no upper limit (steps, minutes) mean nothing on their own. Our default.
_MOST = 60
#: The smallest numbness above none; zones are marked only with some numbness.
_ANY_NUMBNESS = 1
_WHOLE = frozenset({Kind.SCORE, Kind.CHOICE, Kind.COUNT})


@dataclass(frozen=True, slots=True)
class HelpAlone:
    """Answers that ask for a call today or for the ambulance on their own.

    Attributes:
        lowest: measure to the lowest value from which it does, in the unit of the measure.
        words: measure, or `change-` and an open sign, to the words that do.
        both_sides: the measures (`limb_pain_side`, `numbness_zones`) of which both sides do.
        both_sides_numb: those of which both sides do with much numbness alone (`follow_ups`).
        severe_from: pain measure to the score from which "it stays this bad" is asked, and does.
    """

    lowest: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]
    both_sides: frozenset[str]
    both_sides_numb: frozenset[str]
    severe_from: Mapping[str, int]


def help_alone(context: Context, open_signs: tuple[str, ...] = ()) -> HelpAlone:
    """What asks for help on the day of the context; its form also asks about `open_signs`."""
    lowest, words = {}, {}
    for key, measure in MEASURES.items():
        found = next((v for v in _values(measure) if _asks(context, **{key: v})), None)
        if found is not None:
            lowest[key] = found
        if measure.kind is Kind.WORDS:
            words[key] = tuple(w for w in measure.words if _asks(context, **{key: frozenset({w})}))
    zones = NUMBNESS_ZONES[context.operation.region]
    words["numbness_zones"] = tuple(
        zone
        for zone in zones
        if _asks(context, numbness=_ANY_NUMBNESS, numbness_zones=frozenset({zone}))
    )
    for sign in open_signs:
        changes = (c for c in SignChange if _asks(context, sign_changes={sign: c}))
        words[f"change-{sign}"] = tuple(change.value for change in changes)
    follow = follow_ups(context)
    return HelpAlone(
        lowest,
        {key: found for key, found in words.items() if found},
        follow.both_sides,
        follow.both_sides_numb,
        follow.severe_from,
    )


def of_either(one: HelpAlone, other: HelpAlone) -> HelpAlone:
    """What asks for help on either of two days: the form may be for either of them."""

    def lower(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: min(each[key] for each in (mine, theirs) if key in each)
            for key in {**mine, **theirs}
        }

    words = {
        key: tuple(dict.fromkeys((*one.words.get(key, ()), *other.words.get(key, ()))))
        for key in {**one.words, **other.words}
    }
    return replace(
        one,
        lowest=lower(one.lowest, other.lowest),
        words=words,
        both_sides=one.both_sides | other.both_sides,
        both_sides_numb=one.both_sides_numb | other.both_sides_numb,
        severe_from=lower(one.severe_from, other.severe_from),
    )


def _values(measure: Measure) -> Iterator[float]:
    """The values of a measure, lowest first; a temperature in tenths of a degree."""
    if measure.kind in _WHOLE:
        last = len(measure.options) - 1 if measure.kind is Kind.CHOICE else int(measure.high or 0)
        yield from range(int(measure.low or 0), last + 1) if last <= _MOST else ()
    elif measure.kind is Kind.NUMBER and measure.low is not None and measure.high is not None:
        for tenths in range(round(measure.low * 10), round(measure.high * 10) + 1):
            yield tenths / 10


def _asks(context: Context, **answer: Any) -> bool:
    entry = DiaryEntry(context.day, **answer)
    urgency = triage(entry, context).urgency
    # Other answers may make a warning answer, such as a fall, more urgent.
    return bool(present_signs(entry, context)) or (urgency or Urgency.NOTE) >= Urgency.SAME_DAY
