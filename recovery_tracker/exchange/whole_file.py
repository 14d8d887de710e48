"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..domain.errors import RecoveryError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content stands at `path` when the block ends well, and nowhere otherwise.

    What stood there before stays until then. A pipe or a terminal is written to directly.

    Raises:
        RecoveryError: the folder is missing or cannot be written to, or the disk is full.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as stream:
                yield stream
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RecoveryError(f"{path}: cannot be written ({reason})") from error
