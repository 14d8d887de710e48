"""What a patient's new password takes beside the link: something an administrator does not have.

A link that an administrator makes is seen by them. So it asks for a code that one of the patient's
clinicians hands over, or for what only the patient has: the code of an app, or a recovery code.
"""

from typing import Any

from flask import current_app, request
from flask_security.proxies import _security

from ...domain.people import Mode, Role
from ...services.second_person import code_digest
from ...storage.invitations import Invitation
from ...storage.second_person import is_code
from ..shared import access
from ..shared.clock import now
from . import throttle


def is_needed(link: Invitation) -> bool:
    """Whether the link is for a patient's new password and somebody in the clinic made it.

    Somebody with the command line holds the database itself; no code would stop them.
    """
    is_clinic = access.installation().mode is Mode.CLINIC
    is_password = link.account_id is not None and link.role is Role.PATIENT
    return is_clinic and is_password and link.by_account_id is not None


def is_given(link: Invitation) -> bool:
    """Whether the code that was typed is one of those; few guesses, 429 after them."""
    code = request.form.get("code", "").strip()
    if not code:
        return False
    user: Any = _security.datastore.find_user(id=link.account_id)
    name = f"new password:{user.account_id}"
    throttle.begin(name, account=f"account:{user.account.login}")
    return throttle.ended(name, _fits(user, code), user.account_id)


def _fits(user: Any, code: str) -> bool:
    digest = code_digest(user.account_id, code)
    with access.database().read() as session:
        if is_code(session, user.account_id, digest, at=now()):
            return True
    if _security.mf_recovery_codes_util.delete_recovery_code(user, code):
        return True
    if not user.tf_totp_secret or not user.tf_primary_method:
        return False
    validity = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
    return bool(
        _security.totp_factory.verify_totp(
            token=code, totp_secret=user.tf_totp_secret, user=user, window=validity
        )
    )
