"""What the clinic told the patient, as the chart page lists it and offers it to choose."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from ...domain.instructions import (
    INSTRUCTION_NAMES,
    TARGET_LEVELS,
    TOPICS,
    Instruction,
    InstructionKind,
    instruction_words,
)
from ...domain.measures import MEASURES, Better
from ...domain.wording import day_words, level_words
from ...services import Recovery
from ...storage.record_rows import Stored
from ...trends.levels import Levels, levels_of


@dataclass(frozen=True, slots=True)
class InstructionLine:
    """One instruction on the page, with what its form is filled with."""

    public_id: str
    version: int
    kind: str
    name: str
    words: str
    #: Of a target that the diary can show, whether it was reached; else "".
    reached: str
    said: str
    is_current: bool
    #: Whether an open emergency or same-day sign keeps it from the patient's eyes.
    waits: bool
    topic: str
    text: str
    due: str


def instructions_of(recovery: Recovery, today: date) -> list[InstructionLine]:
    """Those that hold first, each kind together; the latest first."""
    order = list(InstructionKind)
    lines = sorted(
        recovery.instructions,
        key=lambda kept: (
            not kept.value.is_current(today),
            order.index(kept.value.kind),
            -kept.value.at.timestamp(),
        ),
    )
    assert recovery.history is not None
    levels = levels_of(recovery.history, today)
    return [
        _line(kept, today, recovery.urgent_since, _reached(kept.value, levels, recovery))
        for kept in lines
    ]


def _reached(said: Instruction, levels: Levels, recovery: Recovery) -> str:
    """The first week after the operation that reached a target, or how far the last one came."""
    if said.kind is not InstructionKind.TARGET or said.topic not in TARGET_LEVELS:
        return ""
    assert recovery.history is not None
    key, least = TARGET_LEVELS[said.topic]
    level = levels.measures[key]
    is_better_high = MEASURES[key].better is Better.HIGHER
    reached = level.means >= least if is_better_high else level.means <= least
    if reached.any():
        day = recovery.history.index.day + timedelta(days=int(reached.argmax()))
        return _("reached in the week to %(day)s", day=day_words(day, _, year=True))
    return _("not yet; last week: %(level)s", level=level_words(key, level.last, _))


def _line(
    kept: Stored[Instruction], today: date, sign_since: datetime | None, reached: str
) -> InstructionLine:
    said = kept.value
    day = day_words(said.day, _, year=True)
    return InstructionLine(
        public_id=kept.public_id,
        version=kept.version,
        kind=str(said.kind),
        name=_(INSTRUCTION_NAMES[said.kind]),
        words=instruction_words(said, _),
        reached=reached,
        said=_("%(author)s, %(day)s", author=said.author, day=day) if said.author else day,
        is_current=said.is_current(today),
        waits=said.is_current(today) and said.waits_for(sign_since),
        topic=said.topic,
        text=said.text,
        due="" if said.due is None else said.due.isoformat(),
    )


def topics_to_choose(kind: str) -> list[tuple[str, str]]:
    """The catalogue of a kind, in the words that the patient will read."""
    return [(key, _(topic.patient)) for key, topic in TOPICS[InstructionKind(kind)].items()]
