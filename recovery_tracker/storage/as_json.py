"""Episodes and schedules as plain JSON and back, without loss: a date stays a date, 1.0 is not 1.

cattrs reads the fields and their types from the dataclasses; only what differs from them in the
stored form is written here.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ..domain.flags import Episode, MeasureChange, Pattern, Reason, Update, Urgency, Value
from ..domain.history import Schedule

_converter = Converter(detailed_validation=False, unstruct_collection_overrides={tuple: list})


def schedule_to_json(schedule: Schedule) -> Any:
    return [[first, sorted(days)] for first, days in schedule.steps]


def schedule_from_json(steps: Any) -> Schedule:
    return Schedule(tuple((first, frozenset(days)) for first, days in steps))


@lru_cache(maxsize=256)
def schedule_in(text: str) -> Schedule:
    """The schedule in a column; cached, because a clinic's patients have few different ones."""
    return schedule_from_json(json.loads(text))


def episode_to_json(episode: Episode) -> Any:
    """Every field by name; fields that are None or empty are left out."""
    return _converter.unstructure(episode)


def episode_from_json(found: Mapping[str, Any]) -> Episode:
    return _converter.structure(found, Episode)


def told_in(text: str) -> Episode:
    """The episode in a column, as far as a row of a list tells of it: what it was raised for, when,
    what is for it and what ends it. What is against it, or explains it, is not read.

    A file of ten thousand patients reads thousands of them.
    """
    found = json.loads(text)
    signals, ends = found.get("signals", ()), found.get("would_clear")
    return Episode(
        Pattern(found["pattern"]),
        Urgency[found["urgency"].upper()],
        date.fromisoformat(found["raised_on"]),
        _day_from_json(found.get("cleared_on")),
        _day_from_json(found.get("onset")),
        signs=tuple(found.get("signs", ())),
        signals=tuple(MeasureChange(**signal) for signal in signals),
        evidence_for=tuple(_reason_from_json(one) for one in found.get("evidence_for", ())),
        likelihoods=tuple((Pattern(key), share) for key, share in found.get("likelihoods", ())),
        would_clear=None if ends is None else _reason_from_json(ends),
        updates=tuple(_update_from_json(one) for one in found.get("updates", ())),
    )


def _day_from_json(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _reason_to_json(reason: Reason) -> Any:
    return [reason.code, {key: _value_to_json(value) for key, value in reason.values.items()}]


def _reason_from_json(found: Any, _: type[Reason] = Reason) -> Reason:
    code, values = found
    return Reason(code, {key: _value_from_json(value) for key, value in values.items()})


def _value_to_json(value: Value) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str):
        return str(value)
    # A number may come from numpy, which JSON does not know.
    return float(value) if isinstance(value, float) else int(value)


def _value_from_json(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    found: Value = value
    return found


def _update_from_json(found: Any, _: type[Update] = Update) -> Update:
    day, urgency, reason = found
    return Update(date.fromisoformat(day), Urgency[urgency.upper()], _reason_from_json(reason))


# Simple types first: cattrs builds the hooks of the others from them.
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
_converter.register_unstructure_hook(Urgency, lambda urgency: urgency.key)
_converter.register_structure_hook(Urgency, lambda key, _: Urgency[key.upper()])
_converter.register_unstructure_hook(float, float)
_converter.register_structure_hook(float, lambda number, _: number)
_converter.register_unstructure_hook(int, int)
_converter.register_unstructure_hook(Reason, _reason_to_json)
_converter.register_structure_hook(Reason, _reason_from_json)
_converter.register_unstructure_hook(
    Update, lambda u: [u.day.isoformat(), u.urgency.key, _reason_to_json(u.reason)]
)
_converter.register_structure_hook(Update, _update_from_json)
_converter.register_unstructure_hook(
    Episode,
    make_dict_unstructure_fn(
        Episode,
        _converter,
        _cattrs_omit_if_default=True,
        # Stored even where they are 0.
        days_used=override(omit_if_default=False),
        days_missing=override(omit_if_default=False),
    ),
)
