"""All entries: a calendar and a list by month, one day's versions, change and add."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton, get_day_names
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.measures import MEASURES
from ...domain.people import Action
from ...domain.signs import WEEKLY_SIGNS
from ...domain.surgery import postoperative_day
from ...domain.ticked import sign_day, told_on
from ...domain.wording import without_accents
from ...storage import diary as stored_diary
from ...storage.entry_rows import StoredEntry
from ..shared import clock
from ..shared.access import database, installation
from ..shared.forms import sent
from ..shared.language import mark, say_short_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .changed import changed_on
from .days import may_add, read_day
from .guidance import advice_line
from .readers import by_somebody_else, has_shared, written_by
from .reading import Begun, recovery_of, scores_are_hidden
from .saved import answers_of
from .words import answer_words, day_line
from .zone import latest_anywhere

#: Characters that a search for notes reads. Our default.
SEARCH_LENGTH = 100

#: What phones and keyboards type for an apostrophe.
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc`"), "'")


@dataclass(frozen=True, slots=True)
class Square:
    """One day of the calendar; `kind` is done, add, today, future, past or outside."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the list."""

    day: date
    words: str
    walking: str
    #: The pain with its name, which is that of the region it was asked about.
    axial_pain: str
    #: Whether neither walking nor pain was answered.
    is_bare: bool
    has_sign: bool
    is_late: bool
    versions: int
    #: Who wrote the day as it stands, where that was not the patient.
    written_by: str


@blueprint.get("/diary")
@policy(PATIENT, Action.READ_DIARY)
def history(public_id: str) -> ResponseReturnValue:
    """One month of the diary as a calendar and as a list, newest day first."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    today = clock.today(recovery.patient.zone)
    first = _month(request.args.get("month"), today)
    hide = scores_are_hidden(recovery, postoperative_day(today, recovery.history.index))
    stored = {found.entry.day: found for found in recovery.entries}
    # A day dated ahead by a wrong clock has no month that can be turned to: it heads this one.
    is_latest = _same_month(today, first)
    listed = (day for day in stored if _same_month(day, first) or (is_latest and day > today))
    days = sorted(listed, reverse=True)
    return render(
        "patient/history.html",
        patient=recovery.patient,
        month=str(format_skeleton("yMMMM", first, locale=get_locale())),
        weeks=_squares(first, set(stored), today, recovery.operated_by(today)),
        weekdays=_weekday_names(),
        rows=[_row(stored[day], recovery, scores=not hide) for day in days],
        earlier=_neighbour(first, -1, min(stored, default=today), today),
        later=_neighbour(first, 1, min(stored, default=today), today),
    )


@blueprint.route("/diary/notes", methods=["GET", "POST"])
@policy(PATIENT, Action.READ_DIARY, carries=True)
def find_notes(public_id: str) -> ResponseReturnValue:
    """The days whose note holds every word that was typed, newest first."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    asked = " ".join(request.form.get("words", "").split())[:SEARCH_LENGTH]
    words = _as_searched(asked).split()
    found = [
        stored.entry
        for stored in recovery.entries
        if words and all(word in _as_searched(stored.entry.note or "") for word in words)
    ]
    return render(
        "patient/notes.html",
        patient=recovery.patient,
        asked=asked,
        notes=[(entry.day, say_short_day(entry.day), entry.note) for entry in reversed(found)],
    )


def _as_searched(text: str) -> str:
    """The text as notes are searched: whatever the case, the accents and the apostrophe."""
    return without_accents(text.translate(_APOSTROPHES))


