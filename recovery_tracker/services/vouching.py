"""Whether somebody independent has said who a clinician's account belongs to.

Whoever invites people can invite a clinician and a patient that are themselves, and agree as that
patient to the clinician's access. So a patient's yes opens that patient's diary and says nothing
about anybody else's.
"""

from datetime import datetime

from ..domain.people import Role
from ..storage import accounts, care_words, teams
from ..storage.database import Session


def is_vouched_for(session: Session, account_id: int, at: datetime) -> bool:
    """Whether somebody independent vouches for the account: it was made by a command, it is in a
    team, or a colleague who is vouched for gave it a patient or a cover.

    Joining a team always needs such a colleague (`services/teams.py`), and so does care that an
    administrator gives (`services/second_person.py`). Each account is looked at once, even if
    several colleagues lead to it.
    """
    covers = [one for one in teams.covers(session, at) if one.from_at <= at]
    asked: set[int] = set()
    to_ask = [account_id]
    while to_ask:
        number = to_ask.pop()
        if number in asked:
            continue
        asked.add(number)
        account = accounts.account_by_id(session, number)
        if account is None:
            continue
        if account.invited_by is None or teams.is_in_one(session, number):
            return True
        words = [one for one in care_words.words_for(session, number) if one.is_of_staff]
        if any(one.role != Role.CLINICIAN or one.by_account_id is None for one in words):
            return True
        to_ask += [one.by_account_id for one in words if one.by_account_id is not None]
        to_ask += [one.for_account_id for one in covers if one.account_id == number]
    return False
