"""What stands beside a password, as we want it: one-time codes, recovery codes and passkeys."""

import hmac
from hashlib import sha256
from typing import Any

from flask import session, url_for
from flask_security import current_user
from flask_security.proxies import _datastore, _security
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ...services import signing_in as services
from ..config import current_config
from ..shared.access import database
from ..shared.clock import now
from ..shared.keys import signing_keys
from . import throttle
from .account_store import own_actor


class OneTimeCodes(Totp):
    """Refuses a code that was used before, in whichever process, and slows guessing down."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right and new; 429 where it is one guess too many."""
        name = f"code:{user.account_id}"
        throttle.begin(name, account=f"account:{user.account.login}")
        if not super().verify_totp(token, totp_secret, user, window):
            throttle.wrong(name, user.account_id)
            return False
        if not throttle.first_use(f"code-used:{user.account_id}:{token}"):
            throttle.wrong(name, user.account_id)
            return False
        throttle.right(name)
        return True


WRONG = "second-step-wrong"
"""Where the session keeps that the last code of a second step being set up was wrong."""


def second_step_to_scan() -> dict[str, str] | None:
    """What the page showed to scan, after a code for it was wrong; else None.

    The code must not take it off the screen: the app may not have it. `address` is where the next
    code goes, of somebody signed in by a token that holds what is being set up.
    """
    secret, method = session.get("tf_totp_secret"), session.get("tf_primary_method")
    if session.get("tf_state") != "validating_profile" or not secret:
        return None
    user: Any = current_user
    address = url_for("security.two_factor_token_validation")
    if user.is_authenticated:
        if not session.pop(WRONG, False):
            return None
        state = {"totp_secret": secret, "method": method, "phone": None}
        token = _security.tf_setup_serializer.dumps(state)
        address = url_for("security.two_factor_setup_validate", token=token)
    else:
        user = _datastore.find_user(fs_uniquifier=session.get("tf_user_id"))
    if user is None:
        return None
    return {**_security.totp_factory.fetch_setup_values(secret, user), "address": address}


MARK = "hmac:"
"""Begins a code that is kept as a digest; older codes are sealed, and work until used."""


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Eight codes, each good once; somebody who reads the database cannot sign in with them."""

    def get_recovery_codes(self, user: Any) -> list[str]:
        """Nothing: they were shown when they were made."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the account's codes."""
        return self._place(user, code) is not None

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code was there until now; it is used up.

        What the database holds decides, and not what was read of it earlier in the request.
        """
        place = self._place(user, code)
        if place is None:
            return False
        return services.use_recovery_code(
            database(),
            user.account_id,
            _datastore.mf_get_recovery_codes(user)[place],
            by=own_actor(user.account),
            at=now(),
        )

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [MARK + _digests(one)[-1] for one in codes]

    def _place(self, user: Any, code: str) -> int | None:
        found = _digests(code.strip())
        for place, kept in enumerate(_datastore.mf_get_recovery_codes(user)):
            if kept.startswith(MARK):
                kept = kept.removeprefix(MARK)
                if any(hmac.compare_digest(kept, one) for one in found):
                    return place
            elif code.strip() in self._decrypt_codes([kept]):
                return place
        return None


def _digests(code: str) -> list[str]:
    keys = signing_keys(current_config().secrets, "recovery code digests")
    return [hmac.new(key.encode(), code.encode(), sha256).hexdigest() for key in keys]


class CheckedPasskeys(WebauthnUtil):
    """The own phone will do as well as a key on a ring; an unchecked touch never does.

    The device finds the passkey on its own, so nobody has to type who they are.
    """

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """What a new passkey must be able to do."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """What a sign-in must have checked."""
        return UserVerificationRequirement.REQUIRED
