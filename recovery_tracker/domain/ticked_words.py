"""The warning signs behind a flag in words: which, when, and what became of them.

In full for a page about one patient, in brief for a row of a list.
"""

from collections.abc import Sequence
from datetime import date

from .asked_after import AfterTick, after_in_brief, after_words, alike_since, concern_of
from .language import N_
from .signs import SIGNS
from .ticked import Ticked, TickedSign
from .wording import (
    Translate,
    capitalize_first,
    joined_as,
    listed,
    near_day_words,
    number,
    sentences,
    uncapitalize,
)

#: How many signs are named, and how many in brief; the worst and the newest are always among them.
#: Our default.
MOST_NAMED = 3
MOST_NAMED_IN_BRIEF = 2


def ticked_words(found: Ticked, today: date, translate: Translate = str) -> str:
    """The signs with their days, the worst and the newest among them, and what was told since.

    >>> sign = TickedSign("fever", (date(2026, 11, 24), date(2026, 11, 25)), 38.7)
    >>> since = {"fever": AfterTick("better", date(2026, 11, 27))}
    >>> ticked_words(Ticked((sign,), since), date(2026, 11, 29))
    'Fever up to 38.7\\xa0°C (24 Nov to 25 Nov). Said to be better on 27 Nov.'
    """
    named = _worst_and_newest(found, MOST_NAMED)
    whens = [_when(sign.days, today, translate) for sign in named]
    said = _named_words(named, whens, len(found.signs) - len(named), translate)
    return sentences([said, _since(found, named, today, translate)], translate)


def ticked_in_brief(found: Ticked, today: date, translate: Translate = str) -> str:
    """The worst sign and another, the newest where it is newer, each with the last day on which it
    was told; then what became of it, of the sign that is worst off where they went different ways.

    What was only not told as new is left out.

    >>> sign = TickedSign("fever", (date(2026, 11, 24), date(2026, 11, 25)), 38.7)
    >>> since = {"fever": AfterTick(left_open=4)}
    >>> ticked_in_brief(Ticked((sign,), since), date(2026, 11, 29))
    'Fever up to 38.7\\xa0°C (last 25 Nov). “How is it now?” left open 4 times.'
    """
    named = _worst_and_newest(found, MOST_NAMED_IN_BRIEF)
    last = translate(N_("last {day}"))
    days = [near_day_words(sign.days[-1], today, translate) for sign in named]
    whens = [
        last.format(day=day) if len(sign.days) > 1 else day
        for sign, day in zip(named, days, strict=True)
    ]
    said = _named_words(named, whens, len(found.signs) - len(named), translate)
    return sentences([said, _since_in_brief(found, today, translate)], translate)


def _worst_and_newest(found: Ticked, most: int) -> list[TickedSign]:
    named = list(found.signs[:most])
    newest = max(found.signs, key=lambda sign: sign.days[-1])
    if newest.days[-1] > max(sign.days[-1] for sign in named):
        named[-1] = newest
    return named


def _named_words(
    named: Sequence[TickedSign], whens: Sequence[str], more: int, translate: Translate
) -> str:
    """The signs in a sentence, those of the same days together, and how many more there are."""
    groups: dict[str, list[str]] = {}
    for sign, when in zip(named, whens, strict=True):
        groups.setdefault(when, []).append(_name(sign, translate))
    apart = translate(N_("{signs} ({when})"))
    parts = [
        apart.format(signs=listed(names, translate), when=when) for when, names in groups.items()
    ]
    if more:
        parts.append(translate(N_("{count} more")).format(count=more))
    said = capitalize_first(joined_as(N_("{some}; {one}"), parts, translate))
    return translate(N_("{said}.")).format(said=said)


def _name(sign: TickedSign, translate: Translate) -> str:
    if sign.temperature_c is not None:
        fever = translate(N_("fever {temperature}\N{NO-BREAK SPACE}°C"))
        if len(sign.days) > 1:
            fever = translate(N_("fever up to {temperature}\N{NO-BREAK SPACE}°C"))
        return fever.format(temperature=number(sign.temperature_c))
    return translate(SIGNS[sign.sign].clinician)


def _when(days: tuple[date, ...], today: date, translate: Translate) -> str:
    """A day, the first and last of consecutive days, or how many there are and from when to
    when."""
    first, last = days[0], days[-1]
    if first == last:
        return near_day_words(first, today, translate)
    end = near_day_words(last, today, translate)
    if (last - first).days + 1 > len(days):
        start = near_day_words(first, today, translate)
        said = translate(N_("{count} days, {first} to {last}"))
        return said.format(count=len(days), first=start, last=end)
    start = near_day_words(first, today, translate)
    return translate(N_("{first} to {last}")).format(first=start, last=end)


def _since(found: Ticked, named: Sequence[TickedSign], today: date, translate: Translate) -> str:
    """What became of the named signs; each is named again where they went different ways."""
    states = [found.since.get(sign.sign, AfterTick()) for sign in named]
    if len(states) > 1 and (alike := alike_since(states)) is not None:
        return after_words(alike, today, translate)
    said: dict[str, list[str]] = {}
    for sign in named:
        words = after_words(found.since.get(sign.sign, AfterTick()), today, translate)
        said.setdefault(words, []).append(translate(SIGNS[sign.sign].clinician))
    if len(said) == 1:
        return next(iter(said))
    apart = translate(N_("{signs}: {said}"))
    parts = (
        apart.format(signs=capitalize_first(listed(names, translate)), said=uncapitalize(words))
        for words, names in said.items()
        if words
    )
    return sentences(parts, translate)


def _since_in_brief(found: Ticked, today: date, translate: Translate) -> str:
    """What became of all signs alike, else of the one that is worst off, by its name."""
    states = {sign.sign: found.since.get(sign.sign, AfterTick()) for sign in found.signs}
    if len(states) > 1 and (alike := alike_since([*states.values()])) is not None:
        return after_in_brief(alike, today, translate)
    said = {sign: after_in_brief(state, today, translate) for sign, state in states.items()}
    if len({*said.values()}) == 1:
        return next(iter(said.values()))
    worst = max(states, key=lambda sign: concern_of(states[sign]))
    if not said[worst]:
        return ""
    name = capitalize_first(translate(SIGNS[worst].clinician))
    return translate(N_("{signs}: {said}")).format(signs=name, said=uncapitalize(said[worst]))
