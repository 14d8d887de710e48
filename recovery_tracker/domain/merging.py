"""Merging two forms for one day: what they say together, and what only the person can decide.

A form was filled in from a version of the day, its base; a blank form has none. An answer that the
form left unchanged does not contradict what was saved since, so leaving an answer blank removes
nothing. An answer that the base held and the form cleared was taken back, and is removed. Where
both sides changed the same answer in different ways, the stored one stays until the person has
chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .diary import DiaryEntry, SignChange
from .measures import MEASURES
from .signs import WEEKLY_SIGNS

#: Measures that form one answer: a score, and the follow-ups that apply only from 1 upwards.
_TOGETHER = (("limb_pain", "limb_pain_side"), ("numbness", "numbness_zones"))
#: Every answer that is asked about separately, in the order of the form.
PARTS: tuple[tuple[str, ...], ...] = (
    *_TOGETHER,
    *((key,) for key in MEASURES if not any(key in pair for pair in _TOGETHER)),
)
SIGNS_PART = "signs"
CHANGE = "change-"


class Keep(StrEnum):
    """Which of two different answers is kept."""

    BEFORE = "before"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Merged:
    """A day merged from two forms.

    `entry` holds every answer that nothing contradicts, and the stored one where two differ.
    `differing` names those: the first measure of a part, `signs`, or `change-` and a sign.
    """

    entry: DiaryEntry
    differing: tuple[str, ...]


def merge(
    base: DiaryEntry | None,
    stored: DiaryEntry,
    typed: DiaryEntry,
    chosen: Mapping[str, Keep] | None = None,
) -> Merged:
    """The result of merging `typed`, a form filled in from `base`, with `stored`.

    `base` is None for a form that was blank. `chosen` holds what the person said about answers
    that differ. A warning sign that is new on either side stays ticked; one of `base` that either
    side took back is gone; "none" against a new tick asks and takes nothing away until then.
    """
    base, chosen = base or DiaryEntry(typed.day), chosen or {}
    values: dict[str, object] = {}
    differing = []
    for part in PARTS:
        found, differs = _part(part, base, stored, typed, chosen.get(part[0]))
        values |= found
        if differs:
            differing.append(part[0])
    values["temperature_f"] = _fahrenheit(values["temperature_c"], typed, stored)
    values["own_question"] = _own_question(values["own_item"], stored, typed)
    signs, differs = _signs(base, stored, typed, chosen.get(SIGNS_PART))
    if differs:
        differing.append(SIGNS_PART)
    changes, open_changes = _changes(base, stored, typed, chosen)
    asked = (stored.signs_asked or frozenset()) | (typed.signs_asked or frozenset())
    entry = replace(
        typed,
        **values,  # type: ignore[arg-type]
        signs=signs,
        signs_asked=asked if stored.signs_asked is not None or typed.signs_asked else None,
        sign_changes=changes,
        spoke_to_someone=_spoke(base, stored, typed),
    )
    return Merged(entry, (*differing, *open_changes))


def same_answers(one: DiaryEntry, other: DiaryEntry) -> bool:
    """Whether two versions of a day hold the same answers, however and whenever they arrived."""
    how = {"recorded_at": None, "zone": None, "source": one.source}
    return replace(one, **how) == replace(other, **how)  # type: ignore[arg-type]


def _part(
    part: tuple[str, ...],
    base: DiaryEntry,
    stored: DiaryEntry,
    typed: DiaryEntry,
    keep: Keep | None,
) -> tuple[dict[str, object], bool]:
    """The answers of one part, and whether the person has to choose."""
    first, before, mine = (
        {key: getattr(entry, key) for key in part} for entry in (base, stored, typed)
    )
    if mine in (first, before):
        return before, False
    if before == first:
        return mine, False
    picked = {key: _pick(first[key], before[key], mine[key]) for key in part}
    values: dict[str, object] = {key: value for key, (value, _differs) in picked.items()}
    score = values[part[0]]
    if not any(differs for _value, differs in picked.values()) and not (
        len(part) > 1 and score in (None, 0) and values[part[1]]
    ):
        return values, False
    return (mine if keep is Keep.MINE else before), keep is None


def _fahrenheit(celsius: object, *sides: DiaryEntry) -> float | None:
    """The kept temperature as it was typed, if that was in Fahrenheit."""
    same = [side.temperature_f for side in sides if side.temperature_c == celsius]
    return next((typed for typed in same if typed is not None), None)


def _own_question(answer: object, *sides: DiaryEntry) -> str | None:
    """The words that the kept answer to the person's own question was asked with."""
    if answer is None:
        return None
    return next((side.own_question for side in sides if side.own_item == answer), None)


def _pick(base: object, stored: object, typed: object) -> tuple[object, bool]:
    """The kept answer, and whether both sides changed it; None is an answer not given."""
    if typed in (stored, base):
        return stored, False
    return (typed, False) if stored == base else (stored, True)


def _signs(
    base: DiaryEntry, stored: DiaryEntry, typed: DiaryEntry, keep: Keep | None
) -> tuple[frozenset[str] | None, bool]:
    """The signs of both, except those of the weekly list, which the daily form never asks about."""
    weekly = ((stored.signs or frozenset()) | (typed.signs or frozenset())) & set(WEEKLY_SIGNS)
    before, mine, first = _told(stored), _told(typed), _told(base)
    if before is None and mine in (None, first):
        # Asked by neither, or untouched on a form whose day was taken back meanwhile.
        return (stored if stored.signs is not None or mine is not None else typed).signs, False
    if mine is None or keep is Keep.BEFORE:
        return (before or mine or frozenset()) | weekly, False
    if before is None or keep is Keep.MINE:
        return mine | weekly, False
    held = first or frozenset()
    daily = (before | mine) - (held - before) - (held - mine)
    # A form that had said "none" before and still does says nothing about a newer tick.
    return daily | weekly, mine != first and bool(daily) and not mine


def _told(entry: DiaryEntry) -> frozenset[str] | None:
    return entry.daily_signs


def _changes(
    base: DiaryEntry, stored: DiaryEntry, typed: DiaryEntry, chosen: Mapping[str, Keep]
) -> tuple[dict[str, SignChange], list[str]]:
    """How each open sign went on, and the signs that were answered in two ways."""
    found: dict[str, SignChange] = {}
    differing = []
    for sign in sorted({*stored.sign_changes, *typed.sign_changes}):
        sides = [entry.sign_changes.get(sign) for entry in (base, stored, typed)]
        value, differs = _pick(*sides)
        keep = chosen.get(CHANGE + sign)
        if differs and keep is not None:
            value, differs = sides[2 if keep is Keep.MINE else 1], False
        if isinstance(value, SignChange):
            found[sign] = value
        if differs:
            differing.append(CHANGE + sign)
    return found, differing


def _spoke(base: DiaryEntry, stored: DiaryEntry, typed: DiaryEntry) -> bool | None:
    """Only the person who took it back can undo having spoken to somebody."""
    mine, before = typed.spoke_to_someone, stored.spoke_to_someone
    spoke, differs = _pick(base.spoke_to_someone, before, mine)
    return True if differs else spoke  # type: ignore[return-value]
