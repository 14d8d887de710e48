"""Patients: what they chose, who may look, and that they are forgotten."""

from datetime import date, datetime

from ..domain.people import Actor, Mode
from ..storage import accounts, erasure, people, settings, setup
from ..storage.database import Database
from ..storage.errors import NotFound
from ..storage.people import Patient
from .change import change, patient_change


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


def end_account(
    database: Database, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """An account that shares this diary may no longer sign in, from the next request on.

    Raises:
        NotFound: the account does not open this diary.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        account = accounts.account_by_id(session, account_id)
        if account is None or account.patient_id != patient_id:
            raise NotFound
        accounts.set_active(session, account_id, False, by=by, at=at)


def end_care(
    database: Database, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """The clinician may no longer open the record, from the next request on."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        people.revoke_care(session, patient_id, account_id, by=by, at=at)


def erase_patient(database: Database, patient_id: int, *, by: Actor, at: datetime) -> str | None:
    """Nothing of the patient is left in the database file, nor in what this process remembers.

    Backups made before still hold them; the person who keeps these has to delete them. An
    installation that was one person's own has nobody left who could sign in: it is as on its first
    day, and its set-up pages open with the token that is given, or with the next start of the
    program. None where others remain.

    Raises:
        NotFound: there is no such patient.
    """
    token = None
    with change(database) as session:
        erasure.erase(session, patient_id, by=by, at=at)
        is_own = settings.read_installation(session).mode is Mode.JUST_ME
        if is_own and not people.all_patients(session):
            settings.forget_installation(session, by=by, at=at)
            token = setup.new_setup_token(session, at)
    erasure.forget_erased(database)
    return token


def admit(
    database: Database,
    name: str,
    *,
    birth_date: date | None,
    hospital_number: str | None,
    zone: str,
    country: str,
    by: Actor,
    at: datetime,
    clinician: int | None = None,
) -> Patient:
    """A new patient with an empty diary, in the care of the account `clinician` where one is."""
    with change(database) as session:
        patient = people.create_patient(
            session,
            name=name,
            birth_date=birth_date,
            hospital_number=hospital_number,
            zone=zone,
            country=country,
            by=by,
            at=at,
        )
        if clinician is not None:
            people.grant_care(session, patient.id, clinician, by=by, at=at)
        return patient
