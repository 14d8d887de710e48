"""One-time codes that are worth something once only."""

from typing import Any

from flask_security.totp import Totp

from . import throttle


class OneTimeCodes(Totp):
    """Refuses a code that was used before, in whichever process, and slows guessing down."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right, new, and not one guess too many."""
        name = f"code:{user.account_id}"
        if throttle.is_blocked(name):
            return False
        if not super().verify_totp(token, totp_secret, user, window):
            throttle.note_failure(name)
            return False
        if not throttle.first_use(f"code-used:{user.account_id}:{token}"):
            return False
        throttle.forget(name)
        return True
