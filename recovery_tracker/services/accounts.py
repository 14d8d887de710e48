"""Accounts: made, switched on and off."""

from datetime import datetime

from ..domain.people import Actor, Role
from ..storage import accounts
from ..storage.accounts import Account
from ..storage.database import Database
from .change import change


def create_account(
    database: Database,
    *,
    name: str,
    login: str,
    role: Role,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
) -> Account:
    """A new account without a way to sign in yet.

    Raises:
        Refused: the sign-in name is taken.
    """
    with change(database) as session:
        return accounts.create_account(
            session, name=name, login=login, role=role, patient_id=patient_id, by=by, at=at
        )


def set_active(
    database: Database, account_id: int, active: bool, *, by: Actor, at: datetime
) -> None:
    """The account may sign in, or may not any more, from this moment."""
    with change(database) as session:
        accounts.set_active(session, account_id, active, by=by, at=at)
