"""Two periods side by side: since the last visit, or any two a clinician chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.history import EventKind
from ...domain.measures import MEASURES, Better
from ...domain.surgery import postoperative_day
from ...domain.wording import day_words, level_words, number
from ...services import Recovery
from ...trends.levels import FOLLOWED, PERIOD, Level, levels_of, period_mean

#: Without a visit the comparison goes this many days back. Our default.
WITHOUT_VISIT = 28


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of two periods of fourteen days, each named by the day it ends on."""

    title: str
    before: date
    after: date
    columns: list[str]
    rows: list[list[str]]


def comparison_of(recovery: Recovery, today: date, asked: Mapping[str, str]) -> Comparison:
    """The two periods asked for, else those up to the last visit and up to today."""
    assert recovery.history is not None
    index = recovery.history.index
    last_visit = _last_visit(recovery, today)
    before = _day(asked.get("before")) or last_visit or today - timedelta(days=WITHOUT_VISIT)
    after = _day(asked.get("after")) or today
    chosen = bool(_day(asked.get("before")) or _day(asked.get("after")))
    before, after = (max(index.day, min(day, today)) for day in (before, after))
    levels = levels_of(recovery.history, today)
    region = recovery.history.region
    rows = []
    for key in FOLLOWED:
        level = levels.measures[key]
        if level.answered:
            pods = [postoperative_day(day, index) for day in (before, after)]
            rows.append([_(MEASURES[key].name_for(region)), *_cells(level, pods[0], pods[1])])
    title = _("Two periods") if chosen else _("Four weeks ago and now")
    if last_visit is not None and not chosen:
        title = _("Since your last visit")
    columns = [
        "",
        _("%(n)s days to %(day)s", n=PERIOD, day=day_words(before, _, year=True)),
        _("%(n)s days to %(day)s", n=PERIOD, day=day_words(after, _, year=True)),
        _("Difference"),
    ]
    return Comparison(title, before, after, columns, rows)


def _last_visit(recovery: Recovery, today: date) -> date | None:
    visits = [a.value.day for a in recovery.appointments]
    visits += [e.value.day for e in recovery.events if e.value.kind is EventKind.VISIT]
    return max((day for day in visits if day < today), default=None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _cells(level: Level, before: int, after: int) -> list[str]:
    one, other = period_mean(level, before), period_mean(level, after)
    cells = [level_words(level.measure, value, _) for value in (one, other)]
    return [*cells, _change(level.measure, one, other)]


def _change(measure: str, one: float | None, other: float | None) -> str:
    """The change in points, with what it means; a small one is called that."""
    if one is None or other is None:
        return "–"
    moved = other - one
    sign = "+" if moved > 0 else ""
    points = f"{sign}{number(moved)}"
    if points == "0":
        return _("no change")
    least = MEASURES[measure].mcid
    if least is not None and abs(moved) < least:
        return _("%(points)s, smaller than patients usually notice", points=points)
    better = (moved > 0) == (MEASURES[measure].better is Better.HIGHER)
    if better:
        return _("%(points)s, better", points=points)
    # What got worse is what a reader in a hurry looks for.
    return Markup("<b>{}</b>").format(_("%(points)s, worse", points=points))
