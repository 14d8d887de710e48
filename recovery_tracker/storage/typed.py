"""Typed values as plain JSON and back, without loss: a date stays a date, 1.0 is not 1."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..domain.flags import Episode, Pattern, Reason, Signal, Update, Urgency, Value
from ..domain.history import Schedule


def schedule_to_json(schedule: Schedule) -> Any:
    return [[first, sorted(days)] for first, days in schedule.steps]


def schedule_from_json(steps: Any) -> Schedule:
    return Schedule(tuple((first, frozenset(days)) for first, days in steps))


def episode_to_json(episode: Episode) -> Any:
    """Every field by its name; what is None or empty is left out."""
    whole = {
        "pattern": str(episode.pattern),
        "urgency": episode.urgency.key,
        "raised_on": episode.raised_on.isoformat(),
        "cleared_on": _day(episode.cleared_on),
        "onset": _day(episode.onset),
        "onset_first": _day(episode.onset_first),
        "onset_last": _day(episode.onset_last),
        "size": _number(episode.size),
        "size_low": _number(episode.size_low),
        "size_high": _number(episode.size_high),
        "days_used": int(episode.days_used),
        "days_missing": int(episode.days_missing),
        "signs": list(episode.signs),
        "signals": [_signal_to_json(signal) for signal in episode.signals],
        "evidence_for": [reason_to_json(reason) for reason in episode.evidence_for],
        "evidence_against": [reason_to_json(reason) for reason in episode.evidence_against],
        "explained_by": [reason_to_json(reason) for reason in episode.explained_by],
        "also_consider": list(episode.also_consider),
        "likelihoods": [[str(pattern), float(share)] for pattern, share in episode.likelihoods],
        "would_clear": episode.would_clear and reason_to_json(episode.would_clear),
        "updates": [
            [update.day.isoformat(), update.urgency.key, reason_to_json(update.reason)]
            for update in episode.updates
        ],
        "rule_set": episode.rule_set,
    }
    return {key: value for key, value in whole.items() if value not in (None, [], "")}


def episode_from_json(found: Mapping[str, Any]) -> Episode:
    return Episode(
        pattern=Pattern(found["pattern"]),
        urgency=Urgency[found["urgency"].upper()],
        raised_on=date.fromisoformat(found["raised_on"]),
        cleared_on=_date(found.get("cleared_on")),
        onset=_date(found.get("onset")),
        onset_first=_date(found.get("onset_first")),
        onset_last=_date(found.get("onset_last")),
        size=found.get("size"),
        size_low=found.get("size_low"),
        size_high=found.get("size_high"),
        days_used=found.get("days_used", 0),
        days_missing=found.get("days_missing", 0),
        signs=tuple(found.get("signs", ())),
        signals=tuple(Signal(**signal) for signal in found.get("signals", ())),
        evidence_for=_reasons(found, "evidence_for"),
        evidence_against=_reasons(found, "evidence_against"),
        explained_by=_reasons(found, "explained_by"),
        also_consider=tuple(found.get("also_consider", ())),
        likelihoods=tuple(
            (Pattern(pattern), share) for pattern, share in found.get("likelihoods", ())
        ),
        would_clear=(reason_from_json(found["would_clear"]) if found.get("would_clear") else None),
        updates=tuple(
            Update(date.fromisoformat(day), Urgency[urgency.upper()], reason_from_json(reason))
            for day, urgency, reason in found.get("updates", ())
        ),
        rule_set=found.get("rule_set", ""),
    )


def _signal_to_json(signal: Signal) -> Any:
    return {
        "measure": signal.measure,
        "before": _number(signal.before),
        "now": _number(signal.now),
        "days_used": int(signal.days_used),
        "days_missing": int(signal.days_missing),
    }


def reason_to_json(reason: Reason) -> Any:
    return [reason.code, {key: _value(value) for key, value in reason.values.items()}]


def reason_from_json(found: Any) -> Reason:
    code, values = found
    return Reason(code, {key: _typed(value) for key, value in values.items()})


def _reasons(found: Mapping[str, Any], key: str) -> tuple[Reason, ...]:
    return tuple(reason_from_json(reason) for reason in found.get(key, ()))


def _value(value: Value) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str):
        return str(value)
    return float(value) if isinstance(value, float) else int(value)


def _typed(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    found: Value = value
    return found


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
