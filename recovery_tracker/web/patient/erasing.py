"""Erasing a diary that one person keeps alone: after a typed word, all of it; set-up opens again.

An own diary is its owner's to erase; a clinic keeps its records by its own rules.
"""

from flask import g, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import logout_user
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Action
from ..shared import clock, waiting_files
from ..shared.access import actor, database, load_patient, runs_alone
from ..shared.pages import render
from ..shared.policies import ERASES, PATIENT, policy
from . import blueprint


@blueprint.route("/erase", methods=["GET", "POST"])
@policy(PATIENT, Action.CHOOSE_READERS, fresh=ERASES)
def erase(public_id: str) -> ResponseReturnValue:
    """Says what will be lost and asks for a word; with the word nothing of the diary is left."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    if not runs_alone():
        raise NotFound
    word = _("erase")
    problems: dict[str, str] = {}
    if request.method == "POST":
        if request.form.get("word", "").strip().casefold() == word.casefold():
            by, at = actor(), clock.now()
            logout_user()
            erased = services.erase_patient(database(), patient.id, by=by, at=at)
            waiting_files.sweep(0)
            return _after(erased)
        problems["word"] = _("Type the word “%(word)s” to go on", word=word)
    page = render("patient/erase.html", patient=patient, word=word, problems=problems)
    return page, 422 if problems else 200


def _after(erased: services.Erased) -> ResponseReturnValue:
    """What was done, where something of it may be left, and the way to set-up."""
    token = erased.token
    there = url_for("setup.choose", token=token) if token else url_for("home")
    g.actor = None  # Nobody is signed in any more.
    copies = [str(copy.absolute()) for copy in erased.unread]
    found = {"copies": copies, "is_in_log": erased.is_in_log, "there": there}
    answer = make_response(render("patient/erased.html", **found))
    # Entries that wait and the one being typed are in this browser.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
