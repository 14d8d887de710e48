"""Things that happened: a fall, physio, a change of tablets, the brace off, a visit."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.history import EVENT_NAMES, OF_THE_CLINIC, Event, EventKind
from ...domain.people import Action, Mode, Role
from ...services import record
from ...storage import audit_trail, record_rows
from ...storage.audit import AuditAction
from ...storage.people import Patient
from ...storage.record_rows import Stored
from ..shared import clock
from ..shared.access import actor, database, installation, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.language import short_day_text
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .reading import recovery_of

#: What a patient may add; decisions and complications are the clinic's.
KINDS = tuple(kind for kind in EventKind if kind not in OF_THE_CLINIC)
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
        if event is not None and not sent.is_carried():
            record.add(database(), patient.id, event, **sent.as_new())
            if event.kind is EventKind.FALL:
                # A fall has the standing of a warning sign: what to do is at the top of home.
                return redirect(url_for("patient.home", public_id=public_id), 303)
            if event.kind is EventKind.VISIT and event.day >= today:
                # It is the next visit now, where home says so.
                return redirect(url_for("patient.home", public_id=public_id, _anchor="visit"), 303)
            return redirect(url_for("patient.events", public_id=public_id), 303)
    newest_first = sorted(recovery.events, key=lambda stored: stored.value.day, reverse=True)
    hands = _hands(patient)
    page = render(
        "patient/events.html",
        patient=patient,
        lists=[
            (name, [_shown(one, hands) for one in reversed(newest_first) if one.value.day > today])
            if name == "coming"
            else (name, [_shown(one, hands) for one in newest_first if one.value.day <= today])
            for name in ("coming", "so-far")
        ],
        kinds=[(kind.value, _(EVENT_NAMES[kind])) for kind in KINDS],
        typed=request.form,
        today=today,
        problems=problems,
    )
    return page, 422 if problems else 200


@blueprint.post("/events/<event_id>/remove")
@policy(PATIENT, Action.ADD_EVENT)
def remove_event(public_id: str, event_id: str) -> ResponseReturnValue:
    """Takes back what the patient added, to be entered again; what it said stays in the audit.

    Advice that a fall had led to stays until a person has closed it.
    """
    patient = load_patient(public_id, Action.ADD_EVENT)
    if event_id in _hands(patient).removable:
        record.remove(database(), patient.id, event_id, Event, **sent.as_change())
    return redirect(url_for("patient.events", public_id=public_id), 303)


@dataclass(frozen=True, slots=True)
class _Hands:
    """Whose the events are, by public id."""

    #: Those that this person may take back.
    removable: frozenset[str]
    #: Those that the patient, or somebody who writes for them, added.
    of_the_patient: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Shown:
    """An event as the page shows it."""

    day: str
    words: str
    stored: Stored[Event]
    may_remove: bool
    is_from_clinic: bool


def _shown(stored: Stored[Event], hands: _Hands) -> _Shown:
    return _Shown(
        short_day_text(stored.value.day),
        stored.value.words(_),
        stored,
        stored.public_id in hands.removable,
        stored.public_id not in hands.of_the_patient,
    )


def _hands(patient: Patient) -> _Hands:
    """In "just me" everything is the patient's own. In a clinic a patient may take back what was
    added on their side, and somebody who writes for them what they added themselves.
    """
    with database().read() as session:
        stands = frozenset(s.public_id for s in record_rows.stored_of(session, patient.id, Event))
        if installation().mode is Mode.JUST_ME:
            return _Hands(stands, stands)
        told = audit_trail.events_about(session, patient.id, action=AuditAction.EVENT_SAVED)
    added = [one for one in told if one.role == Role.PATIENT and one.details is not None]
    theirs = {one.details["id"] for one in added if one.details is not None}
    mine = {
        one.details["id"]
        for one in added
        if one.details is not None and one.account_id == actor().account_id
    }
    return _Hands(stands & (mine if actor().is_carer else theirs), stands & theirs)


def _read(today: date, problems: dict[str, str]) -> Event | None:
    """The event typed, or None with `problems` filled."""
    kind, label = request.form.get("kind", ""), request.form.get("label", "").strip()
    if kind not in [known.value for known in KINDS]:
        problems["kind"] = _("Choose what happened")
    day = day_in(request.form.get("day"))
    if day is None or not _is_near(day, today):
        problems["day"] = _("Choose the day it happened")
    elif kind == EventKind.FALL and day > today:
        # It would say nothing before its day comes, and then nobody would be told.
        problems["day"] = _("Choose today or an earlier day.")
    if len(label) > LABEL_LENGTH:
        problems["label"] = _("Use at most %(limit)s characters", limit=LABEL_LENGTH)
    return None if problems or day is None else Event(day, EventKind(kind), label)


def _is_near(day: date, today: date) -> bool:
    return today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD)
