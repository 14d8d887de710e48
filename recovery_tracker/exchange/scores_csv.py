"""Totals of a clinic's forms as a table: date, form with its unit, score, percent, who typed it."""

import csv
from collections.abc import Iterable
from io import StringIO

from ..domain.questionnaires import FORMS, FormScore
from .cells import as_cell


def scores_text(scores: Iterable[FormScore]) -> str:
    """One row each, in the order given; `score` is in the unit of `form`, `percent` empty where a
    form has none.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("date", "form", "score", "percent", "typed_by"))
    for one in scores:
        percent = as_cell(round(one.value, 1)) if FORMS[one.form].in_percent else ""
        numbers = (as_cell(one.score), percent)
        writer.writerow((as_cell(one.day), one.form, *numbers, str(one.typed_by)))
    return text.getvalue()
