"""The clinic's sensitivity: what it is, what a change would have meant here, and the change.

Two steps: the preview replays the clinic's own patients, and only then can the change be confirmed.
Any clinician may, because it is a clinical decision; every colleague sees it on the list for a
month. Administrators may not: they see no clinical data and so no preview.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.sensitivity import REASON_LENGTH, SENSITIVITY_NAMES, Sensitivity
from ...services.budget import preview_clinic
from ...storage import sensitivity
from ...storage.database import Session
from ...storage.errors import Conflict, Refused
from ..shared import clock
from ..shared.access import actor, database
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
    return _page({})


@blueprint.post("/sensitivity/preview")
@policy(CLINICIAN, carries=True, full=True)
def preview_sensitivity() -> ResponseReturnValue:
    """Nothing is changed: the clinic's own patients with each setting, side by side."""
    if sent.is_carried():
        return _page({})
    chosen, reason, problems = typed()
    if chosen is None or problems:
        return _page(problems or {"setting": _("Choose a setting.")}), 422
    with database().read() as session:
        changes = sensitivity.changes_of(session)
        clinic = words.clinic_setting(session)
    current = clinic.chosen
    found = preview_clinic(database(), clinic_today())
    header, rows = words.previewed(found, clinic)
    return render(
        "clinician/sensitivity_preview.html",
        user=actor().name,
        chosen=chosen,
        chosen_name=_(SENSITIVITY_NAMES[chosen]),
        current_name=words.name_of(current),
        is_change=chosen is not current,
        headline=words.headline(found, current, chosen) if found.replayed else "",
        header=header,
        rows=rows,
        replayed=words.replayed_words(found),
        least=words.least_words(),
        reason=reason,
        version=changes[-1].version if changes else 0,
    )


@blueprint.post("/sensitivity")
@policy(CLINICIAN, carries=True, full=True)
def change_sensitivity() -> ResponseReturnValue:
    """The clinic's setting is the chosen one from tomorrow on; what was raised before stays."""
    if sent.is_carried():
        return _page({})
    chosen, reason, problems = typed()
    if chosen is None or problems:
        return _page(problems or {"setting": _("Choose a setting.")}), 422
    try:
        store(chosen, reason, None)
    except (Conflict, Refused) as error:
        said, status = sent.refusal(error)
        return _page({"setting": said}), status
    return redirect(url_for("clinician.sensitivity"), 303)


def typed() -> tuple[Sensitivity | None, str, dict[str, str]]:
    """The setting and the reason of a form, and what is wrong with them."""
    asked = request.form.get("setting", "")
    reason = " ".join(request.form.get("reason", "").split())
    problems = {}
    if len(reason) > REASON_LENGTH:
        problems["reason"] = _("Use at most %(n)s characters.", n=REASON_LENGTH)
    return Sensitivity(asked) if asked in list(Sensitivity) else None, reason, problems


def store(setting: Sensitivity | None, reason: str, patient_id: int | None) -> None:
    """The change is there once, however often its form is sent."""
    services.choose_sensitivity(
        database(),
        setting,
        reason=reason,
        expected_version=sent.version(default=-1),
        patient_id=patient_id,
        **sent.as_new(),
    )


def _page(problems: dict[str, str]) -> str:
    with database().read() as session:
        changes = sensitivity.changes_of(session)
        others = _patients_own(session)
        clinic = words.clinic_setting(session)
    header, rows = words.simulated(clinic)
    return render(
        "clinician/sensitivity.html",
        user=actor().name,
        problems=problems,
        typed=request.form,
        current=clinic.chosen,
        current_name=clinic.words(),
        items=words.items(),
        header=header,
        rows=rows,
        changes=[words.line_of(change) for change in reversed(changes)],
        others=others,
        reason_length=REASON_LENGTH,
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
