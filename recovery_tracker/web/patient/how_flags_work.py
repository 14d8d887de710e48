"""How flags work, for the patient: what is compared, what was never tested, and who signed it."""

from flask.typing import ResponseReturnValue

from ...domain.people import Action
from ..shared.access import installation, load_patient
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.signature import signature_words
from . import blueprint


@blueprint.get("/flags")
@policy(PATIENT, Action.READ_DIARY)
def how_flags_work(public_id: str) -> ResponseReturnValue:
    """The page behind every pattern that the diary tells the patient of."""
    return render(
        "patient/how_flags_work.html",
        patient=load_patient(public_id, Action.READ_DIARY),
        signature=signature_words(installation()),
        looks_for_patterns=not installation().is_diary_only,
    )
