"""A patient's own sensitivity, with a reason: for a diary that is louder or quieter than most."""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.people import Action
from ...domain.sensitivity import REASON_LENGTH, SENSITIVITY_NAMES, Sensitivity
from ...services.budget import preview_patient
from ...storage import sensitivity
from ...storage.errors import Conflict, Refused
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from . import sensitivity_words as words
from .sensitivity import store, typed


@blueprint.get("/p/<public_id>/sensitivity")
@policy(CLINICIAN, Action.CHANGE_RULES)
def own_sensitivity(public_id: str) -> ResponseReturnValue:
    """The patient's setting and every change of it."""
    return _page(load_patient(public_id, Action.CHANGE_RULES), {})


@blueprint.post("/p/<public_id>/sensitivity/preview")
@policy(CLINICIAN, Action.CHANGE_RULES, carries=True)
def preview_own_sensitivity(public_id: str) -> ResponseReturnValue:
    """Nothing is changed: the worsenings that each setting would have raised for this patient."""
    patient = load_patient(public_id, Action.CHANGE_RULES)
    if sent.is_carried():
        return _page(patient, {})
    chosen, reason, problems = _typed()
    if problems:
        return _page(patient, problems), 422
    services.note_reading(database(), patient.id, by=actor(), at=clock.now())
    with database().read() as session:
        changes = sensitivity.changes_of(session, patient.id)
    found = preview_patient(database(), patient.id, _today(patient))
    return render(
        "clinician/own_sensitivity_preview.html",
        user=actor().name,
        patient=patient,
        chosen=chosen or words.AS_CLINIC,
        chosen_name=words.name_of(chosen),
        is_change=chosen is not words.setting_of(changes),
        rows=[
            (_(SENSITIVITY_NAMES[setting]), words.raised_words(episodes))
            for setting, episodes in found.items()
        ],
        reason=reason,
        version=changes[-1].version if changes else 0,
    )


@blueprint.post("/p/<public_id>/sensitivity")
@policy(CLINICIAN, Action.CHANGE_RULES, carries=True)
def change_own_sensitivity(public_id: str) -> ResponseReturnValue:
    """The patient's setting is the chosen one from tomorrow on; what was raised before stays."""
    patient = load_patient(public_id, Action.CHANGE_RULES)
    if sent.is_carried():
        return _page(patient, {})
    chosen, reason, problems = _typed()
    if problems:
        return _page(patient, problems), 422
    try:
        store(chosen, reason, patient.id)
    except (Conflict, Refused) as error:
        said, status = sent.refusal(error)
        return _page(patient, {"setting": said}), status
    return redirect(url_for("clinician.own_sensitivity", public_id=public_id), 303)


def _typed() -> tuple[Sensitivity | None, str, dict[str, str]]:
    """The same as for the clinic, with a reason and with "as the clinic", which is None."""
    chosen, reason, problems = typed()
    if chosen is None and request.form.get("setting") != words.AS_CLINIC:
        problems["setting"] = _("Choose a setting.")
    if not reason:
        problems["reason"] = _("Write why this patient needs another setting.")
    return chosen, reason, problems


def _page(patient: Patient, problems: dict[str, str]) -> str:
    with database().read() as session:
        changes = sensitivity.changes_of(session, patient.id)
        clinic = words.clinic_setting(session)
    own = words.patient_setting(changes, patient.zone, _today(patient))
    return render(
        "clinician/own_sensitivity.html",
        user=actor().name,
        patient=patient,
        problems=problems,
        typed=request.form,
        own_name=own.words(),
        clinic_name=clinic.words(),
        current=own.chosen or words.AS_CLINIC,
        items=[
            (words.AS_CLINIC, _("As the clinic (%(name)s)", name=clinic.words())),
            *words.items(),
        ],
        changes=[words.line_of(change) for change in reversed(changes)],
        reason_length=REASON_LENGTH,
    )


def _today(patient: Patient) -> date:
    return clock.today(patient.zone)