@blueprint.get("/day/<day>/versions")
@policy(PATIENT, Action.READ_DIARY)
def versions(public_id: str, day: str) -> ResponseReturnValue:
    """Every version of one day, newest first; nothing that was saved is ever gone."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    chosen = read_day(day, date.max)
    with database().read() as session:
        found = stored_diary.versions_of(session, recovery.patient.id, chosen)
    if not found:
        raise NotFound
    newest_first = sorted(found, key=lambda stored: -stored.version)
    return render(
        "patient/versions.html",
        patient=recovery.patient,
        day=chosen,
        day_line=day_line(chosen, recovery.history.counted_on(chosen).index),
        versions=[
            (stored, answers_of(stored.entry, recovery), written_by(stored, recovery.patient))
            for stored in newest_first
        ],
        zone=recovery.patient.zone,
        # Whoever removes a warning reads what it asked for, as after a change of it.
        changed=changed_on(chosen, recovery),
        clinic=installation(),
        advice_line=advice_line(installation()),
        may_take_back=not newest_first[0].is_taken_back,
        # One person alone knows who wrote; a second hand is named.
        names_authors=len({stored.author for stored in found}) > 1 or has_shared(recovery.patient),
    )


@blueprint.post("/day/<day>/take-back")
@policy(PATIENT, Action.WRITE_DIARY)
def take_back(public_id: str, day: str) -> ResponseReturnValue:
    """Takes back a day that was entered by mistake; its versions stay."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    patient, today = recovery.patient, clock.today(recovery.patient.zone)
    # A phone further east may have written tomorrow, and a wrong clock any day to come.
    chosen = read_day(day, recovery.latest_day(latest_anywhere()))
    services.take_back_day(
        database(),
        patient.id,
        chosen,
        today=today,
        **sent.as_change(),
    )
    return redirect(url_for("patient.versions", public_id=public_id, day=chosen), 303)


def _month(text: str | None, today: date) -> date:
    """The first day of the month asked for; this month without one, 404 for nonsense."""
    if text is None:
        return today.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if first > today:
        raise NotFound
    return first


def _same_month(day: date, first: date) -> bool:
    return (day.year, day.month) == (first.year, first.month)


def _squares(
    first: date, done: set[date], today: date, operated: date | None
) -> list[list[Square]]:
    weeks = Calendar(get_locale().first_week_day).monthdatescalendar(first.year, first.month)
    return [
        [Square(day, _kind(day, first, done, today, operated)) for day in week] for week in weeks
    ]


def _kind(day: date, first: date, done: set[date], today: date, operated: date | None) -> str:
    if not _same_month(day, first):
        return "outside"
    if day in done:
        return "done"
    if day > today:
        return "future"
    if day == today:
        return "today"
    return "add" if may_add(day, today, operated=operated) else "past"


def _weekday_names() -> list[tuple[str, str]]:
    """(short, full) names, in the order of the reader's week."""
    locale = get_locale()
    short = get_day_names("abbreviated", locale=locale)
    full = get_day_names("wide", locale=locale)
    order = [(locale.first_week_day + n) % 7 for n in range(7)]
    return [(short[n], full[n]) for n in order]


def _row(stored: StoredEntry, recovery: Begun, *, scores: bool) -> Row:
    entry = stored.entry
    pain = answer_words("axial_pain", entry) if scores else ""
    if pain:
        name = MEASURES["axial_pain"].name_for(recovery.history.region_of(entry))
        pain = f"{_(name)}{mark(': ')}{pain}"
    return Row(
        day=entry.day,
        words=say_short_day(entry.day),
        walking=answer_words("walking", entry),
        axial_pain=pain,
        is_bare=entry.walking is None and entry.axial_pain is None,
        has_sign=bool(told_on(sign_day(entry)) - frozenset(WEEKLY_SIGNS)),
        is_late=entry.days_late > 0,
        versions=stored.version,
        written_by=by_somebody_else(stored, recovery.patient),
    )


def _neighbour(first: date, step: int, oldest: date, today: date) -> str:
    """The month before or after as "2026-03"; "" if nothing is there."""
    number = first.year * 12 + first.month - 1 + step
    month = date(number // 12, number % 12 + 1, 1)
    if month > today or (step < 0 and (month.year, month.month) < (oldest.year, oldest.month)):
        return ""
    return f"{month:%Y-%m}"
