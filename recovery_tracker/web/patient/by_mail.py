"""The pages behind the links in an e-mail: start reminders, or stop them, without signing in.

A link opens a page with one button, because mail programs and scanners follow links by themselves.
The pages say nothing of whom or what they are about.
"""

from dataclasses import replace

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Actor, Role
from ...storage import people
from ..shared import clock
from ..shared.access import database
from ..shared.pages import render
from ..shared.policies import ANYONE, policy
from ..shared.subscription import Purpose, as_preference, behind
from . import blueprint

#: Who the audit says it was: the person who had the e-mail.
READER = Actor(None, "link in a letter", Role.SYSTEM)


@policy(ANYONE)
def by_mail(purpose: str, seal: str) -> ResponseReturnValue:
    """Asks once; after the button says what was done."""
    if purpose not in list(Purpose):
        raise NotFound
    is_done = request.method == "POST"
    stands = _take(Purpose(purpose), seal) if is_done else _stands(Purpose(purpose), seal)
    page = render(
        "patient/by_mail.html",
        starts=purpose == Purpose.START,
        stands=stands,
        is_done=is_done,
        action=url_for("by_mail", purpose=purpose, seal=seal),
    )
    return page, 200 if stands else 404


blueprint.record_once(
    lambda state: state.app.add_url_rule(
        "/reminders/<purpose>/<seal>", "by_mail", by_mail, methods=["GET", "POST"]
    )
)


def _stands(purpose: Purpose, seal: str) -> bool:
    with database().read() as session:
        found = behind(session, purpose, seal)
    return found is not None and found[1].is_open(clock.now())


def _take(purpose: Purpose, seal: str) -> bool:
    """Does what the link is for; False where it can no longer be used.

    Raises:
        Conflict: the patient was changed in the same moment; the button may be pressed again.
    """
    with database().read() as session:
        found = behind(session, purpose, seal)
    if found is None or not found[1].is_open(clock.now()):
        return False
    patient, wish = found
    kept = replace(wish, is_confirmed=True) if purpose is Purpose.START else None
    if kept != wish:
        changed = people.with_preferences(patient, mail=as_preference(kept))
        services.save_patient(database(), changed, by=READER, at=clock.now())
    return True
