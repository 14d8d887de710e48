"""What happened on a day: events, imaging and what became allowed, numbered for the key."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.history import EVENT_NAMES, IMAGING_NAMES, EventKind, History, told_imaging
from ..domain.instructions import InstructionKind
from ..domain.language import N_
from ..domain.wording import MODALITY_NAMES, Translate, near_day_words
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
    label: str
    when: str = ""
    number: int = 1
    shape: str = OTHER_SHAPE
    #: Whether the words are the patient's own, all of them, in whatever language they were typed.
    is_own: bool = False


def ticks_of(
    history: History, span: tuple[int, int], today: date, translate: Translate
) -> tuple[Tick, ...]:
    """Events, imaging and what became allowed within the span; those of one day share a tick."""
    named: dict[int, list[tuple[str, str, bool]]] = {}

    def add(day: date, shape: str, label: str, *, is_own: bool = False) -> None:
        named.setdefault((day - history.index.day).days, []).append((shape, label, is_own))

    for event in history.events:
        label = event.label_in(translate) or translate(EVENT_NAMES[event.kind])
        # "Imaging" alone would be taken for a result.
        label = event.words(translate) if event.kind is EventKind.DECISION else label
        is_own = bool(event.label.strip()) and event.kind not in _BY_THE_CLINIC
        add(event.day, SHAPES.get(event.kind, OTHER_SHAPE), label, is_own=is_own)
    for image in told_imaging(history.imaging):
        modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
        label = f"{modality}: {translate(IMAGING_NAMES[image.result]).lower()}"
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
            _short(", ".join(dict.fromkeys(label for _, label, _ in told))),
            near_day_words(history.index.day + timedelta(days=day), today, translate),
            number,
            min((shape for shape, _, _ in told), key=order.index),
            all(is_own for _, _, is_own in told),
        )
        for number, (day, told) in enumerate(shown, start=1)
    )


def _short(label: str) -> str:
    label = " ".join(printable(label).split())
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rstrip() + "…"
