"""Changes every constant of the rules a little, one at a time, and says which no diary notices.

    python -m tests.golden.mutate [NAME ...]

A whole number up to ten moves by one, every other number by 30 %, up and down; a window of a
warning sign moves by a day. A survivor is a number that nobody would miss: add a diary that needs
it, or say in `SURVIVE` why it cannot matter.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from types import MappingProxyType

from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.trends.parameters import STANDARD, Parameters
from recovery_tracker.trends.rules import answer_constants

from .corpus import Diary, diaries, findings, urgencies

#: What no finding can show, and why.
SURVIVE: Mapping[str, str] = MappingProxyType(
    {
        "early_first_day": "no day before 18 has six entries before its two blocks",
        "rhythm_gap": "a gap is cut at a week (short_window) before it is cut here",
    }
)

#: Whole numbers up to this move by one.
FEW = 10

Undo = Callable[[], None]


def changed(value: object) -> Iterator[object]:
    """The values that a constant is changed to."""
    if isinstance(value, bool) or value == sys.maxsize:
        return
    if isinstance(value, int) and value <= FEW:
        yield value + 1
        yield value - 1
    elif isinstance(value, int):
        yield round(value * 1.3)
        yield round(value * 0.7)
    elif isinstance(value, float):
        yield value * 1.3
        yield value * 0.7
    elif isinstance(value, tuple) and value and isinstance(value[0], float):
        yield tuple(each * 1.3 for each in value)
        yield tuple(each * 0.7 for each in value)


def trend_mutants() -> Iterator[tuple[str, Parameters]]:
    """Every rule set that differs from the standard one in one number."""
    for field in fields(Parameters):
        for value in changed(getattr(STANDARD, field.name)):
            yield f"{field.name} = {value}", replace(STANDARD, **{field.name: value})


def answer_mutants() -> Iterator[tuple[str, Undo]]:
    """Every number of the answers changed in place, everywhere it was imported to."""
    for name, value in answer_constants().items():
        for other in changed(value):
            yield f"{name} = {other}", _patched(name.rpartition(".")[2], value, other)


def _patched(name: str, value: object, other: object) -> Undo:
    holders = [
        module
        for key, module in list(sys.modules.items())
        if key.startswith("recovery_tracker") and getattr(module, name, None) is value
    ]
    for module in holders:
        setattr(module, name, other)
    return lambda: [setattr(module, name, value) for module in holders] and None


def window_mutants() -> Iterator[tuple[str, Undo]]:
    """Every bound of every window of every sign, a day later."""
    for sign in SIGNS.values():
        for place, window in enumerate(sign.windows):
            for bound in ("first_day", "last_day"):
                day = getattr(window, bound)
                if day is not None:
                    object.__setattr__(window, bound, day + 1)
                    undo = _restored(window, bound, day)
                    yield f"{sign.id} window {place} {bound} = {day + 1}", undo


def _restored(window: object, bound: str, day: int) -> Undo:
    return lambda: object.__setattr__(window, bound, day)


class Hunt:
    """Looks for a diary that notices; the one that noticed last is asked first."""

    def __init__(self) -> None:
        self.order: list[Diary] = list(diaries())
        self.before = {diary.name: findings(diary) for diary in self.order}
        self.signs = urgencies()

    def is_noticed(self, parameters: Parameters = STANDARD) -> bool:
        for place, diary in enumerate(self.order):
            try:
                same = findings(diary, parameters) == self.before[diary.name]
            except Exception:
                same = False
            if not same:
                self.order.insert(0, self.order.pop(place))
                return True
        return False


def survivors(wanted: list[str]) -> Iterator[str]:
    """The mutants that no diary notices."""
    hunt = Hunt()
    for name, parameters in trend_mutants():
        if _is_wanted(name, wanted) and not hunt.is_noticed(parameters):
            yield name
    for mutants, notices in (
        (answer_mutants(), hunt.is_noticed),
        (window_mutants(), lambda: urgencies() != hunt.signs),
    ):
        for name, undo in mutants:
            try:
                noticed = not _is_wanted(name, wanted) or notices()
            finally:
                undo()
            if not noticed:
                yield name


def main(wanted: list[str]) -> int:
    unknown = count = 0
    for name in survivors(wanted):
        why = SURVIVE.get(name.split(" = ")[0], "")
        sys.stdout.write(f"survived: {name}{'; ' if why else ''}{why}\n")
        sys.stdout.flush()
        count, unknown = count + 1, unknown + (not why)
    sys.stdout.write(f"{count} survived, {unknown} of them without a reason\n")
    return 1 if unknown else 0


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or any(each in name for each in wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
