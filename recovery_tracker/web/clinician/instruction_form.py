"""What a clinic types for its patient: a sentence of the catalogue, own words, and a day."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from ...domain.instructions import TEXT_LENGTH, TOPICS, Instruction, InstructionKind
from ..shared.forms.numbers import day_in
from ..shared.forms.typed import Typed, TypedForm
from ..shared.language import language_tag

#: How far a day may lie from today: a slip is caught, a long restriction is not. Our default.
DAYS_BACK, DAYS_AHEAD = 366, 3 * 366


class InstructionForm(TypedForm):
    """One instruction as typed. `errors` holds one message per field after `read()`.

    The fields are `topic`, `text` and `due`, each behind `prefix`.
    """

    def __init__(self, kind: InstructionKind, typed: Typed, prefix: str = "") -> None:
        super().__init__(typed)
        self.kind = kind
        self._prefix = prefix

    def _field(self, name: str) -> str:
        return " ".join(self.text(self._prefix + name).split())

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was typed."""
        return not any(self._field(name) for name in ("topic", "text", "due"))

    def read(self, day: date, at: datetime, author: str) -> Instruction | None:
        """What was said on `day`, or None with `errors` filled."""
        topic, text = self._field("topic"), self._field("text")
        if topic not in TOPICS[self.kind]:
            topic = ""
        if not topic and not text:
            self._wrong("topic", _("Choose a sentence or write one."))
        if len(text) > TEXT_LENGTH:
            self._wrong("text", _("Use at most %(n)s characters.", n=TEXT_LENGTH))
        due = self._due(day)
        if self.errors:
            return None
        return Instruction(self.kind, day, at, topic, text, due, author, language_tag())

    def _due(self, day: date) -> date | None:
        typed = self._field("due")
        if not typed:
            if self.kind is InstructionKind.CLEARANCE:
                self._wrong("due", _("Choose the first day it is allowed."))
            return None
        due = day_in(typed)
        if due is None:
            self._wrong("due", _("Write the day as year, month and day."))
            return None
        back = DAYS_BACK if self.kind is InstructionKind.CLEARANCE else 0
        if not -back <= (due - day).days <= DAYS_AHEAD:
            latest = day + timedelta(days=DAYS_AHEAD)
            earliest = day - timedelta(days=back)
            self._wrong(
                "due",
                _("Choose a day from %(first)s to %(last)s.", first=earliest, last=latest),
            )
        return due

    def _wrong(self, name: str, message: str) -> None:
        self.errors[self._prefix + name] = message
