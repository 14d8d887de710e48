"""What a phone or watch measured beside the steps, as a table for both kinds of readers."""

from datetime import date

from flask_babel import gettext as _

from ...domain.history import History
from ...domain.passive import PASSIVE_MEASURES, PassiveKind, typical_values


def device_table(history: History | None, today: date) -> tuple[list[str], list[tuple[str, ...]]]:
    """Heads and rows; no row where nothing was measured, or before there is an operation."""
    heads = [
        _("Measured"),
        _("Before the operation"),
        _("First 4 weeks"),
        _("Last 4 weeks"),
        _("Days"),
        _("Source"),
    ]
    if history is None:
        return heads, []
    operated = history.index.day
    return heads, [
        (
            _(PASSIVE_MEASURES[one.kind].name),
            *(_value(one.kind, v) for v in (one.before, one.first_weeks, one.last_weeks)),
            str(one.days),
            one.source,
        )
        for one in typical_values(history.passive, operated, today)
    ]


def _value(kind: PassiveKind, value: float | None) -> str:
    measure = PASSIVE_MEASURES[kind]
    return "–" if value is None else f"{value:.{measure.decimals}f}\u00a0{measure.unit}"
