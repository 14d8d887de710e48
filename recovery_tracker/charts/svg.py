"""A figure as SVG that a strict content policy accepts and that is the same bytes every time.

Matplotlib writes `style` attributes and a style element; under `style-src 'self'` such a picture is
a black rectangle. Here every style becomes presentation attributes, and a title and a description
for people who cannot see the picture are added.
"""

import io
import re
from typing import Any
from xml.sax.saxutils import escape

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from .layout import PIXELS_PER_INCH

_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->"
    r"|<defs>\s*<style.*?</style>\s*</defs>",
    flags=re.DOTALL,
)
_STYLE = re.compile(r' style="([^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_ROOT = re.compile(r"<svg [^>]*?>", flags=re.DOTALL)
_BETWEEN = re.compile(r"\s*\n\s*")
_GROUP = re.compile(r'<g id="(?:figure|axes|patch|line2d|text|PolyCollection|FillBetween)[^"]*">')
_RUN = re.compile(r'(?:<use xlink:href="#\w+" x="[^"]+" y="[^"]+"(?: [\w-]+="[^"]*")*/>){3,}')
_USE = re.compile(r'<use xlink:href="(#\w+)" x="([^"]+)" y="([^"]+)"((?: [\w-]+="[^"]*")*)/>')

#: The initial values of SVG; saying them again only costs room.
_INITIAL = frozenset({"stroke-opacity: 1", "fill-opacity: 1"})


class _Lettered(RendererSVG):
    """Writes letters as letters, for a page whose maker has the fonts: they can be searched."""

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        self._draw_text_as_text(  # type: ignore[no-untyped-call]
            gc, x, y, s, prop, angle, ismath, mtext
        )


def to_svg(figure: Figure, title: str, description: str, *, letters: bool = False) -> bytes:
    """The figure as one self-contained SVG document in UTF-8, named by `title`.

    With `letters` the words stay text, which needs our fonts where it is read: the report has them.
    A browser has not, so elsewhere they are outlines.
    """
    file = io.StringIO()
    if letters:
        # As Matplotlib's own canvas does it, with a renderer of ours.
        figure.dpi = 72
        across, up = (float(side) * 72 for side in figure.get_size_inches())
        renderer = _Lettered(  # type: ignore[no-untyped-call]
            across, up, file, image_dpi=72, metadata={"Date": None}
        )
        figure.draw(renderer)
        renderer.finalize()  # type: ignore[no-untyped-call]
    else:
        background = figure.get_facecolor()
        figure.savefig(file, format="svg", metadata={"Date": None}, facecolor=background)
    width, height = (float(side) for side in figure.get_size_inches())
    return _cleaned(file.getvalue(), width, height, title, description).encode()


def _cleaned(svg: str, width: float, height: float, title: str, description: str) -> str:
    svg = _DROPPED.sub("", svg)
    svg = _STYLE.sub(_attributes, svg)
    svg = _NUMBER.sub(_rounded, svg)
    svg = _BETWEEN.sub(" ", svg).replace("> <", "><").replace(' "', '"').replace('" />', '"/>')
    svg = _GROUP.sub("<g>", svg)
    svg = _RUN.sub(_folded, svg)
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="0 0 {width * 72:g} {height * 72:g}"'
        f' width="{width * PIXELS_PER_INCH:g}" height="{height * PIXELS_PER_INCH:g}"'
        f' stroke-linejoin="round" role="img" aria-labelledby="chart-title chart-description">'
        f'<title id="chart-title">{escape(title)}</title>'
        f'<desc id="chart-description">{escape(description)}</desc>'
    )
    return _ROOT.sub(lambda _: root, svg, count=1).strip() + "\n"


def _attributes(match: re.Match[str]) -> str:
    declarations = (part.strip() for part in match.group(1).split(";"))
    pairs = (part.split(":", 1) for part in declarations if part and part not in _INITIAL)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _rounded(match: re.Match[str]) -> str:
    """Two decimals where a number places something, four where it scales something."""
    value = float(match.group())
    text = f"{value:.2f}" if abs(value) >= 1 else f"{value:.4f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _folded(match: re.Match[str]) -> str:
    """A run of equal markers with what they share said once."""
    parts: list[str] = []
    shared = None
    for href, x, y, rest in _USE.findall(match.group()):
        if rest != shared:
            parts.append(f"{'</g>' if parts else ''}<g{rest}>")
            shared = rest
        parts.append(f'<use xlink:href="{href}" x="{x}" y="{y}"/>')
    return "".join(parts) + "</g>"
