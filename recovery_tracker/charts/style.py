"""How charts look: set once, when this module is imported.

Matplotlib's settings are global and changing them for one drawing is not thread-safe, so nothing
else in the program touches them; colours are handed to each artist. The text is never read as
mathematics, whatever a patient typed.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import matplotlib
from matplotlib import font_manager
from matplotlib.textpath import text_to_path

from ..fonts import FAMILIES, FOLDER

for _file in sorted(FOLDER.glob("*.ttf")):
    font_manager.fontManager.addfont(_file)
# The Han face has one weight; as its own bold it is found without a search and a warning.
font_manager.fontManager.ttflist += [
    replace(entry, weight=700)
    for entry in font_manager.fontManager.ttflist
    if entry.name == FAMILIES[-1] and entry.weight == 400
]

matplotlib.rcParams.update(
    {
        "font.family": list(FAMILIES),
        "font.size": 9.4,
        "text.parse_math": False,
        "text.usetex": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "recovery-tracker",
        "path.simplify": False,
        "hatch.linewidth": 0.5,
        "lines.solid_capstyle": "round",
        "lines.solid_joinstyle": "round",
        "axes.unicode_minus": True,
    }
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for. Every one of them is repeated by a shape or a word."""

    paper: str
    ink: str
    quiet: str
    dot: str
    grid: str
    band: str
    band_edge: str
    flag: str
    flag_field: str
    gap: str
    event: str


THEMES = {
    "light": Theme(
        paper="#FFFFFF",
        ink="#12212B",
        quiet="#3D4B55",
        dot="#6F7E88",
        grid="#DDE4E6",
        band="#E3EAED",
        band_edge="#A9B7BE",
        flag="#7A3B00",
        flag_field="#FFEDD3",
        gap="#B9C4CA",
        event="#6B7B85",
    ),
    "dark": Theme(
        paper="#16222A",
        ink="#F1F6F7",
        quiet="#BFCCD2",
        dot="#7C8D97",
        grid="#2B3B44",
        band="#24343D",
        band_edge="#4C616C",
        flag="#FFC27A",
        flag_field="#3E2B14",
        gap="#54666F",
        event="#90A2AC",
    ),
    # Survives a black-and-white printer and a photocopy of its page.
    "print": Theme(
        paper="#FFFFFF",
        ink="#000000",
        quiet="#333333",
        dot="#8A8A8A",
        grid="#D9D9D9",
        band="#E9E9E9",
        band_edge="#A0A0A0",
        flag="#000000",
        flag_field="#DADADA",
        gap="#AAAAAA",
        event="#555555",
    ),
}


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in inches."""
    face = font_manager.FontProperties(
        family=list(FAMILIES), size=size, weight="bold" if bold else "normal"
    )
    width, _, _ = text_to_path.get_text_width_height_descent(text, face, ismath=False)
    return float(width) / 72


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
