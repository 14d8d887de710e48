"""Totals of a clinic's forms as a table: date, form with its unit, score, percent, who typed it."""

import csv
from collections.abc import Iterable
from io import StringIO

from ..domain.questionnaires import FormScore
from .cells import as_cell


def scores_text(scores: Iterable[FormScore]) -> str:
    """One row each, in the order given; `score` is in the unit of `form`."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("date", "form", "score", "percent", "typed_by"))
    for one in scores:
        numbers = (as_cell(one.score), as_cell(round(one.percent, 1)))
        writer.writerow((as_cell(one.day), one.form, *numbers, str(one.typed_by)))
    return text.getvalue()
