"""The letters of our own faces: how wide a text is, and the outline of each letter.

Measured and drawn from the font files themselves, with no hinting and no kerning, so that a picture
is the same on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from ..fonts import FOLDER

#: The files of each weight in the order in which a letter is looked for; the Han face has one.
_HAN = "DroidSansFallback-CJK.ttf"
_FILES = {
    False: ("PublicSans-Regular.ttf", "DejaVuSans.ttf", _HAN),
    True: ("PublicSans-Bold.ttf", "DejaVuSans-Bold.ttf", _HAN),
}

#: Above and below its baseline a line of text takes as much as these letters, whatever it says.
_TALL, _DEEP = "l", "p"

#: A face reads its tables when they are first asked for.
_READING = Lock()


@dataclass(frozen=True, slots=True)
class Letter:
    """One glyph. Lengths are shares of the size of the text; `outline` is in thousandths, down."""

    name: str
    advance: float
    outline: str
    low: float
    high: float


@cache
def _face(file: str) -> tuple[TTFont, dict[int, str]]:
    font = TTFont(FOLDER / file, lazy=True)
    return font, font.getBestCmap()


@lru_cache(maxsize=4096)
def letter(character: str, bold: bool = False) -> Letter:
    """The glyph of a character in the first face that has it; nothing wide where none has."""
    with _READING:
        for number, file in enumerate(_FILES[bold]):
            font, names = _face(file)
            if ord(character) in names:
                return _read(font, names[ord(character)], f"{'b' if bold else 'r'}{number}")
    return Letter("", 0.0, "", 0.0, 0.0)


def _read(font: TTFont, glyph: str, face: str) -> Letter:
    glyphs, units = font.getGlyphSet(), int(font["head"].unitsPerEm)
    outline, bounds = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}"), BoundsPen(glyphs)
    scale = 1000 / units
    glyphs[glyph].draw(TransformPen(outline, (scale, 0, 0, -scale, 0, 0)))
    glyphs[glyph].draw(bounds)
    _, low, _, high = bounds.bounds or (0, 0, 0, 0)
    name = f"{face}-{font.getGlyphID(glyph)}"
    advance = glyphs[glyph].width / units
    return Letter(name, advance, outline.getCommands(), low / units, high / units)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in inches; `size` is in points."""
    return sum(letter(character, bold).advance for character in text) * size / 72


def extent_of(line: str, size: float, bold: bool = False) -> tuple[float, float]:
    """How far a line reaches below and above its baseline, in inches."""
    found = [letter(character, bold) for character in (_TALL, _DEEP, *line)]
    return (
        -min(one.low for one in found) * size / 72,
        max(one.high for one in found) * size / 72,
    )


def placed(line: str, bold: bool) -> Iterator[tuple[Letter, float]]:
    """Each letter of a line with its distance from the beginning, as a share of the size."""
    at = 0.0
    for character in line:
        found = letter(character, bold)
        yield found, at
        at += found.advance


def cut_to(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into `width` inches, with an ellipsis."""
    if width_of(text, size, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + "…", size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def folded(text: str, size: float, width: float, bold: bool = False, most: int = 2) -> str:
    """The text on at most `most` lines of `width` inches, broken at spaces, the last one cut."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size, bold) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(cut_to(line, size, width, bold))
    if words:
        lines.append(cut_to(" ".join(words), size, width, bold))
    return "\n".join(lines)
