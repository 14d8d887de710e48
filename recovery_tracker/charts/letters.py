"""The faces that charts are lettered with, and how much room their words take.

Widths are those that Matplotlib draws, without hinting, so that a picture is the same everywhere.
"""

from dataclasses import replace
from functools import lru_cache

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import text_to_path

from ..fonts import FAMILIES, FOLDER

#: A line of text takes as much above and below its baseline as these letters, whatever it says.
_TALL_AND_DEEP = "lp"

for _file in sorted(FOLDER.glob("*.ttf")):
    fontManager.addfont(_file)
# The Han face has one weight; as its own bold it is found without a search and a warning.
fontManager.ttflist += [
    replace(entry, weight=700)
    for entry in fontManager.ttflist
    if entry.name == FAMILIES[-1] and entry.weight == 400
]


@lru_cache(maxsize=256)
def face(size: float, bold: bool = False) -> FontProperties:
    """Our faces in order of preference; `size` is in points."""
    weight = "bold" if bold else "normal"
    return FontProperties(family=list(FAMILIES), size=size, weight=weight)


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in inches; `size` is in points."""
    return _measured(text, size, bold)[0]


def extent_of(line: str, size: float, bold: bool = False) -> tuple[float, float]:
    """How far a line reaches below and above its baseline, in inches."""
    _, height, below = _measured(_TALL_AND_DEEP + line, size, bold)
    return below, height - below


@lru_cache(maxsize=8192)
def _measured(text: str, size: float, bold: bool) -> tuple[float, float, float]:
    """Width, height and depth of one line in inches."""
    found = text_to_path.get_text_width_height_descent(text, face(size, bold), ismath=False)
    width, height, below = (float(side) / 72 for side in found)
    return width, height, below


def cut_to(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it would exceed `width` inches."""
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
