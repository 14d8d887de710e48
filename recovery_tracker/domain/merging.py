"""Two forms wrote one day: what they say together, and where only the person can tell.

A form was filled from a version of the day, its base: a blank form from none. An answer that the
form left as it found it says nothing against what was saved meanwhile, so a blank never takes an
answer away. Where both sides changed the same answer in different ways the stored one stands until
the person has chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .diary import DiaryEntry, SignChange
from .measures import MEASURES
from .signs import WEEKLY_SIGNS

#: Measures that are one answer: a score and what follows it only from 1 on.
_TOGETHER = (("limb_pain", "limb_pain_side"), ("numbness", "numbness_zones"))
#: Every answer that is asked about by itself, in the order of the form.
PARTS: tuple[tuple[str, ...], ...] = (
    *_TOGETHER,
    *((key,) for key in MEASURES if not any(key in pair for pair in _TOGETHER)),
)
SIGNS_PART = "signs"
CHANGE = "change-"


class Keep(StrEnum):
    """Which of two different answers stands."""

    BEFORE = "before"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Merged:
    """A day put together from two forms.

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
    """What stands after `typed`, a form filled from `base`, meets `stored`.

    `base` is None for a form that was blank. `chosen` holds what the person said about answers
    that differ. A warning sign that is ticked on either side stays ticked; "none" against a tick
    asks and takes nothing away until then.
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
        # Having spoken to somebody is not undone by another form of the same day.
        spoke_to_someone=_spoke(stored, typed),
    )
    return Merged(entry, (*differing, *open_changes))


def same_answers(one: DiaryEntry, other: DiaryEntry) -> bool:
    """Whether two versions of a day answer alike, however and whenever they came."""
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
    picked = {k: _pick(getattr(base, k), getattr(stored, k), getattr(typed, k)) for k in part}
    values: dict[str, object] = {key: value for key, (value, _differs) in picked.items()}
    score = values[part[0]]
    if not any(differs for _value, differs in picked.values()) and not (
        len(part) > 1 and score in (None, 0) and values[part[1]]
    ):
        return values, False
    side = typed if keep is Keep.MINE else stored
    return {key: getattr(side, key) for key in part}, keep is None


def _fahrenheit(celsius: object, *sides: DiaryEntry) -> float | None:
    """How the temperature that stands was typed, where that was in Fahrenheit."""
    same = [side.temperature_f for side in sides if side.temperature_c == celsius]
    return next((typed for typed in same if typed is not None), None)


def _pick(base: object, stored: object, typed: object) -> tuple[object, bool]:
    if typed in (stored, base) or typed is None:
        return stored, False
    if stored in (base, None):
        return typed, False
    return stored, True


def _signs(
    base: DiaryEntry, stored: DiaryEntry, typed: DiaryEntry, keep: Keep | None
) -> tuple[frozenset[str] | None, bool]:
    """The signs of both, without those of the weekly list, which the daily form never asks."""
    weekly = ((stored.signs or frozenset()) | (typed.signs or frozenset())) & set(WEEKLY_SIGNS)
    before, mine, first = _told(stored), _told(typed), _told(base)
    if before is None and mine is None:
        return (stored.signs if stored.signs is not None else typed.signs), False
    if mine is None or mine == first or keep is Keep.BEFORE:
        daily, differs = before if before is not None else mine, False
    elif before is None or before == first or keep is Keep.MINE:
        daily, differs = mine, False
    else:
        daily, differs = before | mine, bool(before) and not mine
    return (daily or frozenset()) | weekly, differs


def _told(entry: DiaryEntry) -> frozenset[str] | None:
    return (entry.signs or frozenset()) - set(WEEKLY_SIGNS) if entry.tells_signs else None


def _changes(
    base: DiaryEntry, stored: DiaryEntry, typed: DiaryEntry, chosen: Mapping[str, Keep]
) -> tuple[dict[str, SignChange], list[str]]:
    """How each open sign went on, and those of which two things were said."""
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


def _spoke(stored: DiaryEntry, typed: DiaryEntry) -> bool | None:
    if stored.spoke_to_someone or typed.spoke_to_someone:
        return True
    both = (typed.spoke_to_someone, stored.spoke_to_someone)
    return next((said for said in both if said is not None), None)
