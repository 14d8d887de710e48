"""The small lines of the list: inline SVG with classes only, so they follow the page's colours."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from flask_babel import gettext as _
from markupsafe import Markup, escape
from numpy.typing import NDArray

from ...domain.measures import MEASURES, Better
from ...domain.surgery import Region
from ...domain.wording import day_words, level_words, number
from ...storage.lines import DayLine, OperationLine
from ...trends.course import expected_course
from ...trends.levels import recent_mean

#: Days that a small line shows, and those that its change is taken over.
SPAN = 84
CHANGE_OVER = 21

#: A change in points below this is called steady. Source: ux/spec.md 3.8; our default.
MOVED = 1.0

STRIP = 14

_WIDTH, _HEIGHT = 96, 38


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line with its latest value and its change in words."""

    picture: Markup
    value: str
    change: str


def spark(
    key: str,
    days: tuple[DayLine, ...],
    today: date,
    operation_day: date | None,
    *,
    region: Region | None = None,
    operation: OperationLine | None = None,
    onset: date | None = None,
) -> Spark:
    """The last twelve weeks of one measure on its full scale, gaps left open."""
    first = today - timedelta(days=SPAN - 1)
    if operation_day is not None:
        first = max(first, operation_day)
    size = max(1, (today - first).days + 1)
    values = np.full(size, np.nan)
    logged = np.zeros(size, dtype=bool)
    for day in days:
        place = (day.day - first).days
        answer = getattr(day, key)
        if 0 <= place < size:
            logged[place] = True
            values[place] = np.nan if answer is None else answer
    line = recent_mean(values)
    line[_in_gap(logged)] = np.nan
    known = np.flatnonzero(~np.isnan(line))
    high = MEASURES[key].high or 1
    offset = SPAN - size
    parts = []
    if key == "axial_pain" and operation_day is not None and region is not None:
        pods = (first - operation_day).days + np.arange(0, size, 4)
        parts.append(_band(region, operation, pods, offset, high))
    if onset is not None and (onset - first).days < size:
        x = _x(offset + max(0, (onset - first).days))
        parts.append(
            f'<rect class="f" x="{x:.1f}" y="1" width="{_WIDTH - 5 - x:.1f}" height="36"/>'
            f'<path class="fl" d="M{x:.1f} 1V37"/>'
        )
    parts.append('<path class="ax" d="M2 36H90"/>')
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if run.size > 1:
            points = "L".join(f"{_x(offset + i):.1f} {_y(line[i], high):.1f}" for i in run)
            parts.append(f'<path class="l" d="M{points}"/>')
    value, change = _("no entries"), ""
    if known.size:
        last = int(known[-1])
        parts.append(
            f'<circle class="p" cx="{_x(offset + last):.1f}" cy="{_y(line[last], high):.1f}"'
            ' r="3.4"/>'
        )
        value = level_words(key, float(line[last]), _)
        change = _change(key, line, last)
    label = escape(f"{value}. {change}".strip())
    picture = Markup(
        f'<svg class="spark" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )
    return Spark(picture, value, change)


def _x(day: float) -> float:
    return 2 + day / (SPAN - 1) * (_WIDTH - 9)


def _y(value: float, high: float) -> float:
    return _HEIGHT - 4 - value / high * (_HEIGHT - 8)


def _in_gap(logged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Days more than a week after the latest entry: the line does not reach there."""
    places = np.where(logged, np.arange(logged.size), -1)
    return np.arange(logged.size) - np.maximum.accumulate(places) > 7


def _band(
    region: Region,
    operation: OperationLine | None,
    pods: NDArray[np.int64],
    offset: int,
    high: float,
) -> str:
    preop = operation.preop_axial_pain if operation else None
    approach = operation.approach if operation else None
    band = expected_course(region, approach, "axial_pain", pods, preop)
    if band is None or pods.size < 2:
        return ""
    x = [_x(offset + 4 * i) for i in range(pods.size)]
    upper = [f"{a:.1f} {_y(v, high):.1f}" for a, v in zip(x, band.high, strict=True)]
    lower = [f"{a:.1f} {_y(v, high):.1f}" for a, v in zip(x, band.low, strict=True)]
    return f'<path class="b" d="M{"L".join(upper + lower[::-1])}z"/>'


def _change(key: str, line: NDArray[np.float64], last: int) -> str:
    """The change over three weeks; "" where there is nothing to compare with."""
    if last < CHANGE_OVER or np.isnan(line[last - CHANGE_OVER]):
        return ""
    moved = float(line[last] - line[last - CHANGE_OVER])
    if abs(moved) < MOVED:
        return _("steady")
    if MEASURES[key].better is Better.HIGHER:
        return _("more") if moved > 0 else _("less")
    sign = "+" if moved > 0 else ""
    return _("%(change)s in 3 wk", change=f"{sign}{number(moved)}")


def strip(days: tuple[DayLine, ...], today: date) -> Markup:
    """The last fourteen days, filled where something was logged."""
    logged = {day.day for day in days}
    marks = []
    for place in range(STRIP):
        is_there = today - timedelta(days=STRIP - 1 - place) in logged
        kind, top, tall = ("y", 1, 12) if is_there else ("no", 1.5, 11)
        marks.append(
            f'<rect class="{kind}" x="{place * 7 + 0.5}" y="{top}" width="5" height="{tall}"'
            ' rx="1"/>'
        )
    return Markup(
        '<svg class="strip" width="99" height="14" viewBox="0 0 99 14" aria-hidden="true">'
        f"{''.join(marks)}</svg>"
    )


def short_date(day: date | None) -> str:
    """A date without its year, or a dash."""
    return "–" if day is None else day_words(day, _)
