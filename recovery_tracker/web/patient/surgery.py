"""The operation: date, region, levels, approach, metal parts, risks, pain before."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...domain.people import Action
from ...domain.surgery import Operation
from ...services import record
from ...storage.errors import Conflict
from ...storage.people import Patient
from ...storage.record_rows import Stored
from ..shared import clock, security
from ..shared.access import database, load_patient
from ..shared.forms import sent
from ..shared.forms.surgery import SurgeryForm, blank_after, choices, facts_of, typed_from
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .reading import stored_of, stored_or_none


@blueprint.get("/surgery")
@policy(PATIENT, Action.READ_DIARY)
def surgery(public_id: str) -> ResponseReturnValue:
    """The operations on record, newest first; the newest is the one counted from."""
    patient = load_patient(public_id, Action.READ_DIARY)
    newest_first = sorted(
        stored_of(patient, Operation), key=lambda stored: stored.value.day, reverse=True
    )
    return render(
        "patient/surgery.html",
        patient=patient,
        operations=[(stored, facts_of(stored.value)) for stored in newest_first],
        today=clock.today(patient.zone),
    )


@blueprint.get("/surgery/new")
@policy(PATIENT, Action.EDIT_SURGERY)
def new_surgery(public_id: str) -> ResponseReturnValue:
    """The form of one more operation, with the risks that are known."""
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    form = blank_after(one.value for one in stored_of(patient, Operation))
    if not form.typed:
        security.blank_form()
    return _page(patient, form)


@blueprint.post("/surgery/new")
@policy(PATIENT, Action.EDIT_SURGERY, carries=True)
def add_surgery(public_id: str) -> ResponseReturnValue:
    """Adds an operation; an earlier one stays in the history."""
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    form, today = SurgeryForm(request.form.to_dict(flat=False)), clock.today(patient.zone)
    operation = form.to_operation(today)
    if operation is None or sent.is_carried():
        return _page(patient, form), 422 if form.errors else 200
    record.add(database(), patient.id, operation, **sent.as_new())
    return _done(patient)


@blueprint.get("/surgery/<operation_id>")
@policy(PATIENT, Action.EDIT_SURGERY)
def edit_surgery(public_id: str, operation_id: str) -> ResponseReturnValue:
    """The form for an operation, filled in with its present details."""
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    stored = _stored(patient, operation_id)
    return _page(patient, SurgeryForm(typed_from(stored.value)), stored)


@blueprint.post("/surgery/<operation_id>")
@policy(PATIENT, Action.EDIT_SURGERY, carries=True)
def save_surgery(public_id: str, operation_id: str) -> ResponseReturnValue:
    """Changes an operation; what it was before stays in the audit."""
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    stored, today = _stored(patient, operation_id), clock.today(patient.zone)
    form = SurgeryForm(request.form.to_dict(flat=False))
    operation = form.to_operation(today)
    if operation is None or sent.is_carried():
        return _page(patient, form, stored), 422 if form.errors else 200
    try:
        record.edit(database(), patient.id, stored.public_id, operation, **sent.as_change())
    except Conflict as error:
        form.errors["day"], status = sent.refusal(error)
        return _page(patient, form, _stored(patient, operation_id)), status
    return _done(patient)


@blueprint.post("/surgery/<operation_id>/remove")
@policy(PATIENT, Action.EDIT_SURGERY)
def remove_surgery(public_id: str, operation_id: str) -> ResponseReturnValue:
    """Takes back an operation that was entered by mistake; what it said stays in the audit.

    The last one that is left can be changed but not taken back: every day is counted from it.
    """
    patient = load_patient(public_id, Action.EDIT_SURGERY)
    found = stored_of(patient, Operation)
    if len(found) > 1 and any(one.public_id == operation_id for one in found):
        record.remove(database(), patient.id, operation_id, Operation, **sent.as_change())
    return redirect(url_for("patient.surgery", public_id=public_id), 303)


def _stored(patient: Patient, operation_id: str) -> Stored[Operation]:
    stored = stored_or_none(patient, Operation, operation_id)
    if stored is None:
        raise NotFound
    return stored


def _done(patient: Patient) -> ResponseReturnValue:
    return redirect(url_for("patient.home", public_id=patient.public_id), 303)


def _page(patient: Patient, form: SurgeryForm, stored: Stored[Operation] | None = None) -> str:
    return render(
        "patient/surgery_form.html",
        patient=patient,
        form=form,
        error_links=form.error_links,
        stored=stored,
        choices=choices(),
        key=sent.key(),
    )
