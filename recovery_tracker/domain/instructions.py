"""What a clinic tells a patient to do, not to do, and from when something is allowed again.

A fixed sentence of a catalogue, the clinic's own words, or both. The sentences are for a reading
age of nine to eleven, name no illness and promise nothing. The wording awaits a clinician's
signature, and when something is allowed is always the clinic's own decision: surgeons differ too
widely for a default (no consensus among 26 surgeons, PMC11999344).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from .language import N_
from .wording import Pieces, Translate, day_words, mark

#: Longest text in a clinic's own words, in characters.
TEXT_LENGTH = 300

#: How many days a plan stays up after its day, how many a plan without a day stays up, and how many
#: an allowance stays up after it began. All our default.
PLAN_STAYS, PLAN_WITHOUT_DAY, CLEARANCE_STAYS = 7, 56, 28


class InstructionKind(StrEnum):
    """What the instruction is about."""

    PLAN = "plan"
    """Something to do; `due` is the day by which."""
    RESTRICTION = "restriction"
    """Something not to do; `due` is the last day of it, None until the clinic says otherwise."""
    CLEARANCE = "clearance"
    """Something allowed again; `due` is the first day of it."""
    TARGET = "target"
    """Something to reach; `due` is the day by which."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One sentence of the catalogue: for the patient, and a shorter one for clinicians."""

    patient: str
    clinician: str
    #: Not shown while an emergency or same-day sign is open: it would reassure, or ask for effort.
    waits: bool = False


_PLANS = {
    "call_if_worse": Topic(
        N_("Call us if it gets worse, or if you are worried."), N_("Call if worse")
    ),
    "make_visit": Topic(N_("Call us to make an appointment."), N_("Call to make an appointment")),
    "come_in": Topic(N_("Come and see us."), N_("Come for a visit")),
    "have_picture": Topic(N_("Have your X-ray or scan."), N_("Have imaging")),
    "blood_test": Topic(N_("Have your blood test."), N_("Have a blood test")),
    "wound_check": Topic(N_("Have your wound looked at."), N_("Have the wound checked")),
    "tablets": Topic(N_("Take your tablets the way we told you."), N_("Tablets as agreed")),
    "physio": Topic(N_("See the physio, and do your exercises."), N_("Physio and exercises"), True),
    "walk_more": Topic(N_("Walk a little more each day."), N_("Walk a little more"), True),
    "rest_more": Topic(N_("Do less for a few days. Rest more."), N_("Do less for a few days")),
    "carry_on": Topic(N_("Carry on as you are."), N_("Carry on as now"), True),
    "hospital": Topic(
        N_("Go to a hospital emergency department now."), N_("Go to the emergency department")
    ),
}
_RESTRICTIONS = {
    "lifting": Topic(N_("Do not lift anything heavy."), N_("No heavy lifting")),
    "bending": Topic(N_("Do not bend down or twist."), N_("No bending or twisting")),
    "driving": Topic(N_("Do not drive."), N_("No driving")),
    "work": Topic(N_("Do not go to work."), N_("Off work")),
    "sport": Topic(N_("No sport."), N_("No sport")),
    "brace": Topic(N_("Wear your brace when you are up."), N_("Brace when up")),
}
_CLEARANCES = {
    "driving": Topic(N_("You may drive."), N_("Driving")),
    "work": Topic(N_("You may go back to work."), N_("Work")),
    "lifting": Topic(N_("You may lift things as you did before."), N_("Lifting")),
    "bending": Topic(N_("You may bend and twist as you did before."), N_("Bending and twisting")),
    "brace_off": Topic(N_("You may leave your brace off."), N_("Brace off")),
    "sport": Topic(N_("You may do sport again."), N_("Sport")),
    "swimming": Topic(N_("You may swim."), N_("Swimming")),
}
_TARGETS = {
    "walk_10": Topic(
        N_("Walk for 10 minutes or more in a day."), N_("Walking 10 minutes"), waits=True
    ),
    "walk_30": Topic(
        N_("Walk for half an hour or more in a day."), N_("Walking half an hour"), waits=True
    ),
    "walk_60": Topic(N_("Walk for an hour or more in a day."), N_("Walking an hour"), waits=True),
    "no_opioids": Topic(N_("Manage without strong painkillers."), N_("No opioids"), waits=True),
}
#: Of a target that the diary can show: the measure, and the weekly mean that reaches it.
TARGET_LEVELS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "walk_10": ("walking", 2),
        "walk_30": ("walking", 3),
        "walk_60": ("walking", 4),
        "no_opioids": ("opioid_doses", 0),
    }
)

