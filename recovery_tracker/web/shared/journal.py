"""What the program writes down about its own work: never what a person wrote, never who.

One line for each request: method, the pattern of the route, status, milliseconds. A path holds
opaque ids and one-time tokens, so the path itself is not written, and neither is the query.
"""

import json
import logging
import time
from datetime import UTC, datetime, timedelta

from flask import Flask, Response, current_app, g, request

from . import clock

log = logging.getLogger("recovery_tracker.requests")
guard_log = logging.getLogger("recovery_tracker.guards")

REFUSED_EVERY = timedelta(minutes=1)
"""Lines about one kind of refusal are at least this far apart, whoever asks how often: a stranger
fills no disk. Our default."""


class OneLine(logging.Formatter):
    """Keeps every record on one line and free of control characters, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; a control character appears as its escape."""
        text = super().format(record)
        return "".join(
            sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
        )


class AsJson(OneLine):
    """Each record as one JSON object on its line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its instant in UTC."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname, "logger": record.name}
        return json.dumps({**said, "message": super().format(record)})


def init_app(app: Flask) -> None:
    """Each request leaves one line."""
    app.before_request(_start)
    app.after_request(_note)


def note_refused(kind: str) -> None:
    """A guard stopped this request; the journal says which and where, and how often it was since
    the line before.
    """
    at = clock.now()
    told = current_app.extensions.setdefault("recovery_refused", {})
    since, count = told.get(kind, (None, 0))
    if since is not None and at - since < REFUSED_EVERY:
        told[kind] = (since, count + 1)
        return
    told[kind] = (at, 0)
    rule = request.url_rule.rule if request.url_rule is not None else "-"
    guard_log.warning("refused: %s at %s, and %d more since the last line", kind, rule, count)


def write_to_terminal(level: int, *, as_json: bool = False) -> None:
    """The journal goes to standard error from `level` on, one safe line a record."""
    handler = logging.StreamHandler()
    plain = OneLine("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(AsJson("%(message)s") if as_json else plain)
    root = logging.getLogger("recovery_tracker")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def _start() -> None:
    g.started = time.perf_counter()


def _note(response: Response) -> Response:
    spent = (time.perf_counter() - getattr(g, "started", time.perf_counter())) * 1000
    rule = request.url_rule.rule if request.url_rule is not None else "-"
    method = request.method if request.method.isalpha() else "-"
    log.info("%s %s %d %.0f ms", method[:10], rule, response.status_code, spent)
    return response
