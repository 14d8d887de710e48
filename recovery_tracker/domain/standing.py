"""Signs of the days around one, which nobody has said are gone: a headache on Monday stands beside
a fever on Tuesday, also where the question after the headache was left open.

Two answers that are an emergency on one day are one on the next days as well. A day added late is
read beside the days after it that are already recorded.
"""

from collections.abc import Collection, Mapping
from datetime import date

from .circumstances import BESIDE, FEVER_C
from .context import EVENT_DAYS, Context
from .diary import DiaryEntry, SignChange
from .flags import Reason
from .signs import FEVER_SIGNS, Circumstance

#: Days for which a sign stands beside another one while nobody has said that it is gone, the same
#: as after a fall. Our default.
STANDS_DAYS = EVENT_DAYS


def standing_signs(
    entry: DiaryEntry, context: Context, present: Collection[str]
) -> Mapping[str, date]:
    """The signs of the `STANDS_DAYS` days before and after that stand beside the day's own, each
    with the day on which it was last told.

    A reading below a fever ends one that was told before it. What was told before the operation
    does not stand after it.
    """
    first = context.operation.day if context.pod >= 0 else date.min
    around = (*context.recent(STANDS_DAYS), *context.later)
    if not any(one.signs or one.sign_changes or one.temperature_c for one in around):
        return {}
    told: dict[str, date] = {}
    for one in (*context.recent(STANDS_DAYS), entry, *context.later):
        if one.day >= first:
            _hear(told, one)
    return {sign: day for sign, day in told.items() if sign not in present and day != entry.day}


def _hear(told: dict[str, date], entry: DiaryEntry) -> None:
    changes, ticked = entry.sign_changes, entry.signs or frozenset()
    is_measured = entry.temperature_c is not None
    has_fever = is_measured and (entry.temperature_c or 0.0) >= FEVER_C
    gone = {sign for sign, change in changes.items() if change is SignChange.GONE}
    if is_measured and not has_fever:
        gone |= FEVER_SIGNS
    for sign in gone:
        told.pop(sign, None)
    still = {*ticked, *(changes.keys() - gone), *({"fever"} if has_fever else ())}
    told.update(dict.fromkeys(still, entry.day))


def beside(standing: Mapping[str, date]) -> Mapping[Circumstance, Reason]:
    """The circumstances that the signs of other days are for what is told on one."""
    found = {}
    for circumstance, ids in BESIDE.items():
        sign = next((sign for sign in standing if sign in ids), None)
        if sign is not None:
            found[circumstance] = Reason("standing", {"sign": sign, "other_day": standing[sign]})
    return found
