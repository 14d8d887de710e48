"""The small lines of the list: inline SVG with classes only, so they follow the page's colours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby, pairwise
from math import inf, isnan, nan
from re import sub

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from ...domain.measures import MEASURES, Better
from ...domain.surgery import Region
from ...domain.wording import difference, level_words, near_day_words, number
from ...storage.lines import DayLine, OperationLine
from ...trends.course import shown_course
from ...trends.levels import SPARSE_WINDOW, WINDOW, mean_of_sums, recent_means
from ..shared.language import mark
from ..shared.language import quick_gettext as _

#: Days that a small line shows, and those that its change is taken over.
SPAN = 84
CHANGE_OVER = 21

#: A change in points below this is called steady. Our default.
MOVED = 1.0

#: Days read before the first one that is drawn.
LEAD = SPARSE_WINDOW - 1

STRIP = 14

#: As in the stylesheet.
_WIDTH, _HEIGHT = 96, 38

#: Across and down, in tenths of a pixel.
Place = tuple[float, float]

#: Tenths by which a line may pass beside a day that it stands for.
_FINE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Spark:
    """A small line with its latest value and its change in words; drawn only where it is shown."""

    value: str
    change: str
    _key: str
    _line: NDArray[np.float64]
    #: Days of the chart before the line begins.
    _offset: int
    _region: Region | None
    _operation: OperationLine | None
    _operated: date | None
    _first: date
    _onset: date | None

    @property
    def picture(self) -> Markup:
        """Inline SVG, hidden from screen readers: value and change are written beside it."""
        return Markup(f'<svg class="spark" aria-hidden="true">{"".join(self._parts())}</svg>')

    def _parts(self) -> Iterator[str]:
        high = MEASURES[self._key].high or 1
        if self._region is not None and self._operated is not None:
            pods = (self._first - self._operated).days + np.arange(0, self._line.size, 4)
            yield _band(self._key, self._region, self._operation, pods, self._offset, high)
        if self._onset is not None and (self._onset - self._first).days < self._line.size:
            x = _x(self._offset + max(0, (self._onset - self._first).days))
            yield f'<path class="f" d="M{x:.1f} 1H91v36H{x:.1f}z"/>'
            yield f'<path class="fl" d="M{x:.1f} 1V37"/>'
        known = np.flatnonzero(~np.isnan(self._line))
        if not known.size:
            return
        heights = _y(self._line, high)
        for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
            if run.size > 1:
                yield f'<path class="l" d="{_path(run + self._offset, heights[run])}"/>'
        x, y = _x(self._offset + int(known[-1])), heights[known[-1]]
        yield f'<path class="p" d="M{x:.1f} {y:.1f}z"/>'


def spark(
    key: str,
    days: tuple[DayLine, ...],
    today: date,
    operation_day: date | None,
    *,
    region: Region | None = None,
    operation: OperationLine | None = None,
    onset: date | None = None,
    worse_only: bool = False,
) -> Spark:
    """The last twelve weeks of one measure on its full scale, gaps left open.

    With `region` the expected course lies behind it, `onset` is where its flag began.
    """
    first = today - timedelta(days=SPAN - 1)
    # The means of the first days drawn rest on days before them.
    start = first - timedelta(days=LEAD)
    if operation_day is not None and operation_day <= today:
        first, start = max(first, operation_day), max(start, operation_day)
    values, logged = _values_of(key, days, start, (today - start).days + 1)
    means, _spans = recent_means(values)
    value, change = recent_words(key, days, today, operation_day, worse_only=worse_only)
    line = np.where(_in_gap(logged), np.nan, means)[(first - start).days :]
    offset = SPAN - line.size
    return Spark(
        *(value, change, key, line, offset, region, operation, operation_day, first, onset)
    )


def recent_words(
    key: str,
    days: tuple[DayLine, ...],
    today: date,
    operation_day: date | None,
    *,
    worse_only: bool = False,
) -> tuple[str, str]:
    """The mean of the last week as every page says it, and its change; `days` are oldest first.

    `worse_only` beside an urgent flag: how far it is above its best of the last three weeks, and
    nothing that comforts.

    Where it needed two weeks that is said; where too little was logged, the last one that is known
    and its day.
    """
    start = today - timedelta(days=SPAN - 1 + LEAD)
    if operation_day is not None and operation_day <= today:
        start = max(start, operation_day)
    there = [line for line in days if start <= line.day <= today]
    if not there:
        return _("no entries"), ""
    answers = ((line.day, getattr(line, key)) for line in there)
    given = {(today - day).days: answer for day, answer in answers if answer is not None}
    now, span = _mean_on(0, given)
    if span and worse_only:
        return level_words(key, now, _), _noted(_worse(key, now, today, given), span)
    if span:
        ago = today - timedelta(days=CHANGE_OVER)
        before = _mean_on(CHANGE_OVER, given)[0] if ago >= start else nan
        return level_and_change(key, now, before, span)
    for back in reversed(given):
        known, span = _mean_on(back, given)
        if span:
            day = short_date(today - timedelta(days=back), today)
            said = _("last known %(level)s, %(day)s")
            return _("too few days"), said % {"level": level_words(key, known, _), "day": day}
    return _("too few days"), ""


def _worse(key: str, now: float, today: date, given: Mapping[int, int]) -> str:
    """How much worse a mean is than the best of the last three weeks, and the day of that one, the
    newest of several; "" where it is not.
    """
    towards = -1 if MEASURES[key].better is Better.HIGHER else 1
    each = ((*_mean_on(back, given), back) for back in range(CHANGE_OVER + 1))
    means = ((round(mean * towards, 9), back) for mean, span, back in each if span)
    best, back = min(means)
    moved = difference(best * towards, now)
    if moved * towards < MOVED:
        return ""
    day = short_date(today - timedelta(days=back), today)
    if MEASURES[key].better is Better.HIGHER:
        return _("less since %(day)s", day=day)
    return _("+%(points)s since %(day)s", points=number(moved), day=day)


def _mean_on(back: int, given: Mapping[int, int]) -> tuple[float, int]:
    """The mean of the week that ended so many days ago, or of two, and how long that is; NaN and 0
    where too little was answered.
    """
    ends = (back, back + WINDOW, back + SPARSE_WINDOW)
    each = ([given[ago] for ago in range(*two) if ago in given] for two in pairwise(ends))
    return mean_of_sums(*((sum(there), len(there)) for there in each))


def level_and_change(key: str, now: float, before: float, span: int) -> tuple[str, str]:
    """The mean of today as every page says it, and its change over three weeks.

    `before` is the mean of then, NaN where there is none; `span` the days that today's rests on.
    """
    return level_words(key, now, _), _noted(_change(key, before, now), span)


def _noted(change: str, span: int) -> str:
    """A change, and before it that its mean needed two weeks."""
    note = _("over 2 weeks") if span == SPARSE_WINDOW else ""
    return mark(", ").join(filter(None, (note, change)))


def _values_of(
    key: str, days: tuple[DayLine, ...], first: date, size: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The answers from `first` on, NaN where there is none, and the days that were logged."""
    values = np.full(size, np.nan)
    logged = np.zeros(size, dtype=bool)
    for day in days:
        place = (day.day - first).days
        answer = getattr(day, key)
        if 0 <= place < size:
            logged[place] = True
            values[place] = np.nan if answer is None else answer
    return values, logged


