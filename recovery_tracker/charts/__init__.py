"""Figures of a recovery: `story` decides what to show, `recovery` draws it, `words` describes it.

May import domain, trends and fonts. Uses Matplotlib's objects, never pyplot, so that many requests
can draw at once.
"""

from .layout import axis_shares, pixel_sizes
from .legend import legend
from .recovery import draw_recovery
from .story import ZOOMS, ChartStory, story_of
from .svg import to_svg

__all__ = [
    "ZOOMS",
    "ChartStory",
    "axis_shares",
    "describe",
    "draw_recovery",
    "legend",
    "pixel_sizes",
    "story_of",
    "table",
    "to_svg",
]


def describe(story: ChartStory) -> str:
    """The picture in words, for those who cannot see it."""
    return story.description


def table(story: ChartStory) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as a table: its header, and one row a week."""
    return story.header, story.rows
