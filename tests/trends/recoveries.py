"""Recoveries to order: a fall of pain to a plateau, day noise, and what a test adds to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region

OPERATION_DAY = date(2025, 3, 3)


def ramp(onset: int, points: float, days: int = 1) -> Callable[[int], float]:
    """`points` added over `days` from `onset` on, and staying."""
    return lambda day: points * min(1.0, max(0.0, (day - onset + 1) / days))


def flare(onset: int, points: float, days: float) -> Callable[[int], float]:
    """`points` at once, fading with a time constant of `days`."""
    return lambda day: points * float(np.exp(-(day - onset) / days)) if day >= onset else 0.0


def nothing(day: int) -> float:
    """No change."""
    del day
    return 0.0


@dataclass
class Recovery:
    """A diary from day 1 to `days`; the same seed gives the same noise, whatever is added."""

    days: int = 260
    seed: int = 1
    preop: float | None = 7.0
    start: float = 6.0
    plateau: float = 2.0
    noise: float = 0.7
    axial: Callable[[int], float] = nothing
    limb: Callable[[int], float] = nothing
    numbness: Callable[[int], float] = nothing
    #: Whether walking, moving and loading are answered, and follow the axial change.
    others: bool = True
    missing: Iterable[int] = ()
    late: dict[int, int] = field(default_factory=dict)
    more: dict[int, dict[str, Any]] = field(default_factory=dict)
    operation_day: date = OPERATION_DAY

    def entries(self) -> tuple[DiaryEntry, ...]:
        rng = np.random.default_rng(self.seed)
        noise = rng.normal(0.0, 1.0, (self.days + 1, 4))
        missing = set(self.missing)
        return tuple(
            self._entry(day, noise[day]) for day in range(1, self.days + 1) if day not in missing
        )

    def _entry(self, day: int, noise: np.ndarray) -> DiaryEntry:
        fall = (self.start - self.plateau) * float(np.exp(-day / 20))
        answers: dict[str, Any] = {
            "axial_pain": _score(self.plateau + fall + self.noise * noise[0] + self.axial(day)),
            "limb_pain": _score(1.5 + 0.5 * fall + 0.6 * noise[1] + self.limb(day)),
            "numbness": _score(0.4 + 0.3 * noise[1] + self.numbness(day), 4),
        }
        if self.others:
            change = self.axial(day)
            answers["mobility"] = _score(1 + 0.4 * noise[2] + 0.3 * fall + 0.35 * change, 4)
            answers["walking"] = _score(3 + 0.4 * noise[3] - 0.3 * fall - 0.25 * change, 4)
            loads = day % 7 == 3 and change > 1
            answers["signs"] = frozenset({"worse_on_loading"}) if loads else frozenset()
            answers["signs_asked"] = frozenset(
                {"worse_on_loading", "eases_lying"} if day % 7 == 3 else set()
            )
        answers.update(self.more.get(day, {}))
        on = self.operation_day + timedelta(days=day)
        told = on + timedelta(days=self.late.get(day, 0))
        return DiaryEntry(on, recorded_at=datetime.combine(told, time(20), UTC), **answers)

    def history(self) -> History:
        operation = Operation(self.operation_day, Region.LUMBAR, preop_axial_pain=self.preop)
        return History((operation,), self.entries())

    @property
    def last_day(self) -> date:
        return self.operation_day + timedelta(days=self.days)

    def on(self, day: int) -> date:
        return self.operation_day + timedelta(days=day)


def _score(value: float, high: int = 10) -> int:
    return int(min(high, max(0, round(value))))


def moved(value: Any, days: int) -> Any:
    """The same with every date in it, at any depth, moved by `days`."""
    if isinstance(value, date):
        return value + timedelta(days=days)
    if isinstance(value, tuple):
        return tuple(moved(each, days) for each in value)
    if isinstance(value, dict):
        return {key: moved(each, days) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        of = {each.name: moved(getattr(value, each.name), days) for each in fields(value)}
        return replace(value, **of)
    return value
