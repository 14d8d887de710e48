"""A file of leaked passwords that the installation keeps; no other host is asked.

Its lines begin with SHA-1 in hexadecimal, in order, as "Have I Been Pwned" gives them away.
"""

import logging
import re
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

log = logging.getLogger(__name__)

_DIGEST = re.compile(rb"[0-9A-F]{40}(?![0-9A-Z])")

_LOOKED_AT = 40
"""Lines, spread over the file, by which it is judged at the start. Our default."""

_LONGEST = 200
"""Bytes of a line that are read; a digest and a count are fewer."""


def is_in(file: Path, password: str) -> bool:
    """Whether the password is in the file. A file that has gone since the start holds none, and the
    journal says so: people can still choose a password.
    """
    found = sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    digest = found.hexdigest().upper().encode()
    try:
        with file.open("rb") as lines:
            first, last = 0, file.stat().st_size
            while first < last:
                middle = (first + last) // 2
                if _line_from(lines, middle)[:40] < digest:
                    first = max(lines.tell(), middle + 1)
                else:
                    last = middle
            return _line_from(lines, first)[:40] == digest
    except OSError as error:
        log.error("the file of leaked passwords could not be read: %s", type(error).__name__)
        return False


def can_be_searched(file: Path) -> bool:
    """Whether lines from all over the file begin with digests of the right kind, in order."""
    with file.open("rb") as lines:
        size = file.stat().st_size
        found = [_line_from(lines, size * part // _LOOKED_AT) for part in range(_LOOKED_AT)]
    while found and found[-1] == _END:
        found.pop()
    digests = [line[:40] for line in found]
    return bool(found) and all(map(_DIGEST.match, found)) and digests == sorted(digests)


_END = b"~"
"""Stands behind every digest."""


def _line_from(lines: BinaryIO, place: int) -> bytes:
    """The first line that begins there or later; after the last one, a line beyond all others."""
    lines.seek(max(place - 1, 0))
    if place:
        lines.readline(_LONGEST)
    return lines.readline(_LONGEST).upper() or _END
