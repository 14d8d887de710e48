"""Reminders: at what time and never when, by which ways, and how it has gone.

They ring on a device, come by e-mail, or stand in the patient's own calendar.

A missed day is shown as a fact and never as a fault, with what became of the last reminder.
"""

from datetime import date, time, timedelta
from secrets import token_urlsafe

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.people import Action
from ...domain.reminders import (
    PAUSE_AFTER,
    Delivery,
    Wishes,
    is_address,
    is_quiet,
    planned_days,
)
from ...services import DAYS_BACK
from ...storage import people
from ...storage import reminders as stored
from ...storage.people import Patient
from ..auth import throttle
from ..auth.devices import chosen_device
from ..config import current_config
from ..shared import clock
from ..shared.access import actor, database
from ..shared.forms import sent
from ..shared.language import language_tag, say_day
from ..shared.mail import Post
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.reminding import question
from ..shared.ringing import and_this, devices_of, offered_key
from ..shared.subscription import CONFIRM_WITHIN, as_preference, asked, subscription_of, wishes_of
from . import blueprint
from .feed import address_of_feed, days_ahead
from .reading import Begun, recovery_of

#: Times a patient may choose: never at night. Any hour may begin or end the quiet hours.
TIMES = tuple(f"{hour:02d}:00" for hour in range(7, 22))
HOURS = tuple(f"{hour:02d}:00" for hour in range(24))
#: Days looked back on for "planned days", and days ahead that are named. Our defaults.
FORTNIGHT, NEXT_DAYS = 14, 3
#: Letters that ask, for one patient within a quarter of an hour. Our default.
MOST_LETTERS = 3


@blueprint.route("/reminders", methods=["GET", "POST"])
@policy(PATIENT, Action.KEEP_SETTINGS, carries=True)
def reminders(public_id: str) -> ResponseReturnValue:
    """The patient's own choices; each of its forms is saved on its own."""
    recovery = recovery_of(public_id, Action.KEEP_SETTINGS)
    patient, today = recovery.patient, clock.today(recovery.patient.zone)
    problems: dict[str, str] = {}
    if request.method == "POST" and not sent.is_carried():
        changed = _changed(patient, problems)
        if changed is not None:
            services.save_patient(database(), changed, by=actor(), at=clock.now())
            return redirect(url_for("patient.reminders", public_id=public_id), 303)
    wishes, wish = wishes_of(patient), subscription_of(patient)
    is_reminded = bool(devices_of(patient) or (wish and wish.is_confirmed))
    chosen = {
        "time": f"{wishes.at:%H:%M}",
        "quiet_from": f"{wishes.quiet_from:%H:%M}",
        "quiet_to": f"{wishes.quiet_to:%H:%M}",
        "address": "",
    }
    page = render(
        "patient/reminders.html",
        patient=patient,
        problems=problems,
        typed=chosen | request.form.to_dict(),
        times=TIMES,
        hours=HOURS,
        has_mail=current_config().mail is not None,
        push_key=offered_key(),
        rings=[one.endpoint for one in devices_of(patient)],
        wish=wish if wish and wish.is_open(clock.now()) else None,
        pause_after=PAUSE_AFTER,
        confirm_days=CONFIRM_WITHIN.days,
        feed=address_of_feed(patient),
        planned=_planned(recovery, today),
        last_reminder=_last_reminder(patient) if is_reminded else (),
        next_days=days_ahead(recovery.history, today)[:NEXT_DAYS],
    )
    return page, 422 if problems else 200


