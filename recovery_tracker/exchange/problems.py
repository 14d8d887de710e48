"""Everything wrong with a file, in one list: nobody should find out one attempt at a time.

What is wrong is a `Said`, in no language yet; a page or the command line says it, and adds how a
question about the file is answered there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..domain.errors import RecoveryError
from ..domain.language import N_, Said

#: Most lines in a list of refusals; a file of another kind would otherwise fill the screen. Our
#: default.
MOST_LINES = 40

EMPTY_FILE = Said(N_("This file is empty. Its first row must name the columns."))
TOO_LARGE = Said(N_("This file is too large."))
UNPACKS_TO_MORE = Said(N_("This file unpacks to more than such a file can hold."))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which file, with the part of it; what; where in it."""

    file: str
    what: Said
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.what}"


class FileRefused(RecoveryError):
    """A file that cannot be read, with every reason found; its text is for the command line.

    Attributes:
        problems: one for each place, in the order of the file, at most `MOST_LINES`.
        more: how many further ones there are.
    """

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        self.problems = tuple(problems[:MOST_LINES])
        self.more = more + len(problems) - len(self.problems)
        others = len(problems) + more - 1
        super().__init__(f"{problems[0]}{f' (and {others} more)' if others else ''}")

    def with_columns(self, heads: Mapping[str, str]) -> "FileRefused":
        """The same about columns as their table calls them: `heads` by our names."""
        renamed = (replace(p, column=heads.get(p.column, p.column)) for p in self.problems)
        return FileRefused(list(renamed), self.more)

    @property
    def asks(self) -> frozenset[str]:
        """The answers about the file that would settle some of it."""
        return frozenset(problem.what.asks for problem in self.problems) - {""}


class Unreadable(ValueError):
    """Text in a file that cannot be read; `said` tells why, and may say what to do."""

    def __init__(self, said: Said, *, says_what_to_do: bool = False) -> None:
        self.said, self.says_what_to_do = said, says_what_to_do
        super().__init__(said)


class Problems:
    """Collects refusals while a file is read to its end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[Problem] = []

    def add(self, what: Said, *, row: int | None = None, column: str = "") -> None:
        self._found.append(Problem(self.name, what, row, column))

    def __len__(self) -> int:
        return len(self._found)

    def refuse(self) -> None:
        """Returns if nothing was wrong.

        Raises:
            FileRefused: with every problem, ordered by row.
        """
        if self._found:
            found = dict.fromkeys(self._found)
            raise FileRefused(sorted(found, key=lambda one: one.row or 0))


def refusal(name: str, what: Said, *, row: int | None = None, column: str = "") -> FileRefused:
    """The one problem for which a file is refused."""
    return FileRefused([Problem(name, what, row, column)])


def shown(text: str) -> str:
    """A piece of a file, quoted and short enough for one line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
