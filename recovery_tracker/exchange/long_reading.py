"""A long file is read by a process of its own: how far it is, and what became of it.

The process that serves pages stays free meanwhile, and its memory small. Beside the file stands
the reading's own folder, `FILE.reading`: `told` in it says how far the reading is, `found` at the
end what was found, and what the reading unpacks lies there too. Without the file there is no
reading: the process ends, whoever began it.
"""

import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..domain.language import N_, Said, said_in
from . import packed
from .archive import Archive
from .cells import birth_day
from .choices import NOTHING_CHOSEN, Choices
from .incoming import Incoming, NeedsMapping, read_file
from .passive_csv import passive_text, read_passive
from .problems import FileRefused, Problem, refusal
from .whole_file import whole_text

log = logging.getLogger(__name__)

#: Bytes to read, unpacked, from which on a file is long; a second or two. Our default.
LONG = 50_000_000
#: Seconds without a sign of life after which a reading has stopped. Our default.
SILENT = 30
#: Readings at once on one machine; each takes a processor. Our default.
MOST_AT_ONCE = 2

STOPPED = Said(N_("This file was not read to its end. Give it once more."))


def bytes_to_read(path: Path) -> int:
    """The size of the file; of a zip that of all its parts, unpacked."""
    try:
        with zipfile.ZipFile(path) as found:
            return sum(part.file_size for part in found.infolist())
    except packed.DAMAGED:
        return path.stat().st_size


def is_long(path: Path) -> bool:
    """Whether reading the file takes longer than anybody would wait for a page."""
    return bytes_to_read(path) > LONG


def begin(path: Path, zone: str, choices: Choices = NOTHING_CHOSEN) -> bool:
    """Whether a process now reads the file; False if it must wait for others.

    One file per owner is read at a time; the name of a file begins with its owner's mark and "-".
    """
    _folder(path).mkdir(mode=0o700, exist_ok=True)
    try:
        _told(path).open("x").close()
    except FileExistsError:  # Another request began it meanwhile.
        return True
    if not _may_begin(path):
        drop(path)
        return False
    run = [sys.executable, "-m", __name__, str(path), zone, json.dumps(asdict(choices))]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        run,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        # Files for the moment, Python's and SQLite's, are gone with the folder.
        env={**os.environ, "TMPDIR": str(_folder(path))},
    )
    # Waited for, so that a process that is done is no burden to the system.
    threading.Thread(target=process.wait, name="reading", daemon=True).start()
    return True


def _may_begin(path: Path) -> bool:
    """Whether few enough others are read. This one is noted before they are counted: of two that
    begin together both may wait once more, and never one too many is read."""
    told = path.parent.glob("*.reading/told")
    others = [one.parent.name for one in told if one != _told(path) and _is_alive(one)]
    owner = path.name.partition("-")[0]
    is_owners = any(one.partition("-")[0] == owner for one in others)
    return len(others) < MOST_AT_ONCE and not is_owners


def is_begun(path: Path) -> bool:
    """Whether the file is being read or was."""
    return _told(path).exists() or _found(path).exists()


def share_read(path: Path) -> float | None:
    """How much of the file was read, from 0 to 1; None once nothing reads it any more."""
    if _found(path).exists() or not _is_alive(_told(path)):
        return None
    try:
        return float(_told(path).read_text() or 0)
    except (OSError, ValueError):
        return 0.0


def outcome(path: Path) -> Incoming | None:
    """What was found in the file; None where it is no list of daily values and short to read.

    Raises:
        FileRefused: nothing can be read from it, or the reading stopped.
    """
    try:
        found = json.loads(_found(path).read_text(encoding="utf-8"))
    except OSError:
        found = {"failed": "its process is gone"}
    if found is None:
        return None
    if "failed" in found:
        log.error("a long file was not read: %s", found["failed"])
        raise refusal(path.name, STOPPED)
    if "refused" in found:
        raise _refused(found["refused"])
    return Incoming(
        found["kind"],
        Archive(birth_date=birth_day(found["born"])),
        read_passive(found["passive"].encode(), path.name),
        left_out=tuple(map(said_in, found["left_out"])),
    )


def drop(path: Path) -> None:
    """What was noted and unpacked beside the file is gone."""
    shutil.rmtree(_folder(path), ignore_errors=True)


def _folder(path: Path) -> Path:
    return path.with_suffix(".reading")


def _told(path: Path) -> Path:
    return _folder(path) / "told"


def _found(path: Path) -> Path:
    return _folder(path) / "found"


def _is_alive(told: Path) -> bool:
    try:
        return time.time() - told.stat().st_mtime < SILENT
    except OSError:
        return False


# In the process that reads.


def _found_in(
    path: Path, zone: str, choices: Choices, told: packed.Told
) -> Mapping[str, Any] | None:
    try:
        read = read_file(path, zone=zone, choices=choices, told=told)
    except NeedsMapping:
        return None
    except FileRefused as refused:
        return {"refused": _told_apart(refused)}
    except Exception as error:  # Its message may hold what is in the file.
        return {"failed": type(error).__name__}
    if not read.passive or read.archive.entries or read.archive.operations:
        return None
    return {
        "kind": read.kind,
        "born": str(read.archive.birth_date),
        "passive": passive_text(read.passive),
        "left_out": [one.as_json() for one in read.left_out],
    }


def _told_apart(refused: FileRefused) -> Mapping[str, Any]:
    """What `_refused` makes a refusal of again."""
    return {
        "more": refused.more,
        "problems": [
            {"file": one.file, "what": one.what.as_json(), "row": one.row, "column": one.column}
            for one in refused.problems
        ],
    }


def _refused(told: Mapping[str, Any]) -> FileRefused:
    problems = [Problem(**{**one, "what": said_in(one["what"])}) for one in told["problems"]]
    return FileRefused(problems, told["more"])


class _Pulse:
    """Says every second how far the reading is, and ends it once the file is gone."""

    def __init__(self, path: Path) -> None:
        self.path, self.whole = path, max(bytes_to_read(path), 1)
        self.done = 0
        threading.Thread(target=self._beat, daemon=True).start()

    def told(self, more: int) -> None:
        self.done += more

    def _beat(self) -> None:
        while self.path.exists():
            with contextlib.suppress(OSError):
                _told(self.path).write_text(f"{min(self.done / self.whole, 1):.3f}")
            time.sleep(1)
        drop(self.path)  # Once more: something may have been unpacked meanwhile.
        os._exit(1)


def main(file: str, zone: str, choices: str) -> None:
    """The file is read, and `found` says what was found."""
    path = Path(file)
    if hasattr(os, "nice"):
        os.nice(10)  # Pages come first.
    try:
        found = _found_in(path, zone, Choices(**json.loads(choices)), _Pulse(path).told)
        if path.exists():
            with whole_text(_found(path)) as out:
                json.dump(found, out)
            _told(path).unlink(missing_ok=True)
    finally:
        if not path.exists():  # It may have gone before the first beat.
            drop(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
