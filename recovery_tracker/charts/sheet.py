"""A sheet of paper on which lines, areas, dots and words are placed, in inches from the lower left.

It becomes one SVG document: presentation attributes only, because under `style-src 'self'` a
picture with styles is a black rectangle, and the same bytes every time. Text is never read as
markup or mathematics, whatever a patient typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..fonts import FAMILIES
from .letters import Letter, extent_of, placed, width_of

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


class Sheet:
    """One picture. What is placed with a larger `z` lies above the rest, else in order."""

    def __init__(self, width: float, height: float, paper: str) -> None:
        self.width, self.height = width, height
        #: Height in the stack, and the mark with its letters as outlines and as text.
        self._parts: list[tuple[float, tuple[str, str]]] = []
        self._glyphs: dict[str, Letter] = {}
        self._hatches: dict[str, str] = {}
        self.texts: list[Written] = []
        self.block(Box(0, 0, width, height), paper, z=-1)

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
        path = self._path(x, y)
        if not path:
            return
        dashes = f' stroke-dasharray="{" ".join(_n(part * width) for part in dash)}"' * bool(dash)
        cap = "" if butt or dash else ' stroke-linecap="round"'
        self._add(
            z,
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"'
            f"{cap}{dashes}/>",
        )

    def area(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, fill: str, *, z: float) -> None:
        """The area between two lines over the same places."""
        across = np.concatenate([np.asarray(x), np.asarray(x)[::-1]])
        up = np.concatenate([np.asarray(low), np.asarray(high)[::-1]])
        self._add(z, f'<path d="{self._path(across, up)}z" fill="{fill}"/>')

    def block(self, box: Box, fill: str, *, hatch: bool = False, z: float = 0) -> None:
        """A rectangle, full of the colour or hatched with it."""
        place = (
            f'x="{self._x(box.left)}" y="{self._y(box.top)}"'
            f' width="{_n((box.right - box.left) * _POINTS)}"'
            f' height="{_n((box.top - box.bottom) * _POINTS)}"'
        )
        if hatch:
            name = self._hatches.setdefault(fill, f"hatch{len(self._hatches)}")
            fill = f"url(#{name})"
        self._add(z, f'<rect {place} fill="{fill}"/>')

    def dots(self, x: ArrayLike, y: ArrayLike, size: float, fill: str, *, z: float = 4) -> None:
        """Full dots; `size` is their diameter in points."""
        path = self._dotted(x, y)
        if path:
            self._add(
                z,
                f'<path d="{path}" stroke="{fill}" stroke-width="{_n(size)}"'
                ' stroke-linecap="round"/>',
            )

    def rings(
        self,
        x: ArrayLike,
        y: ArrayLike,
        size: float,
        fill: str,
        edge: str,
        *,
        width: float = 0.8,
        z: float = 4,
    ) -> None:
        """Hollow dots."""
        marks = "".join(
            f'<circle cx="{self._x(across)}" cy="{self._y(up)}" r="{_n(size / 2)}"/>'
            for across, up in zip(np.atleast_1d(x), np.atleast_1d(y), strict=True)
        )
        self._add(z, f'<g fill="{fill}" stroke="{edge}" stroke-width="{_n(width)}">{marks}</g>')

    def symbol(
        self, x: float, y: float, shape: str, size: float, fill: str, edge: str, *, z: float
    ) -> None:
        """A shape about a place; `o` is a circle, `size` about its diameter in points."""
        drawn = f'fill="{fill}" stroke="{edge}" stroke-width=".9"'
        if shape not in _CORNERS:
            mark = f'<circle cx="{self._x(x)}" cy="{self._y(y)}" r="{_n(size / 2)}" {drawn}/>'
            self._add(z, mark)
            return
        reach = size / 2 / _POINTS
        corners = [(x + reach * across, y + reach * up) for across, up in _CORNERS[shape]]
        path = self._path(*zip(*corners, strict=True))
        self._add(z, f'<path d="{path}z" {drawn}/>')

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
        """Words on one or more lines about a place; `patch` is the colour of their ground."""
        if not words.strip():
            return
        lines = words.split("\n")
        extents = [extent_of(line, size, bold) for line in lines]
        # From the top of the first line to the baseline of each.
        drops, down = [], 0.0
        for number, (_, above) in enumerate(extents):
            down += above * (spacing if number else 1)
            drops.append(down)
            down += extents[number][0]
        top = {"top": y, "bottom": y + down, "center": y + down / 2}[va]
        widths = [width_of(line, size, bold) for line in lines]
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
        wide = max(widths)
        box = Box(x - shift * wide, top - down, x + (1 - shift) * wide, top)
        self.texts.append(Written(words, box))
        if patch:
            air = 0.012
            ground = Box(box.left - air, box.bottom - air, box.right + air, box.top + air)
            self.block(ground, patch, z=z)
        outlines, letters = [], []
        anchor = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}[ha]
        for line, drop, width in zip(lines, drops, widths, strict=True):
            outlines.append(self._outlined(line, x - shift * width, top - drop, size, bold))
            place = f'x="{self._x(x)}" y="{self._y(top - drop)}"'
            letters.append(f"<text {place}{anchor}>{escape(line)}</text>")
        weight = ' font-weight="700"' if bold else ""
        self._add(
            z,
            f'<g fill="{colour}">{"".join(outlines)}</g>',
            f'<g fill="{colour}" font-size="{_n(size)}"{weight}>{"".join(letters)}</g>',
        )

    def _outlined(self, line: str, x: float, y: float, size: float, bold: bool) -> str:
        uses = []
        for found, at in placed(line, bold):
            if found.outline:
                self._glyphs[found.name] = found
                uses.append(f'<use xlink:href="#{found.name}" x="{at * 1000:.0f}"/>')
        place = f"translate({self._x(x)} {self._y(y)})scale({_n(size / 1000, 5)})"
        return f'<g transform="{place}">{"".join(uses)}</g>'

    def _add(self, z: float, outlined: str, lettered: str | None = None) -> None:
        self._parts.append((z, (outlined, outlined if lettered is None else lettered)))

    def _x(self, inches: float) -> str:
        return _n(inches * _POINTS)

    def _y(self, inches: float) -> str:
        return _n((self.height - inches) * _POINTS)

    def _path(self, x: ArrayLike, y: ArrayLike) -> str:
        """Moves and lines through points; a point of NaN lifts the pen.

        To a tenth of a point: with thousands of days every digit counts.
        """
        places = self._places(x, y)
        known = ~np.isnan(places).any(axis=1)
        runs = np.split(places, np.flatnonzero(~known))
        parts = []
        for run in runs:
            run = run[~np.isnan(run).any(axis=1)]
            if len(run):
                parts.append(("M%.1f %.1f" + "L%.1f %.1f" * (len(run) - 1)) % tuple(run.flat))
        return "".join(parts)

    def _dotted(self, x: ArrayLike, y: ArrayLike) -> str:
        """Lines of no length to speak of, whose round ends are the dots."""
        places = self._places(x, y)
        return ("M%.1f %.1fh.01" * len(places)) % tuple(places.flat)

    def _places(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Places in the units of the document, one a row."""
        up = np.atleast_1d(np.asarray(y, dtype=float))
        across = np.broadcast_to(np.asarray(x, dtype=float), up.shape)
        return np.column_stack([across, self.height - up]) * _POINTS

    def to_svg(self, title: str, description: str, *, letters: bool = False) -> bytes:
        """One self-contained SVG document in UTF-8, named by `title`.

        With `letters` the words stay text, which needs our fonts where it is read: the report has
        them. A browser has not, so elsewhere they are outlines.
        """
        parts = sorted(self._parts, key=lambda part: part[0])
        body = "".join(marks[letters] for _, marks in parts)
        if letters:
            families = ", ".join(FAMILIES)
            body = f'<g font-family="{families}">{body}</g>'
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
            f' viewBox="0 0 {_n(self.width * _POINTS)} {_n(self.height * _POINTS)}"'
            f' width="{self.width * PIXELS_PER_INCH:g}"'
            f' height="{self.height * PIXELS_PER_INCH:g}"'
            f' stroke-linejoin="round" role="img" aria-labelledby="chart-title chart-description">'
            f'<title id="chart-title">{escape(title)}</title>'
            f'<desc id="chart-description">{escape(description)}</desc>'
            f"<defs>{''.join(self._defined(letters))}</defs>{body}</svg>\n"
        )
        return svg.encode()

    def _defined(self, letters: bool) -> Iterable[str]:
        for colour, name in self._hatches.items():
            yield (
                f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="3" height="3">'
                f'<path d="M-1 1L1 -1M0 3L3 0M2 4L4 2" stroke="{colour}"'
                ' stroke-width=".5" fill="none"/></pattern>'
            )
        if not letters:
            for name, found in sorted(self._glyphs.items()):
                yield f'<path id="{name}" d="{found.outline}"/>'


def _n(value: float, places: int = 2) -> str:
    """A number as short as it can be written.

    >>> _n(3.14159), _n(2.0), _n(-0.001), _n(0.5)
    ('3.14', '2', '0', '.5')
    """
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text[1:] if text.startswith("0.") else text
