"""The words of the picture: names, scales, numbers, and what explains the marks."""

from collections.abc import Callable

from .layout import Layout, Row
from .panels import Panel
from .story import ChartStory
from .style import Theme, cut_to, folded, width_of

#: Writes at a place in inches; takes what Matplotlib's `text` takes.
Write = Callable[..., object]

#: A gap is named where its hatching is at least this wide, in inches.
_VISIBLE = 0.08


def write_panel(write: Write, story: ChartStory, layout: Layout, row: Row, colours: Theme) -> None:
    """The name, the ends of the scale and the three numbers of one panel."""
    panel = row.panel
    reach = 0.0
    scale = 9.0 if layout.narrow else 8.4
    for value, label in panel.ticks:
        shown = cut_to(label, scale, layout.left - 0.12 if layout.narrow else 0.9)
        if layout.narrow:
            shown = folded(label, scale, layout.left - 0.10)
        ends = {panel.ticks[0][0]: "bottom", panel.ticks[-1][0]: "top"}
        folds = "\n" in shown
        nudge = 0.06 if folds and value else -0.06 if folds else 0
        write(
            layout.left - 0.06,
            row.y(value) + nudge,
            shown,
            va=ends.get(value, "center") if folds else "center",
            fontsize=scale,
            ha="right",
            color=colours.quiet,
            linespacing=0.95,
        )
        reach = max(reach, *(width_of(line, scale) for line in shown.split("\n")))
    if layout.narrow:
        _write_narrow_title(write, layout, row, colours)
    else:
        room = layout.left - 0.14 - reach
        # Some languages have longer words than others.
        words = panel.title.split()
        fits = (s for s in (10.4, 9.4) if all(width_of(w, s, bold=True) <= room for w in words))
        size = next(fits, 9.4)
        write(
            0,
            row.top - 0.02,
            folded(panel.title, size, room, bold=True),
            fontsize=size,
            weight="bold",
            va="top",
            linespacing=1.0,
        )
    if layout.numbers:
        _write_numbers(write, story, layout, row, colours)


def is_score(text: str, panel: Panel) -> bool:
    """Whether a number stands in a column, and not words in its place."""
    scored = panel.measure not in ("numbness", "mobility", "walking")
    return scored and len(text) < 5 and not text.isalpha()


def _write_numbers(
    write: Write, story: ChartStory, layout: Layout, row: Row, colours: Theme
) -> None:
    """Before, best week and last week of one panel; below, the days where they are other ones."""
    centre = row.names_from - 0.40 if layout.narrow else row.bottom + row.height / 2
    marked = story.lead.measures if story.lead else ()
    is_marked = not marked or row.panel.measure in marked
    columns = zip(layout.columns, row.panel.columns, story.window_notes(row.panel), strict=True)
    for number, (x, text, note) in enumerate(columns):
        bold = number == 2 and is_marked
        size = (13.0 if bold else 11.0) if is_score(text, row.panel) else (9.4 if bold else 8.8)
        if layout.narrow:
            size = 11.0
        shown = folded(text, size, layout.column_width, bold)
        if layout.narrow:
            shown = cut_to(text, size, layout.column_width, bold)
        weight = "bold" if bold else "normal"
        lines = shown.count("\n") + 1
        drop = 0.145 if layout.narrow else 0.085 * lines + (0.080 if size > 10 else 0.055)
        lift = 0.055 if note and not layout.narrow else 0.0
        write(x, centre + lift, shown, fontsize=size, weight=weight, ha="center", linespacing=1.05)
        if note:
            write(x, centre + lift - drop, note, fontsize=8.0, color=colours.quiet, ha="center")


def _write_narrow_title(write: Write, layout: Layout, row: Row, colours: Theme) -> None:
    """The name and, beside it, which way is better."""
    direction = row.panel.direction
    room = layout.width - width_of(direction, 10.0) - 0.12
    y = row.names_from - 0.15
    title = cut_to(row.panel.title, 12.0, room, bold=True)
    write(0, y, title, fontsize=12.0, weight="bold")
    after = width_of(title, 12.0, bold=True) + 0.12
    write(after, y, direction, fontsize=10.0, color=colours.quiet)


def write_heads(write: Write, story: ChartStory, layout: Layout, colours: Theme) -> None:
    """The heads of the columns and of both groups, and the words that explain the marks."""
    words = story.words
    heads = story.heads if layout.numbers else ()
    for x, text in zip(layout.columns, heads, strict=False):
        size = 9.2 if layout.narrow else 8.8
        head = folded(text, size, layout.column_width, most=1 if layout.narrow else 2)
        write(x, layout.heads_at, head, fontsize=size, color=colours.quiet, ha="center")
    if not layout.narrow:
        _write_groups(write, story, layout, colours)
    # Words over hatching or grid stand on a patch of the paper's colour.
    halo = {"fc": colours.paper, "ec": "none", "alpha": 0.8, "pad": 1.0}
    if story.gaps and len(layout.rows) > 1 and not layout.narrow:
        first, last = max(story.gaps, key=lambda gap: gap[1] - gap[0])
        if layout.x(last) - layout.x(first) >= _VISIBLE:
            half = width_of(words["gap"], 8.4) / 2
            middle = (layout.x(first) + layout.x(last)) / 2
            x = min(max(middle, layout.left + half), layout.right - half)
            y = layout.rows[0].bottom - 0.085
            write(x, y, words["gap"], fontsize=8.4, color=colours.quiet, ha="center", bbox=halo)
    if not any(panel.days for panel in story.panels):
        x = (layout.left + layout.right) / 2
        # Low in the panel, under the published range.
        y = layout.rows[0].bottom + layout.rows[0].height * 0.1
        write(x, y, words["empty"], fontsize=10.4, color=colours.quiet, ha="center", bbox=halo)


def _write_groups(write: Write, story: ChartStory, layout: Layout, colours: Theme) -> None:
    words = story.words
    groups = [("symptoms", "lower", layout.top + 0.17)]
    walking = next((row for row in layout.rows if row.panel.higher_is_better), None)
    if walking is not None:
        groups.append(("movement", "higher", walking.top + 0.17))
    for name, direction, y in groups:
        head = cut_to(words[name], 8.6, 0.95, bold=True)
        write(0, y, head, fontsize=8.6, weight="bold", color=colours.quiet)
        after = width_of(head, 8.6, bold=True) + 0.1
        shown = cut_to(words[direction], 8.8, layout.left - after - 0.02)
        write(after, y, shown, fontsize=8.8, color=colours.quiet)
