"""Where everything on a chart stands, in inches from the lower left corner of the picture.

Fixed margins instead of a fitted layout: faster, and the same place on every patient's chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .panels import Panel
from .story import ChartStory, Tick
from .style import cut_to, width_of

#: Pages show a picture at this many pixels to the inch.
PIXELS_PER_INCH = 100

#: Inches.
WIDE = (8.56, 5.20)
NARROW_WIDTH = 3.26
PRINT = (7.27, 4.55)

#: Share of the height by measure.
_WEIGHTS = {"axial_pain": 1.12, "limb_pain": 0.62, "numbness": 0.44, "mobility": 0.54}
_WEIGHT_OPIOIDS = 0.36
_WEIGHT_TABLETS = 0.40
_WEIGHT_WALKING = 0.66

EVENT_SIZE = 8.4
EVENT_PITCH = 0.155

#: Least height above the panels of a wide picture, and what the words of a flag add.
_HEAD = 0.36
_FLAG = 0.14

#: An event's label is dropped rather than cut below this width; its line stays.
_SHORTEST_LABEL = 0.45


@dataclass(frozen=True, slots=True)
class Row:
    """Where one panel stands: its lower edge, its height, and the upper edge of its name."""

    panel: Panel
    bottom: float
    height: float
    names_from: float

    @property
    def top(self) -> float:
        return self.bottom + self.height

    def y(self, value: Any) -> Any:
        """A value of the measure's scale, or an array of them, with a little air at both ends."""
        share = (value / self.panel.high + 0.04) / 1.08
        return self.bottom + share * self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """The frame of one picture; `left` and `right` are the edges of the time axis."""

    narrow: bool
    #: Whether the numbers before, best and last stand beside each panel.
    numbers: bool
    width: float
    height: float
    left: float
    right: float
    rows: tuple[Row, ...]
    #: Centre of the column heads, and of the words of the flag.
    heads_at: float
    flag_at: float
    #: Lower edge of the first row of event labels.
    events_from: float
    event_rows: int
    #: Centres of the columns before, best and last, and their width.
    columns: tuple[float, float, float]
    column_width: float
    first: int
    last: int

    def x(self, day: Any) -> Any:
        """A postoperative day, or an array of them, on the time axis."""
        share = (day - self.first + 0.5) / (self.last - self.first + 1.5)
        return self.left + share * (self.right - self.left)

    @property
    def bottom(self) -> float:
        """Lower edge of the lowest panel."""
        return min(row.bottom for row in self.rows)

    @property
    def top(self) -> float:
        """Upper edge of the highest panel."""
        return max(row.top for row in self.rows)


def wide_layout(story: ChartStory, width: float, height: float) -> Layout:
    """Panels beside their names and numbers, under a head as high as its labels need."""
    layout = _wide_layout(story, width, height, head=_HEAD)
    labels = [placed.row + 1 for placed in place_events(story, layout) if placed.text]
    head = max(_HEAD, 0.10 + EVENT_PITCH * max(labels, default=0))
    return _wide_layout(story, width, height, head=head + (_FLAG if story.lead else 0))


def _wide_layout(story: ChartStory, width: float, height: float, *, head: float) -> Layout:
    foot, gap, group = 0.42, 0.17, 0.20
    weights = [_weight(panel) for panel in story.panels]
    grouped = any(panel.higher_is_better for panel in story.panels)
    free = height - head - foot - gap * (len(weights) - 1) - (group if grouped else 0)
    scale = free / sum(weights)
    rows = []
    top = height - head
    for panel, weight in zip(story.panels, weights, strict=True):
        top -= (group if panel.higher_is_better else 0) + weight * scale
        rows.append(Row(panel, top, weight * scale, top + weight * scale))
        top -= gap
    return Layout(
        narrow=False,
        numbers=True,
        width=width,
        height=height,
        left=1.86 if width > 8 else 1.72,
        right=width - 2.06,
        rows=tuple(rows),
        heads_at=height - head + 0.17,
        flag_at=height - 0.09,
        events_from=height - head + 0.055,
        event_rows=3,
        columns=(width - 1.64, width - 0.98, width - 0.33),
        column_width=0.61,
        first=story.first,
        last=story.last,
    )


def narrow_layout(story: ChartStory, *, numbers: bool = True) -> Layout:
    """Panels below their names, for a phone; as high as it needs to be.

    Without `numbers` it is the small picture of the home page, which stands under sentences that
    say them: only the last one is written, at the end of its line.
    """
    width, foot, gap = NARROW_WIDTH, 0.48, 0.16
    heads, title, end = (0.17, 0.58, 0.14) if numbers else (0.0, 0.33, 0.42)
    # Room for the words of a flag and of what happened, where there are any.
    flag, rows_of_events = (0.20 if story.lead else 0.0), (2 if story.events and numbers else 0)
    labels = 0.06 + EVENT_PITCH * rows_of_events + flag
    heights = [0.58 + 0.45 * _weight(panel) for panel in story.panels]
    height = heads + labels + foot + sum(heights) + (title + gap) * len(heights)
    rows = []
    top = height - heads
    for number, (panel, tall) in enumerate(zip(story.panels, heights, strict=True)):
        names = top
        top -= title + tall + (0 if number else labels)
        rows.append(Row(panel, top, tall, names))
        top -= gap
    return Layout(
        narrow=True,
        numbers=numbers,
        width=width,
        height=height,
        left=0.84,
        right=width - end,
        rows=tuple(rows),
        heads_at=height - 0.07,
        flag_at=rows[0].top + labels - 0.09,
        events_from=rows[0].top + 0.06,
        event_rows=2,
        columns=(0.52, 1.63, 2.73),
        column_width=1.04,
        first=story.first,
        last=story.last,
    )


