"""What we ask of a passkey: any device that checks finger, face or PIN before it answers."""

from typing import Any

from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


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
