"""The sensitivity of the trend rules, of the clinic and of one patient: setting, preview, change.

Two steps: the preview replays the diaries it is about, and only then can the change be confirmed.
Any clinician may, because it is a clinical decision; every colleague sees a change of the clinic's
on the list for a month. A patient's own setting, for a diary that is louder or quieter than most,
takes a reason. Administrators may not: they see no clinical data and so no preview.
"""

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.people import Action
from ...domain.sensitivity import REASON_LENGTH, SENSITIVITY_NAMES, Sensitivity
from ...services.budget import preview_clinic, preview_patient
from ...storage import sensitivity
from ...storage.audit import AuditAction
from ...storage.database import Session
from ...storage.errors import Conflict, Refused
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from ..shared.zones import clinic_today
from . import blueprint
from . import sensitivity_words as words


@blueprint.get("/sensitivity", endpoint="sensitivity")
@policy(CLINICIAN, full=True)
def show() -> ResponseReturnValue:
    """The setting, what the three do on simulated diaries, and every change so far."""
    return _page(None, {})


@blueprint.get("/p/<public_id>/sensitivity")
@policy(CLINICIAN, Action.CHANGE_RULES)
def own_sensitivity(public_id: str) -> ResponseReturnValue:
    """The patient's setting and every change of it."""
    return _page(load_patient(public_id, Action.CHANGE_RULES), {})


@blueprint.post("/sensitivity/preview")
@policy(CLINICIAN, carries=True, full=True)
def preview_sensitivity() -> ResponseReturnValue:
    """Nothing is changed: the clinic's own patients with each setting, side by side."""
    return _preview(None)


@blueprint.post("/p/<public_id>/sensitivity/preview")
@policy(CLINICIAN, Action.CHANGE_RULES, carries=True)
def preview_own_sensitivity(public_id: str) -> ResponseReturnValue:
    """Nothing is changed: the worsenings that each setting would have raised for this patient."""
    return _preview(load_patient(public_id, Action.CHANGE_RULES))


@blueprint.post("/sensitivity")
@policy(CLINICIAN, carries=True, full=True)
def change_sensitivity() -> ResponseReturnValue:
    """The clinic's setting is the chosen one from tomorrow on; what was raised before stays."""
    return _change(None)


@blueprint.post("/p/<public_id>/sensitivity")
@policy(CLINICIAN, Action.CHANGE_RULES, carries=True)
def change_own_sensitivity(public_id: str) -> ResponseReturnValue:
    """The patient's setting is the chosen one from tomorrow on; what was raised before stays."""
    return _change(load_patient(public_id, Action.CHANGE_RULES))


def _preview(patient: Patient | None) -> ResponseReturnValue:
    if sent.is_carried():
        return _page(patient, {})
    chosen, reason, problems = _typed(patient)
    if problems:
        return _page(patient, problems), 422
    with database().read() as session:
        changes = sensitivity.changes_of(session, None if patient is None else patient.id)
    common = {
        "chosen": chosen or words.AS_CLINIC,
        "chosen_name": words.name_of(chosen),
        "reason": reason,
        "version": changes[-1].version if changes else 0,
    }
    if patient is None:
        assert chosen is not None
        return render("clinician/sensitivity_preview.html", **common, **_clinic_replayed(chosen))
    services.note_look(database(), AuditAction.CHART_READ, patient.id, by=actor(), at=clock.now())
    found = preview_patient(database(), patient.id, _today(patient))
    return render(
        "clinician/own_sensitivity_preview.html",
        **common,
        patient=patient,
        is_change=chosen is not words.setting_of(changes),
        rows=[
            (_(SENSITIVITY_NAMES[setting]), words.raised_words(episodes))
            for setting, episodes in found.items()
        ],
    )


def _clinic_replayed(chosen: Sensitivity) -> dict[str, Any]:
    """What the change would have meant for the clinic's own patients."""
    with database().read() as session:
        clinic = words.clinic_setting(session)
    found = preview_clinic(database(), clinic_today())
    header, rows = words.previewed(found, clinic)
    return {
        "current_name": words.name_of(clinic.chosen),
        "is_change": chosen is not clinic.chosen,
        "headline": words.headline(found, clinic.chosen, chosen) if found.replayed else "",
        "header": header,
        "rows": rows,
        "replayed": words.replayed_words(found),
        "least": words.least_words(),
    }


def _change(patient: Patient | None) -> ResponseReturnValue:
    if sent.is_carried():
        return _page(patient, {})
    chosen, reason, problems = _typed(patient)
    if problems:
        return _page(patient, problems), 422
    try:
        services.choose_sensitivity(
            database(),
            chosen,
            reason=reason,
            expected_version=sent.version(default=-1),
            patient_id=None if patient is None else patient.id,
            **sent.as_new(),
        )
    except (Conflict, Refused) as error:
        said, status = sent.refusal(error)
        return _page(patient, {"setting": said}), status
    if patient is None:
        return redirect(url_for("clinician.sensitivity"), 303)
    return redirect(url_for("clinician.own_sensitivity", public_id=patient.public_id), 303)


def _typed(patient: Patient | None) -> tuple[Sensitivity | None, str, dict[str, str]]:
    """The setting and the reason of a form, and what is wrong with them.

    One patient's may be "as the clinic", which is None, and takes a reason.
    """
    asked = request.form.get("setting", "")
    chosen = Sensitivity(asked) if asked in list(Sensitivity) else None
    reason = " ".join(request.form.get("reason", "").split())
    problems = {}
    if chosen is None and (patient is None or asked != words.AS_CLINIC):
        problems["setting"] = _("Choose a setting.")
    if len(reason) > REASON_LENGTH:
        problems["reason"] = _("Use at most %(n)s characters.", n=REASON_LENGTH)
    if patient is not None and not reason:
        problems["reason"] = _("Write why this patient needs another setting.")
    return chosen, reason, problems


def _page(patient: Patient | None, problems: dict[str, str]) -> str:
    with database().read() as session:
        changes = sensitivity.changes_of(session, None if patient is None else patient.id)
        clinic = words.clinic_setting(session)
        others = _patients_own(session) if patient is None else []
    common = {
        "problems": problems,
        "typed": request.form,
        "changes": [words.line_of(change) for change in reversed(changes)],
        "reason_length": REASON_LENGTH,
        "clinic_name": clinic.words(),
    }
    if patient is None:
        header, rows = words.simulated(clinic)
        return render(
            "clinician/sensitivity.html",
            **common,
            current=clinic.chosen,
            items=words.items(),
            header=header,
            rows=rows,
            others=others,
        )
    own = words.patient_setting(changes, patient.zone, _today(patient))
    as_clinic = (words.AS_CLINIC, _("As the clinic (%(name)s)", name=clinic.words()))
    return render(
        "clinician/own_sensitivity.html",
        **common,
        patient=patient,
        own_name=own.words(),
        current=own.chosen or words.AS_CLINIC,
        items=[as_clinic, *words.items()],
    )


def _patients_own(session: Session) -> list[tuple[str, str, str]]:
    """The clinician's patients with a setting of their own: id, name, and what holds from when."""
    found = [
        (public_id, name, words.patient_setting(changes, zone, clock.today(zone)))
        for public_id, name, zone, changes in sensitivity.overrides_of(
            session, actor().account_id or 0, clock.now()
        )
    ]
    return [(one, name, held.words()) for one, name, held in found if held.now or held.chosen]


def _today(patient: Patient) -> date:
    return clock.today(patient.zone)
