"""How far a database was found in order, kept in a file beside the secret.

The file saves time and proves nothing: where it is missing, spoilt, or does not fit the database,
`check` reads everything.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ..storage.audit_chain import Extent
from ..storage.engine import readable_url
from .options import secret_folder

#: The file's name.
MARK = "checked.json"

#: After as many days everything is read again. Our default.
WHOLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Checked:
    """When a database was last found in order, when all of it was read, and how far it went."""

    at: datetime
    whole: datetime
    extent: Extent


def read_mark(url: str, now: datetime) -> Checked | None:
    """What the last check found in order; None where everything is to be read."""
    # The file may hold anything; what does not fit counts as no file.
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        kept = json.loads(_file(url).read_text(encoding="ascii"))
        heads = {int(chain): (int(n), str(end)) for chain, (n, end) in kept["heads"].items()}
        extent = Extent(heads, int(kept["event"]), int(kept["entry"]))
        found = Checked(
            datetime.fromisoformat(kept["at"]), datetime.fromisoformat(kept["whole"]), extent
        )
        is_recent = timedelta(0) <= now - found.whole <= timedelta(days=WHOLE_DAYS)
        if kept["database"] == _name(url) and is_recent:
            return found
    return None


def keep_mark(url: str, checked: Checked) -> None:
    """The next check continues from here, unless the folder cannot be written to."""
    kept = {
        "database": _name(url),
        "at": checked.at.isoformat(),
        "whole": checked.whole.isoformat(),
        **asdict(checked.extent),
    }
    file = _file(url)
    with suppress(OSError):
        part = file.with_name(f"{MARK}.part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            json.dump(kept, stream)
        os.replace(part, file)


def forget_mark(url: str) -> None:
    """The next check reads everything."""
    with suppress(OSError):
        _file(url).unlink(missing_ok=True)


def _file(url: str) -> Path:
    return secret_folder(url) / MARK


def _name(url: str) -> str:
    """Tells two databases of one folder apart, without a password in it."""
    address = readable_url(url).render_as_string(hide_password=True)
    return sha256(address.encode()).hexdigest()[:16]
