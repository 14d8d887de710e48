"""Which passwords will do: long enough, and not among the first hundred million to be tried.

No rules on which characters to use; any character, any paste, up to 200. No other host is asked.
"""

import base64
import hmac
import unicodedata
from hashlib import sha512
from typing import Any

from flask_babel import gettext as _
from flask_security import hash_password
from flask_security.password_util import PasswordUtil
from flask_security.proxies import _security
from zxcvbn import zxcvbn

from ..config import current_config
from ..shared import leaked
from ..shared.keys import derived

SHORTEST = 10
"""Characters. Our default; a passkey or a second step stands beside it."""

LONGEST = 200
"""Characters; refused before any hashing."""

LOOKED_AT = 60
"""Characters whose pattern is looked at; a longer look takes longer and finds no more."""

GUESSES = 10**8
"""Tries that a new password must stand: zxcvbn's "safely unguessable", score 3 of 4 (Wheeler,
USENIX Security 2016). It knows 30,000 common passwords, names, words, rows of keys and dates."""

NEAR = (
    *("recovery", "tracker", "spine", "spinal", "fusion", "surgery", "surgeon", "hospital"),
    *("clinic", "patient", "diary", "doctor", "backpain"),
)
"""Words that lie near for somebody who guesses at this diary."""


class PasswordRules(PasswordUtil):
    """The check of a new password, in the place where the extension asks for it."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """The problems in words and None, or None and the password in its normal form."""
        user = kwargs.get("user")
        names = () if user is None else (user.account.login, user.account.name)
        problem = problem_with(password, names)
        return ([problem], "") if problem else (None, _normal(password))


def hashed(password: str) -> str:
    """What is stored of a new password: of the normal form that signing in compares."""
    return str(hash_password(_normal(password)))


def fits_older_key(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of this password under an earlier key of the installation."""
    if not kept:
        return False
    for older in current_config().older_secrets:
        salt = derived(older, "password").encode()
        peppered = base64.b64encode(hmac.new(salt, password.encode(), sha512).digest())
        if _security.pwd_context.verify(peppered, kept):
            return True
    return False


def _normal(password: str) -> str:
    # One keyboard sends "ñ" as one sign, another as two.
    return unicodedata.normalize("NFKD", password)


def problem_with(password: str, names: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a new password, in one sentence, or None."""
    if len(password) > LONGEST:
        return _("Use at most %(count)s characters.", count=LONGEST)
    if len(password) < SHORTEST:
        return _(
            "Use at least %(count)s characters. A few words in a row are easy.", count=SHORTEST
        )
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[*NEAR, *names])
    if found["guesses"] < GUESSES:
        return _("This password is too easy to guess. Use a few words in a row.")
    file = current_config().leaked_passwords
    if file is not None and leaked.is_in(file, password):
        return _("This password was in a leak. Choose another one.")
    plain = password.casefold()
    if any(len(name) > 3 and name.casefold() in plain for name in names):
        return _("Leave your name out of the password.")
    return None
