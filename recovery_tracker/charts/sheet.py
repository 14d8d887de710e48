"""A sheet of paper on which lines, areas, dots and words are placed, in inches from the lower left.

Matplotlib draws it: a figure without axes, through the object interface, so that many requests can
draw at once. It becomes one SVG document with presentation attributes only, because under
`style-src 'self'` a picture with styles is a black rectangle, and the same bytes every time. Text
is never read as markup or mathematics, whatever a patient typed.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from numpy.typing import ArrayLike

from .letters import extent_of, face, width_of

#: Pages show a picture at this many pixels to the inch.
PIXELS_PER_INCH = 100

#: Points to the inch: the unit of sizes, line widths and the document.
_POINTS = 72

#: Corners of the symbols for an event, on a circle of radius 1 that is stretched to the size.
_CORNERS = {
    "v": ((0.0, -1.1), (-1.1, 0.8), (1.1, 0.8)),
    "s": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "D": ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)),
    "h": ((0.0, -1.0), (0.87, -0.5), (0.87, 0.5), (0.0, 1.0), (-0.87, 0.5), (-0.87, -0.5)),
}

#: Matplotlib's settings are global, so one sheet is written at a time.
_WRITING = Lock()

#: Ids depend on what they name alone, and no dot is simplified away.
_SETTINGS = {"svg.hashsalt": "recovery-tracker", "path.simplify": False}

_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->"
    r"|<defs>\s*<style.*?</style>\s*</defs>",
    flags=re.DOTALL,
)
_BETWEEN = re.compile(r">\s+<")
#: A tag with attributes; between tags, where words stand, nothing is changed.
_TAG = re.compile(r"<\w+ [^>]*>")
_STYLE = re.compile(r' style="([^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GROUP = re.compile(r' id="(?:figure|patch|line2d|text)_\d+"')


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the sheet in inches."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Written:
    """One text on the sheet and the place that its letters take."""

    text: str
    box: Box


class _Line(Text):
    """One line of words; `start` is how far left of its place it begins, in inches.

    Matplotlib would measure it again, which takes most of the time of a text.
    """

    def __init__(self, x: float, y: float, words: str, start: float, **look: Any) -> None:
        super().__init__(x, y, words, **look)
        self._start = start

    def draw(self, renderer: Any) -> None:
        renderer.open_group("text")
        x, y = self.get_unitless_position()
        x, y = self.get_transform().transform((x - self._start, y))
        look = renderer.new_gc()
        look.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        place = look, x, renderer.height - y
        renderer.draw_text(*place, self.get_text(), self.get_fontproperties(), 0.0, mtext=self)
        look.restore()
        renderer.close_group("text")


class Sheet:
    """One picture. What is placed with a larger `z` lies above the rest, else in order."""

    def __init__(self, width: float, height: float, paper: str) -> None:
        self.width, self.height = width, height
        self._figure = Figure((width, height), dpi=_POINTS, facecolor=paper)
        self.texts: list[Written] = []
        self._inches: dict[str, Any] = {"transform": self._figure.dpi_scale_trans}

    def line(
        self,
        x: ArrayLike,
        y: ArrayLike,
        colour: str,
        width: float,
        *,
        dash: Sequence[float] = (),
        z: float = 2,
        butt: bool = False,
    ) -> None:
        """A line through points, broken at NaN; `width` and `dash` in points and widths."""
        self._add(
            Line2D(
                x, y, color=colour, linewidth=width, linestyle=(0, dash) if dash else "-",
                solid_capstyle="butt" if butt else "round", zorder=z, **self._inches,
            )
        )  # fmt: skip

    def area(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, fill: str, *, z: float) -> None:
        """The area between two lines over the same places."""
        across = np.concatenate([np.asarray(x), np.asarray(x)[::-1]])
        up = np.concatenate([np.asarray(low), np.asarray(high)[::-1]])
        corners = np.column_stack([across, up])
        self._add(Polygon(corners, facecolor=fill, linewidth=0, zorder=z, **self._inches))

    def block(self, box: Box, fill: str, *, hatch: bool = False, z: float = 0) -> None:
        """A rectangle, full of the colour or hatched with it."""
        look: dict[str, Any] = {"facecolor": fill}
        if hatch:
            look = {"fill": False, "hatch": "////////", "hatchcolor": fill, "hatch_linewidth": 0.5}
        across, up = box.right - box.left, box.top - box.bottom
        place = (box.left, box.bottom)
        self._add(Rectangle(place, across, up, linewidth=0, zorder=z, **look, **self._inches))

    def blocks(self, boxes: Sequence[Box], fill: str, *, z: float = 0) -> None:
        """Rectangles full of the same colour, drawn as one."""
        if not boxes:
            return
        corners = [
            [(b.left, b.bottom), (b.right, b.bottom), (b.right, b.top), (b.left, b.top)]
            for b in boxes
        ]
        closed = [[*each, each[0]] for each in corners]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(boxes)
        shape = Path(np.concatenate(closed), codes)
        self._add(PathPatch(shape, facecolor=fill, linewidth=0, zorder=z, **self._inches))

    def dots(self, x: ArrayLike, y: ArrayLike, size: float, fill: str, *, z: float = 4) -> None:
        """Full dots; `size` is their diameter in points."""
        up = np.atleast_1d(np.asarray(y, dtype=float))
        across = np.broadcast_to(np.asarray(x, dtype=float), up.shape)
        # Zero-length lines with round caps are the dots: one path for all of them.
        ends = np.column_stack([across, across + 0.01 / _POINTS, np.full_like(up, np.nan)])
        self.line(ends.ravel(), np.repeat(up, 3), fill, size, z=z)

    def rings(self, x: ArrayLike, y: ArrayLike, size: float, fill: str, edge: str) -> None:
        """Hollow dots."""
        self.dots(x, y, size + 0.8, edge)
        self.dots(x, y, size - 0.8, fill)

    def symbol(
        self, x: float, y: float, shape: str, size: float, fill: str, edge: str, *, z: float
    ) -> None:
        """A shape about a place; `o` is a circle, `size` about its diameter in points."""
        reach = size / 2 / _POINTS
        look: dict[str, Any] = {
            "facecolor": fill, "edgecolor": edge, "linewidth": 0.9, "zorder": z,
        }  # fmt: skip
        if shape in _CORNERS:
            corners = np.array(_CORNERS[shape]) * reach + (x, y)
            self._add(Polygon(corners, **look, **self._inches))
        else:
            self._add(Circle((x, y), reach, **look, **self._inches))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float,
        colour: str,
        bold: bool = False,
        ha: str = "left",
        va: str = "center",
        spacing: float = 1.2,
        patch: str = "",
        z: float = 3,
    ) -> None:
        """Words on one or more lines around a point; `patch` is the colour behind them."""
        if not words.strip():
            return
        lines = words.split("\n")
        extents = [extent_of(line, size, bold) for line in lines]
        # From the top of the first line to the baseline of each.
        drops, down = [], 0.0
        for number, (below, above) in enumerate(extents):
            down += above * (spacing if number else 1)
            drops.append(down)
            down += below
        top = {"top": y, "bottom": y + down, "center": y + down / 2}[va]
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
        wide = max(width_of(line, size, bold) for line in lines)
        box = Box(x - shift * wide, top - down, x + (1 - shift) * wide, top)
        self.texts.append(Written(words, box))
        if patch:
            air = 0.012
            ground = Box(box.left - air, box.bottom - air, box.right + air, box.top + air)
            self.block(ground, patch, z=z)
        look: dict[str, Any] = {"color": colour, "ha": ha, "parse_math": False, "zorder": z}
        look |= {"fontproperties": face(size, bold), **self._inches}
        for line, drop in zip(lines, drops, strict=True):
            start = shift * width_of(line, size, bold)
            self._add(_Line(x, top - drop, line, start, **look))

    def _add(self, artist: Artist) -> None:
        self._figure.add_artist(artist)

    def to_svg(self, title: str, description: str, *, letters: bool = False) -> bytes:
        """One self-contained SVG document in UTF-8, named by `title`.

        With `letters` the words stay text, which needs our fonts where it is read: the report has
        them. A browser has not, so elsewhere they are outlines.
        """
        file = io.StringIO()
        settings: Any = {**_SETTINGS, "svg.fonttype": "none" if letters else "path"}
        with _WRITING, matplotlib.rc_context(settings):
            canvas: Any = FigureCanvasSVG(self._figure)
            canvas.print_svg(file, metadata={"Date": None})
        drawn = _cleaned(file.getvalue())
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
            f' viewBox="0 0 {self.width * _POINTS:g} {self.height * _POINTS:g}"'
            f' width="{self.width * PIXELS_PER_INCH:g}"'
            f' height="{self.height * PIXELS_PER_INCH:g}"'
            f' stroke-linejoin="round" role="img" aria-labelledby="chart-title chart-description">'
            f'<title id="chart-title">{escape(title)}</title>'
            f'<desc id="chart-description">{escape(description)}</desc>'
            f"{drawn[drawn.index('>') + 1 :]}\n"
        )
        return svg.encode()


def _cleaned(svg: str) -> str:
    """Matplotlib's document without what is not drawn, every style as presentation attributes."""
    return _TAG.sub(_shortened, _BETWEEN.sub("><", _DROPPED.sub("", svg))).strip()


def _shortened(tag: re.Match[str]) -> str:
    text = _STYLE.sub(_attributes, _GROUP.sub("", tag.group()))
    return " ".join(map(_piece, text.split())).replace(' "', '"')


def _attributes(style: re.Match[str]) -> str:
    pairs = (part.split(":", 1) for part in style.group(1).split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


@lru_cache(maxsize=20_000)
def _piece(text: str) -> str:
    """A piece of a tag with its numbers rounded.

    A picture says most of its numbers many times: answers stand on few levels, days under each
    other.
    """
    return _NUMBER.sub(_rounded, text)


def _rounded(number: re.Match[str]) -> str:
    """Two decimals where a number places something, four where it scales something."""
    value = float(number.group())
    text = f"{value:.2f}" if abs(value) >= 1 else f"{value:.4f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
