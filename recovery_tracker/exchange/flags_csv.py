"""Flags as files hold them: the fields of `FLAGS.csv` and of `assess --json`.

The evidence is the episode's own typed data; only `summary` is a sentence. A reason is an object
with its `code` and its values, a day is an ISO date, and what is not known is null.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from cattrs import Converter

from ..domain.flags import Episode, Reason, Urgency, raisings
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


_converter = Converter(unstruct_collection_overrides={tuple: list})
_plain = _converter.unstructure
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_unstructure_hook(Urgency, lambda urgency: urgency.key)
# Three decimals: more than any answer carries, and the same text on every machine.
_converter.register_unstructure_hook(float, lambda number: round(float(number), 3))
_converter.register_unstructure_hook(
    Reason, lambda reason: {"code": reason.code, **_plain(dict(reason.values))}
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
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    rows = (replace(flag, episode=each) for flag in flags for each in raisings(flag.episode))
    for flag in sorted(rows, key=_order):
        writer.writerow(_row(flag))
        count += 1
    return count


def _order(flag: PatientFlag) -> tuple[str, date, str, tuple[str, ...]]:
    episode = flag.episode
    return flag.patient_id, episode.raised_on, episode.pattern.value, episode.signs


def _row(flag: PatientFlag) -> Mapping[str, str]:
    fields = flag_fields(flag.episode, flag.region)
    return {
        **{key: "" if value is None else value for key, value in fields.items()},
        "patient_id": flag.patient_id,
        "summary": guarded(fields["summary"]),
        "evidence": json.dumps(fields["evidence"], ensure_ascii=False, sort_keys=True),
    }
