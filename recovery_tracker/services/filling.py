"""What becomes of each day of a file: new, filled in where answers are missing, or as it was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..domain.diary import (
    ANSWERS,
    OF_A_REGION,
    DiaryEntry,
    Source,
    is_empty,
    without_region,
)
from ..domain.history import History
from ..domain.surgery import Operation, Region
from ..storage.entry_rows import StoredEntry

#: An answer that differs from what is there: its day, its name, and the region that it is about.
Differing = tuple[date, str, Region]


@dataclass(slots=True)
class Filling:
    """What becomes of each day of a file."""

    new: list[DiaryEntry] = field(default_factory=list)
    filled: list[DiaryEntry] = field(default_factory=list)
    present: int = 0
    cells: Counter[tuple[str, Region]] = field(default_factory=Counter)
    differing: list[Differing] = field(default_factory=list)


def filling_of(
    history: History,
    known: tuple[Operation, ...],
    there: Mapping[date, StoredEntry],
    own_item: str,
) -> Filling:
    """What becomes of the days of `history`, a file; `known` operations and the days `there` are
    those of the diary, which now asks `own_item` as the person's own question.
    """
    plan = Filling()
    # Of two operations of a day that of the diary decides.
    whole = replace(history, operations=(*history.operations, *known))
    for entry in (_worded(one, history.own_item) for one in history.entries):
        stored = there.get(entry.day)
        if stored is None and is_empty(entry):
            continue  # A row that says nothing is no day.
        if stored is None:
            plan.new.append(replace(_worded(entry, own_item), source=Source.IMPORT))
            continue
        told = entry.region or history.region_of(entry)
        before = stored.entry.region or whole.region_of(stored.entry)
        answers, differing = _missing_answers(stored.entry, entry, told is not before)
        plan.differing += [(entry.day, key, told) for key in differing]
        if answers:
            # It stays the day it was, however it came; the audit says what the file added.
            filled = replace(stored.entry, **answers)
            plan.filled.append(_worded(filled, own_item) if "own_item" in answers else filled)
            plan.cells.update((key, told) for key in answers if key in ANSWERS)
        else:
            plan.present += 1
    return plan


def _worded(entry: DiaryEntry, words: str) -> DiaryEntry:
    """The same day; an answer to the person's own question that does not say how it was asked gets
    these words."""
    if not words or entry.own_item is None or entry.own_question:
        return entry
    return replace(entry, own_question=words)


#: What is one answer together with another: taken from the same side.
_FOLLOWS = {
    "limb_pain": ("limb_pain_side",),
    "numbness": ("numbness_zones",),
    "temperature_c": ("temperature_f",),
    "signs": ("signs_asked",),
    "own_item": ("own_question",),
}
_FOLLOWING = frozenset(key for keys in _FOLLOWS.values() for key in keys)


def _missing_answers(
    stored: DiaryEntry, given: DiaryEntry, is_elsewhere: bool
) -> tuple[dict[str, Any], list[str]]:
    """Answers of `given` that `stored` has not, and the names of those that differ.

    Where the file is about another region (`is_elsewhere`), nothing of it fills a gap: neck pain is
    not back pain.
    """
    answers: dict[str, Any] = {}
    differing = []
    if is_elsewhere:
        differing = _of_another_region(stored, given)
        given = without_region(given)
    for key in (key for key in ANSWERS if key not in _FOLLOWING):
        before, now = getattr(stored, key), getattr(given, key)
        followers = {one: getattr(given, one) for one in _FOLLOWS.get(key, ())}
        if now is None:
            continue
        if before is None:
            answers |= {key: now, **followers}
        elif before != now:
            differing.append(key)
        elif key != "own_item":
            answers |= {
                one: value
                for one, value in followers.items()
                if getattr(stored, one) is None and value is not None
            }
        elif stored.own_question and given.own_question not in (None, stored.own_question):
            # The same number is another answer to another question; one that was stored without
            # words gets none, because nobody knows how it was asked.
            differing.append(key)
    return answers, differing


def _of_another_region(stored: DiaryEntry, given: DiaryEntry) -> list[str]:
    """Names of the answers of `given` that are not about the region of `stored`; a file that names
    no region agrees with the same number."""
    return [
        key
        for key in OF_A_REGION
        if key not in _FOLLOWING
        and getattr(given, key) is not None
        and (given.region is not None or getattr(given, key) != getattr(stored, key))
    ]
