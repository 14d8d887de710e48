"""The faces that charts and reports are drawn with, shipped so that every machine prints the same.

Public Sans carries the words, DejaVu Sans what it lacks (minus, at-least, arrows, Greek, Cyrillic,
Arabic, Hebrew), Droid Sans Fallback the Han characters. `coverage.txt` lists the characters that
have a glyph in both weights; a test compares it with the files.
"""

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

#: In order of preference.
FAMILIES = ("Public Sans", "DejaVu Sans", "Droid Sans Fallback")

#: Drawn in place of a character that no shipped face has, so that nothing vanishes unseen.
REPLACEMENT = "\N{WHITE SQUARE}"

_JOINERS = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"


def printable(text: str, *, lines: bool = False) -> str:
    """The text with every character that cannot be drawn replaced by a visible square.

    Invisible characters are dropped, since they could reorder or hide what stands beside them. A
    line break becomes a space unless `lines` is set. A group joined into one picture, as emoji
    families are, becomes one square.
    """
    if text.isascii() and text.isprintable():
        return text  # As most are; every face has these.
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    result: list[str] = []
    joined = False
    for character in text:
        if character == "\n":
            result.append("\n" if lines else " ")
        elif character in _JOINERS:
            joined = character == _JOINERS[0]
            continue
        elif character.isspace():
            result.append(" ")
        elif unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp"):
            drawn = character if is_covered(character) else REPLACEMENT
            if not (joined and drawn == REPLACEMENT and result[-1:] == [REPLACEMENT]):
                result.append(drawn)
        joined = False
    return "".join(result)


def is_covered(character: str) -> bool:
    """Whether a shipped face can draw the character."""
    starts, ends = _coverage()
    position = bisect_right(starts, ord(character)) - 1
    return position >= 0 and ord(character) <= ends[position]


@cache
def _coverage() -> tuple[tuple[int, ...], tuple[int, ...]]:
    ranges = [line.split("-") for line in (FOLDER / "coverage.txt").read_text().split()]
    return tuple(int(a, 16) for a, _ in ranges), tuple(int(b, 16) for _, b in ranges)
