"""The values of each day under the pointer, for the small script; the tables say the same."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from ... import charts
from ...domain.wording import day_words, level_words

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
        values = ", ".join(said[day]) if day in said else _("no entry")
        days.append(_("%(date)s, day %(day)s: %(values)s", date=date, day=day, values=values))
    return DayValues(story.first, story.last, shares["wide"], shares["narrow"], days)
