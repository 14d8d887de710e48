"""The picture of a recovery: one figure function for the page, the phone and the paper.

Small multiples on one time axis (after Powsner and Tufte, Lancet 1994;344:386): each measure on its
own full scale, single days as dots, the mean of the last days as a line that breaks where nothing
was entered, and the numbers beside it. It draws what the story says and decides nothing.
"""

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..domain.wording import Translate
from .axis import time_ticks
from .events import EVENT_PITCH, place_events
from .layout import (
    PRINT,
    WIDE,
    Layout,
    Row,
    label_spot,
    narrow_layout,
    wide_layout,
)
from .lettering import Write, is_score, write_heads, write_panel
from .story import ChartStory, Field
from .style import THEMES, Theme, cut_to, width_of

#: Steps in which the field of a flag grows over the interval in which it began.
_RAMP = 8

#: Up to so many days a single day is drawn larger: six weeks.
_FEW_DAYS = 42


def draw_recovery(
    story: ChartStory, *, size: str = "wide", theme: str = "light", translate: Translate = str
) -> Figure:
    """A finished figure. `size` is wide, narrow, home or print; `theme` light, dark or print."""
    if size in ("narrow", "home"):
        layout = narrow_layout(story, numbers=size == "narrow")
    else:
        layout = wide_layout(story, *(PRINT if size == "print" else WIDE))
    colours = THEMES[theme]
    figure = Figure(figsize=(layout.width, layout.height), facecolor=colours.paper)
    # One set of axes whose unit is the inch: every position below is a place on the paper.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, layout.width), ylim=(0, layout.height))
    axes.set_axis_off()
    write = partial(axes.text, color=colours.ink, va="center")
    _draw_fields(axes, story, layout, colours)
    for row in layout.rows:
        _draw_panel(axes, story, layout, row, colours)
        write_panel(write, story, layout, row, colours)
    write_heads(write, story, layout, colours)
    if layout.numbers:
        _draw_events(axes, write, story, layout, colours)
    _draw_lead(axes, write, story, layout, colours)
    _draw_axis(axes, write, story, layout, colours, translate)
    return figure


