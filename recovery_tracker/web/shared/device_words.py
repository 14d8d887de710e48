"""What a phone or watch measured beside the steps, as a table for both kinds of readers."""

from datetime import date

from flask_babel import gettext as _

from ...domain.history import History
from ...domain.measured import MEASURED_HEADS, measured_rows


def device_table(history: History | None, today: date) -> tuple[list[str], list[tuple[str, ...]]]:
    """Heads and rows; no row where nothing was measured, or before there is an operation."""
    heads = [_(head) for head in MEASURED_HEADS]
    return heads, [] if history is None else measured_rows(history, today, _)
