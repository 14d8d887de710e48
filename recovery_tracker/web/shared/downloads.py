"""Files that pages hand out."""

import csv
import io
from collections.abc import Iterable

from flask import Response

from ...exchange.formula import guarded


def download(
    content: bytes | str | Iterable[bytes] | Iterable[str],
    name: str,
    kind: str,
    *,
    inline: bool = False,
) -> Response:
    """The content as a file of this name; `inline` lets the browser show it instead of saving it.

    The caller answers for the name: nothing in it needs quoting.
    """
    response = Response(content, mimetype=kind)
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response


MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""At the beginning of a table: by it spreadsheets read the characters correctly."""


def table(rows: Iterable[Iterable[str]]) -> str:
    """A whole table as CSV for a spreadsheet."""
    return MARK + lines(rows)


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Some rows of a table, of which a spreadsheet will run no cell as a formula."""
    text = io.StringIO()
    csv.writer(text).writerows(map(guarded, row) for row in rows)
    return text.getvalue()
