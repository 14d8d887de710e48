"""Things that happened: a fall, physio, a change of tablets, the brace off, a visit."""

from datetime import date, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from recovery_tracker.domain.history import EVENT_NAMES, Event, EventKind
from recovery_tracker.domain.people import Action
from recovery_tracker.overview import reassess

from .. import clock
from ..access import actor, database
from ..language import say_short_day
from ..pages import new_key, render
from ..policies import PATIENT, policy
from . import blueprint
from .reading import add_once, recovery_of

#: What a patient may add; decisions are the clinic's.
KINDS = tuple(kind for kind in EventKind if kind is not EventKind.DECISION)
LABEL_LENGTH = 200
#: How far back or ahead an event may lie: a visit is planned, a fall is remembered. Our default.
DAYS_BACK, DAYS_AHEAD = 3650, 366


@blueprint.route("/events", methods=["GET", "POST"])
@policy(PATIENT, Action.ADD_EVENT, carries=True)
def events(public_id: str) -> ResponseReturnValue:
    """The events so far, newest first, and a form for one more."""
    recovery = recovery_of(public_id, Action.ADD_EVENT)
    patient, today = recovery.patient, clock.today(recovery.patient.zone)
    problems: dict[str, str] = {}
    if request.method == "POST":
        event = _read(today, problems)
        if event is not None and not request.form.get("carried"):
            with database().write() as session:
                add_once(session, patient, event, key=request.form.get("key") or new_key())
            reassess(database(), patient.id, today=today, at=clock.now(), by=actor())
            if event.kind is EventKind.FALL:
                # A fall has the standing of a warning sign: what to do stands at the top of home.
                return redirect(url_for("patient.home", public_id=public_id), 303)
            return redirect(url_for("patient.events", public_id=public_id), 303)
    newest_first = sorted(recovery.history.events, key=lambda event: event.day, reverse=True)
    page = render(
        "patient/events.html",
        patient=patient,
        events=[(say_short_day(e.day), _(EVENT_NAMES[e.kind]), e.label) for e in newest_first],
        kinds=[(kind.value, _(EVENT_NAMES[kind])) for kind in KINDS],
        typed=request.form,
        today=today,
        problems=problems,
        key=new_key(),
    )
    return page, 422 if problems else 200


def _read(today: date, problems: dict[str, str]) -> Event | None:
    """The event typed, or None with `problems` filled."""
    kind, label = request.form.get("kind", ""), request.form.get("label", "").strip()
    if kind not in [known.value for known in KINDS]:
        problems["kind"] = _("Choose what happened")
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        day = None
    if day is None or not _is_near(day, today):
        problems["day"] = _("Enter the day it happened, like 2026-03-12")
    if len(label) > LABEL_LENGTH:
        problems["label"] = _("Use at most %(limit)s characters", limit=LABEL_LENGTH)
    return None if problems or day is None else Event(day, EventKind(kind), label)


def _is_near(day: date, today: date) -> bool:
    return today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD)
