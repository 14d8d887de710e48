"""The diary's own days on a chart page: latest answers, notes, every sign that was reported.

And the values of each day under the pointer, for the small script; the tables say the same.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from ... import charts
from ...domain.context import context_of
from ...domain.diary import SIGN_CHANGE_NAMES, DiaryEntry
from ...domain.flags import URGENCY_NAMES
from ...domain.measures import MEASURES
from ...domain.signs import SIGNS
from ...domain.surgery import REGION_NAMES
from ...domain.ticked import sign_day, told_on
from ...domain.triage import triage
from ...domain.wording import day_words, level_words, number
from ...services import Recovery
from ...storage.entry_rows import StoredEntry
from ..shared.language import mark

#: Days of the list of entries, notes and signs shown.
ENTRIES_SHOWN = 28
NOTES_SHOWN = 8
SIGNS_SHOWN = 40


def notes_of(recovery: Recovery) -> list[tuple[str, str]]:
    """(day, text) of the latest notes, newest first."""
    noted = [stored.entry for stored in recovery.entries if stored.entry.note]
    return [
        (day_words(entry.day, _, year=True), entry.note or "")
        for entry in reversed(noted[-NOTES_SHOWN:])
    ]


_COLUMNS = ("axial_pain", "limb_pain", "numbness", "mobility", "walking")


def entries_header(recovery: Recovery) -> list[str]:
    """What the columns of `entry_row` hold."""
    assert recovery.history is not None
    region = recovery.history.region
    names = [_(MEASURES[key].name_for(region)) for key in _COLUMNS]
    return [_("Day"), *names, _("Warning signs"), _("Recorded")]


def entry_row(stored: StoredEntry, recovery: Recovery) -> list[str]:
    """One day in words; a dash is not answered, never zero. A day that was asked about another
    region than the columns name says so.
    """
    entry, history = stored.entry, recovery.history
    assert history is not None
    day, region = day_words(entry.day, _), history.region_of(entry)
    if region is not history.region:
        day += mark(" (") + _(REGION_NAMES[region]) + mark(")")
    answers = [getattr(entry, key) for key in _COLUMNS]
    late = ngettext("%(num)s day later", "%(num)s days later", entry.days_late)
    recorded = _("on time") if entry.days_late == 0 else late
    if stored.version > 1:
        corrected = _("corrected")
        recorded += mark(", ") + corrected
    return [
        day,
        *(
            "–" if answer is None else level_words(key, float(answer), _)
            for key, answer in zip(_COLUMNS, answers, strict=True)
        ),
        _signs_told(entry),
        recorded,
    ]


def _signs_told(entry: DiaryEntry) -> str:
    """What was ticked on a day, what became of what had been ticked before, and the temperature.

    That none was ticked, or nothing answered, is said where nothing else is told of the signs.
    """
    changes = {sign: _(SIGN_CHANGE_NAMES[how]).lower() for sign, how in entry.sign_changes.items()}
    told = []
    for sign in (*sorted(entry.signs or ()), *sorted(changes.keys() - (entry.signs or ()))):
        name = _(SIGNS[sign].clinician)
        told.append(name + mark(": ") + changes[sign] if sign in changes else name)
    if entry.signs is not None and not told and not told_on(sign_day(entry)):
        told.append(_("none ticked"))
    if entry.temperature_c is not None:
        told.append(f"{number(entry.temperature_c)}\N{NO-BREAK SPACE}°C")
    return mark(", ").join(told) or "–"


def sign_log_of(recovery: Recovery) -> list[tuple[str, str, str]]:
    """Every day with a sign, the latest first; urgent as the advice was that day."""
    assert recovery.history is not None
    found: list[tuple[str, str, str]] = []
    for entry in reversed(recovery.history.entries):
        told = told_on(sign_day(entry))
        if not told or len(found) >= SIGNS_SHOWN:
            continue
        context = context_of(recovery.history, entry.day)
        urgencies = {c.sign: c.urgency for c in triage(entry, context).concerns}
        for sign in sorted(told):
            urgency = urgencies.get(sign)
            found.append(
                (
                    day_words(entry.day, _, year=True),
                    _(SIGNS[sign].clinician),
                    "–" if urgency is None else _(URGENCY_NAMES[urgency]),
                )
            )
    return found[:SIGNS_SHOWN]


#: Longest stretch of days that is sent along; beyond it one pixel is more than one day.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class DayValues:
    """First and last day of the chart, where its axis lies, and a line of words for each day."""

    first: int
    last: int
    wide: str
    narrow: str
    days: list[str]


def day_values_of(story: charts.ChartStory) -> DayValues | None:
    """The lines of a chart's days; None where there are too many or none."""
    if not 0 <= story.today - story.first < LONGEST:
        return None
    said: dict[int, list[str]] = {}
    for panel in story.panels:
        for day, value in zip(panel.days, panel.values, strict=True):
            words = level_words(panel.measure, value, _)
            said.setdefault(day, []).append(f"{panel.title} {words}")
    shares = {
        size: " ".join(f"{share:.4f}" for share in pair)
        for size, pair in charts.axis_shares(story).items()
    }
    days = []
    for day in range(story.first, story.today + 1):
        date = day_words(story.operation_day + timedelta(days=day), _, year=True)
        values = mark(", ").join(said[day]) if day in said else _("no entry")
        days.append(_("%(date)s, day %(day)s: %(values)s", date=date, day=day, values=values))
    return DayValues(story.first, story.last, shares["wide"], shares["narrow"], days)
