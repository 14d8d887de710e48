"""What `check` looks at: the things that go wrong quietly."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ..domain.people import Mode
from ..domain.places import GOOD_FOR, place_of
from ..storage import audit_chain, audit_trail, people, settings
from ..storage.checked import Checked, all_problems, problems_since
from ..storage.copying import copy_database, private_folder
from ..storage.database import open_database
from ..storage.engine import file_of, readable_url, url_of
from ..storage.errors import NotSaved
from ..storage.unreadable import every_byte
from ..storage.upgrade import require_current
from .options import know_audit_key, secret_folder

ANOTHER_KEY = (
    "key: passwords, second steps and recovery codes were made with another key than the present"
    " one and fit no more; put the former file secret-key back, or restore with --passphrase-file"
)
"""Shown if the record names a key that this installation does not have."""


def problems_of(
    url: str, *, at: datetime, since: Checked | None = None
) -> tuple[list[str], Checked | None]:
    """Everything found wrong, one line each, and how far the database is in order.

    With `since` only what was written after it is read. If that does not fit, for example because
    an older database was restored, everything is, and the second is None where rows are not in
    order.
    """
    require_current(url)
    know_audit_key(url)
    problems, checked = _new_problems(url, at, since) if since else ([], None)
    if checked is None:
        problems, checked = _all_problems(url, at)
    database = open_database(url)
    try:
        if database.trouble() is not None:
            problems.append("database: cannot be written; see its owner and its disk")
        with database.read() as session:
            problems += _set_up(session)
    finally:
        database.close()
    return [*problems, *_open_to_others(url)], checked


def _new_problems(url: str, at: datetime, since: Checked) -> tuple[list[str], Checked | None]:
    """None in what was written since then; or no answer, for only all of it tells what is wrong."""
    database = open_database(url)
    try:
        with database.read() as session:
            found = problems_since(session, secret_folder(url), since)
            extent = audit_chain.extent_of(session) if found == [] else None
    except (NotSaved, DatabaseError):
        return [], None
    finally:
        database.close()
    return [], None if extent is None else Checked(at, since.whole, extent)


def _all_problems(url: str, at: datetime) -> tuple[list[str], Checked | None]:
    with _as_of_now(url) as still:
        database = open_database(still)
        try:
            with database.read() as session:
                found, checked = all_problems(session, secret_folder(url), at)
        finally:
            database.close()
    return [f"database: {one}" for one in found], checked


def warnings_of(url: str, now: datetime) -> list[str]:
    """What should be looked at but is not yet a problem, one line each."""
    database = open_database(url)
    try:
        with database.read() as session, every_byte(session):
            installation = settings.read_installation(session)
            noted = settings.noted_keys(session)
            ahead = audit_trail.time_ahead(session, now)
    except (ValueError, OverflowError):
        return []  # Named among the problems already.
    finally:
        database.close()
    old = old_numbers(installation.country, now.date())
    return [*_other_keys(url, noted), *_wrong_clock(ahead), *old]


def _wrong_clock(ahead: datetime | None) -> Iterator[str]:
    """One line if something stored is dated ahead of this computer's clock."""
    if ahead is not None:
        yield (
            f"clock: the newest event is dated {ahead:%Y-%m-%d %H:%M} UTC, which is still to come;"
            " compare this computer's clock. If it is right, it ran ahead before: days of a diary"
            " dated ahead can be corrected or removed in the diary (docs/operations.md)"
        )


def _other_keys(url: str, noted: frozenset[str]) -> Iterator[str]:
    """One line if the record names a key that is not here."""
    from ..web.secret_file import known_secrets
    from ..web.shared.keys import mark

    if not noted <= {mark(one) for one in known_secrets(secret_folder(url))}:
        yield ANOTHER_KEY


def old_numbers(country: str, today: date) -> Iterator[str]:
    """One line if the numbers of a country were last checked more than `GOOD_FOR` ago."""
    checked = place_of(country).checked_on
    if checked is not None and today - checked > GOOD_FOR:
        yield (
            f"numbers: those of {country} were last checked on {checked}; compare them with an"
            " official page"
        )


@contextmanager
def _as_of_now(url: str) -> Iterator[str]:
    """A copy of an SQLite file, so that reading every row of it delays no save."""
    if readable_url(url).get_backend_name() != "sqlite":
        yield url
        return
    file = file_of(url)
    with private_folder(file.parent if os.access(file.parent, os.W_OK) else None) as folder:
        copy_database(file, folder / file.name)
        yield url_of(folder / file.name)


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
    is_clinic = installation.mode is Mode.CLINIC
    unread = people.count_unread(session, datetime.now(UTC)) if is_clinic else 0
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
