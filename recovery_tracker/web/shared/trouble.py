"""What every page says while the database cannot be written: what is wrong and what still works."""

from flask import Flask, g
from flask_babel import gettext as _

from ...domain.language import N_
from ...domain.people import Mode, Role
from ...storage.trouble import Trouble
from .access import database, installation

#: To everybody: what is wrong.
_WRONG = {
    Trouble.FULL: N_("Nothing can be saved now: the disk that holds the diary is full."),
    Trouble.READ_ONLY: N_("Nothing can be saved now: the diary can only be read."),
    Trouble.DAMAGED: N_("Nothing can be saved now: the file that holds the diary is damaged."),
}

#: To everybody but the patients of a clinic: what must be done.
_REMEDY = {
    Trouble.FULL: N_(
        "The person who runs the diary must free some space on it. Saving then works again."
    ),
    Trouble.READ_ONLY: N_(
        "The person who runs the diary must let the program write to it. Saving then works again."
    ),
    Trouble.DAMAGED: N_(
        "The person who runs the diary must stop the program, keep the file as it is, and "
        "restore the newest backup."
    ),
}


def init_app(app: Flask) -> None:
    """Every page may ask."""
    app.add_template_global(trouble_lines)


def trouble_lines() -> list[str]:
    """The lines of the banner; none while the database can be written."""
    found = database().trouble()
    if found not in _WRONG:
        return []
    actor = g.get("actor")
    if actor is not None and actor.role is not Role.PATIENT:
        return [_(_WRONG[found]), _(_REMEDY[found])]
    if found is Trouble.DAMAGED:
        still = _("Some pages may not open. “Get help now” still works.")
    else:
        still = _("You can still read everything. “Get help now” still works.")
    if installation().mode is Mode.JUST_ME:
        return [_(_WRONG[found]), still, _(_REMEDY[found])]
    ask = _("Please tell your clinic, and write today’s answers on paper until then.")
    return [_(_WRONG[found]), still, ask]
