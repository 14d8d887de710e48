"""A second person says yes or no to somebody who is to open a diary: one answer on every page."""

from flask import request

from ... import services
from ...storage import accounts, second_person
from ...storage.accounts import Account
from ...storage.database import Session
from ...storage.people import Patient
from ...storage.second_person import CareRequest
from . import clock
from .access import actor, database, load_account


def answer_care(patient: Patient, account_id: str) -> None:
    """The request for this account (its public id) is answered as the form says.

    Nothing happens where there is none, or where this reader may not answer it; 404 where the
    account is unknown.
    """
    services.second_person.answer_care(
        database(),
        patient.id,
        load_account(account_id).id,
        request.form.get("answer") == "yes",
        by=actor(),
        at=clock.now(),
    )


def waiting_for(session: Session, patient_id: int) -> list[tuple[Account, CareRequest]]:
    """Who was proposed for this diary and waits for a yes, leaving out accounts switched off."""
    found = [
        (accounts.account_by_id(session, one.account_id), one)
        for one in second_person.care_requests(session, patient_id)
    ]
    return [(account, one) for account, one in found if account is not None and account.active]
