"""What `check` looks at: the things that go wrong quietly."""

import stat
from collections.abc import Iterator

from sqlalchemy.orm import Session

from ..domain.people import Mode
from ..storage import people, settings
from ..storage.backup import problems_of as problems_of_database
from ..storage.database import file_of, open_database, readable_url
from ..storage.unreadable import every_byte
from ..storage.upgrade import require_current
from .serving import secret_folder


def problems_of(url: str) -> list[str]:
    """Everything found wrong, one line each; empty when there is nothing."""
    require_current(url)
    database = open_database(url)
    try:
        with database.read() as session:
            problems = [f"database: {problem}" for problem in problems_of_database(session)]
            set_up = list(_set_up(session))
        if database.trouble() is not None:
            problems.append("database: cannot be written; see its owner and its disk")
    finally:
        database.close()
    return [*problems, *set_up, *_open_to_others(url)]


def _set_up(session: Session) -> Iterator[str]:
    try:
        with every_byte(session):
            installation = settings.read_installation(session)
    except (ValueError, OverflowError):
        return  # A row that cannot be read is among the problems of the database.
    if not installation.is_set_up:
        yield "set-up: not done yet; `recovery-tracker run` prints its link"
        return
    for name in installation.missing_for_patients:
        yield f"set-up: {name} is missing, patient pages stay closed"
    unread = people.count_unread(session) if installation.mode is Mode.CLINIC else 0
    if unread:
        yield f"care: patients without a clinician: {unread}; nobody sees their warning answers"


def _open_to_others(url: str) -> Iterator[str]:
    """Files that hold health data or the secret and can be read by other users."""
    files = [secret_folder(url) / "secret-key"]
    if readable_url(url).get_backend_name() == "sqlite":
        files.append(file_of(url))
    for file in files:
        if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"{file}: other users can read it; run: chmod 600 '{file}'"
