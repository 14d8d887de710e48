"""Several rows of a table about the same day become one, where they do not contradict each other.

Which of two numbers is the day's a person says; nothing is chosen for them.
"""

from collections.abc import Mapping
from typing import Any

from ..domain.language import N_, Said
from ..domain.measures import MEASURES, NOTE_LENGTH, Better

#: What a person can say of two numbers of a day; counts that are added, equal ones too, leave
#: scores the highest.
HOW = ("highest", "last", "sum")

_COUNTS = frozenset({"steps", "walking_minutes", "opioid_doses"})
#: Two that are equal may be two walks, or two tablets, so a person is asked; two equal totals of
#: steps are one, unless that person says that steps are added.
_PARTS = _COUNTS - {"steps"}

#: Chosen from words whose highest number is the best: there the lowest counts as the highest. Of a
#: count, such as steps, the lower may be that of half a day.
_LOWEST = frozenset(
    key for key, one in MEASURES.items() if one.options and one.better is Better.HIGHER
)


def two_answers(row: int, earlier: int) -> Said:
    """What is said of a row that contradicts an earlier one of its day, or itself."""
    if row == earlier:
        return Said(N_("This row has two answers for this day."), "same_day")
    return Said(N_("Another answer for this day is on row {row}."), "same_day", row=earlier)


def put_together(
    before: Mapping[str, Any], now: Mapping[str, Any], how: str | None
) -> tuple[dict[str, Any], str]:
    """The answers of two rows of a day, and the first column in which they contradict each other
    ("" if none does, or if `how` decides).

    Lists are joined, and so are notes; of two times of recording the later one stands.
    """
    both, contradicts = {**before}, ""
    for column, value in now.items():
        there = before.get(column)
        if there is None or (there == value and not _may_be_parts(column, how)):
            both[column] = value
        elif how == "sum" and column in _COUNTS:
            both[column] = there + value
        elif isinstance(value, frozenset):
            both[column] = there | value
        elif column == "recorded_at":
            both[column] = max(there, value)
        elif column == "note":
            both[column] = _one_after_the_other(there, value)
            if len(both[column]) > NOTE_LENGTH:
                contradicts = contradicts or column
        elif column == "limb_pain_side":
            both[column] = "both"
        elif how is None:
            contradicts = contradicts or column
        else:
            is_number = isinstance(value, int | float) and how != "last"
            worst = min if column in _LOWEST else max
            both[column] = worst(there, value) if is_number else value
    return both, contradicts


def _may_be_parts(column: str, how: str | None) -> bool:
    """Whether two equal numbers of a day may be two things."""
    return column in (_COUNTS if how == "sum" else _PARTS)


def _one_after_the_other(there: str, value: str) -> str:
    return there if value in there.split("\n") else f"{there}\n{value}"