def _weight(panel: Panel) -> float:
    if panel.measure == "opioid_doses":
        return _WEIGHT_OPIOIDS
    if panel.measure == "painkiller_change":
        return _WEIGHT_TABLETS
    return _WEIGHTS.get(panel.measure, _WEIGHT_WALKING)


@dataclass(frozen=True, slots=True)
class Placed:
    """An event with its label, where one found room; `text` is "" where none did."""

    day: int
    text: str
    row: int
    left: float


def place_events(story: ChartStory, layout: Layout) -> tuple[Placed, ...]:
    """Labels on as few rows as needed, never over each other or over another's line.

    Several ways of handing out the rows are tried, and the one that shows most of the labels is
    kept. The first begins with the latest event, right of its line in the lowest row with room, so
    that the line of an earlier one rises past it.
    """
    tries = [
        _placed(events, story, layout, right_first)
        for events in (story.events[::-1], story.events)
        for right_first in (True, False)
    ]
    return max(tries, key=lambda placed: sum(len(event.text) for event in placed))


def _placed(
    events: Sequence[Tick], story: ChartStory, layout: Layout, right_first: bool
) -> tuple[Placed, ...]:
    taken: list[list[tuple[float, float]]] = [[] for _ in range(layout.event_rows)]
    if story.lead is not None and story.lead.start >= story.first:
        line = layout.x(story.lead.start)
        for row in taken:
            row.append((line - 0.02, line + 0.02))
    return tuple(_place(event, layout, taken, right_first) for event in events)


def _place(
    event: Tick, layout: Layout, taken: list[list[tuple[float, float]]], right_first: bool
) -> Placed:
    """Right or left of its line, else cut short in the widest room that is left, else left out."""
    x = layout.x(event.day)
    full = width_of(event.label, EVENT_SIZE) + 0.1
    rooms = _rooms(x, layout, taken)
    right = [(number, x) for number, _, after in rooms if after >= full]
    left = [(number, x - full) for number, before, _ in rooms if before >= full]
    for number, start in right + left if right_first else left + right:
        return _take(event, taken, number, x, (start, full), event.label)
    if rooms:
        number, before, after = max(rooms, key=lambda room: max(room[1], room[2]))
        room = max(before, after)
        if room >= _SHORTEST_LABEL:
            text = cut_to(event.label, EVENT_SIZE, room - 0.12)
            width = width_of(text, EVENT_SIZE) + 0.1
            start = x if after >= before else x - width
            return _take(event, taken, number, x, (start, width), text)
    return Placed(event.day, "", 0, x)


def _rooms(
    x: float, layout: Layout, taken: list[list[tuple[float, float]]]
) -> list[tuple[int, float, float]]:
    """Row, room before and room after `x` in every row that the line at `x` can reach."""
    edge = (0.0 if layout.narrow else layout.left - 0.02, layout.right + 0.1)
    rooms = []
    for number, row in enumerate(taken):
        # The line of this event rises to its label, so nothing may stand in its way.
        if any(low < x + 0.01 and high > x - 0.01 for low, high in row):
            break
        stop = min([edge[1], *(low for low, high in row if low > x)])
        start = max([edge[0], *(high for low, high in row if high < x)])
        rooms.append((number, x - start, stop - x))
    return rooms


def _take(
    event: Tick,
    taken: list[list[tuple[float, float]]],
    number: int,
    x: float,
    place: tuple[float, float],
    text: str,
) -> Placed:
    left, width = place
    taken[number].append((left, left + width))
    for row in taken[:number]:
        row.append((x - 0.01, x + 0.01))
    return Placed(event.day, text, number, left + 0.05)


def axis_shares(story: ChartStory) -> dict[str, tuple[float, float]]:
    """By size, where the time axis begins and ends as shares of the picture's width.

    A page needs them to say which day a pointer is on.
    """
    shares = {}
    for size, layout in (("wide", wide_layout(story, *WIDE)), ("narrow", narrow_layout(story))):
        shares[size] = (layout.left / layout.width, layout.right / layout.width)
    return shares


def pixel_sizes(story: ChartStory) -> dict[str, tuple[int, int]]:
    """By size, width and height of the picture in CSS pixels.

    A page keeps that place free, so that nothing moves when the picture arrives.
    """
    sizes = {}
    layouts = {
        "wide": wide_layout(story, *WIDE),
        "narrow": narrow_layout(story),
        "home": narrow_layout(story, numbers=False),
    }
    for size, layout in layouts.items():
        width, height = layout.width * PIXELS_PER_INCH, layout.height * PIXELS_PER_INCH
        sizes[size] = (round(width), round(height))
    return sizes


def label_spot(
    text: str, size: float, x: float, edges: Sequence[float], *, bold: bool = False
) -> float:
    """The left end of a label that begins at `x`, or as near to it as the edges allow."""
    low, high = edges
    return max(low, min(x, high - width_of(text, size, bold)))
