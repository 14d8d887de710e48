"""Flags as files hold them: the fields of `FLAGS.csv` and of `assess --json`.

The evidence is typed data as the receipt holds it; only `summary` is a sentence. A reason is an
object with its `code` and its values, a day is an ISO date, and what is not known is null.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import IO, Any

from ..domain.flags import Episode, Reason, raisings
from ..domain.phrases import summary
from ..domain.surgery import Region
from .table import guarded

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


@dataclass(frozen=True, slots=True)
class PatientFlag:
    """One episode of one patient of a cohort."""

    patient_id: str
    region: Region
    episode: Episode


def flag_fields(episode: Episode, region: Region) -> dict[str, Any]:
    """One flag as `assess --json` gives it; all columns of `FLAGS.csv` but the patient's id."""
    return {
        "pattern": episode.pattern.value,
        "urgency": episode.urgency.key,
        "raised_on": episode.raised_on.isoformat(),
        "cleared_on": _day(episode.cleared_on),
        "since": _day(episode.onset),
        "summary": summary(episode, region),
        "evidence": evidence(episode),
    }


def evidence(episode: Episode) -> dict[str, Any]:
    """Everything a receipt rests on."""
    return {
        "signals": [
            {
                "measure": signal.measure,
                "before": _rounded(signal.before),
                "now": _rounded(signal.now),
                "days_used": signal.days_used,
                "days_missing": signal.days_missing,
            }
            for signal in episode.signals
        ],
        "days_used": episode.days_used,
        "days_missing": episode.days_missing,
        "for": [_reason(reason) for reason in episode.evidence_for],
        "against": [_reason(reason) for reason in episode.evidence_against],
        "explained_by": [_reason(reason) for reason in episode.explained_by],
        "signs": list(episode.signs),
        "onset_between": [_day(episode.onset_first), _day(episode.onset_last)],
        "size": [_rounded(n) for n in (episode.size, episode.size_low, episode.size_high)],
        "likelihoods": {pattern.value: _rounded(share) for pattern, share in episode.likelihoods},
        "also_consider": list(episode.also_consider),
        "would_clear": _reason(episode.would_clear) if episode.would_clear else None,
        "updates": [
            {
                "day": update.day.isoformat(),
                "urgency": update.urgency.key,
                "reason": _reason(update.reason),
            }
            for update in episode.updates
        ],
        "rule_set": episode.rule_set,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, **{key: _value(v) for key, v in reason.values.items()}}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return _rounded(value) if isinstance(value, float) else value


def _rounded(number: float | None) -> float | None:
    """Three decimals: more than any answer carries, and the same text on every machine."""
    return None if number is None else round(float(number), 3)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def write_flags(stream: IO[str], flags: Iterable[PatientFlag]) -> int:
    """Write `FLAGS.csv`, ordered by patient and day, and say how many rows it holds.

    A flag has a row of its own for each day that somebody must act on anew (`flags.raisings`).
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
