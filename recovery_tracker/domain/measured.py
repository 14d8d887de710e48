"""What a phone or watch measured beside the steps, as a table for every kind of reader."""

from datetime import date

from .history import History
from .language import N_
from .passive import PASSIVE_MEASURES, PassiveKind, typical_values
from .wording import Translate

#: The heads of the table.
MEASURED_HEADS = (
    N_("Measured"),
    N_("Before the operation"),
    N_("First 4 weeks"),
    N_("Last 4 weeks"),
    N_("Days"),
    N_("Source"),
)


def measured_rows(history: History, today: date, translate: Translate) -> list[tuple[str, ...]]:
    """A row for each measure, its typical day in each part of the recovery; none where nothing was
    measured."""
    return [
        (
            translate(PASSIVE_MEASURES[one.kind].name),
            *(_value(one.kind, v) for v in (one.before, one.first_weeks, one.last_weeks)),
            str(one.days),
            one.source,
        )
        for one in typical_values(history.passive, history.index.day, today)
    ]


def _value(kind: PassiveKind, value: float | None) -> str:
    measure = PASSIVE_MEASURES[kind]
    return "–" if value is None else f"{value:.{measure.decimals}f}\u00a0{measure.unit}"
