"""What a link for one appointment opens: chart and report of one diary, without an account.

The page behind the link shows nothing of anybody and asks to be opened: a preview of a message, or
somebody who guesses, learns nothing from it. Opening it counts, is in the patient's record and
leads to addresses without the token, of this link alone: whoever opens two, one after the other or
side by side, never sees one patient's report behind the other's page. Each further request asks
whether the link still works. A browser holds it open for an hour or until "Close" is pressed: it
may be one that many people use.
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
from ..shared.report import report_answer
from .recovery import picture_of

blueprint = Blueprint("visit", __name__)

HELD = "open_visit_link"
"""Where the session keeps the links that were opened in this browser: by what names each in an
address its digest, and until when."""

MOST = 8
"""Links that a browser holds open, the newest ones: they are kept in its cookie. Our default."""

NAME_LENGTH = 16

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
    digest = digest_of(token)
    # Of no use without the cookie: it only says which of its links is meant.
    name = digest_of(digest)[:NAME_LENGTH]
    others = [(one, kept) for one, kept in _held().items() if one != name]
    until = (clock.now() + HELD_FOR).isoformat()
    session[HELD] = dict([*others, (name, [digest, until])][-MOST:])
    return redirect(url_for("visit.overview", held=name), 303)


@blueprint.get("/visit/<held>")
@policy(ANYONE)
def overview(held: str) -> ResponseReturnValue:
    """Chart, its numbers, and the way to the report."""
    recovery, link = _recovery(held)
    history = recovery.history
    # The link ends with this day, at the midnight after it.
    last = clock.day_of(link.expires_at - timedelta(seconds=1), recovery.patient.zone)
    return render(
        "visit/overview.html",
        held=held,
        patient=recovery.patient,
        operation=operation_words(history.index, _) if history else "",
        picture=picture_of(recovery, clock.today(recovery.patient.zone)),
        has_entries=bool(recovery.entries),
        until=day_text(last),
    )


@blueprint.post("/visit/<held>/close")
@policy(ANYONE)
def close(held: str) -> ResponseReturnValue:
    """This browser does not hold the link open any longer."""
    session[HELD] = {name: kept for name, kept in _held().items() if name != held}
    return redirect(url_for("home"), 303)


@blueprint.get("/visit/<held>/chart.svg")
@policy(ANYONE)
def chart(held: str) -> ResponseReturnValue:
    """The picture of the page."""
    return pictures.chart_answer(_recovery(held)[0])


@blueprint.get("/visit/<held>/report.pdf")
@policy(ANYONE)
def report(held: str) -> ResponseReturnValue:
    """The one page; that it was made is in the patient's record."""
    return report_answer(_recovery(held)[0], by=BY_VISIT_LINK)


def _held() -> dict[str, list[str]]:
    """The links that this browser holds open; none where an older program kept one."""
    kept = session.get(HELD)
    return kept if isinstance(kept, dict) else {}


def _recovery(held: str) -> tuple[Recovery, visit_links.VisitLink]:
    """The diary that this link opens in this browser, 404 where it opens none any longer."""
    digest, until = _held().get(held) or ("", "")
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
