"""Everything wrong with a file, in one list: nobody should find out one attempt at a time."""

import re
from collections.abc import Mapping, Sequence

from ..domain.errors import RecoveryError

#: Most lines in a list of refusals; a file of another kind would otherwise fill the screen. Our
#: default.
MOST_LINES = 40


def place(name: str, *, row: int | None = None, column: str = "") -> str:
    """Where in a file: FILE, row N, column C."""
    where = name
    if row is not None:
        where += f", row {row}"
    if column:
        where += f", column {column}"
    return where


class FileRefused(RecoveryError):
    """A file that cannot be read, with every reason found.

    Attributes:
        lines: one for each place, in the order of the file, at most `MOST_LINES`.
        more: how many further ones there are.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines[:MOST_LINES])
        self.more = len(lines) - len(self.lines)
        further = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        super().__init__(f"{lines[0]}{further}")

    def of_columns(self, heads: Mapping[str, str]) -> "FileRefused":
        """The same about columns as their table calls them: `heads` by our names."""

        def named(found: re.Match[str]) -> str:
            return f", column {heads.get(found[1], found[1])}:"

        renamed = [re.sub(r", column (\w+):", named, line, count=1) for line in self.lines]
        again = FileRefused(renamed)
        again.more = self.more
        return again

    @property
    def listed(self) -> tuple[str, ...]:
        """The lines as shown, with the last one counting what is left out."""
        left_out = (f"and {self.more:,} more places like these",) if self.more else ()
        return (*self.lines, *left_out)


class Problems:
    """Collects refusals while a file is read to its end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[tuple[int, str]] = []

    def add(self, problem: str, *, row: int | None = None, column: str = "") -> None:
        line = f"{place(self.name, row=row, column=column)}: {problem}"
        self._found.append((row or 0, line))

    def __len__(self) -> int:
        return len(self._found)

    def refuse(self) -> None:
        """Returns if nothing was wrong.

        Raises:
            FileRefused: with every problem, ordered by row.
        """
        if self._found:
            raise FileRefused([line for _, line in sorted(self._found, key=lambda one: one[0])])


def refusal(name: str, problem: str, *, row: int | None = None, column: str = "") -> RecoveryError:
    """The one line that says where a file cannot be read: FILE, row N, column C: what."""
    return RecoveryError(f"{place(name, row=row, column=column)}: {problem}")


def shown(text: str) -> str:
    """A piece of a file, quoted and short enough for one line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
