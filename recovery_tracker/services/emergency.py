"""A record opened in an emergency by a clinician who does not care for the patient."""

from datetime import datetime, timedelta

from ..domain.language import N_
from ..domain.people import Actor
from ..storage import emergency
from ..storage.database import Database
from ..storage.errors import Refused
from .change import patient_change
from .vouching import is_vouched_for

LASTS = timedelta(hours=1)
"""How long the record stays open. Our default."""

REASON_LENGTH = 500
"""Signs of a reason, at most."""


def open_record(
    database: Database, patient_id: int, reason: str, *, by: Actor, at: datetime
) -> datetime:
    """Until when the record may now be read; the patient's audit trail holds time and reason.

    Raises:
        Refused: nobody independent vouches for the account: it can open no diary, or only those
            of patients who agreed themselves.
    """
    if not by.cares_for:
        raise Refused(
            N_("Only an account that already has patients, its own or a team’s, can do this.")
        )
    with database.read() as session:
        # Asked before the write begins: nobody waits to save while words are followed.
        vouched = by.account_id is not None and is_vouched_for(session, by.account_id, at)
    if not vouched:
        raise Refused(
            N_(
                "Nobody on the staff has confirmed your account yet. Ask a colleague, or the "
                "office, to give you a patient or a team."
            )
        )
    until = at + LASTS
    with patient_change(database, patient_id, by=by, at=at) as session:
        emergency.open_record(
            session, patient_id, reason[:REASON_LENGTH], until=until, by=by, at=at
        )
    return until
