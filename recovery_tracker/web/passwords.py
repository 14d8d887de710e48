"""Which passwords will do: long enough and not the first thing anyone would try.

No rules on which characters to use; any character, any paste, up to 200.
"""

import itertools
import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_security.password_util import PasswordUtil

SHORTEST = 10
"""Characters. Our default; a passkey or a second step stands beside it."""

LONGEST = 200
"""Characters; refused before any hashing."""

COMMON = frozenset(
    """
    password passwort qwerty qwertz azerty letmein welcome iloveyou admin administrator monkey
    dragon football baseball sunshine princess superman batman master shadow michael jennifer
    trustno abc abcdef abcdefgh login access secret hello freedom whatever starwars computer
    recovery tracker spine spinal fusion surgery surgeon hospital clinic patient diary doctor
    changeme default test testing guest
    """.split()  # noqa: SIM905  (a list of quoted words could not be read)
)
"""Words that make no password, alone or with digits and signs around them."""


class PasswordRules(PasswordUtil):
    """The check of a new password, in the place where the extension asks for it."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """The problems in words and None, or None and the password in its normal form."""
        if len(password) > LONGEST:
            return [_("Use at most %(count)s characters.", count=LONGEST)], ""
        normal = unicodedata.normalize("NFKD", password)
        user = kwargs.get("user")
        names = () if user is None else (user.account.login, user.account.name)
        problem = problem_with(normal, names)
        return ([problem], "") if problem else (None, normal)


def problem_with(password: str, names: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a new password, in one sentence, or None."""
    if len(password) < SHORTEST:
        return _(
            "Use at least %(count)s characters. A few words in a row are easy.", count=SHORTEST
        )
    plain = password.casefold()
    core = "".join(sign for sign in plain if sign.isalpha())
    if len(set(plain)) < 5 or core in COMMON or _is_run(plain):
        return _("This password is too easy to guess. Use a few words in a row.")
    if any(len(name) > 3 and name.casefold() in plain for name in names):
        return _("Leave your name out of the password.")
    return None


def _is_run(text: str) -> bool:
    """Whether the characters just count up or down, like 1234567890 or 987654."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    # 9 is followed by 0 in the commonest of all.
    return steps <= {1, -9} or steps <= {-1, 9}
