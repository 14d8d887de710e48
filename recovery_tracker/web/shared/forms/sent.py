"""What a form holds beside its answers, read the same way on every page that takes one.

Its key makes a second sending the first one's answer. Its version says what the page showed, so
that nobody overwrites what they have not seen. `carried` stands in a form whose answers waited for
a sign-in or could not be saved: it is shown once more, so that nothing is saved unseen.
"""

from typing import Any

from flask import request
from flask_babel import gettext as _

from ....domain.errors import RecoveryError
from ....storage.errors import Conflict
from .. import clock
from ..access import actor
from ..pages import new_key
from .numbers import read_version


def is_carried() -> bool:
    """Whether the answers come back from waiting and are to be looked over before they are sent."""
    return bool(request.form.get("carried"))


def key() -> str:
    """The key of the form; a new one where it came without."""
    return request.form.get("key") or new_key()


def version(default: int = 0) -> int:
    """The version of what the page showed; `default` for anything that is no number."""
    return read_version(request.form.get("expected_version", ""), default)


def as_new() -> dict[str, Any]:
    """The terms on which something new is written: once, by whom and when."""
    return {"key": key(), "by": actor(), "at": clock.now()}


def as_change() -> dict[str, Any]:
    """The terms on which something is changed or taken back: what was shown, by whom and when."""
    return {"expected_version": version(), "by": actor(), "at": clock.now()}


def refusal(error: RecoveryError) -> tuple[str, int]:
    """Why nothing was saved, in words, and the status: 409 where somebody else was first."""
    return _(str(error)), 409 if isinstance(error, Conflict) else 422
