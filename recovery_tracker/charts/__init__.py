"""Figures of a recovery: `story` decides what to show, `recovery` draws it, `words` describes it.

May import domain, trends and fonts. A picture is a `Sheet` of its own that becomes SVG, so many
requests can draw at once.
"""

from .layout import LETTERS, PRINT_WIDTH, axis_shares, pixel_sizes, print_height
from .legend import legend
from .recovery import draw_recovery
from .story import ZOOMS, ChartStory, Table, story_of


def describe(story: ChartStory) -> str:
    """The picture in words, for those who cannot see it."""
    return story.description


def table(story: ChartStory) -> Table:
    """The same numbers as a table: its header, and one row a week."""
    return story.tabled()
