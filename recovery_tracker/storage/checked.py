"""What is wrong with an installation's database, and how far it was last found in order.

How far is kept in a file beside the secret. The file saves time and proves nothing: where it is
missing, spoilt, or does not fit the database, everything is read.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from .audit_chain import NOTHING, Extent, extent_of, forged
from .engine import readable_url
from .errors import NotSaved
from .soundness import BROKEN, damage_since, problems_of

#: The file's name.
MARK = "checked.json"

SEALED = "audit-sealed"
"""File beside the key: the ends of the audit chains were sealed once."""

#: After as many days everything is read again. Our default.
WHOLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Checked:
    """When a database was last found in order, when all of it was read, and how far it went."""

    at: datetime
    whole: datetime
    extent: Extent


def problems_since(session: Session, folder: Path | None, since: Checked) -> list[str] | None:
    """What is wrong with what was written since then; None where only all of it would tell."""
    try:
        return [*damage_since(session, since.extent), *_forged(session, folder, since.extent)]
    except (NotSaved, DatabaseError):  # A torn page, for example.
        return None


def all_problems(
    session: Session, folder: Path | None, at: datetime
) -> tuple[list[str], Checked | None]:
    """Everything wrong with a database, and how far it is in order: None if something is not."""
    found = list(problems_of(session))
    if BROKEN not in found:
        found += _forged(session, folder)
    return found, None if found else Checked(at, at, extent_of(session))


def _forged(session: Session, folder: Path | None, since: Extent = NOTHING) -> list[str]:
    is_sealed = folder is not None and (folder / SEALED).exists()
    return forged(session, since) if is_sealed else []


def read_mark(folder: Path, url: str, now: datetime) -> Checked | None:
    """What the last check found in order; None where everything is to be read."""
    # The file may hold anything; what does not fit counts as no file.
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        kept = json.loads((folder / MARK).read_text(encoding="ascii"))
        heads = {int(chain): (int(n), str(end)) for chain, (n, end) in kept["heads"].items()}
        extent = Extent(heads, int(kept["event"]), int(kept["entry"]))
        found = Checked(
            datetime.fromisoformat(kept["at"]), datetime.fromisoformat(kept["whole"]), extent
        )
        is_recent = timedelta(0) <= now - found.whole <= timedelta(days=WHOLE_DAYS)
        if kept["database"] == _name(url) and is_recent:
            return found
    return None


def keep_mark(folder: Path, url: str, checked: Checked) -> None:
    """The next check continues from here, unless the folder cannot be written to."""
    kept = {
        "database": _name(url),
        "at": checked.at.isoformat(),
        "whole": checked.whole.isoformat(),
        **asdict(checked.extent),
    }
    file = folder / MARK
    with suppress(OSError):
        part = file.with_name(f"{MARK}.part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            json.dump(kept, stream)
        os.replace(part, file)


def forget_mark(folder: Path) -> None:
    """The next check reads everything."""
    with suppress(OSError):
        (folder / MARK).unlink(missing_ok=True)


def _name(url: str) -> str:
    """Tells two databases of one folder apart, without a password in it."""
    address = readable_url(url).render_as_string(hide_password=True)
    return sha256(address.encode()).hexdigest()[:16]
