"""Whether somebody independent has said who a clinician's account belongs to.

Whoever invites people can invite a clinician and a patient that are themselves, and agree as that
patient to the clinician's access. So a patient's yes opens that patient's diary and says nothing
about anybody else's.
"""

from datetime import datetime

from ..domain.people import Role
from ..storage import accounts, audit_trail, people, teams, ways
from ..storage.audit import AuditAction
from ..storage.database import Session
from ..storage.ways import Way


def is_vouched_for(
    session: Session, account_id: int, at: datetime, asked: frozenset[int] = frozenset()
) -> bool:
    """Whether the account was made by whoever runs the computer, or a diary is open to it by the
    word of somebody on the staff for whom the same holds.

    Membership of a team always took such a word (`services/teams.py`).
    """
    account = accounts.account_by_id(session, account_id)
    if account is None or account_id in asked:
        return False
    if account.invited_by is None:
        return True
    asked |= {account_id}
    stands_in = {
        one.for_account_id
        for one in teams.covers(session, at)
        if one.account_id == account_id and one.from_at <= at
    }
    for patient_id in people.cared_for(session, account_id, at):
        way = ways.readers_at(session, patient_id, at).get(account_id)
        if way is Way.TEAM:
            return True
        if way is Way.CARE and _by_staff(session, patient_id, account_id, at, asked):
            return True
    return any(is_vouched_for(session, one, at, asked) for one in stands_in)


def _by_staff(
    session: Session, patient_id: int, account_id: int, at: datetime, asked: frozenset[int]
) -> bool:
    """Whether the care of this patient was given by a command or by somebody vouched for."""
    given = audit_trail.events_among(session, patient_id, [AuditAction.CARE_GRANTED])
    last = next((one for one in given if (one.details or {}).get("account_id") == account_id), None)
    if last is None or last.role == Role.PATIENT:
        return False
    if last.role != Role.CLINICIAN or last.account_id is None:
        return True
    return is_vouched_for(session, last.account_id, at, asked)
