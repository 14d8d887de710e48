"""The picture of a recovery: one figure function for the page, the phone and the paper.

Small multiples on one time axis (after Powsner and Tufte, Lancet 1994;344:386): each measure on its
own full scale, single days as dots, the mean of the last days as a line that breaks where nothing
was entered, and the numbers beside it. It draws what the story says and decides nothing.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..domain.wording import Translate
from .axis import time_ticks
from .events import EVENT_PITCH, place_events
from .flag_fields import Field
from .layout import (
    LANE_PITCH,
    PRINT,
    Layout,
    Row,
    flag_words,
    label_spot,
    page_layout,
    print_height,
    story_for,
    wide_layout,
)
from .lettering import is_score, write_heads, write_lanes, write_panel
from .letters import cut_to, width_of
from .sheet import Box, Sheet
from .story import ChartStory
from .style import THEMES, Theme, mixed

#: Steps in which the field of a flag grows over the interval in which it began.
_RAMP = 8

#: Up to this many days (six weeks) each day is drawn larger.
_FEW_DAYS = 42

#: Over more days the squares of a lane are drawn smaller.
_LONG_DAYS = 120


def draw_recovery(
    story: ChartStory,
    *,
    size: str = "wide",
    theme: str = "light",
    height: float | None = None,
    letters: str = "",
    translate: Translate = str,
) -> Sheet:
    """A finished picture. `size` is wide, narrow, home or print; `theme` light, dark or print.

    `height` in inches is for print, where what is free on the page decides; `letters` is for pages,
    one of `LETTERS`.
    """
    if size == "print":
        height = height or print_height(story)
        story = story_for(story, height)
        layout = wide_layout(story, PRINT[0], height)
    else:
        layout = page_layout(story, size, letters)
    colours = THEMES[theme]
    sheet = Sheet(layout.width, layout.height, colours.paper)
    _draw_fields(sheet, story, layout, colours)
    for row in layout.rows:
        _draw_panel(sheet, story, layout, row, colours)
        write_panel(sheet, story, layout, row, colours)
    _draw_lanes(sheet, layout, colours)
    write_lanes(sheet, story, layout, colours)
    write_heads(sheet, story, layout, colours)
    if layout.numbers:
        _draw_events(sheet, story, layout, colours)
        _draw_periods(sheet, story, layout, colours)
    _draw_lead(sheet, story, layout, colours)
    _draw_axis(sheet, story, layout, colours, translate)
    return sheet


def _draw_fields(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """A flag as a pale field in the panels and lanes that carry its evidence, gaps as hatching.

    Where a flag began is an interval: its field grows over it from nothing.
    """
    fields = [*story.others, *([story.lead] if story.lead else [])]
    for field in fields:
        edges = [
            (row.bottom, row.top) for row in layout.rows if row.panel.measure in field.measures
        ]
        edges += [
            (y - LANE_PITCH / 2, y + LANE_PITCH / 2)
            for lane, y in layout.lanes
            if lane.key in field.lanes
        ]
        _draw_field(sheet, story, layout, edges, field, colours)
    for row in layout.rows:
        for first, last in story.gaps if row.panel.gaps is None else row.panel.gaps:
            left, right = layout.x(first - 0.5), layout.x(last + 0.5)
            sheet.block(Box(left, row.bottom, right, row.top), colours.gap, hatch=True, z=1.5)


def _draw_field(
    sheet: Sheet,
    story: ChartStory,
    layout: Layout,
    edges: Sequence[tuple[float, float]],
    field: Field,
    colours: Theme,
) -> None:
    """The field of a flag between each pair of edges."""
    start, stop = _reach(field, story)
    pieces = []
    if field.onset is not None:
        first, last = max(field.onset[0], start), min(max(field.onset[1], start), stop)
        steps = np.linspace(layout.x(first), layout.x(last), _RAMP + 1).tolist()
        for number, (left, right) in enumerate(pairwise(steps)):
            share = (number + 1) / (_RAMP + 1)
            pieces.append((left, right, mixed(colours.paper, colours.flag_field, share)))
        start = last
    pieces.append((layout.x(start), layout.x(stop), colours.flag_field))
    for left, right, shade in pieces:
        sheet.blocks([Box(left, bottom, right, top) for bottom, top in edges], shade)


def _reach(field: Field, story: ChartStory) -> tuple[float, float]:
    """The part of a field that lies in the picture."""
    stop = story.today + 0.5 if field.stop is None else field.stop
    began = field.start if field.onset is None else field.onset[0]
    start = max(began, story.first - 0.5)
    return start, max(start, min(stop, story.last + 0.5))


def _draw_panel(sheet: Sheet, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    panel = row.panel
    _rules(sheet, layout, [row.y(value) for value, _ in panel.ticks], colours.grid)
    if panel.band:
        days, low, high = (np.array(part) for part in zip(*panel.band, strict=True))
        x = layout.x(days)
        sheet.area(x, row.y(low), row.y(high), colours.band, z=0.8)
        edges = [*row.y(low), np.nan, *row.y(high)]
        sheet.line([*x, np.nan, *x], edges, colours.band_edge, 0.7, z=0.9)
    if panel.middle:
        days, middle = (np.array(part) for part in zip(*panel.middle, strict=True))
        sheet.line(layout.x(days), row.y(middle), colours.band_edge, 0.9, dash=(4, 2), z=0.95)
    for day in panel.marks:
        ends = [row.bottom, row.top]
        sheet.line([layout.x(day)] * 2, ends, colours.quiet, 1.0, dash=(3, 2), z=3)
    if panel.before is not None and story.first == 0:
        y = row.y(panel.before)
        sheet.line([layout.left, layout.x(2.5)], [y, y], colours.quiet, 1.1, dash=(2, 1.5))
    if panel.days and story.is_long:
        _draw_weeks(sheet, layout, row, colours)
    else:
        _draw_dots(sheet, layout, row, colours)
    for place, bars in enumerate(panel.bars):
        for first, last, height in bars.pieces:
            left, right = layout.x(first - 0.5), layout.x(last + 0.5)
            box = Box(left, row.y(place), right, row.y(place + height))
            sheet.block(box, colours.dot, z=3)
    if panel.line:
        days, means = _broken(panel.line)
        width = 1.2 if story.is_long else 2.0
        sheet.line(layout.x(days), row.y(means), colours.ink, width, z=5)
    if panel.best is not None and layout.numbers:
        _draw_best(sheet, layout, row, colours)
    if panel.line and not layout.numbers:
        _draw_end(sheet, story, layout, row, colours)


def _draw_dots(sheet: Sheet, layout: Layout, row: Row, colours: Theme) -> None:
    """Single days; a day that was filled in later is hollow."""
    days, values = np.array(row.panel.days), np.array(row.panel.values)
    late = np.array(row.panel.late, dtype=bool)
    # Without a line the dots alone must be seen; of a few weeks each stands on its own.
    size = 2.6 if layout.narrow or not row.panel.line else 2.3
    size = 3.6 if layout.last - layout.first <= _FEW_DAYS else size
    if (~late).any():
        sheet.dots(layout.x(days[~late]), row.y(values[~late]), size, colours.dot)
    if late.any():
        x, y = layout.x(days[late]), row.y(values[late])
        sheet.rings(x, y, size + 0.9, colours.paper, colours.dot)


def _draw_weeks(sheet: Sheet, layout: Layout, row: Row, colours: Theme) -> None:
    """Every week from its lowest to its highest day, as one path; where no line is, single days."""
    days, values = np.array(row.panel.days), np.array(row.panel.values)
    alone = np.isin(days, row.panel.lone)
    if alone.any():
        sheet.dots(layout.x(days[alone]), row.y(values[alone]), 2.3, colours.dot)
    weeks, values = days[~alone] // 7, values[~alone]
    begins = np.flatnonzero(np.diff(weeks, prepend=-1))
    ends = np.full((len(begins), 3), np.nan)
    if begins.size:
        ends[:, 0] = row.y(np.minimum.reduceat(values, begins)) - 0.008
        ends[:, 1] = row.y(np.maximum.reduceat(values, begins)) + 0.008
    # Pale, or ten years of them bury the line.
    middles = np.repeat(layout.x(weeks[begins] * 7 + 3), 3)
    sheet.line(middles, ends.ravel(), colours.gap, 0.8, z=4, butt=True)


def _draw_lanes(sheet: Sheet, layout: Layout, colours: Theme) -> None:
    """A square for each day: full where somebody was needed the same day or sooner."""
    size = 5.0 if layout.last - layout.first <= _LONG_DAYS else 3.6
    for lane, y in layout.lanes:
        _rules(sheet, layout, [y], colours.grid)
        for days, fill in ((lane.calm, colours.paper), (lane.urgent, colours.ink)):
            for day in days:
                sheet.symbol(layout.x(day), y, "s", size, fill, colours.ink, z=4)


def _broken(line: tuple[tuple[int, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The line with NaN where a day is missing, so that it is never drawn across."""
    days = np.array([day for day, _ in line])
    means = np.array([mean for _, mean in line])
    cuts = np.flatnonzero(np.diff(days) > 1) + 1
    return np.insert(days.astype(float), cuts, np.nan), np.insert(means, cuts, np.nan)


