"""Access to a diary that no one person can give themselves."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import randbelow

from ..domain.people import Action, Actor, Role, may
from ..storage import accounts, people, second_person
from ..storage.audit import AuditAction, record
from ..storage.database import Database, Session
from ..storage.second_person import CareRequest
from .change import patient_change

CODE_VALID = timedelta(hours=24)
"""How long a handed-over code waits. Our default."""

CODE_DIGITS = 8
"""Digits of a handed-over code; ten tries in a quarter of an hour meet one in a million of days."""


def give_care(
    database: Database, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> bool:
    """Whether the clinician cares for the patient from now on.

    False where that account and the one that asks are not independent: then the request waits for
    somebody else (`answer_care`), and is in the patient's record.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        if not second_person.are_independent(session, by.account_id, account_id):
            second_person.ask_for_care(session, patient_id, account_id, by=by, at=at)
            return False
        people.grant_care(session, patient_id, account_id, by=by, at=at)
        second_person.take_care_request(session, patient_id, account_id)
    return True


def may_answer(session: Session, request: CareRequest, by: Actor) -> bool:
    """Whether this person may say yes: the patient, a clinician of theirs, or an administrator
    independent of whoever asked and of the account in question.
    """
    if by.role is Role.PATIENT:
        return may(by, Action.CHOOSE_READERS, request.patient_id)
    if by.role is Role.CLINICIAN:
        return may(by, Action.GIVE_ACCESS, request.patient_id)
    if by.role is not Role.ADMINISTRATOR or by.account_id is None:
        return by.role is Role.SYSTEM
    return all(
        second_person.are_independent(session, by.account_id, other)
        for other in (request.by_account_id, request.account_id)
    )


def answer_care(
    database: Database, patient_id: int, account_id: int, yes: bool, *, by: Actor, at: datetime
) -> bool:
    """Whether there was a request that this person may answer; it is answered now."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        waiting = second_person.care_requests(session, patient_id)
        asked = next((one for one in waiting if one.account_id == account_id), None)
        if asked is None or not may_answer(session, asked, by):
            return False
        second_person.take_care_request(session, patient_id, account_id)
        if yes:
            people.grant_care(session, patient_id, account_id, by=by, at=at)
        else:
            details = {"account_id": account_id}
            record(
                session,
                AuditAction.CARE_DECLINED,
                by=by,
                at=at,
                patient_id=patient_id,
                details=details,
            )
    return True


def make_code(database: Database, patient_id: int, *, by: Actor, at: datetime) -> str | None:
    """A code for the patient's new password, to be handed over by the clinician who asked for it.

    The one before ends. None where the patient has no account.
    """
    code = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with patient_change(database, patient_id, by=by, at=at) as session:
        account = accounts.account_of_patient(session, patient_id)
        if account is None:
            return None
        digest = code_digest(account.id, code)
        second_person.keep_code(session, account.id, digest, until=at + CODE_VALID)
        record(session, AuditAction.HANDOVER_CODE_MADE, by=by, at=at, patient_id=patient_id)
    return code


def code_digest(account_id: int, code: str) -> str:
    """What is stored for a code; spaces and hyphens count for nothing."""
    plain = "".join(sign for sign in code if sign.isdigit())
    return sha256(f"{account_id} {plain}".encode()).hexdigest()
