"""A zip that somebody provided: its parts by name or by content, with limits on their number."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO

from ..domain.language import N_, Said
from .problems import TOO_LARGE, UNPACKS_TO_MORE, refusal

#: Parts of a zip; an export with years of walks on a map has some thousands. Our default.
MOST_PARTS = 100_000
#: Bytes of a part that is read whole, unpacked. Our default.
LARGEST_PART = 64_000_000
#: Bytes of a part that is read as a stream, unpacked: fifteen years of a watch. Our default.
LARGEST_STREAM = 16_000_000_000
#: A part this large may unpack to at most this many times its size; lists of steps reach about
#: fifty.
_LARGE, _MOST_TIMES = 200_000_000, 400

_DAMAGED = Said(N_("This file is damaged, or it is no export of a diary."))

#: What the packers raise on bytes in another format; bzip2 raises OSError.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, LZMAError, OSError),
    *(EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError),
)


@contextmanager
def unpacked(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, open for reading.

    Raises:
        RecoveryError: it is damaged, locked with a password, or not a zip, even if that shows only
            while it is being read.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            if len(packed.infolist()) > MOST_PARTS:
                raise refusal(path.name, Said(N_("This file holds too many files.")))
            yield packed
    except DAMAGED as error:
        raise refusal(path.name, _DAMAGED) from error


def parts_of(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files inside, without folders and without what a Mac adds to each."""
    return [
        part
        for part in packed.infolist()
        if part.filename
        and not part.is_dir()
        and not part.filename.startswith("__MACOSX/")
        and not part.filename.rpartition("/")[2].startswith(".")
    ]


def start_of(packed: zipfile.ZipFile, part: zipfile.ZipInfo, size: int = 4096) -> bytes:
    """The first bytes of a part."""
    with packed.open(part) as stream:
        return stream.read(size)


def content_of(
    packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, most: int = LARGEST_PART
) -> bytes:
    """A part read whole; `name` is the name of the file in a refusal."""
    with packed.open(part) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise refusal(f"{name}, {short(part)}", TOO_LARGE)
    return content


@contextmanager
def stream_of(
    packed: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    name: str,
    most: int = LARGEST_STREAM,
    told: "Told | None" = None,
) -> "Iterator[Bounded]":
    """A part as a stream, refused if it unpacks to more than any genuine file."""
    grows = part.file_size > _LARGE and part.file_size > _MOST_TIMES * max(part.compress_size, 1)
    if part.file_size > most or grows:
        raise refusal(f"{name}, {short(part)}", UNPACKS_TO_MORE)
    with packed.open(part) as stream:
        refused = refusal(f"{name}, {short(part)}", TOO_LARGE)
        yield Bounded(stream, most, lambda: refused, told or untold)


def short(part: zipfile.ZipInfo) -> str:
    """The name of a part, for one line."""
    name = part.filename.rpartition("/")[2]
    return name if len(name) <= 60 else name[:59] + "…"


#: Is given how many more bytes of a long file were read.
Told = Callable[[int], object]


def untold(_bytes: int) -> None:
    """Nobody watches."""


class Bounded:
    """A stream from which no more than this many bytes are read; `told` hears of each piece."""

    def __init__(
        self,
        stream: IO[bytes],
        most: int,
        refused: Callable[[], Exception],
        told: Told = untold,
    ) -> None:
        self._stream, self._left, self._refused, self._told = stream, most, refused, told

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise self._refused()
        self._told(len(found))
        return found
