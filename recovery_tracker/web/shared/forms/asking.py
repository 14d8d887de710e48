"""What one diary form asks, decided once on the server.

The same value shows the form and reads it back, so that "asked and left open" can be told from
"not asked". The style sheet reveals each follow-up by the same rules; a browser that cannot do so
shows them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ....domain.circumstances import urgency_alone
from ....domain.diary import OWN_QUESTION_LENGTH
from ....domain.flags import Urgency
from ....domain.measures import MEASURES, NUMBNESS_ZONES, Asked, Measure
from ....domain.sign_form import FEVER_LINE, RECHECK, YES_ALONE
from ....domain.sign_lists import grouped
from ....domain.signs import LEFT_OPEN, LINES, SIGNS, Line
from ....domain.surgery import Operation, Region, postoperative_day
from .numbers import read_version

#: Measures that are on the daily form, in order; the rest are behind "Add more" or weekly.
DAILY_MEASURES: tuple[str, ...] = tuple(
    key for key, measure in MEASURES.items() if measure.asked is Asked.DAILY
)
OPTIONAL_MEASURES: tuple[str, ...] = tuple(
    key for key, measure in MEASURES.items() if measure.asked is Asked.OPTIONAL
)
#: Asked in the weekly check-in; the painkiller question is on the main form instead.
WEEKLY_MEASURES: tuple[str, ...] = tuple(
    key
    for key, measure in MEASURES.items()
    if measure.asked is Asked.WEEKLY and key != "painkiller_change"
)

PAINS = ("axial_pain", "limb_pain")
#: Measures whose answer may say "both sides".
BOTH_SIDES = frozenset({"limb_pain_side", "numbness_zones"})
NONE = "none"
#: The follow-ups of the fever line where a temperature asks for them.
FOLLOW_TEMPERATURE = "follow-temperature"
#: What earlier versions stored for a line that was ticked and nothing under it, and the lines.
EARLIER_WORDS = {"unspecified_emergency": ("chest", "throat")}
#: Stored where the recheck was shown and left open.
RECHECK_OPEN = "cauda_equina_recheck"


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions of one form for one patient and one day."""

    day: date
    today: date
    operation: Operation
    lines: tuple[Line, ...]
    #: Operations before that one, whose windows may still be open.
    operations_before: tuple[Operation, ...] = ()
    #: Ids of the signs that are open, asked about first.
    open_signs: tuple[str, ...] = ()
    #: Pain measure to the score from which "does it stay bad?" is asked.
    severe_from: Mapping[str, int] = field(default_factory=dict)
    #: The measures (`limb_pain_side`, `numbness_zones`) of which both sides would be new today, and
    #: whether a numbness of 4 would be; each then asks the saddle and bladder lines again.
    both_sides: frozenset[str] = frozenset()
    #: The measures of which both sides would be new only where numbness is not little.
    both_sides_numb: frozenset[str] = frozenset()
    complete_numbness: bool = False
    #: Whether the weekly question about tablets is due.
    tablets: bool = False
    #: A past day that is reported afterwards: whether its emergency is still there decides what to
    #: do. A correction of a day that was reported on time has the full advice either way.
    still_there: bool = False
    #: Whether a fever that was measured asks what the fever line asks.
    temperature: bool = True
    #: Nothing was answered since the operation, so there is no last entry to ask since.
    is_first: bool = False
    #: Temperatures are shown and typed in Fahrenheit.
    fahrenheit: bool = False
    #: The patient's own question as this form asks it; "" where they have none.
    own_item: str = ""
    #: Where an answer of the day was given for another region than that of `operation`.
    asked_about: Region | None = None

    @property
    def region(self) -> Region:
        """The region that the questions name; a correction asks what the first version asked."""
        return self.asked_about or self.operation.region

    @property
    def pod(self) -> int:
        return postoperative_day(self.day, self.operation)

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def zones(self) -> Mapping[str, str]:
        return NUMBNESS_ZONES[self.region]

    @property
    def optional(self) -> tuple[str, ...]:
        """Keys behind "Add more"; the tablets stand there on the weeks they are not due."""
        return OPTIONAL_MEASURES if self.tablets else ("painkiller_change", *OPTIONAL_MEASURES)

    @property
    def sign_ids(self) -> frozenset[str]:
        """Every id that a line of this form asks on its own."""
        return frozenset(sign for line in self.lines for sign in line.signs)

    @property
    def told_here(self) -> frozenset[str]:
        """Every id that this form can store: those of its lines, of what follows, and of scores."""
        under = {
            sign
            for line in self.lines
            for sign in (*line.follow_ups, line.if_nothing_chosen, line.if_left_open)
        }
        scores = {*RECHECK, *LEFT_OPEN, *LEFT_OPEN.values(), "unspecified", YES_ALONE}
        return (self.sign_ids | under | scores | EARLIER_WORDS.keys()) - {""}

    def measure(self, key: str) -> Measure:
        return MEASURES[key]

    def question(self, key: str) -> str:
        past = MEASURES[key].past_question if self.is_past else ""
        return past or MEASURES[key].question_for(self.region)

    def hint(self, key: str) -> str:
        past = MEASURES[key].past_hint if self.is_past else ""
        return past or MEASURES[key].hint_for(self.region)

    def is_emergency(self, sign: str) -> bool:
        """Whether a tick on `sign` opens the call box on the form itself."""
        told = urgency_alone(SIGNS[sign], self.pod, self.operation, self.operations_before)
        return told is Urgency.EMERGENCY

    @property
    def groups(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """The lines under "now" and under "today", as (key, lines)."""
        now, today = grouped(self.lines, self.operation, self.pod, self.operations_before)
        return ("now", now), ("today", today)

    def line_is_emergency(self, line: Line) -> bool:
        """Whether all signs under it are emergencies: then the tick alone opens the box."""
        return all(self.is_emergency(sign) for sign in line.signs)

    @property
    def shown(self) -> str:
        """What this form shows, for a hidden field: it may be sent when more is known."""
        severe = [f"{pain}={score}" for pain, score in self.severe_from.items()]
        numb = ["numbness"] if self.complete_numbness else []
        numb += [f"numb-{measure}" for measure in sorted(self.both_sides_numb)]
        lines = [line.key for line in self.lines]
        told = [f"open={sign}" for sign in self.open_signs]
        hot = ["temperature"] if self.temperature else []
        return " ".join([*lines, *severe, *sorted(self.both_sides), *numb, *hot, *told])

    def as_shown(self, text: str) -> "Asking":
        """The same as the form showed it that now comes back; as it is now without a `shown`.

        A form may have waited without a signal, or its operation was corrected in the meantime:
        what it showed can be ticked, and what it did not show was not left open.
        """
        parts = text.split()
        lines = tuple(line for line in LINES if line.key in parts)
        if not lines:
            return self
        pairs = [part.partition("=")[::2] for part in parts if "=" in part]
        return replace(
            self,
            lines=lines,
            # Sent after midnight it is the form of a past day, which on its own asks after none.
            open_signs=tuple(sign for name, sign in pairs if name == "open" and sign in SIGNS),
            severe_from={pain: read_version(score, 11) for pain, score in pairs if pain in PAINS},
            both_sides=BOTH_SIDES.intersection(parts),
            both_sides_numb=frozenset(m for m in BOTH_SIDES if f"numb-{m}" in parts),
            complete_numbness="numbness" in parts,
            temperature="temperature" in parts,
        )

    def as_worded(self, own_question: str | None) -> "Asking":
        """The same with the person's own question in the words that the form showed."""
        if own_question is None:
            return self
        return replace(self, own_item=" ".join(own_question.split())[:OWN_QUESTION_LENGTH])

    @property
    def fever_line(self) -> Line:
        """The line whose follow-ups a measured fever asks too."""
        return next(line for line in LINES if line.key == FEVER_LINE)

    @property
    def fever_pattern(self) -> str:
        """What a temperature of a fever looks like, for the style sheet alone; a number that is
        read as one always does (`numbers.read_number`).
        """
        any_digit, hundred = "[0-9０-９]", "[1１][0０]"
        fever = f"[3３][89８９]|[4４]{any_digit}"
        if self.fahrenheit:
            fever = f"{hundred}[0０][.,．，][4-9４-９]|{hundred}[1-9１-９]|[1１][1１]{any_digit}"
        return rf"\s*[+＋]?[0０]*({fever}).*"

    @property
    def fever_from(self) -> str:
        return "100.4\N{NO-BREAK SPACE}°F" if self.fahrenheit else "38\N{NO-BREAK SPACE}°C"

    @property
    def may_recheck(self) -> bool:
        return bool(self.both_sides | self.both_sides_numb) or self.complete_numbness