def _x(day: float) -> float:
    return 2 + day / (SPAN - 1) * (_WIDTH - 9)


#: The place of each day in tenths; a page draws thousands of them.
_X = tuple(round(10 * _x(day)) for day in range(SPAN))


def _y(values: NDArray[np.float64], high: float) -> NDArray[np.float64]:
    return _HEIGHT - 4 - values / high * (_HEIGHT - 8)


def _path(days: Iterable[int], heights: NDArray[np.float64], *, back: bool = False) -> str:
    """A line through these points, in steps: half as long as one of places."""
    tenths = np.rint(10 * heights).tolist()
    places = _bends(list(zip([_X[day] for day in days], tenths, strict=True)))
    if back:
        places.reverse()
    (x, y), steps = places[0], pairwise(places)
    said = " ".join(f"{_tenths(b[0] - a[0])} {_tenths(b[1] - a[1])}" for a, b in steps)
    return f"M{_tenths(x)} {_tenths(y)}l{said}".replace(" -", "-")


def _bends(places: list[Place]) -> list[Place]:
    """The points where a line turns; between them it passes within `_FINE` of all the others."""
    kept, last = [places[0]], places[0]
    low, high = -inf, inf
    for x, y in places[1:]:
        from_x, from_y = kept[-1]
        if not low <= (y - from_y) / (x - from_x) <= high:
            kept.append(last)
            (from_x, from_y), low, high = last, -inf, inf
        low = max(low, (y - _FINE - from_y) / (x - from_x))
        high = min(high, (y + _FINE - from_y) / (x - from_x))
        last = x, y
    return [*kept, last]


