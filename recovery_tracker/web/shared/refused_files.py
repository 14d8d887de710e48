"""A file that was refused, as the reader of a page is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain.language import Said
from ...exchange.problems import FileRefused
from .language import mark


def in_words(said: Said) -> str:
    """The sentence in the page's language."""
    return said.in_words(_)


def lines_of(
    refused: FileRefused, names: Iterable[object], advice: Mapping[str, Callable[[], str]]
) -> tuple[str, ...]:
    """What is wrong, one line for all rows of which the same is said; the last counts the rest.

    `names` are those of the whole file, which need no saying; `advice` says how this page takes the
    answer to a question, once for each.
    """
    rows: dict[tuple[str, str, Said], list[int]] = {}
    for problem in refused.problems:
        part = problem.file
        for name in names:
            part = part.removeprefix(str(name)).removeprefix(", ")
        found = rows.setdefault((part, problem.column, problem.what), [])
        found += [] if problem.row is None else [problem.row]
    lines, waiting = [], dict(advice)
    for (part, column, what), numbers in rows.items():
        line = _placed(part, numbers, column, in_words(what))
        how = waiting.pop(what.asks, None)
        lines.append(_("{first} {second}").format(first=line, second=how()) if how else line)
    if refused.more:
        lines.append(
            ngettext(
                "And %(num)s more place like these.",
                "And %(num)s more places like these.",
                refused.more,
            )
        )
    return tuple(lines)


def _placed(part: str, rows: Sequence[int], column: str, sentence: str) -> str:
    places = [part] if part else []
    if rows:
        places.append(ngettext("row %(rows)s", "rows %(rows)s", len(rows), rows=_runs(rows)))
    if column:
        places.append(_("column “%(name)s”", name=column))
    where = mark(", ").join(places)
    if not where:
        return sentence
    where = where if part else f"{where[:1].upper()}{where[1:]}"  # A part has a name of its own.
    return f"{where}{mark(': ')}{sentence}"


def _runs(numbers: Sequence[int]) -> str:
    """Numbers in order, with "2–9" for those that follow each other."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return mark(", ").join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else mark(", ").join(map(str, run)) for run in runs
    )
