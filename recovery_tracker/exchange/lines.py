"""The lines of a text file, none longer than a limit, whatever the file holds.

Text is UTF-8, or UTF-16 with a byte order mark, or in an encoding a person chose.
"""

import codecs
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from typing import IO

from ..domain.language import N_, Said
from .problems import Unreadable, refusal

#: Longest accepted line, in characters. The longest honest one is a note of 2,000 characters and a
#: list of every sign; our default.
LINE_LIMIT = 65_536

#: Bytes of a file that are looked at together; a line may be longer.
_BLOCK = 65_536

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class _Recoded:
    """The bytes of a stream in UTF-8, whatever they were; unreadable ones give no text."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_over = False

    def read(self, size: int) -> bytes:
        if self._is_over:
            return b""
        taken = self._stream.read(size)
        self._is_over = not taken
        text = self._decoder.decode(taken, final=not taken)
        # A decoder may hold back half a character: an empty piece does not mean the end.
        while not text and not self._is_over:
            taken = self._stream.read(size)
            self._is_over = not taken
            text = self._decoder.decode(taken, final=not taken)
        return text.replace("\ufffd", "\udcff").encode("utf-8", "surrogateescape")


def start_text(start: bytes) -> str:
    """The first bytes of a file as text, to recognise it by; what is no text is replaced."""
    encoding = _UTF_16.get(start[:2])
    text = start[2:].decode(encoding, "replace") if encoding else start.decode("utf-8", "replace")
    return text.removeprefix("\ufeff")


def text_lines(stream: IO[bytes], name: str, encoding: str | None = None) -> Iterator[str]:
    """The lines of a file of any shape.

    Raises:
        RecoveryError: one of them is not text.
    """
    row = 0
    try:
        for line in bounded_lines(stream, encoding):
            row += 1
            yield line
    except BadLine as error:
        raise refusal(name, error.said, row=row + 1) from error


def bounded_lines(stream: IO[bytes], encoding: str | None = None) -> Iterator[str]:
    """The lines of a stream, each bounded, all of them text."""
    start = stream.read(3)
    stream.seek(0)
    if start[:2] in _UTF_16:
        stream.seek(2)
        stream = _Recoded(stream, _UTF_16[start[:2]])  # type: ignore[assignment]
    elif start == b"\xef\xbb\xbf":
        stream.seek(3)
    elif encoding is not None:
        stream = _Recoded(stream, encoding)  # type: ignore[assignment]
    for block in _blocks(stream):
        # Bytes that are not UTF-8 become lone surrogates, so that the line they are in is known.
        text = TextIOWrapper(BytesIO(block), "utf-8", errors="surrogateescape", newline="")
        lines = text.readlines()
        if max(map(len, lines)) > LINE_LIMIT or b"\0" in block or not block.isascii():
            yield from _checked(lines)
        else:
            yield from lines


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stream in pieces that end with a line, or are too long for one."""
    rest = b""
    while more := stream.read(_BLOCK):
        rest += more
        # A \r at the very end may be half of an end of line.
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
        if end or len(rest) > 4 * LINE_LIMIT:
            yield rest[: end or None]
            rest = rest[end:] if end else b""
    if rest:
        yield rest


class BadLine(Unreadable):
    """An invalid line."""


_TOO_LONG = Said(
    N_("A line here is longer than {most} characters. Is this a table?"), most=f"{LINE_LIMIT:,}"
)
_NO_TEXT = Said(
    N_("This is no plain text (a photo, a PDF, a spreadsheet?). Save the table as CSV.")
)
NOT_UTF_8 = Said(N_("This is not UTF-8 text."), "encoding")


def _checked(lines: Sequence[str]) -> Iterator[str]:
    """The lines up to the first invalid one, which raises `BadLine`."""
    for line in lines:
        if len(line) > LINE_LIMIT:
            raise BadLine(_TOO_LONG)
        if "\0" in line:
            raise BadLine(_NO_TEXT)
        if not line.isascii() and not _is_text(line):
            raise BadLine(NOT_UTF_8)
        yield line


def _is_text(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
