"""Tables with their words as a tagged PDF: what a page counts, to take to a meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..fonts import FAMILIES, printable
from .typeset import Page, language_tags, paper_name


@dataclass(frozen=True, slots=True)
class Part:
    """A table under its title, with sentences between; no row is none."""

    title: str
    about: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: How many of the first columns hold words; all others hold numbers.
    words: int = 1


def write_tables(
    title: str,
    intro: Iterable[str],
    parts: Iterable[Part],
    *,
    paper: str = "a4",
    language: str = "en",
) -> bytes:
    """The PDF; the same tables give the same bytes."""
    data = {
        "title": printable(title),
        "paper": paper_name(paper),
        "fonts": list(FAMILIES),
        **language_tags(language),
        "intro": [printable(line) for line in intro],
        "parts": [
            {
                "title": printable(part.title),
                "about": [printable(line) for line in part.about if line],
                "heads": [printable(head) for head in part.heads],
                "words": part.words,
                "rows": [[printable(cell) for cell in row] for row in part.rows],
            }
            for part in parts
        ],
    }
    return Page("tables.typ", data).pdf()
