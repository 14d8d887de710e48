"""Patients: what they chose, and who may look."""

from datetime import datetime

from ..domain.people import Actor
from ..storage import accounts, people
from ..storage.database import Database
from ..storage.people import Patient
from .change import patient_change


def save_patient(
    database: Database,
    patient: Patient,
    *,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
    account_id: int | None = None,
) -> None:
    """The stored patient is `patient`; the pages of the account speak their language from now on.

    `expected_version` is the version the form was filled from, by default that of `patient`.

    Raises:
        Conflict: somebody changed the patient after that version was read.
        NotSaved: the database could not take it.
    """
    version = patient.version if expected_version is None else expected_version
    with patient_change(database, patient.id, by=by, at=at) as session:
        people.update_patient(session, patient, expected_version=version, by=by, at=at)
        if account_id is not None:
            accounts.update_account(session, account_id, language=patient.language, by=by, at=at)


def end_care(
    database: Database, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """The clinician may no longer open the record, from the next request on."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        people.revoke_care(session, patient_id, account_id, by=by, at=at)
