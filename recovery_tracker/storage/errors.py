"""Errors of the database, worded for the person who meets them; no text contains health data."""

from ..domain.errors import RecoveryError
from ..domain.language import N_


class NotFound(RecoveryError):
    """What was asked for does not exist, or is not this person's to see: the text is the same."""

    def __init__(self) -> None:
        super().__init__(N_("This could not be found."))


class Conflict(RecoveryError):
    """Somebody else changed the same thing first; nothing was saved.

    Attributes:
        current: the version that is now open; None if the conflict is about a key.
    """

    def __init__(self, message: str = "", current: int | None = None) -> None:
        self.current = current
        super().__init__(
            message
            or N_(
                "This was changed somewhere else while you were editing. Nothing was saved. Check "
                "it and save again."
            )
        )


class Refused(RecoveryError):
    """Something that the rules of the record do not allow; the text says why."""


class RefusedDay(Refused):
    """The day given, or its absence, is what the rules do not allow; the text says why."""


class NotSaved(RecoveryError):
    """The database could not take the change; nothing was saved and trying again is safe.

    Attributes:
        trouble: what is wrong with the database, a `storage.trouble.Trouble`.
    """

    def __init__(self, message: str, trouble: str) -> None:
        self.trouble = trouble
        super().__init__(message)


class DatabaseProblem(RecoveryError):
    """The database cannot be opened, upgraded, backed up or restored; the text says why."""
