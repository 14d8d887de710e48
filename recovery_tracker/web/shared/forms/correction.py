"""The start of a correction: a stored day as the form would hold it if it had just been typed."""

from ....domain.circumstances import FEVER_C
from ....domain.diary import DiaryEntry, fahrenheit_of, told_celsius
from ....domain.measures import MEASURES
from ....domain.sign_form import RECHECK
from ....domain.signs import WEEKLY_SIGNS
from .asking import (
    DAILY_MEASURES,
    EARLIER_WORDS,
    FOLLOW_TEMPERATURE,
    NONE,
    PAINS,
    RECHECK_OPEN,
    Asking,
)


def temperature_text(entry: DiaryEntry, *, fahrenheit: bool) -> str:
    """The temperature of a day as it was typed, else in the unit that is asked; "" without one."""
    if entry.temperature_c is None:
        return ""
    if fahrenheit:
        typed = entry.temperature_f
        return f"{fahrenheit_of(entry.temperature_c) if typed is None else typed:g}"
    return f"{told_celsius(entry.temperature_c) if entry.temperature_f else entry.temperature_c:g}"


def typed_from(asking: Asking, entry: DiaryEntry) -> dict[str, list[str]]:
    """What the form would hold if `entry` had just been typed: the start of a correction."""
    typed: dict[str, list[str]] = {}
    for key in MEASURES:
        value = getattr(entry, key)
        if isinstance(value, frozenset):
            typed[key] = sorted(value)
        elif value is not None:
            typed[key] = [f"{value:g}" if isinstance(value, int | float) else value]
    if entry.temperature_c is not None:
        typed["temperature_c"] = [temperature_text(entry, fahrenheit=asking.fahrenheit)]
    if entry.spoke_to_someone is not None:
        typed["spoke"] = ["yes" if entry.spoke_to_someone else "no"]
    for sign, change in entry.sign_changes.items():
        typed[f"change-{sign}"] = [change.value]
    if entry.daily_signs is not None:
        typed.update(_typed_signs(asking, entry))
    return typed


def repeated_from(asking: Asking, before: DiaryEntry) -> dict[str, list[str]]:
    """What the form holds after "same as yesterday": the first five questions, and nothing else.

    The warning question, what follows a high score, tablets and notes belong to their own day.
    """
    typed: dict[str, list[str]] = {}
    for key in DAILY_MEASURES:
        value = getattr(before, key)
        if isinstance(value, frozenset):
            typed[key] = sorted(value & asking.zones.keys())
        elif value is not None:
            typed[key] = [str(value)]
    return typed


def _typed_signs(asking: Asking, entry: DiaryEntry) -> dict[str, list[str]]:
    signs = set(entry.signs or ()) - set(WEEKLY_SIGNS)
    typed: dict[str, list[str]] = {"line": []}
    for pain in PAINS:
        score = getattr(entry, pain)
        if score is not None and score >= asking.severe_from.get(pain, 99):
            # Nothing is put into anybody's mouth: a diary brought in was never asked.
            was_asked = entry.asked("severe_pain") or "severe_pain" in signs
            if was_asked and "severe_pain_left_open" not in signs:
                typed[f"stays-{pain}"] = ["yes" if "severe_pain" in signs else "no"]
            signs.discard("severe_pain")
    if entry.asked(RECHECK_OPEN) and RECHECK_OPEN not in signs:
        typed["recheck"] = sorted(signs & set(RECHECK)) or [NONE]
    signs -= {RECHECK_OPEN, "severe_pain_left_open"}
    fever = asking.fever_line
    if _only_measured(asking, entry):
        if entry.signs_asked and entry.signs_asked.issuperset(fever.follow_ups):
            told = sorted(signs & set(fever.follow_ups)) or [NONE]
            typed[FOLLOW_TEMPERATURE] = [] if fever.if_left_open in signs else told
        signs.discard(fever.if_left_open)
    for line in asking.lines:
        earlier = {old for old, lines in EARLIER_WORDS.items() if line.key in lines}
        own = signs & {*line.signs, line.if_nothing_chosen, line.if_left_open, *earlier}
        if not own:
            # A file may hold what follows a line without the line.
            if alone := signs & set(line.follow_ups) - asking.sign_ids:
                typed[f"follow-{line.key}"] = sorted(alone)
            continue
        typed["line"].append(line.key)
        typed[f"sign-{line.key}"] = sorted(own & set(line.signs))
        if line.follow_ups and line.if_left_open not in signs:
            typed[f"follow-{line.key}"] = sorted(signs & set(line.follow_ups)) or [NONE]
    typed["signs"] = ["some" if typed["line"] or signs else NONE]
    return typed


def _only_measured(asking: Asking, entry: DiaryEntry) -> bool:
    """Whether the fever of a day is a temperature alone, with no tick on the fever line."""
    fever = asking.fever_line
    ticked = {*fever.signs, fever.if_nothing_chosen} & (entry.signs or frozenset())
    return (entry.temperature_c or 0) >= FEVER_C and not ticked
