"""What a file holds for one person's record, whatever kind of file it is."""

from dataclasses import dataclass

from .history import Appointment, History, Schedule
from .passive import PassiveValue


@dataclass(frozen=True, slots=True)
class FileContent:
    """Everything in a file that a record can take in.

    `questions` are those for the next visit, `planned` the days on which the person means to write,
    None where the file does not say. `kind` names the file in the list of imports. Of
    `steps_source` steps are read from now on; "" leaves that as it is.
    """

    history: History
    appointments: tuple[Appointment, ...] = ()
    passive: tuple[PassiveValue, ...] = ()
    questions: tuple[str, ...] = ()
    planned: Schedule | None = None
    kind: str = "diary"
    steps_source: str = ""
