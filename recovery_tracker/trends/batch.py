"""Cohorts through the same engine as one patient: trend episodes by row, a score by day."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

import numpy as np

from ..domain.flags import Episode
from .evidence import CHANNELS, evidence_of
from .parameters import STANDARD, Parameters
from .series import Diaries
from .windows import Floats
from .worsening import findings_of

#: Day 0 of dates that count from the operation.
DAY_ZERO = date(2000, 1, 1)
#: Cells (patients times days) worked on at a time, so that memory stays bounded.
_CELLS = 200_000

Record = TypeVar("Record")


def _chunks(diaries: Diaries) -> list[slice]:
    rows = max(1, _CELLS // max(1, diaries.shape[1]))
    return [slice(first, first + rows) for first in range(0, diaries.shape[0], rows)]


def trend_episodes(
    diaries: Diaries, parameters: Parameters = STANDARD
) -> tuple[tuple[int, Episode], ...]:
    """Every trend flag and slow-recovery note with its row; dates count from `DAY_ZERO`."""
    found = []
    for chunk in _chunks(diaries):
        part = diaries.rows(chunk)
        rows, _ = findings_of(part, [DAY_ZERO] * part.shape[0], parameters)
        found += [
            (chunk.start + row, each) for row, row_found in enumerate(rows) for each in row_found
        ]
    return tuple(found)


def trend_score(diaries: Diaries, parameters: Parameters = STANDARD) -> Floats:
    """The alarm score by patient and day: a change flag is raised at 1; -inf where nothing can be
    said.
    """
    scores = np.full(diaries.shape, -np.inf)
    for chunk in _chunks(diaries):
        evidence = evidence_of(diaries.rows(chunk), parameters)
        for channel in CHANNELS:
            if channel in evidence.scores:
                heard = np.where(evidence.speaks, evidence.scores[channel], -np.inf)
                np.maximum(scores[chunk], heard, out=scores[chunk])
    return scores


def moved(record: Record, days: int) -> Record:
    """The same record with every date in it, at any depth, moved by `days`."""
    changed: Any = _moved(record, timedelta(days=days))
    return changed  # type: ignore[no-any-return]


def _moved(value: Any, by: timedelta) -> Any:
    """The value itself where nothing in it moves."""
    kind: Any = type(value)
    if kind in _STILL:
        return value
    if isinstance(value, date):
        return value + by
    if isinstance(value, tuple):
        parts = [_moved(each, by) for each in value]
        return tuple(parts) if _differ(parts, value) else value
    if isinstance(value, dict):
        return {key: _moved(each, by) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        before = [(name, getattr(value, name)) for name in _names(kind)]
        after = {name: _moved(each, by) for name, each in before}
        changed = {name: after[name] for name, each in before if after[name] is not each}
        return replace(value, **changed) if changed else value
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


_STILL = frozenset({int, float, str, bool, type(None)})


def _differ(parts: Iterable[Any], others: Iterable[Any]) -> bool:
    return any(one is not other for one, other in zip(parts, others, strict=True))
