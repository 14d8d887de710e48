"""What a clinician does about a flag: looked at, decided. The condition is never touched."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.flags import DECISION_NAMES, Decision
from ...domain.instructions import InstructionKind
from ...domain.people import Action
from ...services import attention
from ...services.attention import Decided
from ...storage.errors import Conflict, Refused, RefusedDay
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.language import language_tag
from ..shared.policies import CLINICIAN, policy
from ..shared.zones import clinic_today
from . import blueprint
from .chart import FIELDS, chart_page
from .instruction_form import InstructionForm

NOTE_LENGTH = 1000


@blueprint.post("/p/<public_id>/flag/<flag_id>/seen")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def seen(public_id: str, flag_id: str) -> ResponseReturnValue:
    """The flag counts as looked at; it still waits for a decision."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    if sent.is_carried():
        return _again(public_id, flag_id, {}, 200)
    try:
        attention.mark_seen(
            database(), patient.id, flag_id, sent.version(), by=actor(), at=clock.now()
        )
    except Conflict as changed:
        return _changed(public_id, flag_id, changed)
    return _done(public_id, flag_id)


@blueprint.post("/p/<public_id>/flag/<flag_id>/take")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def take(public_id: str, flag_id: str) -> ResponseReturnValue:
    """Everybody reads on the list who sees to the flag; it still waits for a decision."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    if sent.is_carried():
        return _again(public_id, flag_id, {}, 200)
    at, here = clock.now(), clinic_today()
    try:
        attention.take_on(
            database(), patient.id, flag_id, sent.version(), by=actor(), at=at, here=here
        )
    except Conflict as changed:
        return _changed(public_id, flag_id, changed)
    return _done(public_id, flag_id)


@blueprint.post("/p/<public_id>/flag/<flag_id>/decision")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def decide(public_id: str, flag_id: str) -> ResponseReturnValue:
    """The decision is kept with the flag for good, as an event on the chart, and what the patient
    should do now is their plan.
    """
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    if sent.is_carried():
        # Handed on after a failure: shown once more, so that nothing is decided unseen.
        return _again(public_id, flag_id, {}, 200)
    made, problems = _read(patient, flag_id)
    if made is None:
        return _again(public_id, flag_id, problems, 422)
    try:
        attention.decide(
            database(),
            patient.id,
            flag_id,
            made,
            **sent.as_new(),
            today=clock.today(patient.zone),
            here=clinic_today(),
        )
    except (Conflict, Refused) as error:
        said, status = sent.refusal(error)
        field = "until" if isinstance(error, RefusedDay) else "decision"
        return _again(public_id, flag_id, {f"{field}-{flag_id}": said}, status)
    return _back(public_id)


def _read(patient: Patient, flag_id: str) -> tuple[Decided | None, dict[str, str]]:
    """What was decided, or None and what is wrong by field."""
    form = request.form
    problems: dict[str, str] = {}
    until = day_in(form.get("until"))
    if form.get("decision", "") not in DECISION_NAMES:
        problems[f"decision-{flag_id}"] = _("Choose your decision.")
    if form.get("until") and until is None:
        problems[f"until-{flag_id}"] = _("Write the day as year, month and day.")
    note = form.get("note", "").strip()
    if len(note) > NOTE_LENGTH:
        problems[f"note-{flag_id}"] = _("Use at most %(n)s characters.", n=NOTE_LENGTH)
    typed = InstructionForm(InstructionKind.PLAN, form.to_dict(flat=False), "plan_")
    plan = None
    if not typed.is_blank:
        plan = typed.read(clock.today(patient.zone), clock.now(), actor().name)
        problems |= {f"{name}-{flag_id}": text for name, text in typed.errors.items()}
    if problems:
        return None, problems
    decision = Decision(form["decision"])
    return Decided(decision, note, until, plan, sent.version(), language_tag()), {}


#: What people type into the form of a decision.
_TYPED = ("decision", "note", "until", "plan_topic", "plan_text", "plan_due")


def _done(public_id: str, flag_id: str) -> ResponseReturnValue:
    """The page again; a decision that was begun stays in its form, for nothing of it was saved."""
    if any(request.form.get(name, "").strip() for name in _TYPED):
        return _again(public_id, flag_id, {}, 200)
    return _back(public_id)


def _changed(public_id: str, flag_id: str, changed: Conflict) -> ResponseReturnValue:
    """The page as it is now: what came since it was opened was not looked at."""
    said, status = sent.refusal(changed)
    return _again(public_id, flag_id, {f"decision-{flag_id}": said}, status)


def _back(public_id: str) -> ResponseReturnValue:
    # The page begins with what was saved and who is next, and so does a screen reader. An address
    # that led to the flag would scroll both out of sight.
    return redirect(url_for("clinician.chart", public_id=public_id, saved=1), 303)


def _again(
    public_id: str, flag_id: str, problems: dict[str, str], status: int
) -> ResponseReturnValue:
    """The page again with everything that was typed, and what to change."""
    typed = {name: request.form.get(name, "") for name in FIELDS} | {"flag": flag_id}
    page = chart_page(public_id, Action.DECIDE_FLAG, problems=problems, typed=typed)
    return page, status
