"""Tables with their words as a tagged PDF: what a page counts, to take to a meeting."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typst

from ..fonts import FAMILIES, printable
from .pdf import PAPERS, TEMPLATES, fonts, language_tags


@dataclass(frozen=True, slots=True)
class Part:
    """A table under its title, with sentences between; no row is none."""

    title: str
    about: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def write_tables(
    title: str,
    intro: Iterable[str],
    parts: Iterable[Part],
    *,
    paper: str = "a4",
    language: str = "en",
) -> bytes:
    """The PDF; the same tables give the same bytes."""
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {', '.join(PAPERS)}")
    data = {
        "title": printable(title),
        "paper": "a4" if paper == "a4" else "us-letter",
        "fonts": list(FAMILIES),
        **language_tags(language),
        "intro": [printable(line) for line in intro],
        "parts": [
            {
                "title": printable(part.title),
                "about": [printable(line) for line in part.about if line],
                "heads": [printable(head) for head in part.heads],
                "rows": [[printable(cell) for cell in row] for row in part.rows],
            }
            for part in parts
        ],
    }
    template = TEMPLATES / "tables.typ"
    compiler = typst.Compiler(
        template,
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    pages = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(pages, bytes)
    return pages
