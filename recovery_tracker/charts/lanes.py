"""Lanes of answers without a scale: which warning signs were ticked when, and the temperature.

A lane stands only where something was ticked in it, so a chart without signs has none.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.diary import DiaryEntry
from ..domain.flags import Urgency
from ..domain.history import History
from ..domain.language import N_
from ..domain.signs import (
    FEVER_SIGNS,
    HARDWARE_SIGNS,
    LINES,
    LOADING_SIGNS,
    NERVE_SIGNS,
    SADDLE_SIGNS,
    SIGNS,
    WOUND_SIGNS,
)
from ..domain.ticked import FEVER, sign_day, told_on
from ..domain.wording import Translate, days_words, mark, near_day_words, number

_THROAT = next(frozenset((*line.signs, line.if_nothing_chosen)) for line in LINES if line.throat)

#: The lanes from the top, with the signs in each; the last takes all others.
_GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("saddle", N_("Saddle, bladder"), SADDLE_SIGNS),
    ("weakness", N_("Weakness"), NERVE_SIGNS),
    ("throat", N_("Throat, voice"), _THROAT),
    ("wound", N_("Wound"), WOUND_SIGNS),
    ("fever", N_("Fever"), FEVER_SIGNS),
    ("loading", N_("Loading, hardware"), LOADING_SIGNS | HARDWARE_SIGNS),
    ("other", N_("Other signs"), frozenset()),
)
_NAMED = frozenset().union(*(signs for _, _, signs in _GROUPS))

_LAST = N_("{days}, last {day}")
_HIGHEST = N_("{days}, up to {degrees}\N{NO-BREAK SPACE}°C")


@dataclass(frozen=True, slots=True)
class Lane:
    """Days on which something of one kind was told; postoperative days within the story."""

    key: str
    title: str
    #: Days that asked for somebody the same day, or sooner, and the others.
    urgent: tuple[int, ...]
    calm: tuple[int, ...]
    #: How often and when last, beside the lane.
    said: str


def group_of(sign: str) -> str:
    """The lane in which a sign stands."""
    return next((key for key, _, signs in _GROUPS if sign in signs), "other")


def lanes_of(
    history: History, span: tuple[int, int], today: date, translate: Translate
) -> tuple[Lane, ...]:
    """The lanes of a recovery in which anything was told within the span, from the top."""
    index = history.index.day
    first, last = (index + timedelta(days=pod) for pod in span)
    days = [entry for entry in history.entries if first <= entry.day <= last]
    # Most days tell of nothing.
    told = [(entry, signs) for entry in days if (signs := told_on(sign_day(entry)))]
    found = []
    for key, title, signs in _GROUPS:
        here = [(entry, all_ - _NAMED if key == "other" else all_ & signs) for entry, all_ in told]
        ticked = [(entry, _urgency(entry, of_lane, history)) for entry, of_lane in here if of_lane]
        if not ticked:
            continue
        pods = [((entry.day - index).days, urgency) for entry, urgency in ticked]
        found.append(
            Lane(
                key,
                translate(title),
                tuple(pod for pod, urgency in pods if urgency >= Urgency.SAME_DAY),
                tuple(pod for pod, urgency in pods if urgency < Urgency.SAME_DAY),
                _said(key, [entry for entry, _ in ticked], today, translate),
            )
        )
    return tuple(found)


def _urgency(entry: DiaryEntry, told: frozenset[str], history: History) -> Urgency:
    """The highest urgency reported in a lane."""
    pod, before = (entry.day - history.index.day).days, history.before_index
    return max(SIGNS[sign].urgency_on(pod, history.index, before) or Urgency.NOTE for sign in told)


def _said(key: str, entries: list[DiaryEntry], today: date, translate: Translate) -> str:
    said = near_day_words(entries[-1].day, today, translate)
    if len(entries) > 1:
        said = translate(_LAST).format(days=days_words(len(entries), translate), day=said)
    warm = [told for entry in entries if (told := sign_day(entry).temperature_c) is not None]
    if key == "fever" and warm and max(warm) >= FEVER:
        said = translate(_HIGHEST).format(days=said, degrees=number(max(warm)))
    return said


def lanes_words(lanes: tuple[Lane, ...], translate: Translate) -> str:
    """The same in one sentence for those who cannot see it; "" where nothing was ticked."""
    if not lanes:
        return ""
    listed = mark("; ", translate).join(f"{lane.title} {lane.said}" for lane in lanes)
    return translate(N_("Ticked: {signs}.")).format(signs=listed)
