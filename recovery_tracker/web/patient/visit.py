"""What a link for one appointment opens: chart and report of one diary, without an account.

The page behind the link shows nothing of anybody and asks to be opened: a preview of a message, or
somebody who guesses, learns nothing from it. Opening it counts, is in the patient's record and
leads to addresses without the token. Each further request asks whether the link still works. A
browser holds it open for an hour or until "Close" is pressed: it may be one that many people use.
"""

from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...reports import operation_words
from ...services import Recovery, read_recovery
from ...services.visit_links import BY_VISIT_LINK
from ...storage import people, visit_links
from ..auth import throttle
from ..auth.sessions import digest_of
from ..shared import clock, pictures
from ..shared.access import database
from ..shared.language import day_text
from ..shared.pages import render
from ..shared.policies import ANYONE, policy
from .recovery import picture_of

blueprint = Blueprint("visit", __name__)

HELD = "open_visit_link"
"""Where the session keeps the link that was opened in this browser: its digest, and until when."""

HELD_FOR = timedelta(hours=1)
"""How long a browser holds a link open; it can be opened again. Our default."""


@blueprint.get("/v/<token>")
@policy(ANYONE)
def enter(token: str) -> ResponseReturnValue:
    """Asks to open the link; the same page for every token, good or not."""
    return render("visit/enter.html", token=token)


@blueprint.post("/v/<token>")
@policy(ANYONE)
def open_link(token: str) -> ResponseReturnValue:
    """The link is opened once more and counted; a wrong one is a wrong try."""
    name = f"link for an appointment from {throttle.network()}"
    throttle.begin(name)
    link = services.visit_links.use(database(), digest_of(token), at=clock.now())
    if link is None:
        throttle.wrong(name)
        raise NotFound
    throttle.right(name)
    session[HELD] = [digest_of(token), (clock.now() + HELD_FOR).isoformat()]
    return redirect(url_for("visit.overview"), 303)


@blueprint.get("/visit")
@policy(ANYONE)
def overview() -> ResponseReturnValue:
    """Chart, its numbers, and the way to the report."""
    recovery, link = _recovery()
    history = recovery.history
    # The link ends with this day, at the midnight after it.
    last = clock.day_of(link.expires_at - timedelta(seconds=1), recovery.patient.zone)
    return render(
        "visit/overview.html",
        patient=recovery.patient,
        operation=operation_words(history.index, _) if history else "",
        picture=picture_of(recovery, clock.today(recovery.patient.zone)),
        has_entries=bool(recovery.entries),
        until=day_text(last),
    )


@blueprint.post("/visit/close")
@policy(ANYONE)
def close() -> ResponseReturnValue:
    """This browser holds no link open any longer."""
    session.pop(HELD, None)
    return redirect(url_for("home"), 303)


@blueprint.get("/visit/chart.svg")
@policy(ANYONE)
def chart() -> ResponseReturnValue:
    """The picture of the page."""
    return pictures.chart_answer(_recovery()[0])


@blueprint.get("/visit/report.pdf")
@policy(ANYONE)
def report() -> ResponseReturnValue:
    """The one page; that it was made is in the patient's record."""
    return pictures.report_answer(_recovery()[0], by=BY_VISIT_LINK)


def _recovery() -> tuple[Recovery, visit_links.VisitLink]:
    """The diary that the link of this browser opens, 404 where it opens none any longer."""
    digest, until = session.get(HELD) or ("", "")
    if not until or clock.now() >= datetime.fromisoformat(until):
        abort(404)
    with database().read() as rows:
        link = visit_links.open_link(rows, digest, at=clock.now())
        patient = None if link is None else people.patient_by_id(rows, link.patient_id)
    if link is None or patient is None:
        abort(404)
    today = clock.today(patient.zone)
    by, at = BY_VISIT_LINK, clock.now()
    return read_recovery(database(), patient.id, today=today, by=by, at=at), link
