"""What a clinic tells its patient: said, changed, or taken back; the audit keeps every wording."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.instructions import Instruction, InstructionKind
from ...domain.people import Action
from ...services import record
from ...storage.errors import Conflict, NotFound
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms.numbers import read_version
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from .chart import FIELDS, chart_page
from .instruction_form import InstructionForm


@blueprint.post("/p/<public_id>/instructions/<kind>")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def instruct(public_id: str, kind: str) -> ResponseReturnValue:
    """One more thing the patient is told, from now on before their eyes."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    form = InstructionForm(_kind(kind), request.form)
    if request.form.get("carried"):
        return _again(public_id, kind, kind, {})
    said = form.read(clock.today(patient.zone), clock.now(), actor().name)
    if said is None:
        return _again(public_id, kind, kind, form.errors), 422
    try:
        key = request.form.get("key", "")
        record.add(database(), patient.id, said, key=key, by=actor(), at=said.at)
    except Conflict as error:
        return _again(public_id, kind, kind, {"text": _(str(error))}), 409
    return _back(public_id)


@blueprint.post("/p/<public_id>/instructions/<kind>/<instruction_id>")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def change_instruction(public_id: str, kind: str, instruction_id: str) -> ResponseReturnValue:
    """The instruction says something else from today on."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    form = InstructionForm(_kind(kind), request.form)
    if request.form.get("carried"):
        return _again(public_id, instruction_id, kind, {})
    said = form.read(clock.today(patient.zone), clock.now(), actor().name)
    if said is None:
        return _again(public_id, instruction_id, kind, form.errors), 422
    try:
        record.edit(database(), patient.id, instruction_id, said, **_terms())
    except NotFound:
        # A colleague took it back meanwhile: what was typed stands in the form for a new one.
        return _again(public_id, kind, kind, {"text": _changed()}), 409
    except Conflict:
        return _again(public_id, instruction_id, kind, {"text": _changed()}), 409
    return _back(public_id)


@blueprint.post("/p/<public_id>/instructions/<kind>/<instruction_id>/taken-back")
@policy(CLINICIAN, Action.DECIDE_FLAG, carries=True)
def take_back(public_id: str, kind: str, instruction_id: str) -> ResponseReturnValue:
    """The patient is no longer told; the audit keeps what was said."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    _kind(kind)
    if request.form.get("carried"):
        return _again(public_id, instruction_id, kind, {})
    try:
        record.remove(database(), patient.id, instruction_id, Instruction, **_terms())
    except NotFound:
        abort(404)
    except Conflict:
        return _again(public_id, instruction_id, kind, {"text": _changed()}), 409
    return _back(public_id)


def _kind(kind: str) -> InstructionKind:
    if kind not in list(InstructionKind):
        abort(404)
    return InstructionKind(kind)


def _terms() -> dict[str, Any]:
    version = read_version(request.form.get("version", ""))
    return {"expected_version": version, "by": actor(), "at": clock.now()}


def _changed() -> str:
    return _("This was changed on another page meanwhile. Check it and save once more.")


def _back(public_id: str) -> ResponseReturnValue:
    target = url_for("clinician.chart", public_id=public_id, _anchor="instructions")
    return redirect(target, 303)


def _again(public_id: str, place: str, kind: str, errors: dict[str, str]) -> str:
    """The page with what was typed; `place` is the kind, or the instruction that was changed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    typed |= {"kind_of_form": kind, "instruction": place}
    problems = {f"{place}-{name}": text for name, text in errors.items()}
    return chart_page(public_id, Action.DECIDE_FLAG, problems=problems, typed=typed)
