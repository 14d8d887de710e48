"""Reading the report as a reader's program does, by pdfium."""

from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True, slots=True)
class Word:
    """One word and where it stands, in points from the top left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, as it is copied or searched.

    Pdfium gives a hyphen at the end of a line as U+FFFE and leaves the end of the line out.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(text.get_text_range().replace("\ufffe", "-"))
            text.close()
            page.close()
        return found


def text_of(pdf: bytes) -> str:
    """The text of all pages on one line, every gap one space."""
    return " ".join(" ".join(pages_of(pdf)).split())


def first_page(pdf: bytes) -> tuple[float, list[Word]]:
    """The width of the first page, and its words in the order of the text."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        width, height = page.get_size()
        text = page.get_textpage()
        words = list(_words(text, height))
        text.close()
        page.close()
    return width, words


def _words(text: pypdfium2.PdfTextPage, height: float) -> list[Word]:
    words: list[Word] = []
    letters, boxes = "", []
    for place, letter in enumerate([*text.get_text_range(), " "]):
        if not letter.isspace():
            letters += letter
            boxes.append(text.get_charbox(place, loose=True))
            continue
        if letters:
            left, low, right, high = zip(*boxes, strict=True)
            words.append(
                Word(letters, min(left), height - max(high), max(right), height - min(low))
            )
        letters, boxes = "", []
    return words
