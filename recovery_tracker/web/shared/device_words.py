"""What a phone or watch measured beside the steps, as a table for both kinds of readers."""

from datetime import date

from flask_babel import gettext as _

from ...domain.history import History
from ...domain.measured import MEASURED_HEADS, measured_rows
from .language import mark


def device_table(history: History | None, today: date) -> tuple[list[str], list[tuple[str, ...]]]:
    """Heads and rows; no row where nothing was measured, or before there is an operation.

    The source stands with the measure: on a phone there is no room for a column of its own.
    """
    heads = [_(head) for head in MEASURED_HEADS[:-1]]
    rows = [] if history is None else measured_rows(history, today, _)
    return heads, [(mark(", ").join((name, source)), *cells) for name, *cells, source in rows]
