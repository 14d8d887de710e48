"""A registry: a cohort cut into files by patient and replayed file by file.

Memory is bounded by the largest file, a run that was stopped goes on where it was, and the flags
are those of one file that holds everybody, in the same order.
"""

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from shutil import rmtree
from typing import IO, NamedTuple

from ..domain.errors import RecoveryError
from ..trends.parameters import STANDARD
from .cohort_csv import last_day_of, read_cohort
from .flags_csv import COLUMNS, as_csv, flags_file, rows_of
from .patients_csv import read_patients
from .replaying import flags_of
from .sharing import Sharing, on_this_machine
from .whole_file import whole_file

#: Files that are merged at once: a system lets a program open a thousand or so.
_AT_ONCE = 200


class Replayed(NamedTuple):
    """Days of a part, and how many of them were not known by the end of observation."""

    days: int
    unknown: int


@dataclass(frozen=True)
class Partition:
    """Some of the patients with all of their days: two files of one name."""

    patients: Path
    diary: Path

    @property
    def identity(self) -> str:
        """Changes when one of the files does."""
        stats = [file.stat() for file in (self.patients, self.diary)]
        return f"{self.diary.name} {[(one.st_size, one.st_mtime_ns) for one in stats]}"


def parts_of(patients: Path, diary: Path) -> list[Partition]:
    """The parts of a registry by name, from the folders of its two tables.

    Raises:
        RecoveryError: there are none, or a file has no counterpart in the other folder.
    """
    found = {folder: _files(folder) for folder in (patients, diary)}
    for one, other in ((patients, diary), (diary, patients)):
        for name, file in found[one].items():
            if name not in found[other]:
                raise RecoveryError(f"{file}: {other} has no file of this name")
    if not found[diary]:
        raise RecoveryError(f"{diary}: holds no file that ends in .parquet or .csv")
    return [Partition(found[patients][name], file) for name, file in found[diary].items()]


def _files(folder: Path) -> dict[str, Path]:
    files = sorted(file for file in folder.glob("*") if file.suffix in (".parquet", ".csv"))
    return {file.stem: file for file in files}


def replay_parts(
    parts: Sequence[Partition],
    out: Path,
    share: Sharing = on_this_machine,
    shown: Callable[[Iterator[Replayed], int], Iterable[Replayed]] = lambda done, _count: done,
) -> Replayed:
    """The flags of every part are in `out`; returns what was replayed now.

    What is done of it is kept beside `out` until all of it is. `shown` may say how far it is.

    Raises:
        RecoveryError: a file cannot be read, or a patient is in two parts.
    """
    # The same for every part: who has no `observed_until` was observed until then.
    last = max(filter(None, (last_day_of(part.diary) for part in parts)), default=None)
    kept = _folder(parts, out, last)
    todo = [part for part in parts if not _kept_flags(kept, part).exists()]
    work = partial(replay_part, last=last, folder=kept)
    done = list(shown(share(work, todo), len(todo)))
    files = [_kept_flags(kept, part) for part in parts]
    while len(files) > _AT_ONCE:
        files = [
            _merged(files[first : first + _AT_ONCE], kept / f"{len(files)}-{first}.flags")
            for first in range(0, len(files), _AT_ONCE)
        ]
    with flags_file(out) as stream:
        stream.write(as_csv([COLUMNS]))
        stream.writelines(rows.decode() for _, rows in _in_order(files))
    rmtree(kept)
    return Replayed(sum(one.days for one in done), sum(one.unknown for one in done))


def replay_part(part: Partition, *, last: date | None, folder: Path) -> Replayed:
    """The flags of one part are in the folder."""
    cohort = read_cohort(part.diary, read_patients(part.patients), last)
    flags = [flag for batch in flags_of(cohort, workers=1) for flag in batch]
    with whole_file(_kept_flags(folder, part)) as stream:
        for patient, rows in groupby(rows_of(flags), itemgetter(0)):
            _keep(stream, patient, as_csv(rows).encode())
    return Replayed(cohort.patient_days, cohort.unknown_days)


def _kept_flags(folder: Path, part: Partition) -> Path:
    return folder / f"{part.diary.stem}.flags"


def _folder(parts: Sequence[Partition], out: Path, last: date | None) -> Path:
    """Where finished parts wait: named after all that decides, so that nothing stale is taken."""
    said = "\n".join([*(part.identity for part in parts), str(last), STANDARD.rule_set])
    kept = out.with_name(f".{out.name}.parts-{sha256(said.encode()).hexdigest()[:16]}")
    for other in out.parent.glob(f".{out.name}.parts-*"):
        if other != kept:
            rmtree(other)
    kept.mkdir(exist_ok=True)
    return kept


def _merged(files: Sequence[Path], out: Path) -> Path:
    with whole_file(out) as stream:
        for patient, rows in _in_order(files):
            _keep(stream, patient, rows)
    return out


def _in_order(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Each patient of several kept files with their rows."""
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("rb")) for file in files]
        before = None
        for patient, rows in heapq.merge(*map(_kept, streams), key=itemgetter(0)):
            if patient == before:
                raise RecoveryError(f"patient {patient!r} is in two files of the registry")
            before = patient
            yield patient, rows


# A finished part keeps each patient's rows as they will stand in FLAGS, behind a line with the
# patient and how long they are: so they are put in order without being read again.


def _keep(stream: IO[bytes], patient: str, rows: bytes) -> None:
    stream.write(json.dumps([patient, len(rows)]).encode() + b"\n" + rows)


def _kept(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    while line := stream.readline():
        patient, length = json.loads(line)
        yield patient, stream.read(length)
