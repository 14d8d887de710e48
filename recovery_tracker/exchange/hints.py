"""What to write in place of a cell that cannot be read, beside what must stand there."""

import re

from ..domain.language import N_, Said
from ..domain.measures import MEASURES, Kind
from .choice_words import instead

_NO_WORDS = Said(N_("Words are not read here. Write a number, or empty the cell."))
_ALONE = Said(N_("Write the number alone."))
_SIGNS = Said(N_("Signs are read by their names in an export. If this is another list, leave the "
                 "column out and enter the signs in the diary."))  # fmt: skip
#: Kinds whose cells are numbers.
_NUMBERS = (Kind.SCORE, Kind.CHOICE, Kind.COUNT, Kind.NUMBER)
_A_NUMBER = re.compile(r"[\s\d.,'’+\-−%]*")


def hint(column: str, cell: str) -> Said | None:
    """The next step for a cell that was refused; None where the refusal tells it."""
    if column == "signs":
        return _SIGNS
    measure = MEASURES.get("temperature_c" if column == "temperature_f" else column)
    if measure is None or measure.kind not in _NUMBERS or _A_NUMBER.fullmatch(cell):
        return None
    if any(map(str.isdigit, cell)):
        return _ALONE
    return instead(column, cell) or _NO_WORDS