def _changed(patient: Patient, problems: dict[str, str]) -> Patient | None:
    """The patient with what one of the forms says, or None with `problems` filled."""
    what = request.form.get("what", "")
    if what == "mail":
        return _asked(patient, problems)
    if what == "no_mail":
        return people.with_preferences(patient, mail=None)
    if what == "ring":
        return _rung(patient, problems)
    if what == "no_ring":
        return people.with_preferences(patient, rings=[])
    if what in ("feed", "no_feed"):
        return people.with_preferences(patient, calendar=token_urlsafe(9) if what == "feed" else "")
    hours = {name: request.form.get(name, "") for name in ("quiet_from", "quiet_to")}
    at = request.form.get("time", "")
    if at not in TIMES or not set(hours.values()) <= set(HOURS):
        problems["time"] = _("Choose a time from the list")
        return None
    first, last = (time.fromisoformat(hour) for hour in hours.values())
    if is_quiet(time.fromisoformat(at), Wishes(patient.zone, quiet_from=first, quiet_to=last)):
        problems["time"] = _("That time is within your quiet hours. Choose another one")
        return None
    return people.with_preferences(patient, reminder_time=at, **hours)


def _asked(patient: Patient, problems: dict[str, str]) -> Patient | None:
    """The patient with an address that was asked by e-mail whether it wants reminders."""
    address, server = request.form.get("address", "").strip(), current_config().mail
    if server is None:
        return patient
    if not is_address(address):
        problems["address"] = _("Enter an e-mail address, such as name@example.org")
        return None
    if not throttle.use(f"letters of patient {patient.id}", MOST_LETTERS):
        problems["address"] = _("Several e-mails were sent recently. Please wait 15 minutes")
        return None
    wish = asked(address, language=language_tag(), at=clock.now())
    with Post(server) as post:
        outcome = post.send(question(server, patient, wish))
    if outcome is Delivery.FAILED:
        problems["address"] = _("The e-mail could not be sent. Check the address or try later")
        return None
    return people.with_preferences(patient, mail=as_preference(wish))


def _rung(patient: Patient, problems: dict[str, str]) -> Patient | None:
    """The patient with one more device that rings; a known one stands once."""
    new = chosen_device()
    if new is None:
        problems["ring"] = _("Reminders cannot reach this device. Choose e-mail or your calendar")
        return None
    return people.with_preferences(
        patient, rings=and_this(new, patient.preferences.get("rings") or ())
    )


def _planned(recovery: Begun, today: date) -> str:
    """How many of the last planned days have an entry; today counts once it is done.

    Nothing of a diary that was begun since: nobody missed a day before it.
    """
    history = recovery.history
    done = {entry.day for entry in history.entries if entry.has_answers()}
    first = today - timedelta(days=FORTNIGHT - 1)
    if not done or min(done) > first:
        return ""
    days = planned_days(first, today, history.schedule, history.operations)
    asked_for = [day for day in days if day != today or day in done]
    if not asked_for:
        return ""
    wrote = len(done.intersection(asked_for))
    counts = {"done": wrote, "planned": len(asked_for)}
    if today in days and today not in done:
        said = _(
            "You wrote on %(done)s of %(planned)s planned days in the last 2 weeks, not counting"
            " today.",
            **counts,
        )
    else:
        said = _("You wrote on %(done)s of %(planned)s planned days in the last 2 weeks.", **counts)
    if wrote == len(asked_for):
        return said
    fine = _("A missed day is fine. You can add it up to %(days)s days later.", days=DAYS_BACK)
    return f"{said} {fine}"


def _last_reminder(patient: Patient) -> list[str]:
    """What became of the last reminder, and whether they pause; empty where none was tried."""
    with database().read() as rows:
        tried = stored.reminders_of(rows, patient.id)
        tally = stored.since_last_entry(rows, [patient.id]).get(patient.id)
    if not tried:
        return []
    day = say_day(tried[0].day)
    lines = {
        Delivery.SENT: _("Last reminder: sent on %(day)s.", day=day),
        Delivery.FAILED: _("Last reminder: it could not be sent on %(day)s.", day=day),
        Delivery.UNSURE: _("Last reminder, on %(day)s: it may not have reached you.", day=day),
    }
    said = [lines[tried[0].outcome]]
    if tally and tally[Delivery.SENT] + tally[Delivery.UNSURE] >= PAUSE_AFTER:
        said.append(_("Reminders are paused. They will start again after your next entry."))
    return said
