"""Why a database has stopped working, judged by its driver's message, and how to say so."""

from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from ..domain.language import N_
from .errors import NotSaved

#: How long a full disk counts as full; only writing shows that it no longer is. Our
#: default.
FULL_SECONDS = 60


class Trouble(StrEnum):
    """What prevents a database from being written, or even read."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"


#: Messages of the drivers of SQLite, SQLCipher and PostgreSQL, in lower case. A missing table means
#: that the file was emptied or swapped under the running program.
_SIGNS = {
    Trouble.BUSY: ("locked", "busy", "deadlock", "lock timeout"),
    Trouble.FULL: ("is full", "disk full", "disk i/o", "no space"),
    Trouble.READ_ONLY: ("readonly", "read-only"),
    Trouble.UNREACHABLE: (
        "connection failed",
        "connection is bad",
        "connection refused",
        "connection timeout",
        "name or service not known",
        "server closed the connection",
        "connection is lost",
        "terminating connection",
    ),
    Trouble.DAMAGED: ("image is malformed", "not a database", "no such table"),
}

_WORDS = {
    Trouble.BUSY: N_("The diary is busy. Nothing was saved; please try again."),
    Trouble.FULL: N_("The disk is full. Nothing was saved; free some space and try again."),
    Trouble.READ_ONLY: N_("The database can only be read. Nothing was saved."),
    Trouble.DAMAGED: N_(
        "The database is damaged, or it is encrypted and the key is not the right one. Nothing was "
        "saved; check the key, or restore the newest backup."
    ),
    Trouble.UNREACHABLE: N_(
        "The server of the database cannot be reached. Nothing was saved; see that it runs and "
        "that its address is right."
    ),
}


def trouble_in(error: BaseException | None) -> Trouble | None:
    """What the driver's error says about the database; None if the error is ours.

    An error while the first one was being undone, for example of a savepoint that went with it,
    says nothing about the cause; then the first error decides.
    """
    while error is not None:
        said = str(error).lower()
        for trouble, signs in _SIGNS.items():
            if any(sign in said for sign in signs):
                return trouble
        error = error.__context__
    return None


def refusal(trouble: Trouble) -> NotSaved:
    """The message for a database that cannot take a write."""
    return NotSaved(_WORDS[trouble], trouble)


@dataclass(slots=True)
class Memory:
    """What a program has found out about its database while running."""

    is_damaged: bool = False
    #: Until when the disk counts as full, on the monotonic clock.
    full_until: float = 0.0

    def keep(self, trouble: Trouble) -> None:
        """Damage is remembered until the program restarts, a full disk for a minute."""
        if trouble is Trouble.DAMAGED:
            self.is_damaged = True
        elif trouble is Trouble.FULL:
            self.full_until = monotonic() + FULL_SECONDS

    def trouble(self) -> Trouble | None:
        """The known problem, without looking again."""
        if self.is_damaged:
            return Trouble.DAMAGED
        return Trouble.FULL if monotonic() < self.full_until else None
