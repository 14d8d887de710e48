"""A file that was refused, as lines of a terminal."""

from collections.abc import Iterator

from ..exchange.problems import FileRefused

#: How a question about a file is answered here.
_OPTIONS = {
    "dates": "--dates dmy, mdy or ymd",
    "temperature": "--temperature f",
    "scale": "--pain-scale 100",
    "encoding": "--encoding, or save it as CSV in UTF-8",
    "same_day": "--same-day highest, last or sum",
    "person": "--same-person, if it is",
}


def lines_of(refused: FileRefused) -> Iterator[str]:
    """One line for each problem, with the option that settles it; the last counts the rest."""
    for problem in refused.problems:
        option = _OPTIONS.get(problem.what.asks)
        yield f"{problem} ({option})" if option else str(problem)
    if refused.more:
        yield f"and {refused.more:,} more places like these"
