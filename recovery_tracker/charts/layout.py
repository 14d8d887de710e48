"""Where everything on a chart stands, in inches from the lower left corner of the picture.

Fixed margins instead of a fitted layout: faster, and the same place on every patient's chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .events import EVENT_PITCH, event_rows
from .lanes import Lane
from .letters import folded, width_of
from .panels import Panel
from .sheet import PIXELS_PER_INCH
from .story import ChartStory

#: Inches; the lanes of signs and the rows of events come on top of these heights.
WIDE = (8.56, 5.20)
NARROW_WIDTH = 3.26
PRINT = (7.27, 4.72)
PRINT_WIDTH = PRINT[0]

#: How much larger the letters of a page's picture are, for each text size that a reader may choose:
#: those of the page itself (`app.css`). A picture fills its column, so the same letters on a
#: narrower sheet are larger ones.
LETTERS = {"": 1.0, "large": 1.18, "largest": 1.4}
#: A narrower sheet than this has no room for two texts beside each other above a panel.
_TIGHT = 3.0

#: Share of the height by measure.
_WEIGHTS = {
    "axial_pain": 1.12,
    "limb_pain": 0.62,
    "numbness": 0.44,
    "mobility": 0.54,
    "steps": 0.56,
    "own_item": 0.36,
}
_WEIGHT_OPIOIDS = 0.36
_WEIGHT_TABLETS = 0.40
_WEIGHT_WALKING = 0.66

EVENT_SIZE = 8.4
#: Font sizes for a flag's words, in points; the first that fits is used.
_FLAG_SIZES = (9.0, 8.2, 7.4)

#: Height of a lane of signs, on a phone with its name above it; and of the head of all lanes.
LANE_PITCH = 0.17
_NARROW_LANE = 0.42
_TIGHT_LANE = 0.60
_LANES_HEAD = 0.24
#: Room for the bars of two periods on a phone; a wide picture has it anyway.
_NARROW_PERIODS = 0.16

#: A sheet lower than this gives height to the panels of the flag: the others keep this share.
_LOW = 4.4
_BESIDE = 0.7

#: Least height above the panels of a wide picture, and what the words of a flag add.
_HEAD = 0.36
_FLAG = 0.14


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
    #: Lower edge of the first row of event symbols.
    events_from: float
    #: Centres of the columns before, best and last, and their width.
    columns: tuple[float, float, float]
    column_width: float
    first: int
    last: int
    #: The bars of the periods that are compared.
    periods_at: float = 0.0
    #: Each lane of signs with its middle.
    lanes: tuple[tuple[Lane, float], ...] = ()

    def x(self, day: Any) -> Any:
        """A postoperative day, or an array of them, on the time axis."""
        share = (day - self.first + 0.5) / (self.last - self.first + 1.5)
        return self.left + share * (self.right - self.left)

    @property
    def tight(self) -> bool:
        """Whether what else stands beside each other above a panel stands below each other."""
        return self.narrow and self.width < _TIGHT

    @property
    def bottom(self) -> float:
        """Lower edge of the lowest panel or lane."""
        lanes = (y - LANE_PITCH / 2 for _, y in self.lanes)
        return min(*(row.bottom for row in self.rows), *lanes)

    @property
    def top(self) -> float:
        """Upper edge of the highest panel."""
        return max(row.top for row in self.rows)


def wide_height(story: ChartStory, width: float = WIDE[0]) -> float:
    """Height of the wide chart: its panels, plus the lanes of signs and the rows of events."""
    return WIDE[1] + _added(story, width)


def print_height(story: ChartStory, share: float = 1.0) -> float:
    """Least height on paper; `share` gives the panels more where the page has room."""
    return PRINT[1] * share + _added(story, PRINT[0])


def story_for(story: ChartStory, height: float) -> ChartStory:
    """The story on a sheet of paper this high: a low one leaves out the answers about all tablets
    where strong painkillers were counted too; the report says the last of them in words.
    """
    counted = any(panel.measure == "opioid_doses" for panel in story.panels)
    if height >= _LOW or not counted:
        return story
    kept = tuple(panel for panel in story.panels if panel.measure != "painkiller_change")
    return replace(story, panels=kept)


def _added(story: ChartStory, width: float) -> float:
    rows = event_rows(story, _wide_layout(story, width, WIDE[1], head=_HEAD))
    # Up to two rows of events, or a crowd of them, stand where the head has room anyway.
    return _lanes_height(story) + EVENT_PITCH * max(0, rows - 2)


def _lanes_height(story: ChartStory) -> float:
    return _LANES_HEAD + LANE_PITCH * len(story.lanes) if story.lanes else 0.0


def wide_layout(story: ChartStory, width: float, height: float) -> Layout:
    """Panels beside their names and numbers, under a head as high as its events need."""
    rows = event_rows(story, _wide_layout(story, width, height, head=_HEAD))
    head = _HEAD + EVENT_PITCH * rows
    return _wide_layout(story, width, height, head=head + (_FLAG if story.lead else 0))


def _wide_layout(story: ChartStory, width: float, height: float, *, head: float) -> Layout:
    foot, group = 0.42, 0.20
    # On a low sheet the air between panels shrinks with it, and those beside a flag shrink more.
    gap = min(0.17, 0.036 * height)
    weights = [_weight(panel, story) for panel in story.panels]
    if story.lead is not None and height < _LOW:
        marked = [panel.measure in story.lead.measures for panel in story.panels]
        if any(marked):
            weights = [w * (1 if m else _BESIDE) for w, m in zip(weights, marked, strict=True)]
    grouped = any(panel.higher_is_better for panel in story.panels)
    free = height - head - foot - gap * (len(weights) - 1) - (group if grouped else 0)
    free -= _lanes_height(story)
    scale = free / sum(weights)
    rows: list[Row] = []
    top = height - head
    for panel, weight in zip(story.panels, weights, strict=True):
        begins = panel.higher_is_better and not any(r.panel.higher_is_better for r in rows)
        top -= (group if begins else 0) + weight * scale
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
        events_from=height - head + 0.32,
        periods_at=height - head + 0.12,
        columns=(width - 1.64, width - 0.98, width - 0.33),
        column_width=0.61,
        first=story.first,
        last=story.last,
        lanes=tuple(
            (lane, top + gap - _LANES_HEAD - LANE_PITCH * (number + 0.5))
            for number, lane in enumerate(story.lanes)
        ),
    )


def page_layout(story: ChartStory, size: str, letters: str = "") -> Layout:
    """The picture of a page: `size` is wide, narrow or home, `letters` one of `LETTERS`."""
    larger = LETTERS[letters]
    if size == "wide":
        width = WIDE[0] / larger
        return wide_layout(story, width, wide_height(story, width))
    return narrow_layout(story, numbers=size == "narrow", width=NARROW_WIDTH / larger)


def narrow_layout(
    story: ChartStory, *, numbers: bool = True, width: float = NARROW_WIDTH
) -> Layout:
    """Panels below their names, for a phone; as high as it needs to be.

    Without `numbers` it is the small picture of the home page, which stands under sentences that
    say them: only the last one is written, at the end of its line.
    """
    foot, gap = 0.48, 0.16
    heads, title, end = (0.17, 0.58, 0.14) if numbers else (0.0, 0.33, 0.42)
    lane_pitch = _NARROW_LANE
    if width < _TIGHT:
        heads, title = (0.30, 0.88) if numbers else (0.0, 0.50)
        lane_pitch = _TIGHT_LANE
    # Room for the words of a flag and of what happened, where there are any.
    said, _size = flag_words(story.lead.label if story.lead else "", width)
    flag = 0.20 * len(said.splitlines())
    rows_of_events = _narrow_rows(story, width, end) if numbers else 0
    periods = _NARROW_PERIODS if any(a <= b for a, b in story.periods) else 0.0
    labels = 0.06 + EVENT_PITCH * rows_of_events + flag + periods
    heights = [0.58 + 0.45 * _weight(panel, story) for panel in story.panels]
    lanes = story.lanes if numbers else ()
    height = heads + labels + foot + sum(heights) + (title + gap) * len(heights)
    height += lane_pitch * len(lanes)
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
        heads_at=height - heads / 2 + 0.015,
        flag_at=rows[0].top + labels - 0.09 - (flag - 0.20) / 2 * bool(flag),
        events_from=rows[0].top + 0.06 + periods,
        periods_at=rows[0].top + 0.09,
        columns=(0.16 * width, 0.5 * width, 0.84 * width),
        column_width=0.32 * width,
        first=story.first,
        last=story.last,
        lanes=tuple(
            (lane, top - lane_pitch * (number + 1) + 0.16) for number, lane in enumerate(lanes)
        ),
    )


def flag_words(label: str, width: float) -> tuple[str, float]:
    """The words of a flag on one or two lines, and their size in points."""
    for size in _FLAG_SIZES:
        said = folded(label, size, width, bold=True)
        if "…" not in said:
            break
    return said, size


def _narrow_rows(story: ChartStory, width: float, end: float) -> int:
    """Rows that the symbols of events take on a phone: only the time axis decides."""
    axis = Layout(
        True, True, width, 0.0, 0.84, width - end, (), 0.0, 0.0, 0.0, (0.0,) * 3, 0.0,
        story.first, story.last,
    )  # fmt: skip
    return event_rows(story, axis)


def _weight(panel: Panel, story: ChartStory) -> float:
    """A panel that the flag is about is as tall as that of back pain."""
    if panel.measure == story.leading and panel.measure in ("limb_pain", "numbness"):
        return _WEIGHTS["axial_pain"]
    if panel.measure == "axial_pain" and story.leading in ("limb_pain", "numbness"):
        return _WEIGHTS["limb_pain"]
    if panel.measure == "opioid_doses":
        return _WEIGHT_OPIOIDS
    if panel.measure == "painkiller_change":
        return _WEIGHT_TABLETS
    if panel.bars:
        return 0.08 + 0.26 * len(panel.bars)
    return _WEIGHTS.get(panel.measure, _WEIGHT_WALKING)


def axis_shares(story: ChartStory) -> dict[str, tuple[float, float]]:
    """By size, where the time axis begins and ends as shares of the picture's width.

    A page needs them to say which day a pointer is on.
    """
    shares = {}
    for size in ("wide", "narrow"):
        layout = page_layout(story, size)
        shares[size] = (layout.left / layout.width, layout.right / layout.width)
    return shares


def pixel_sizes(story: ChartStory, letters: str = "") -> dict[str, tuple[int, int]]:
    """By size, width and height of the picture in CSS pixels, with letters as in `LETTERS`.

    A page keeps that place free, so that nothing moves when the picture arrives.
    """
    sizes = {}
    for size in ("wide", "narrow", "home"):
        layout = page_layout(story, size, letters)
        width, height = layout.width * PIXELS_PER_INCH, layout.height * PIXELS_PER_INCH
        sizes[size] = (round(width), round(height))
    return sizes


def label_spot(
    text: str, size: float, x: float, edges: Sequence[float], *, bold: bool = False
) -> float:
    """The left end of a label that begins at `x`, or as near to it as the edges allow."""
    low, high = edges
    return max(low, min(x, high - width_of(text, size, bold)))
