"""The lane of events above the panels: a numbered symbol for each, and the key that names them all.

No event is without a symbol and none without its words: where symbols would lie over each other
they stand side by side, or on a further row.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..domain.history import EVENT_NAMES, IMAGING_NAMES, EventKind, History, told_imaging
from ..domain.instructions import InstructionKind
from ..domain.language import N_
from ..domain.wording import MODALITY_NAMES, Translate, near_day_words
from ..fonts import printable

if TYPE_CHECKING:
    from .layout import Layout
    from .story import ChartStory

#: Width of a symbol with the air around it, and the height of a row, in inches.
SYMBOL = 0.19
EVENT_PITCH = 0.19
#: How far a symbol may stand beside its line before it takes another row, in inches.
_BESIDE = 0.6

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


@dataclass(frozen=True, slots=True)
class Placed:
    """The symbol of an event: its number, its day, its row and its centre in inches."""

    number: int
    day: int
    shape: str
    row: int
    x: float


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


def place_events(story: "ChartStory", layout: "Layout") -> tuple[Placed, ...]:
    """A place for the symbol of every event, in as few rows as hold them all."""
    ends: list[float] = []
    placed = []
    right = layout.width - SYMBOL / 2
    for event in story.events:
        at = layout.x(event.day)
        row = 0
        while True:
            if row == len(ends):
                ends.append(-1.0)
            x = min(max(at, ends[row] + SYMBOL), right)
            if x >= ends[row] + SYMBOL - 1e-9 and x - at <= _BESIDE:
                break
            row += 1
        ends[row] = x
        placed.append(Placed(event.number, event.day, event.shape, row, x))
    return tuple(placed)


def event_rows(story: "ChartStory", layout: "Layout") -> int:
    """Rows that the symbols take; 0 where nothing happened."""
    return max((placed.row + 1 for placed in place_events(story, layout)), default=0)
