"""Flags as files hold them: the fields of `FLAGS.csv` and of `assess --json`.

The evidence is the episode's own typed data; only `summary` is a sentence. A reason is an object
with its `code` and its values, a day is an ISO date, and what is not known is null.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO, Any

from ..domain.flags import Episode, MeasureChange, Pattern, Reason, Update, Urgency, raisings
from ..domain.phrases import summary
from ..domain.surgery import Region
from .arrow import is_parquet, write_parquet
from .formula import guarded
from .whole_file import whole_file, whole_text

COLUMNS = (
    "patient_id",
    "pattern",
    "urgency",
    "raised_on",
    "cleared_on",
    "since",
    "summary",
    "evidence",
)

_TYPES = dict.fromkeys(COLUMNS, "string") | dict.fromkeys(
    ("raised_on", "cleared_on", "since"), "date32"
)


@dataclass(frozen=True, slots=True)
class PatientFlag:
    """One episode of one patient of a cohort."""

    patient_id: str
    region: Region
    episode: Episode


def flag_fields(episode: Episode, region: Region) -> dict[str, Any]:
    """One flag as `assess --json` gives it; all columns of `FLAGS.csv` except the patient's id."""
    return {
        **_plain(
            {
                "pattern": episode.pattern,
                "urgency": episode.urgency,
                "raised_on": episode.raised_on,
                "cleared_on": episode.cleared_on,
                "since": episode.onset,
            }
        ),
        "summary": summary(episode, region),
        "evidence": evidence(episode),
    }


def evidence(episode: Episode) -> dict[str, Any]:
    """Everything that a flag rests on."""
    found: dict[str, Any] = _plain(
        {
            "signals": episode.signals,
            "days_used": episode.days_used,
            "days_missing": episode.days_missing,
            "for": episode.evidence_for,
            "against": episode.evidence_against,
            "explained_by": episode.explained_by,
            "signs": episode.signs,
            "onset_between": [episode.onset_first, episode.onset_last],
            "size": [episode.size, episode.size_low, episode.size_high],
            "likelihoods": dict(episode.likelihoods),
            "also_consider": episode.also_consider,
            "would_clear": episode.would_clear,
            "updates": episode.updates,
            "points": dict(episode.points),
            "rule_set": episode.rule_set,
        }
    )
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it: a day as ISO, an urgency by its key, a reason as an object."""
    return _WRITERS[type(value)](value)


def _as_list(values: Iterable[Any]) -> list[Any]:
    return [_WRITERS[type(each)](each) for each in values]


def _as_object(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _WRITERS[type(each)](each) for key, each in values.items()}


def _fields_of(value: Any) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


class _Writers(dict[type, Callable[[Any], Any]]):
    """How values of each type are written; a subclass as the type that it is made of."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = next(self[base] for base in kind.__mro__ if base in self)
        return self[kind]


_WRITERS = _Writers(
    {
        # Three decimals: more than any answer carries, and the same text on every machine.
        float: lambda number: round(float(number), 3),
        Urgency: lambda urgency: urgency.key,
        Pattern: lambda pattern: pattern.value,
        date: date.isoformat,
        tuple: _as_list,
        list: _as_list,
        dict: _as_object,
        MappingProxyType: _as_object,
        Reason: lambda reason: {"code": reason.code, **_as_object(reason.values)},
        MeasureChange: _fields_of,
        Update: _fields_of,
        **dict.fromkeys((str, int, type(None)), lambda value: value),
    }
)


@contextmanager
def flags_file(path: Path) -> Iterator[IO[str]]:
    """A stream for `FLAGS.csv`; at the end `path` holds it, as Parquet if its name says so."""
    if not is_parquet(path):
        with whole_text(path) as stream:
            yield stream
        return
    with TemporaryDirectory() as folder:
        table = Path(folder, "flags.csv")
        with whole_text(table) as stream:
            yield stream
        with whole_file(path) as target:
            write_parquet(table, target, _TYPES)


def write_flags(stream: IO[str], flags: Iterable[PatientFlag]) -> int:
    """`FLAGS.csv` is written, ordered by patient and day; returns the number of rows.

    A flag has a row for each day on which somebody must act again (`flags.raisings`).
    """
    write = csv.writer(stream, lineterminator="\n").writerow
    write(COLUMNS)
    count = 0
    rows = (
        PatientFlag(flag.patient_id, flag.region, each)
        for flag in flags
        for each in raisings(flag.episode)
    )
    for flag in sorted(rows, key=_order):
        write(_row(flag))
        count += 1
    return count


def _order(flag: PatientFlag) -> tuple[str, date, str, tuple[str, ...]]:
    episode = flag.episode
    return flag.patient_id, episode.raised_on, episode.pattern.value, episode.signs


_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _row(flag: PatientFlag) -> Sequence[str | None]:
    fields = flag_fields(flag.episode, flag.region) | {"patient_id": flag.patient_id}
    fields["summary"] = guarded(fields["summary"])
    fields["evidence"] = _encoded(fields["evidence"])
    return [fields[column] for column in COLUMNS]
