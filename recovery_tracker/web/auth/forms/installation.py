"""What is typed about an installation and its people, and what is wrong with it, by field."""

from collections.abc import Mapping

from flask_babel import gettext as _

from ....storage.settings import TYPED
from ..passwords import problem_with

#: Characters of one line; the fields of the pages take no more. Our default.
LINE = 200


def one_line(form: Mapping[str, str], name: str, longest: int = LINE) -> str:
    """What was typed into a field, trimmed, with single blanks inside."""
    return " ".join(form.get(name, "").split())[:longest]


def read_texts(form: Mapping[str, str]) -> dict[str, str]:
    """The settings as typed, by the names of `TYPED`; "" is "not set"."""
    return {name: one_line(form, name) for name in TYPED}


def text_problems(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the settings, one sentence by field; empty when all will do."""
    found = {}
    if not texts["emergency_number"]:
        found["emergency_number"] = _("Type the emergency number of your country.")
    for name in ("emergency_number", "team_number"):
        if texts[name] and not _can_be_dialled(texts[name]):
            found[name] = _("Type a telephone number: digits, spaces and a leading plus.")
    return found


def account_problems(name: str, login: str, password: str) -> dict[str, str]:
    """What is wrong with a new account's name, sign-in name and password, by field."""
    found = {}
    if not name:
        found["name"] = _("Type your name.")
    if len(login) < 3:
        found["login"] = _("Type a sign-in name of at least 3 characters, or an e-mail address.")
    elif not login.isprintable() or " " in login:
        found["login"] = _("Leave spaces out of the sign-in name.")
    if problem := problem_with(password, (name, login)):
        found["password"] = problem
    return found


def _can_be_dialled(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return digits >= 2 and all(sign.isdigit() or sign in "+ ()-./*#" for sign in text)
