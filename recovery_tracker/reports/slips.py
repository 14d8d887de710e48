"""Invitation slips as one PDF: a page for each patient, with the link as text and as a QR code."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import segno
import typst

from ..fonts import FAMILIES, printable
from .pdf import PAPERS, TEMPLATES, fonts


@dataclass(frozen=True, slots=True)
class Slip:
    """Whom it is for, the one-time link, and until when it works, in words."""

    name: str
    link: str
    until: str


@dataclass(frozen=True, slots=True)
class SlipWords:
    """What stands on every slip, in the language of the clinic."""

    title: str
    clinic: str
    lines: tuple[str, ...]
    type: str
    alt: str
    language: str


def write_slips(slips: Sequence[Slip], words: SlipWords, paper: str = "a4") -> bytes:
    """The slips in their order, a page each, as a tagged PDF (PDF/UA-1)."""
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {', '.join(PAPERS)}")
    data = {
        "title": words.title,
        "paper": {"a4": "a4", "letter": "us-letter"}[paper],
        "fonts": list(FAMILIES),
        "lang": words.language.split("-")[0].split("_")[0],
        "clinic": printable(words.clinic),
        "lines": list(words.lines),
        "type": words.type,
        "alt": words.alt,
        "slips": [
            {
                "name": printable(slip.name),
                "place": slip.link.rpartition("/")[0] + "/",
                "token": slip.link.rpartition("/")[2],
                "until": slip.until,
                "picture": _picture(slip.link),
            }
            for slip in slips
        ],
    }
    compiler = typst.Compiler(
        TEMPLATES / "slips.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    pages = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(pages, bytes)
    return pages


def _picture(link: str) -> str:
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", border=2, xmldecl=False, scale=4)
    return out.getvalue().decode("utf-8")
