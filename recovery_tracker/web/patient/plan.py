"""What the clinic told the patient: on the home page what holds now, on its own page all of it.

While an emergency or same-day sign is open the advice about it stands first, and what was planned
before it, or what would calm, waits (`Instruction.waits_for`).
"""

from dataclasses import dataclass
from datetime import date

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.instructions import Instruction, InstructionKind
from ...domain.people import Action
from ...services import Recovery
from ..shared import clock
from ..shared.access import installation
from ..shared.language import day_text, language_tag, say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .reading import recovery_of

#: Days from today within which a date needs no year. Our default.
NEAR = 180


@dataclass(frozen=True, slots=True)
class Told:
    """One thing the clinic said, in the words and dates that the patient reads."""

    sentence: str
    #: The clinic's own words beside a sentence of the catalogue; "" where there are none.
    detail: str
    when: str
    #: Whether the day is read first, so that nobody takes "you may" for today.
    day_first: bool
    said: str
    #: The language of the clinic's own words where the page speaks another; else "".
    language: str
    #: Whether the sentence itself is the clinic's own.
    is_own: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds today, and how much of it waits because a sign is open."""

    steps: list[Told]
    limits: list[Told]
    waiting: int
    has_sign: bool

    @property
    def is_empty(self) -> bool:
        return not (self.steps or self.limits or self.waiting)


def plan_of(recovery: Recovery, today: date) -> Plan:
    """The instructions that hold today, the latest first."""
    since = recovery.urgent_since
    current = [kept.value for kept in recovery.instructions if kept.value.is_current(today)]
    current.sort(key=lambda said: said.at, reverse=True)
    shown = [said for said in current if not said.waits_for(since)]
    todo = (InstructionKind.PLAN, InstructionKind.TARGET)
    plans = [said for said in shown if said.kind in todo]
    limits = [said for said in shown if said.kind not in todo]
    return Plan(
        [told(said, today) for said in plans],
        [told(said, today) for said in limits],
        len(current) - len(shown),
        since is not None,
    )


@blueprint.get("/plan")
@policy(PATIENT, Action.READ_DIARY)
def plan(public_id: str) -> ResponseReturnValue:
    """Everything the clinic has told this patient: what applies now, then what no longer does."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    today = clock.today(recovery.patient.zone)
    over = [k.value for k in recovery.instructions if not k.value.is_current(today)]
    over.sort(key=lambda said: said.at, reverse=True)
    return render(
        "patient/plan.html",
        patient=recovery.patient,
        plan=plan_of(recovery, today),
        over=[told(said, today) for said in over],
        clinic=installation(),
    )


def told(said: Instruction, today: date) -> Told:
    """An instruction in the patient's words."""
    sentence = _(said.about.patient) if said.about is not None else said.text
    return Told(
        sentence=sentence,
        detail=said.text if said.about is not None else "",
        when=_when(said, today),
        day_first=said.kind is InstructionKind.CLEARANCE,
        said=_("From your clinic, on %(day)s.", day=_day(said.day, today)),
        is_own=said.about is None,
        language="" if said.language == language_tag() else said.language,
    )


def _when(said: Instruction, today: date) -> str:
    if said.due is None:
        is_limit = said.kind is InstructionKind.RESTRICTION
        return _("Until your clinic tells you.") if is_limit else ""
    day = _day(said.due, today)
    if said.kind is InstructionKind.PLAN:
        return _("Do this by %(day)s.", day=day)
    if said.kind is InstructionKind.TARGET:
        return _("A target for %(day)s. It is all right if it takes longer.", day=day)
    if said.kind is InstructionKind.RESTRICTION:
        return _("Up to and including %(day)s.", day=day)
    return _("From %(day)s:", day=day)


def _day(day: date, today: date) -> str:
    """A day near today without its year, any other with it."""
    return say_day(day) if abs((day - today).days) < NEAR else day_text(day)
