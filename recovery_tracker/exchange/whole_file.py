"""Files, and folders of them, that exist complete or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from ..domain.errors import RecoveryError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content is at `path` if the block ends without an error, and nowhere
    otherwise.

    A file that is already there stays until then. A pipe or a terminal is written to directly.

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
        raise _not_written(path, error) from error


@contextmanager
def whole_text(path: Path) -> Iterator[IO[str]]:
    """The same for text, in UTF-8 and with line ends as written."""
    with whole_file(path) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write files into; all of them are in `path` if the block ends without an error,
    and otherwise none of them is, nor a folder that did not exist before.

    Other files in `path` stay.

    Raises:
        RecoveryError: the folder cannot be written to, or the disk is full.
    """
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    missing = path.relative_to(there).parts
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=f".{path.name}.") as name:
            made = Path(name, *missing)
            made.mkdir(parents=True, exist_ok=True)
            yield made
            # Under its first missing folder everything appears at once.
            for file in [Path(name, missing[0])] if missing else made.iterdir():
                os.replace(file, there / file.name)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> RecoveryError:
    return RecoveryError(f"{path}: cannot be written ({(error.strerror or str(error)).lower()})")
