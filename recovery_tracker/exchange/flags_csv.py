"""Flags as files hold them: the fields of `FLAGS.csv` and of `assess --json`.

The evidence is the episode's own typed data; only `summary` is a sentence. A reason is an object
with its `code` and its values, a day is an ISO date, and what is not known is null.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from ..domain.flags import Episode, Reason, Value, raisings
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
        "pattern": episode.pattern.value,
        "urgency": episode.urgency.key,
        "raised_on": _plain(episode.raised_on),
        "cleared_on": _plain(episode.cleared_on),
        "since": _plain(episode.onset),
        "summary": summary(episode, region),
        "evidence": evidence(episode),
    }


def evidence(episode: Episode) -> dict[str, Any]:
    """Everything that a flag rests on."""
    ends = episode.would_clear
    return {
        "signals": [
            {
                "measure": signal.measure,
                "before": _plain(signal.before),
                "now": _plain(signal.now),
                "days_used": signal.days_used,
                "days_missing": signal.days_missing,
                "mostly_before": signal.mostly_before,
                "mostly_now": signal.mostly_now,
            }
            for signal in episode.signals
        ],
        "days_used": episode.days_used,
        "days_missing": episode.days_missing,
        "for": [_reason(each) for each in episode.evidence_for],
        "against": [_reason(each) for each in episode.evidence_against],
        "explained_by": [_reason(each) for each in episode.explained_by],
        "signs": list(episode.signs),
        "onset_between": [_plain(episode.onset_first), _plain(episode.onset_last)],
        "size": [_plain(size) for size in (episode.size, episode.size_low, episode.size_high)],
        "likelihoods": {pattern.value: _plain(share) for pattern, share in episode.likelihoods},
        "also_consider": list(episode.also_consider),
        "would_clear": None if ends is None else _reason(ends),
        "updates": [
            {"day": _plain(one.day), "urgency": one.urgency.key, "reason": _reason(one.reason)}
            for one in episode.updates
        ],
        "points": {name: _plain(share) for name, share in episode.points},
        "rule_set": episode.rule_set,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code} | {name: _plain(each) for name, each in reason.values.items()}


def _plain(value: Value | None) -> Value | None:
    """A day as ISO has it; a number with three decimals, which is more than any answer carries, so
    that it is the same text on every machine.
    """
    if isinstance(value, float):
        return round(float(value), 3)
    return value.isoformat() if isinstance(value, date) else value


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
    """`FLAGS.csv` is written; returns the number of rows."""
    write = csv.writer(stream, lineterminator="\n").writerow
    write(COLUMNS)
    count = 0
    for row in rows_of(flags):
        write(row)
        count += 1
    return count


def rows_of(flags: Iterable[PatientFlag]) -> Iterator[list[Any]]:
    """The rows of `FLAGS.csv`, their first cell the patient, ordered by patient and day.

    A flag has a row for each day on which somebody must act again (`flags.raisings`).
    """
    rows = [
        PatientFlag(flag.patient_id, flag.region, each)
        for flag in flags
        for each in raisings(flag.episode)
    ]
    return map(_cells, sorted(rows, key=_order))


def as_csv(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as a file holds them."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _order(flag: PatientFlag) -> tuple[str, date, str, tuple[str, ...]]:
    episode = flag.episode
    return flag.patient_id, episode.raised_on, episode.pattern.value, episode.signs


_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _cells(flag: PatientFlag) -> list[Any]:
    """One row in the order of `COLUMNS`; None is an empty cell."""
    fields = flag_fields(flag.episode, flag.region)
    fields["summary"], fields["evidence"] = (
        guarded(fields["summary"]),
        _as_json(fields["evidence"]),
    )
    return [flag.patient_id, *fields.values()]
