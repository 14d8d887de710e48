"""The ticks of the time axis: days, weeks or months after the operation, with dates that fit."""

from dataclasses import dataclass
from datetime import timedelta

from ..domain.surgery import month_day
from ..domain.wording import Translate, month_words, near_day_words
from .layout import EVENT_SIZE, Layout
from .letters import width_of
from .story import ChartStory

#: Days of a month on average, to choose how many ticks fit.
MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A tick of the time axis: its day, its number, and the date below it, or "" for none."""

    day: int
    label: str
    date: str


def time_ticks(
    story: ChartStory, layout: Layout, translate: Translate = str
) -> tuple[str, tuple[AxisTick, ...]]:
    """The key of the axis's unit in `story.words`, and its ticks."""
    span = story.last - story.first + 1
    if span <= 15:
        unit, length, steps = "days", 1.0, [2, 7]
    elif span <= 400:
        unit, length, steps = "weeks", 7.0, [1, 2, 4, 8, 13]
    else:
        unit, length, steps = "months", MONTH, [3, 6, 12, 24, 36]
    most = 5 if layout.narrow else 9
    step = next((s for s in steps if span / (s * length) <= most), steps[-1])
    ticks: list[AxisTick] = []
    count = -(-int(story.first / length) // step) * step
    reach = -1.0
    while (day := _day_of(story, unit, count, length)) <= story.last + 1:
        if day >= story.first:
            written = _date_words(story, day, span, translate)
            half = width_of(written, EVENT_SIZE) / 2
            fits = layout.x(day) - half > reach and layout.x(day) + half <= layout.width
            ticks.append(AxisTick(day, str(count), written if fits else ""))
            reach = layout.x(day) + half + 0.12 if fits else reach
        count += step
    return unit, tuple(ticks)


def _day_of(story: ChartStory, unit: str, count: int, length: float) -> int:
    """The postoperative day of a tick; months are those of the calendar."""
    if unit != "months":
        return round(count * length)
    return (month_day(story.operation_day, count) - story.operation_day).days


def _date_words(story: ChartStory, day: int, span: int, translate: Translate) -> str:
    when = story.operation_day + timedelta(days=day)
    if span > 400:
        return month_words(when, translate)
    return near_day_words(when, story.operation_day + timedelta(days=story.today), translate)
