"""What happened on a day: events, imaging and what became allowed, numbered for the key."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.history import EVENT_NAMES, IMAGING_NAMES, EventKind, History, told_imaging
from ..domain.instructions import InstructionKind
from ..domain.language import N_
from ..domain.wording import MODALITY_NAMES, Translate, mark, near_day_words
from ..fonts import printable

#: Shapes by kind; what is on one day shares the first of these. Told apart without colour.
SHAPES = {
    EventKind.FALL: "v",
    "imaging": "s",
    EventKind.DECISION: "D",
    EventKind.VISIT: "o",
}
#: Everything else.
OTHER_SHAPE = "h"


#: Kinds of events whose words the clinic typed.
_BY_THE_CLINIC = (EventKind.DECISION, EventKind.COMPLICATION)

#: Longest words of an event in the key, in characters; the rest is in the record.
LABEL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Tick:
    """What happened on a day, with its number in the lane of events and its words in the key."""

    day: int
    #: The words, and whether each of them are the patient's own, in whatever language.
    pieces: tuple[tuple[str, bool], ...]
    when: str = ""
    number: int = 1
    shape: str = OTHER_SHAPE

    @property
    def label(self) -> str:
        return "".join(text for text, _ in self.pieces)


def ticks_of(
    history: History, span: tuple[int, int], today: date, translate: Translate
) -> tuple[Tick, ...]:
    """Events, imaging and what became allowed within the span; those of one day share a tick."""
    named: dict[int, list[tuple[str, tuple[tuple[str, bool], ...]]]] = {}

    def add(day: date, shape: str, label: str, own: str = "") -> None:
        pieces = tuple((text, is_own) for text, is_own in ((label, False), (own, True)) if text)
        named.setdefault((day - history.index.day).days, []).append((shape, pieces))

    for event in history.events:
        shape, own = SHAPES.get(event.kind, OTHER_SHAPE), event.label.strip()
        if event.kind is EventKind.OTHER and own:
            add(event.day, shape, "", own)
        elif own and event.kind not in _BY_THE_CLINIC:
            # "In the bath" alone tells nobody of a fall.
            add(event.day, shape, translate(EVENT_NAMES[event.kind]) + mark(": ", translate), own)
        else:
            # "Imaging" alone would be taken for a result.
            add(event.day, shape, event.words(translate))
    for image in told_imaging(history.imaging):
        modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
        label = modality + mark(": ", translate)
        label += translate(IMAGING_NAMES[image.result]).lower()
        add(image.day, SHAPES["imaging"], label)
    for said in history.instructions:
        if said.kind is InstructionKind.CLEARANCE and said.due is not None:
            what = translate(said.about.clinician) if said.about else said.text
            label = translate(N_("Allowed: {what}")).format(what=what.lower())
            add(said.due, OTHER_SHAPE, label)
    order = [*SHAPES.values(), OTHER_SHAPE]
    shown = [(day, told) for day, told in sorted(named.items()) if span[0] <= day <= span[1]]
    return tuple(
        Tick(
            day,
            _short(dict.fromkeys(pieces for _, pieces in told), mark(", ", translate)),
            near_day_words(history.index.day + timedelta(days=day), today, translate),
            number,
            min((shape for shape, _ in told), key=order.index),
        )
        for number, (day, told) in enumerate(shown, start=1)
    )


def _short(
    told: Iterable[tuple[tuple[str, bool], ...]], comma: str
) -> tuple[tuple[str, bool], ...]:
    """The words of one day, a comma between what happened; what is too long is cut."""
    found: list[tuple[str, bool]] = []
    left = LABEL_LENGTH
    for pieces in told:
        for text, is_own in (*([(comma, False)] if found else []), *pieces):
            text = re.sub(r"\s+", " ", printable(text))
            if len(text) > left:
                found.append((text[: max(left - 1, 0)].rstrip() + "…", is_own))
                return tuple(found)
            found.append((text, is_own))
            left -= len(text)
    return tuple(found)
