"""The calendar feed: reminders that need no mail server and hold no health word.

The feed's address carries a sealed number and no sign-in, because calendar programs have none; it
tells nothing but the days on which the diary waits. A new address makes the old one useless. A day
that is done has no reminder.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, url_for
from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from ...domain.history import History
from ...domain.reminders import planned_days
from ...services import read_history
from ...storage import people
from ...storage.errors import NotFound as NobodyThere
from ...storage.people import Patient
from ..config import current_config
from ..shared import clock
from ..shared.access import database
from ..shared.downloads import download
from ..shared.keys import signing_keys
from ..shared.policies import ANYONE, policy
from ..shared.subscription import wishes_of
from . import blueprint

#: Days ahead that the feed names. Our default.
DAYS_AHEAD = 42
#: Minutes that the entry in the calendar takes.
MINUTES = 5


@policy(ANYONE)
def calendar(seal: str) -> Response:
    """The feed: one short entry on each day that is expected and not yet done."""
    patient, history = _owner(seal)
    feed = Calendar()
    feed.add("prodid", "-//diary//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Diary"))
    for day in days_ahead(history, clock.today(patient.zone)) if history else ():
        feed.add_component(_reminder(day, patient))
    return download(feed.to_ical(), "diary.ics", "text/calendar")


# The address holds no patient, so it stands outside the blueprint's path.
blueprint.record_once(
    lambda state: state.app.add_url_rule("/calendar/<seal>.ics", "calendar", calendar)
)


def days_ahead(history: History, today: date) -> list[date]:
    """The expected days from today on that have no entry yet."""
    done = {entry.day for entry in history.entries if entry.has_answers()}
    last = today + timedelta(days=DAYS_AHEAD - 1)
    planned = planned_days(today, last, history.schedule, history.operations)
    return [day for day in planned if day not in done]


def address_of_feed(patient: Patient) -> str:
    """The feed's address, "" where the patient has none."""
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
        return patient, None if patient.ended_on else read_history(session, patient_id)


def _reminder(day: date, patient: Patient) -> Event:
    # In UTC: programs read a zone's name without its rules as no zone, and rules each differently.
    begins = datetime.combine(day, wishes_of(patient).at, ZoneInfo(patient.zone)).astimezone(UTC)
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


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(current_config().secrets, "calendar"))
