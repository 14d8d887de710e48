"""Reminders in the patient's own calendar: they need no mail server and hold no health word.

The feed's address carries a sealed number and no sign-in, because calendar programs have none; it
tells nothing but the days on which the diary waits. A new address makes the old one useless. A day
that is done has no reminder.
"""

from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from recovery_tracker.domain.history import History
from recovery_tracker.domain.people import Action
from recovery_tracker.overview import read_history
from recovery_tracker.storage import people
from recovery_tracker.storage.errors import NotFound as NobodyThere
from recovery_tracker.storage.people import Patient

from .. import clock
from ..access import actor, database
from ..keys import derived
from ..pages import render
from ..policies import ANYONE, PATIENT, policy
from . import blueprint
from .reading import recovery_of

#: Days ahead that the feed names. Our default.
DAYS_AHEAD = 42
#: Times a patient may choose: never at night.
TIMES = tuple(f"{hour:02d}:00" for hour in range(7, 22))
USUAL_TIME = "18:00"
#: Minutes that the entry in the calendar takes.
MINUTES = 5


@blueprint.route("/reminders", methods=["GET", "POST"])
@policy(PATIENT, Action.WRITE_DIARY)
def reminders(public_id: str) -> ResponseReturnValue:
    """The address of the calendar feed; made, changed or taken away here."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    patient = recovery.patient
    if request.method == "POST":
        _save(patient)
        return redirect(url_for("patient.reminders", public_id=public_id), 303)
    return render(
        "patient/reminders.html",
        patient=patient,
        feed=_address(patient),
        times=TIMES,
        chosen=_time_of(patient),
        next_days=_days(recovery.history, clock.today(patient.zone))[:3],
    )


def calendar(seal: str) -> ResponseReturnValue:
    """The feed: one short entry on each day that is expected and not yet done."""
    patient, history = _owner(seal)
    at = time.fromisoformat(_time_of(patient))
    feed = Calendar()
    feed.add("prodid", "-//diary//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Diary"))
    for day in _days(history, clock.today(patient.zone)) if history else ():
        feed.add_component(_reminder(day, at, patient))
    response = Response(feed.to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="diary.ics"'
    return response


calendar.policy = policy(ANYONE)(calendar).policy  # type: ignore[attr-defined]
# The address holds no patient, so it stands outside the blueprint's path.
blueprint.record_once(
    lambda state: state.app.add_url_rule("/calendar/<seal>.ics", "calendar", calendar)
)


def _save(patient: Patient) -> None:
    at = request.form.get("time", "")
    values: dict[str, str] = {"reminder_time": at if at in TIMES else USUAL_TIME}
    if request.form.get("what") == "off":
        values["calendar"] = ""
    elif request.form.get("what") == "new" or not patient.preferences.get("calendar"):
        values["calendar"] = token_urlsafe(9)
    with database().write() as session:
        people.update_patient(
            session,
            people.with_preferences(patient, **values),
            expected_version=patient.version,
            by=actor(),
            at=clock.now(),
        )


def _address(patient: Patient) -> str:
    mark = patient.preferences.get("calendar")
    if not mark:
        return ""
    return url_for("calendar", seal=_seal().dumps([patient.id, mark]), _external=True)


def _owner(seal: str) -> tuple[Patient, History | None]:
    """Whose feed it is; 404 for an address that is false or no longer in use."""
    try:
        patient_id, mark = _seal().loads(seal)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    with database().read() as session:
        try:
            patient = people.patient_by_id(session, patient_id)
        except NobodyThere:
            raise NotFound from None
        if not mark or patient.preferences.get("calendar") != mark:
            raise NotFound
        return patient, read_history(session, patient_id)


def _days(history: History, today: date) -> list[date]:
    done = {entry.day for entry in history.entries}
    ahead = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
    return [d for d in ahead if d not in done and history.schedule.expects(d, history.index)]


def _reminder(day: date, at: time, patient: Patient) -> Event:
    begins = datetime.combine(day, at, ZoneInfo(patient.zone))
    event = Event()
    event.add("uid", f"{day.isoformat()}-{patient.public_id[:8]}@diary")
    event.add("dtstamp", clock.now())
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=MINUTES))
    event.add("summary", _("Your diary is open"))
    event.add("url", url_for("home", _external=True))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Your diary is open"))
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event


def _time_of(patient: Patient) -> str:
    chosen = patient.preferences.get("reminder_time", USUAL_TIME)
    return chosen if chosen in TIMES else USUAL_TIME


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(derived(current_app.config["SECRET_KEY"], "calendar"))
