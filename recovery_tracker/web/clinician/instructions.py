"""What a clinic tells its patient: said, changed, or taken back; the audit keeps every wording."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.instructions import Instruction, InstructionKind
from ...domain.people import Action
from ...services import record
from ...storage.errors import Conflict, NotFound
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from .chart import FIELDS, chart_page
from .instruction_form import InstructionForm


@blueprint.post("/p/<public_id>/instructions/<kind>")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def instruct(public_id: str, kind: str) -> ResponseReturnValue:
    """One more thing the patient is told, from now on before their eyes."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    form = InstructionForm(_kind(kind), request.form.to_dict(flat=False))
    if sent.is_carried():
        return _again(public_id, kind, kind, {})
    said = form.read(clock.today(patient.zone), clock.now(), actor().name)
    if said is None:
        return _again(public_id, kind, kind, form.errors), 422
    try:
        record.add(database(), patient.id, said, **sent.as_new())
    except Conflict as error:
        said_why, status = sent.refusal(error)
        return _again(public_id, kind, kind, {"text": said_why}), status
    return _back(public_id)


@blueprint.post("/p/<public_id>/instructions/<kind>/<instruction_id>")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def change_instruction(public_id: str, kind: str, instruction_id: str) -> ResponseReturnValue:
    """The instruction says something else from today on."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    form = InstructionForm(_kind(kind), request.form.to_dict(flat=False))
    if sent.is_carried():
        return _again(public_id, instruction_id, kind, {})
    said = form.read(clock.today(patient.zone), clock.now(), actor().name)
    if said is None:
        return _again(public_id, instruction_id, kind, form.errors), 422
    try:
        record.edit(database(), patient.id, instruction_id, said, **sent.as_change())
    except (NotFound, Conflict) as error:
        # A colleague took it back in the meantime: what was typed stands in the form for a new one.
        place = kind if isinstance(error, NotFound) else instruction_id
        return _again(public_id, place, kind, {"text": _(str(Conflict()))}), 409
    return _back(public_id)


@blueprint.post("/p/<public_id>/instructions/<kind>/<instruction_id>/taken-back")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def take_back(public_id: str, kind: str, instruction_id: str) -> ResponseReturnValue:
    """The patient is no longer told; the audit keeps what was said."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    _kind(kind)
    if sent.is_carried():
        return _again(public_id, instruction_id, kind, {})
    try:
        record.remove(database(), patient.id, instruction_id, Instruction, **sent.as_change())
    except Conflict as error:
        said_why, status = sent.refusal(error)
        return _again(public_id, instruction_id, kind, {"text": said_why}), status
    return _back(public_id)


def _kind(kind: str) -> InstructionKind:
    if kind not in list(InstructionKind):
        abort(404)
    return InstructionKind(kind)


def _back(public_id: str) -> ResponseReturnValue:
    target = url_for("clinician.chart", public_id=public_id, _anchor="instructions")
    return redirect(target, 303)


def _again(public_id: str, place: str, kind: str, errors: dict[str, str]) -> str:
    """The page with what was typed; `place` is the kind, or the instruction that was changed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    typed |= {"kind_of_form": kind, "instruction": place}
    problems = {f"{place}-{name}": text for name, text in errors.items()}
    return chart_page(public_id, Action.DECIDE_FLAG, problems=problems, typed=typed)
