"""One-time codes that are worth something once only."""

from typing import Any

from flask_security.totp import Totp

from . import throttle


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