def _draw_best(sheet: Sheet, layout: Layout, row: Row, colours: Theme) -> None:
    """A bracket along the person's own best week, on the better side of the line."""
    assert row.panel.best is not None
    first, last, mean = row.panel.best
    side = 1 if row.panel.higher_is_better else -1
    y = min(max(row.y(mean) + side * 0.07, row.bottom), row.top)
    end = y - side * 0.035
    left, right = layout.x(first), max(layout.x(last), layout.x(first) + 0.04)
    sheet.line([left, left, right, right], [end, y, y, end], colours.quiet, 0.9, z=6)


def _draw_end(sheet: Sheet, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    """A dot where the line ends; beside it the score of the last week, if it reaches to today."""
    day, mean = row.panel.line[-1]
    sheet.dots(layout.x(day), row.y(mean), 5.5, colours.ink, z=6)
    if day == story.today and is_score(row.panel.columns[2], row.panel):
        place = (layout.x(day) + 0.09, row.y(mean))
        sheet.text(*place, f"{round(mean)}", size=13, bold=True, colour=colours.ink)


def _rules(sheet: Sheet, layout: Layout, heights: Sequence[float], colour: str) -> None:
    """Fine lines across the picture, drawn as one."""
    across = [layout.left, layout.right, np.nan] * len(heights)
    sheet.line(across, np.repeat(heights, 3), colour, 0.7, z=0.5, butt=True)


def _upright(
    sheet: Sheet,
    layout: Layout,
    day: float,
    top: float,
    colour: str,
    width: float,
    *,
    dash: Sequence[float] = (),
    z: float = 2,
) -> None:
    """A line on a day, up to `top`; on a phone it leaves out the names between the panels."""
    if not layout.narrow:
        ends = [layout.bottom, top]
    else:
        ends = []
        for row in layout.rows:
            ends += [row.bottom, max(top, row.top) if row is layout.rows[0] else row.top, np.nan]
    sheet.line([layout.x(day)] * len(ends), ends, colour, width, dash=dash, z=z)


def _draw_events(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """A dotted line through every panel, and above it a symbol with the number of the key."""
    top, foot = layout.top + 0.03, layout.events_from - 0.02 if layout.narrow else layout.top + 0.03
    for placed in place_events(story, layout):
        y = layout.events_from + EVENT_PITCH * (placed.row + 0.5)
        _upright(sheet, layout, placed.day, top, colours.event, 0.8, dash=(1, 2), z=1)
        lead = [layout.x(placed.day), placed.x]
        sheet.line(lead, [foot, y - 0.06], colours.event, 0.6, z=1)
        sheet.symbol(placed.x, y, placed.shape, 11, colours.paper, colours.quiet, z=7)
        number = str(placed.number)
        sheet.text(placed.x, y, number, size=7, colour=colours.ink, ha="center", z=8)


def _draw_periods(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """A bar over each period that is compared, named A and B as in the table."""
    for letter, (first, last) in zip("AB", story.periods, strict=False):
        if first > last:
            continue
        left, right = layout.x(first - 0.4), layout.x(last + 0.4)
        y = layout.periods_at
        sheet.line([left, right], [y, y], colours.quiet, 1.6, z=9, butt=True)
        for x in (left, right):
            sheet.line([x, x], [y - 0.05, y], colours.quiet, 1.2, z=9, butt=True)
        middle = min(max((left + right) / 2, layout.left + 0.05), layout.right - 0.05)
        sheet.text(
            middle, y, letter, size=8, bold=True, colour=colours.ink, ha="center",
            patch=colours.paper, z=9,
        )  # fmt: skip


def _draw_lead(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """The day a flag was noticed as a line, where it began as a bar over its interval, and when."""
    if story.lead is None:
        return
    noticed = max(story.lead.noticed, story.first)
    if story.lead.noticed >= story.first:
        _upright(sheet, layout, noticed, layout.top + 0.05, colours.flag, 1.4, z=2)
    start = max(story.lead.start, story.first)
    if story.lead.onset is not None and story.lead.onset[1] >= story.first:
        first, last = (max(day, story.first) for day in story.lead.onset)
        y = layout.top + 0.02
        sheet.line([layout.x(first), layout.x(last)], [y, y], colours.flag, 2.2, z=6, butt=True)
        if story.lead.start >= story.first:
            sheet.dots(layout.x(start), y, 5, colours.flag, z=6)
    text, size = flag_words(story.lead.label, layout.width)
    longest = max(text.split("\n"), key=len)
    x = layout.x(start)
    after = x + 0.05
    if after + width_of(longest, size, bold=True) > layout.width:
        after = x - 0.05 - width_of(longest, size, bold=True)
    spot = label_spot(longest, size, after, (0.0, layout.width), bold=True)
    sheet.text(spot, layout.flag_at, text, size=size, bold=True, colour=colours.flag)


def _draw_axis(
    sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme, translate: Translate
) -> None:
    """The time axis: numbers from the operation on, dates below them where they fit."""
    y = layout.bottom - 0.03
    _rules(sheet, layout, [y], colours.quiet)
    unit, ticks = time_ticks(story, layout, translate)
    places = np.repeat([layout.x(tick.day) for tick in ticks], 3)
    sheet.line(places, [y - 0.04, y, np.nan] * len(ticks), colours.quiet, 0.7, butt=True)
    for tick in ticks:
        x = layout.x(tick.day)
        size = 10 if layout.narrow else 9
        sheet.text(x, y - 0.12, tick.label, size=size, colour=colours.ink, ha="center")
        if tick.date and not layout.narrow:
            sheet.text(x, y - 0.29, tick.date, size=8.4, colour=colours.quiet, ha="center")
    name = story.words[unit]
    if layout.narrow:
        text = cut_to(name, 9.6, layout.width)
        sheet.text(layout.width, y - 0.33, text, size=9.6, colour=colours.quiet, ha="right")
    else:
        text = cut_to(name, 8.6, layout.left - 0.12)
        sheet.text(0, y - 0.12, text, size=8.6, colour=colours.quiet)
