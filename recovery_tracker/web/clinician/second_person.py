"""What a clinician says yes to beside an administrator: a patient's new password, a new reader."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from ... import services
from ...domain.people import Action
from ...storage import accounts, people
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.pages import render
from ..shared.policies import CLINICIAN, WHO_SHARES, policy
from ..shared.second_person import answer_care, waiting_for
from . import blueprint


@blueprint.get("/p/<public_id>/access")
@policy(CLINICIAN, Action.READ_DIARY)
def access_page(public_id: str) -> ResponseReturnValue:
    """Who may open this diary, who would like to, and a code for the patient's new password."""
    return _page(load_patient(public_id, Action.READ_DIARY))


@blueprint.post("/p/<public_id>/access/code")
@policy(CLINICIAN, Action.GIVE_ACCESS, fresh=WHO_SHARES)
def make_code(public_id: str) -> ResponseReturnValue:
    """A code is shown, once, to be told to the patient and nobody else."""
    patient = load_patient(public_id, Action.GIVE_ACCESS)
    code = services.second_person.make_code(database(), patient.id, by=actor(), at=clock.now())
    if code is None:
        return _page(patient, _("This patient has no account."))
    return _page(patient, code=f"{code[:4]} {code[4:]}")


@blueprint.post("/p/<public_id>/access/<account_id>")
@policy(CLINICIAN, Action.GIVE_ACCESS, fresh=WHO_SHARES)
def answer_request(public_id: str, account_id: str) -> ResponseReturnValue:
    """Somebody who was to have access has it now, or has not."""
    patient = load_patient(public_id, Action.GIVE_ACCESS)
    answer_care(patient, account_id)
    return redirect(url_for("clinician.access_page", public_id=public_id), 303)


def _page(patient: Patient, notice: str = "", code: str = "") -> str:
    with database().read() as session:
        readers = [
            accounts.account_by_id(session, one)
            for one in people.care_of(session, patient.id, clock.now())
        ]
        asked = waiting_for(session, patient.id)
    return render(
        "clinician/access.html",
        patient=patient,
        readers=[one.name for one in readers if one is not None and one.active],
        asked=asked,
        notice=notice,
        code=code,
    )