def _draw_fields(axes: Axes, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """A flag as a pale field in the panels that carry its evidence, gaps as hatching in all.

    Where a flag began is an interval: its field grows over it from nothing.
    """
    fields = [*story.others, *([story.lead] if story.lead else [])]
    for row in layout.rows:
        for field in fields:
            if row.panel.measure in field.measures:
                _draw_field(axes, story, layout, row, field, colours)
        for first, last in story.gaps if row.panel.gaps is None else row.panel.gaps:
            left, right = layout.x(first - 0.5), layout.x(last + 0.5)
            _block(axes, row, left, right, fc="none", ec=colours.gap, hatch="////", zorder=1.5)


def _draw_field(
    axes: Axes, story: ChartStory, layout: Layout, row: Row, field: Field, colours: Theme
) -> None:
    start, stop = _reach(field, story)
    if field.onset is not None:
        first, last = max(field.onset[0], start), min(max(field.onset[1], start), stop)
        steps = np.linspace(layout.x(first), layout.x(last), _RAMP + 1)
        for number, (left, right) in enumerate(pairwise(steps)):
            share = (number + 1) / (_RAMP + 1)
            _block(axes, row, left, right, fc=_mixed(colours.paper, colours.flag_field, share))
        start = last
    _block(axes, row, layout.x(start), layout.x(stop), fc=colours.flag_field)


def _block(axes: Axes, row: Row, left: float, right: float, **style: Any) -> None:
    style = {"ec": "none", "lw": 0, "zorder": 0, **style}
    axes.add_patch(Rectangle((left, row.bottom), right - left, row.height, **style))


def _mixed(one: str, other: str, share: float) -> tuple[float, ...]:
    """A colour between two, `share` of the way; never see-through, which paper prints badly."""
    low, high = np.array(to_rgb(one)), np.array(to_rgb(other))
    return tuple(float(part) for part in low + (high - low) * share)


def _reach(field: Field, story: ChartStory) -> tuple[float, float]:
    """The part of a field that lies in the picture."""
    stop = story.today + 0.5 if field.stop is None else field.stop
    began = field.start if field.onset is None else field.onset[0]
    start = max(began, story.first - 0.5)
    return start, max(start, min(stop, story.last + 0.5))


def _draw_panel(axes: Axes, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    panel = row.panel
    for value, _ in panel.ticks:
        _rule(axes, layout.left, layout.right, row.y(value), colours.grid, 0.7)
    if panel.band:
        days, low, high = (np.array(part) for part in zip(*panel.band, strict=True))
        x = layout.x(days)
        axes.fill_between(x, row.y(low), row.y(high), color=colours.band, lw=0, zorder=0.8)
        for edge in (low, high):
            axes.plot(x, row.y(edge), color=colours.band_edge, lw=0.7, zorder=0.9)
    if panel.middle:
        days, middle = (np.array(part) for part in zip(*panel.middle, strict=True))
        x = layout.x(days)
        axes.plot(x, row.y(middle), color=colours.band_edge, lw=0.9, ls=(0, (4, 2)), zorder=0.95)
    for day in panel.marks:
        ends = [row.bottom, row.top]
        axes.plot([layout.x(day)] * 2, ends, color=colours.quiet, lw=1.0, ls=(0, (3, 2)), zorder=3)
    if panel.before is not None and story.first == 0:
        y = row.y(panel.before)
        axes.plot(
            [layout.left, layout.x(2.5)], [y, y], color=colours.quiet, lw=1.1, ls=(0, (2, 1.5))
        )
    if panel.days and story.is_long:
        _draw_weeks(axes, layout, row, colours)
    else:
        _draw_dots(axes, layout, row, colours)
    if panel.line:
        days, means = _broken(panel.line)
        width = 1.2 if story.is_long else 2.0
        axes.plot(layout.x(days), row.y(means), color=colours.ink, lw=width, zorder=5)
    if panel.best is not None and layout.numbers:
        _draw_best(axes, layout, row, colours)
    if panel.line and not layout.numbers:
        _draw_end(axes, story, layout, row, colours)


def _draw_dots(axes: Axes, layout: Layout, row: Row, colours: Theme) -> None:
    """Single days; a day that was filled in later is hollow."""
    days, values = np.array(row.panel.days), np.array(row.panel.values)
    late = np.array(row.panel.late, dtype=bool)
    # Without a line the dots alone must be seen; of a few weeks each stands by itself.
    size = 2.6 if layout.narrow or not row.panel.line else 2.3
    size = 3.6 if layout.last - layout.first <= _FEW_DAYS else size
    if (~late).any():
        axes.plot(
            layout.x(days[~late]),
            row.y(values[~late]),
            "o",
            ms=size,
            mfc=colours.dot,
            mec="none",
            zorder=4,
        )
    if late.any():
        axes.plot(
            layout.x(days[late]),
            row.y(values[late]),
            "o",
            ms=size + 0.9,
            mfc=colours.paper,
            mec=colours.dot,
            mew=0.8,
            zorder=4,
        )


def _draw_weeks(axes: Axes, layout: Layout, row: Row, colours: Theme) -> None:
    """Every week from its lowest to its highest day, as one path."""
    days, values = np.array(row.panel.days), np.array(row.panel.values)
    x, y = [], []
    for week in np.unique(days // 7):
        inside = values[days // 7 == week]
        x += [layout.x(week * 7 + 3)] * 2 + [np.nan]
        y += [row.y(inside.min()) - 0.008, row.y(inside.max()) + 0.008, np.nan]
    # Pale, or ten years of them bury the line.
    axes.plot(x, y, color=colours.gap, lw=0.8, zorder=4, solid_capstyle="butt")


def _broken(line: tuple[tuple[int, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The line with NaN where a day is missing, so that it is never drawn across."""
    days = np.array([day for day, _ in line])
    means = np.array([mean for _, mean in line])
    cuts = np.flatnonzero(np.diff(days) > 1) + 1
    return np.insert(days.astype(float), cuts, np.nan), np.insert(means, cuts, np.nan)


def _draw_best(axes: Axes, layout: Layout, row: Row, colours: Theme) -> None:
    """A bracket along the own best week, on the better side of the line."""
    assert row.panel.best is not None
    first, last, mean = row.panel.best
    side = 1 if row.panel.higher_is_better else -1
    y = min(max(row.y(mean) + side * 0.07, row.bottom), row.top)
    end = y - side * 0.035
    left, right = layout.x(first), max(layout.x(last), layout.x(first) + 0.04)
    axes.plot([left, left, right, right], [end, y, y, end], color=colours.quiet, lw=0.9, zorder=6)


def _draw_end(axes: Axes, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    """A dot where the line ends; beside it the score of the last week, if it reaches to today."""
    day, mean = row.panel.line[-1]
    axes.plot([layout.x(day)], [row.y(mean)], "o", ms=5.5, mfc=colours.ink, mec="none", zorder=6)
    if day == story.today and is_score(row.panel.columns[2], row.panel):
        place = (layout.x(day) + 0.09, row.y(mean))
        axes.text(
            *place, f"{round(mean)}", fontsize=13, weight="bold", color=colours.ink, va="center"
        )


def _rule(
    axes: Axes, left: float, right: float, y: float, colour: str, width: float, zorder: float = 0.5
) -> None:
    axes.plot([left, right], [y, y], color=colour, lw=width, zorder=zorder, solid_capstyle="butt")


def _upright(
    axes: Axes, layout: Layout, day: float, top: float, colour: str, width: float, **style: Any
) -> None:
    """A line on a day, up to `top`; on a phone it leaves out the names between the panels."""
    if not layout.narrow:
        ends = [layout.bottom, top]
    else:
        ends = []
        for row in layout.rows:
            ends += [row.bottom, max(top, row.top) if row is layout.rows[0] else row.top, np.nan]
    axes.plot([layout.x(day)] * len(ends), ends, color=colour, lw=width, **style)


def _draw_events(
    axes: Axes, write: Write, story: ChartStory, layout: Layout, colours: Theme
) -> None:
    """A dotted line through every panel, and above it a symbol with the number of the key."""
    for placed in place_events(story, layout):
        y = layout.events_from + EVENT_PITCH * (placed.row + 0.5)
        _upright(
            axes,
            layout,
            placed.day,
            layout.top + 0.03,
            colours.event,
            0.8,
            ls=(0, (1, 2)),
            zorder=1,
        )
        foot = layout.events_from - 0.02 if layout.narrow else layout.top + 0.03
        axes.plot(
            [layout.x(placed.day), placed.x],
            [foot, y - 0.06],
            color=colours.event,
            lw=0.6,
            zorder=1,
        )
        axes.plot(
            [placed.x], [y], placed.shape, ms=11, mfc=colours.paper, mec=colours.quiet, mew=0.9,
            zorder=7,
        )  # fmt: skip
        write(placed.x, y - 0.004, str(placed.number), fontsize=7, ha="center", zorder=8)


def _draw_lead(axes: Axes, write: Write, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """The day a flag was noticed as a line, where it began as a bar over its interval, and when."""
    if story.lead is None:
        return
    noticed = max(story.lead.noticed, story.first)
    if story.lead.noticed >= story.first:
        _upright(axes, layout, noticed, layout.top + 0.05, colours.flag, 1.4, zorder=2)
    start = max(story.lead.start, story.first)
    if story.lead.onset is not None and story.lead.onset[1] >= story.first:
        first, last = (max(day, story.first) for day in story.lead.onset)
        y = layout.top + 0.02
        _rule(axes, layout.x(first), layout.x(last), y, colours.flag, 2.2, zorder=6)
        if story.lead.start >= story.first:
            axes.plot([layout.x(start)], [y], "o", ms=5, mfc=colours.flag, mec="none", zorder=6)
    size = 9.0
    text = cut_to(story.lead.label, size, layout.width - 0.1, bold=True)
    x = layout.x(start)
    after = x + 0.05
    if after + width_of(text, size, bold=True) > layout.width:
        after = x - 0.05 - width_of(text, size, bold=True)
    spot = label_spot(text, size, after, (0.0, layout.width), bold=True)
    write(spot, layout.flag_at, text, fontsize=size, weight="bold", color=colours.flag)


def _draw_axis(
    axes: Axes,
    write: Write,
    story: ChartStory,
    layout: Layout,
    colours: Theme,
    translate: Translate,
) -> None:
    """The time axis: numbers from the operation on, dates below them where they fit."""
    y = layout.bottom - 0.03
    _rule(axes, layout.left, layout.right, y, colours.quiet, 0.7)
    unit, ticks = time_ticks(story, layout, translate)
    for tick in ticks:
        x = layout.x(tick.day)
        axes.plot([x, x], [y - 0.04, y], color=colours.quiet, lw=0.7, solid_capstyle="butt")
        if layout.narrow:
            write(x, y - 0.12, tick.label, fontsize=10, ha="center")
            continue
        write(x, y - 0.12, tick.label, fontsize=9, ha="center")
        if tick.date:
            write(x, y - 0.29, tick.date, fontsize=8.4, color=colours.quiet, ha="center")
    name = story.words[unit]
    if layout.narrow:
        text = cut_to(name, 9.6, layout.width)
        write(layout.width, y - 0.33, text, fontsize=9.6, color=colours.quiet, ha="right")
    else:
        text = cut_to(name, 8.6, layout.left - 0.12)
        write(0, y - 0.12, text, fontsize=8.6, color=colours.quiet)
