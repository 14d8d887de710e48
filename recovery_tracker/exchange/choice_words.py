"""Words in a column of choices: our own answers, as a form, a chart or a survey tool writes them.

A column is read if each of its words is an answer of one wording in one language. "None" is an
answer and what programs write for nothing: it counts only where another answer stands in the column
too. Words of other scales are never read.
"""

import gettext
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from ..domain.language import N_, Said
from ..domain.measures import MEASURES, Kind
from ..domain.wording import SHORT_OPTIONS
from ..translations import FOLDER, LOCALES
from .cells import NONE
from .plain_text import plain
from .tidying import NOTHING, none_may_be


def word_in(cell: str) -> str:
    """The words of a cell, whatever their case and the blanks around them."""
    return " ".join(plain(cell).casefold().split())


def answers_in(column: str, cells: Iterable[str]) -> Mapping[str, str]:
    """The words of a column to what is read for them; none where they are no answers of ours, or
    could be read in two ways."""
    said = {word_in(cell) for cell in cells} - NOTHING - {""}
    if not said - {NONE} or not _wordings(column) or said <= MEASURES[column].words.keys():
        return {}  # The words of an export are read as they are.
    found = [answers for answers in _wordings(column) if said <= answers.keys()]
    meanings = {tuple(answers[word] for word in sorted(said)) for answers in found}
    return found[0] if len(meanings) == 1 else {}


def instead(column: str, cell: str) -> Said | None:
    """What may be written in place of a word in a column of choices; None for another column."""
    measure = MEASURES.get(column)
    if measure is None or measure.kind is not Kind.CHOICE:
        return None
    none = _in_english(column).get(word_in(cell)) if word_in(cell) == NONE else None
    if none is not None:
        return none_may_be(none)
    listed = Said(measure.options[0])
    for option in measure.options[1:]:
        listed = Said(N_("{some}, {one}"), some=listed, one=Said(option))
    return Said(N_("Or use only these words in this column: {words}."), words=listed)


@cache
def _wordings(column: str) -> tuple[Mapping[str, str], ...]:
    """The answers of a measure in each wording and language, each to what its reader takes."""
    return tuple(_each_wording(column))


def _in_english(column: str) -> Mapping[str, str]:
    return next(iter(_wordings(column)), {})


def _each_wording(column: str) -> Iterator[Mapping[str, str]]:
    measure = MEASURES.get(column)
    if measure is None or measure.kind not in (Kind.CHOICE, Kind.WORD):
        return
    lowest = int(measure.low or 0)
    if measure.kind is Kind.CHOICE:
        keys = [str(lowest + at) for at in range(len(measure.options))]
        wordings = [measure.options, SHORT_OPTIONS.get(column, ())]
    else:
        keys, wordings = list(measure.words), [tuple(measure.words.values())]
    said: list[Callable[[str], str]] = [str]
    said += [_catalogue(locale).gettext for locale in LOCALES]
    for translated in said:
        for options in filter(None, wordings):
            answers = [word_in(translated(option)) for option in options]
            if len(set(answers)) == len(answers):
                yield dict(zip(answers, keys, strict=True))


def _catalogue(locale: str) -> gettext.NullTranslations:
    return gettext.translation("messages", FOLDER, [locale])
