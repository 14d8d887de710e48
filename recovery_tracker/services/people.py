"""Patients: what they chose, who may look, and that they are forgotten."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ..domain.language import N_
from ..domain.people import Actor, Mode
from ..storage import accounts, alerts, erasure, people, settings, setup, tags
from ..storage.database import Database
from ..storage.errors import NotFound, Refused
from ..storage.people import Patient
from .change import change, civil_day, patient_change


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
            accounts.set_language(session, account_id, patient.language, by=by, at=at)


def follow(database: Database, patient_id: int, *, ends: bool, by: Actor, at: datetime) -> None:
    """The clinic no longer follows the patient: no list, no reminder, no message; or it does again.

    The diary stays. Done twice it is done once.

    Raises:
        Refused: an emergency or same-day flag waits that nobody has looked at.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        patient = people.patient_by_id(session, patient_id)
        if ends == (patient.ended_on is not None):
            return
        if ends and alerts.waits(session, patient_id):
            raise Refused(N_("Nobody has looked at an urgent flag yet. Answer it first."))
        ended = replace(patient, ended_on=civil_day(at, patient.zone) if ends else None)
        people.update_patient(session, ended, expected_version=patient.version, by=by, at=at)


def set_tags(
    database: Database, patient_id: int, names: Collection[str], *, by: Actor, at: datetime
) -> None:
    """The patient has these tags and no others.

    Raises:
        Refused: there are too many, or one is too long.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        tags.set_tags(session, patient_id, names, by=by, at=at)


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


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure leaves behind.

    Attributes:
        token: opens the set-up pages of an installation in which nobody is left; None where others
            are.
        unread: copies of the database that the program made by itself and can no longer read; the
            patient may be in them.
        is_in_log: the log beside the database could not be emptied into it, so that the last traces
            leave both with the next `tick` that nobody who reads holds up.
    """

    token: str | None
    unread: tuple[Path, ...] = ()
    is_in_log: bool = False


def erase_patient(database: Database, patient_id: int, *, by: Actor, at: datetime) -> Erased:
    """Nothing of the patient is left in the database file, in the copies of it that the program
    made by itself, nor in what this process remembers; what could not be cleared, the answer says.

    Backups made before, such as before an upgrade of PostgreSQL, still hold them; the person who
    keeps these has to delete them. An
    installation that was one person's own has nobody left who could sign in: it is as on its first
    day, and its set-up pages open with the token that is given, or with the next start of the
    program.

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
    is_cleared = erasure.forget_erased(database)
    if database.engine.dialect.name != "sqlite":
        return Erased(token)
    # It brings what upgrades need, which pages do not.
    from ..storage.own_copies import erase_in_copies

    with database.read() as session:
        marks = erasure.marks_of(session)
    file = Path(database.engine.url.database or "")
    return Erased(token, erase_in_copies(file, marks, by=by, at=at), is_in_log=not is_cleared)


def admit(
    database: Database,
    name: str,
    *,
    birth_date: date | None,
    hospital_number: str | None,
    phone: str = "",
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
            phone=phone,
            zone=zone,
            country=country,
            by=by,
            at=at,
        )
        if clinician is not None:
            people.grant_care(session, patient.id, clinician, by=by, at=at)
        return patient