TOPICS: Mapping[InstructionKind, Mapping[str, Topic]] = MappingProxyType(
    {
        InstructionKind.PLAN: MappingProxyType(_PLANS),
        InstructionKind.RESTRICTION: MappingProxyType(_RESTRICTIONS),
        InstructionKind.CLEARANCE: MappingProxyType(_CLEARANCES),
        InstructionKind.TARGET: MappingProxyType(_TARGETS),
    }
)

INSTRUCTION_NAMES = {
    InstructionKind.PLAN: N_("Plan for the patient"),
    InstructionKind.RESTRICTION: N_("Restriction"),
    InstructionKind.CLEARANCE: N_("Allowed from a set day"),
    InstructionKind.TARGET: N_("Target"),
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing a clinic said on `day`, at the instant `at`; `author` is who wrote it.

    Raises:
        ValueError: it says nothing, its topic is none of its kind, the text is too long, or
            something is allowed from no day on.
    """

    kind: InstructionKind
    day: date
    at: datetime
    topic: str = ""
    text: str = ""
    due: date | None = None
    author: str = ""
    #: Tag of the language in which `text` was written; "" where nobody knows.
    language: str = ""

    def __post_init__(self) -> None:
        if self.topic and self.topic not in TOPICS[self.kind]:
            raise ValueError(f"unknown topic {self.topic!r}")
        if not self.topic and not self.text:
            raise ValueError("an instruction must say something")
        if len(self.text) > TEXT_LENGTH:
            raise ValueError(f"at most {TEXT_LENGTH} characters")
        if self.kind is InstructionKind.CLEARANCE and self.due is None:
            raise ValueError("something is allowed from a day on")

    @property
    def about(self) -> Topic | None:
        """Its sentence in the catalogue; None if it has only the clinic's own words."""
        return TOPICS[self.kind][self.topic] if self.topic else None

    def is_current(self, today: date) -> bool:
        """Whether the patient should see it on `today`."""
        if self.kind is InstructionKind.RESTRICTION:
            return self.due is None or today <= self.due
        if self.kind is InstructionKind.CLEARANCE:
            stays = (self.due or self.day) + timedelta(days=CLEARANCE_STAYS)
        elif self.due is None:
            stays = self.day + timedelta(days=PLAN_WITHOUT_DAY)
        else:
            stays = self.due + timedelta(days=PLAN_STAYS)
        return today <= stays

    def waits_for(self, sign_since: datetime | None) -> bool:
        """Whether it is hidden from the patient, because an emergency or same-day sign that was
        raised or renewed at `sign_since` is open (None: no such sign).

        What was planned before the sign was known may no longer be right; while the sign is open
        nothing may reassure and nothing is newly allowed. What must not be done still must not.
        """
        if sign_since is None or self.kind is InstructionKind.RESTRICTION:
            return False
        if self.kind is InstructionKind.CLEARANCE or self.at < sign_since:
            return True
        return self.about is not None and self.about.waits


#: Stands for the typed words while a sentence is built round them; no sentence has it.
_PLACE = "\0"

_WHEN = {
    InstructionKind.PLAN: N_("{what}, by {day}"),
    InstructionKind.RESTRICTION: N_("{what}, until {day}"),
    InstructionKind.CLEARANCE: N_("{what}, from {day}"),
    InstructionKind.TARGET: N_("{what}, by {day}"),
}


def instruction_words(said: Instruction, translate: Translate = str) -> str:
    """The instruction in brief, for a clinician's line, with its day."""
    return "".join(text for text, _ in instruction_pieces(said, translate))


def instruction_pieces(said: Instruction, translate: Translate = str) -> Pieces:
    """`instruction_words` in pieces, each with the tag of its language."""
    own, what = said.text, _PLACE
    if said.about is not None:
        own, what = own.rstrip("."), translate(said.about.clinician)
        what += mark(" (", translate) + _PLACE + mark(")", translate) if own else ""
    if said.due is not None:
        day = day_words(said.due, translate, year=True)
        what = translate(_WHEN[said.kind]).format(what=what, day=day)
    before, _, after = what.partition(_PLACE)
    return tuple(piece for piece in ((before, ""), (own, said.language), (after, "")) if piece[0])
