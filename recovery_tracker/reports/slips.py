"""Invitation slips as one PDF: a page for each patient, with the link as text and as a QR code."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from ..fonts import FAMILIES, printable
from .typeset import Page, paper_name


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
    data = {
        "title": words.title,
        "paper": paper_name(paper),
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
    return Page("slips.typ", data).pdf()


def _picture(link: str) -> str:
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", border=2, xmldecl=False, scale=4)
    return out.getvalue().decode("utf-8")
