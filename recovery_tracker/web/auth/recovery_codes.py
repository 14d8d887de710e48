"""Recovery codes that the database cannot give back: shown once, kept as keyed digests."""

import hmac
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_security.proxies import _datastore
from flask_security.recovery_codes import MfRecoveryCodesUtil

from ..shared.keys import signing_keys

MARK = "hmac:"
"""Begins a code that is kept as a digest; codes of before are sealed, and work until used."""


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Eight codes, each good once; somebody who reads the database cannot sign in with them."""

    def get_recovery_codes(self, user: Any) -> list[str]:
        """Nothing: they were shown when they were made."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the account's codes."""
        return self._place(user, code) is not None

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code was there; it is used up now."""
        place = self._place(user, code)
        return place is not None and bool(_datastore.mf_delete_recovery_code(user, place))

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
    keys = signing_keys(current_app.extensions["recovery_config"].secrets, "recovery code digests")
    return [hmac.new(key.encode(), code.encode(), sha256).hexdigest() for key in keys]
