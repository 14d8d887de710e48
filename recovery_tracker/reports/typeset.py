"""Tagged PDFs (PDF/UA-1) that typst sets from data, with our own faces only.

What is written goes in as data, never as markup. No clock is asked: the same data gives the same
bytes.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from ..fonts import FOLDER

PAPERS = ("a4", "letter")
_TEMPLATES = Path(__file__).parent


class Page:
    """A template of ours with the data that it is filled from."""

    def __init__(self, template: str, data: dict[str, Any]) -> None:
        self._compiler = typst.Compiler(
            _TEMPLATES / template,
            root=_TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )

    def value_of(self, label: str) -> Any:
        """What the template says under a label once everything has its place."""
        (value,) = json.loads(self._compiler.query(label, field="value"))
        return value

    def pdf(self) -> bytes:
        pages = self._compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        assert isinstance(pages, bytes)
        return pages


@cache
def _fonts() -> Any:
    """Our own faces, read once."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )


def paper_name(paper: str) -> str:
    """One of `PAPERS` by the name that typst has for it."""
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {', '.join(PAPERS)}")
    return "us-letter" if paper == "letter" else paper


def language_tags(language: str) -> dict[str, str | None]:
    """The language of the page as typst takes it: its code and its region, if it names one."""
    lang, _, rest = language.replace("_", "-").partition("-")
    region = next((part for part in rest.split("-") if len(part) == 2 and part.isupper()), None)
    return {"lang": lang or "en", "region": region}