@cache
def _tenths(number: float) -> str:
    """So many tenths as SVG has them: ".5", "-1.2", "3"."""
    return sub(r"\b0\.", ".", f"{number / 10:g}")


def _in_gap(logged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Days more than a week after the latest entry: the line does not reach there."""
    places = np.where(logged, np.arange(logged.size), -1)
    return np.arange(logged.size) - np.maximum.accumulate(places) > 7


def _band(
    key: str,
    region: Region,
    operation: OperationLine | None,
    pods: NDArray[np.int64],
    offset: int,
    high: float,
) -> str:
    """The expected course behind the line; "" where none is known."""
    stated = {"axial_pain": "preop_axial_pain", "limb_pain": "preop_limb_pain"}.get(key, "")
    preop = getattr(operation, stated) if operation and stated else None
    approach = operation.approach if operation else None
    band = shown_course(region, approach, key, pods, preop)
    if band is None or pods.size < 2:
        return ""
    days = range(offset, offset + 4 * pods.size, 4)
    upper = _path(days, _y(band.high, high))
    lower = _path(days, _y(band.low, high), back=True)
    return f'<path class="b" d="{upper}L{lower[1:]}z"/>'


def _change(key: str, before: float, now: float) -> str:
    """The change over three weeks; "" where there is nothing to compare with."""
    if isnan(before):
        return ""
    moved = difference(before, now)
    if abs(moved) < MOVED:
        return _("steady")
    if MEASURES[key].better is Better.HIGHER:
        return _("more") if moved > 0 else _("less")
    sign = "+" if moved > 0 else ""
    return _("%(change)s in 3 wk", change=f"{sign}{number(moved)}")


def strip(days: tuple[DayLine, ...], today: date) -> Markup:
    """The last fourteen days, filled where something was logged."""
    logged = {day.day for day in days}
    first = today - timedelta(days=STRIP - 1)
    there = [first + timedelta(days=place) in logged for place in range(STRIP)]
    # The stylesheet cuts a line into marks.
    runs = groupby(range(STRIP), key=there.__getitem__)
    filled = "".join(
        f"M{7 * next(run)}.5 7h{7 * sum(1 for _ in run) + 5}" for on, run in runs if on
    )
    empty = "".join(f"M{7 * place}.5 1.5h5v11h-5z" for place in range(STRIP) if not there[place])
    return Markup(
        '<svg class="strip" aria-hidden="true">'
        + f'<path class="y" d="{filled}"/>' * bool(filled)
        + f'<path class="no" d="{empty}"/>' * bool(empty)
        + "</svg>"
    )


def short_date(day: date | None, today: date) -> str:
    """A date, with its year where that is not this one; a dash for none."""
    return "–" if day is None else near_day_words(day, today, _)
