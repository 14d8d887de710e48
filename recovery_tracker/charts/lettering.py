"""The words of the picture: names, scales, numbers, and what explains the marks."""

from .layout import LANE_PITCH, Layout, Row
from .letters import cut_to, folded, width_of
from .panels import Panel
from .sheet import Sheet
from .story import ChartStory
from .style import Theme

#: A gap is named where its hatching is at least this wide, in inches.
_VISIBLE = 0.08


def write_panel(sheet: Sheet, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    """The name, the ends of the scale and the three numbers of one panel."""
    reach = _write_scale(sheet, layout, row, colours)
    if layout.narrow:
        _write_narrow_title(sheet, layout, row, colours)
    else:
        _write_title(sheet, row, layout.left - 0.14 - reach, colours)
    if layout.numbers:
        _write_numbers(sheet, story, layout, row, colours)


def _write_scale(sheet: Sheet, layout: Layout, row: Row, colours: Theme) -> float:
    """The ends of the scale and what has room between them; returns how wide they are."""
    panel = row.panel
    reach = 0.0
    scale = 9.0 if layout.narrow else 8.4
    if panel.bars:
        # Every row of bars keeps its name, in smaller letters where the rows are low.
        scale = min(scale, (row.y(1) - row.y(0)) * 72 / 1.15)
    ends = {panel.ticks[0][0]: "bottom", panel.ticks[-1][0]: "top"} if panel.ticks else {}
    for value, label in _ticks_with_room(row, scale):
        shown = cut_to(label, scale, layout.left - 0.12 if layout.narrow else 0.9)
        if layout.narrow and not panel.bars:
            shown = folded(label, scale, layout.left - 0.10)
        folds = "\n" in shown
        nudge = 0.06 if folds and value else -0.06 if folds else 0
        sheet.text(
            layout.left - 0.06,
            row.y(value) + nudge,
            shown,
            va=ends.get(value, "center") if folds else "center",
            size=scale,
            ha="right",
            colour=colours.quiet,
            spacing=0.95,
        )
        reach = max(reach, *(width_of(line, scale) for line in shown.split("\n")))
    return reach


def _write_title(sheet: Sheet, row: Row, room: float, colours: Theme) -> None:
    """The name beside the panel, in as much room."""
    panel = row.panel
    # Some languages have longer words than others.
    words = panel.title.split()
    fits = (s for s in (10.4, 9.4) if all(width_of(w, s, bold=True) <= room for w in words))
    size = next(fits, 9.4)
    title = folded(panel.title, size, room, bold=True)
    # On the line of the upper end of the scale: a reader of the page that finds one a little
    # below the other breaks the words in two, and "Walking" cannot be searched.
    beside = bool(panel.ticks) and not panel.bars and "\n" not in title
    sheet.text(
        0,
        row.y(panel.ticks[-1][0]) if beside else row.top - 0.02,
        title,
        size=size,
        colour=colours.ink,
        bold=True,
        va="center" if beside else "top",
        spacing=1.0,
    )


def _ticks_with_room(row: Row, size: float) -> list[tuple[float, str]]:
    """The ends of the scale, and the ticks between them that have room for their words.

    A panel too low for both ends shows only the upper one.
    """
    ticks = row.panel.ticks
    if len(ticks) < 2 or row.panel.bars:
        return list(ticks)
    first, *between, last = ticks
    pitch = size * 1.15 / 72
    low, high = row.y(first[0]), row.y(last[0])
    if high - low < 0.9 * pitch:
        return [last]
    kept = [tick for tick in between if low + pitch <= row.y(tick[0]) <= high - pitch]
    return [first, *kept, last]


def is_score(text: str, panel: Panel) -> bool:
    """Whether a number stands in a column, and not words in its place."""
    scored = panel.measure not in ("numbness", "mobility", "walking")
    return scored and len(text) < 5 and not text.isalpha()


def _write_numbers(
    sheet: Sheet, story: ChartStory, layout: Layout, row: Row, colours: Theme
) -> None:
    """Before, best week and last week of one panel; below, the days where they are other ones."""
    centre = row.bottom + row.height / 2
    if layout.narrow:
        centre = row.names_from - (0.58 if layout.tight else 0.40)
    # Beside a flag only what carries its evidence is bold.
    is_marked = story.lead is None or row.panel.measure in story.lead.measures
    columns = zip(layout.columns, row.panel.columns, story.window_notes(row.panel), strict=True)
    for number, (x, text, note) in enumerate(columns):
        bold = number == 2 and is_marked
        size = (13.0 if bold else 11.0) if is_score(text, row.panel) else (9.4 if bold else 8.8)
        if layout.narrow:
            fits = (s for s in (11.0, 10.0) if width_of(text, s, bold) <= layout.column_width)
            size = next(fits, 9.4)
        shown = folded(text, size, layout.column_width, bold)
        if layout.narrow and not layout.tight:
            shown = cut_to(text, size, layout.column_width, bold)
        lines = shown.count("\n") + 1
        drop = 0.085 * lines + (0.080 if size > 10 else 0.055)
        if layout.narrow:
            drop = 0.215 if layout.tight else 0.145
        lift = 0.055 if note and not layout.narrow else 0.0
        spot = (x, centre + lift, shown)
        sheet.text(*spot, size=size, colour=colours.ink, bold=bold, ha="center", spacing=1.05)
        if note:
            sheet.text(x, centre + lift - drop, note, size=8.0, colour=colours.quiet, ha="center")


def _write_narrow_title(sheet: Sheet, layout: Layout, row: Row, colours: Theme) -> None:
    """The name and, beside it or below, which way is better."""
    direction = row.panel.direction
    y = row.names_from - 0.15
    if layout.tight:
        title = cut_to(row.panel.title, 12.0, layout.width, bold=True)
        sheet.text(0, y, title, size=12.0, bold=True, colour=colours.ink)
        sheet.text(0, y - 0.18, direction, size=10.0, colour=colours.quiet)
        return
    room = layout.width - width_of(direction, 10.0) - 0.12
    title = cut_to(row.panel.title, 12.0, room, bold=True)
    sheet.text(0, y, title, size=12.0, bold=True, colour=colours.ink)
    after = width_of(title, 12.0, bold=True) + 0.12
    sheet.text(after, y, direction, size=10.0, colour=colours.quiet)


def write_lanes(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """Beside each lane of ticked signs its name, and how often and when last."""
    marked = story.lead.lanes if story.lead else ()
    for lane, y in layout.lanes:
        bold = lane.key in marked
        if layout.tight:
            sheet.text(0.0, y + 0.33, lane.title, size=10.5, bold=True, colour=colours.ink)
            below = cut_to(lane.said, 10.0, layout.width, bold)
            sheet.text(0.0, y + 0.17, below, size=10, colour=colours.ink, bold=bold)
            continue
        if layout.narrow:
            up = y + 0.17
            sheet.text(0.0, up, lane.title, size=10.5, bold=True, colour=colours.ink)
            room = layout.width - width_of(lane.title, 10.5, bold=True) - 0.12
            said = (layout.width, up, cut_to(lane.said, 10.0, room, bold))
            sheet.text(*said, size=10, colour=colours.ink, bold=bold, ha="right")
            continue
        title = cut_to(lane.title, 9.4, layout.left - 0.14, bold=True)
        sheet.text(0, y, title, size=9.4, bold=True, colour=colours.ink)
        left = layout.right + 0.12
        room = layout.width - left
        size = next((s for s in (9.0, 8.4) if width_of(lane.said, s, bold) <= room), 7.8)
        beside = cut_to(lane.said, size, room, bold)
        sheet.text(left, y, beside, size=size, colour=colours.ink, bold=bold)


def write_heads(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """The heads of the columns and of both groups, and the words that explain the marks."""
    words = story.words
    heads = story.heads if layout.numbers else ()
    for x, text in zip(layout.columns, heads, strict=False):
        size = 9.2 if layout.narrow else 8.8
        is_one = layout.narrow and not layout.tight
        head = folded(text, size, layout.column_width, most=1 if is_one else 2)
        sheet.text(x, layout.heads_at, head, size=size, colour=colours.quiet, ha="center")
    if not layout.narrow:
        _write_groups(sheet, story, layout, colours)
    # Words over hatching or grid stand on a patch of the paper's colour.
    if story.gaps and len(layout.rows) > 1 and not layout.narrow:
        first, last = max(story.gaps, key=lambda gap: gap[1] - gap[0])
        if layout.x(last) - layout.x(first) >= _VISIBLE:
            half = width_of(words["gap"], 8.4) / 2
            middle = (layout.x(first) + layout.x(last)) / 2
            x = min(max(middle, layout.left + half), layout.right - half)
            y = layout.rows[0].bottom - 0.085
            sheet.text(
                x, y, words["gap"], size=8.4, colour=colours.quiet, ha="center", patch=colours.paper
            )
    if not any(panel.days for panel in story.panels):
        x = (layout.left + layout.right) / 2
        # Low in the panel, under the published range.
        y = layout.rows[0].bottom + layout.rows[0].height * 0.1
        sheet.text(
            x, y, words["empty"], size=10.4, colour=colours.quiet, ha="center", patch=colours.paper
        )


def _write_groups(sheet: Sheet, story: ChartStory, layout: Layout, colours: Theme) -> None:
    words = story.words
    groups = [("symptoms", "lower", layout.top + 0.17)]
    walking = next((row for row in layout.rows if row.panel.higher_is_better), None)
    if walking is not None:
        groups.append(("movement", "higher", walking.top + 0.17))
    if layout.lanes:
        top = layout.lanes[0][1] + LANE_PITCH / 2 + 0.10
        head = cut_to(words["signs"], 8.6, layout.left - 0.14, bold=True)
        sheet.text(0, top, head, size=8.6, bold=True, colour=colours.quiet)
    for name, direction, y in groups:
        head = cut_to(words[name], 8.6, 0.95, bold=True)
        sheet.text(0, y, head, size=8.6, bold=True, colour=colours.quiet)
        after = width_of(head, 8.6, bold=True) + 0.1
        shown = cut_to(words[direction], 8.8, layout.left - after - 0.02)
        sheet.text(after, y, shown, size=8.8, colour=colours.quiet)
