"""Text that fits its place on a report: drawable, cut visibly where the room ends, and in pieces of
one language each.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..domain.wording import Pieces
from ..fonts import printable
from .typeset import language_tags

#: How many characters each place on the page holds. What people typed is cut and ends in an
#: ellipsis; of our own sentences as many are shown as fit, and the others are counted.
_ROOM = {
    "name": 46,
    "operation": 110,
    "identifiers": 90,
    "headline": 260,
    "lead": 330,
    "since": 330,
    "for": 560,
    "later": 330,
    "against": 600,
    "beside": 200,
    "rests": 560,
    "consider": 300,
    "decided": 420,
    "also": 420,
    "made": 130,
    "context": 150,
    "earlier": 240,
    "limits": 160,
    "scores": 160,
    "sign": 46,
    "numbness": 160,
    "question": 110,
    "note": 222,
    "note on letter": 120,
}


def cut(text: str, place: str) -> str:
    """The text as it can be drawn, cut visibly where its place ends.

    A wide character, such as a Han one, takes the room of two.
    """
    room = _ROOM[place]
    text = " ".join(printable(text).split())
    used = 0.0
    for position, character in enumerate(text):
        used += 2 if ord(character) > 0x2E7F else 1
        if used > room:
            return text[:position].rstrip() + "…"
    return text


def whole(sentences: Sequence[str], place: str, more: str) -> str:
    """As many whole sentences as there is room for, and how many others there are.

    The first is always there, cut if it alone is too long.
    """
    between = "; " if place == "decided" else " "
    shown: list[str] = []
    for sentence in filter(None, map(printable, sentences)):
        if shown and len(between.join([*shown, sentence])) > _ROOM[place]:
            break
        shown.append(cut(sentence, place))
    left = sum(map(bool, sentences)) - len(shown)
    said = between.join(shown)
    return f"{said} {printable(more).format(count=left)}" if left else said


def joined(pieces: Pieces) -> str:
    """The pieces as one text."""
    return "".join(text for text, _ in pieces)


def pieces_of(pieces: Iterable[tuple[str, str]], text: str, page: str) -> list[dict[str, Any]]:
    """The text, which is these pieces one after another and cut to its room, in pieces again; those
    in the page's language have no tag.
    """
    rest, found = text, []
    for piece, language in pieces:
        drawn = re.sub(r"\s+", " ", printable(piece))
        shown = drawn if rest.startswith(drawn) else rest
        found.append({"text": shown, "tags": tags_of(language, page)})
        rest = rest[len(shown) :]
        if not rest:
            break
    return [*found, {"text": rest, "tags": None}] if rest else found


def tags_of(language: str, page: str) -> dict[str, str | None] | None:
    """The language of typed words as typst takes it; None where it is the page's, or not known."""
    return language_tags(language) if language and language != page else None
