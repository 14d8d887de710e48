"""One patient, or a list of them, as of a day. A look by anyone but the patient is in the audit."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ..domain.flags import Assessment, Urgency
from ..domain.history import Appointment, Event, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.open_signs import OpenSign, open_signs
from ..domain.people import Actor, Role
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from ..storage import audit, diary, flags, people, standing, surgeries
from ..storage.database import Database
from ..storage.entry_rows import StoredEntry
from ..storage.errors import NotSaved
from ..storage.flags import StoredFlag
from ..storage.listing import PAGE_SIZE, PatientList
from ..storage.listing import patient_list as list_patients
from ..storage.people import Patient
from ..storage.settings import Installation, read_installation
from ..storage.surgeries import Stored
from .assessing import (
    SYSTEM,
    assess_and_store,
    history_from,
    is_past,
    never_back,
    read_history,
    try_to_assess,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """One patient, one day, everything known.

    `history`, `assessment` are None before an operation was entered. `assessment` is as of today,
    or None where it failed; `assessment_is_due` then says that the flags may be older than the
    diary.
    """

    patient: Patient
    installation: Installation
    history: History | None
    entries: tuple[StoredEntry, ...]
    operations: tuple[Stored[Operation], ...]
    events: tuple[Stored[Event], ...]
    imaging: tuple[Stored[ImagingResult], ...]
    appointments: tuple[Stored[Appointment], ...]
    instructions: tuple[Stored[Instruction], ...]
    scores: tuple[Stored[FormScore], ...]
    assessment: Assessment | None
    flags: tuple[StoredFlag, ...]
    open_signs: tuple[OpenSign, ...]
    assessment_is_due: bool

    @property
    def open_flags(self) -> tuple[StoredFlag, ...]:
        """Flags that still stand, the most urgent first."""
        standing_now = [flag for flag in self.flags if flag.is_open]
        return tuple(sorted(standing_now, key=lambda flag: (-flag.urgency, flag.episode.raised_on)))

    @property
    def waiting_flags(self) -> tuple[StoredFlag, ...]:
        """Those, and after them the urgent ones that ended before anybody looked."""
        missed = [flag for flag in self.flags if flag.is_missed]
        return (*self.open_flags, *sorted(missed, key=lambda flag: -flag.urgency))

    @property
    def urgent_since(self) -> datetime | None:
        """When the newest open emergency or same-day sign was raised or renewed; None: none is.

        Where the assessment failed nothing is flagged: an open sign then counts as the newest word.
        """
        urgent = [f.attention_since for f in self.open_flags if f.urgency >= Urgency.SAME_DAY]
        if not urgent and any(sign.urgency >= Urgency.SAME_DAY for sign in self.open_signs):
            return datetime.max.replace(tzinfo=ZoneInfo("UTC"))
        return max(urgent, default=None)

    def entry_on(self, day: date) -> StoredEntry | None:
        return next((stored for stored in self.entries if stored.day == day), None)


def read_recovery(
    database: Database,
    patient_id: int,
    *,
    today: date,
    by: Actor,
    at: datetime | None = None,
    audited: bool = True,
) -> Recovery:
    """One patient as of today. A look by anyone but the patient is in the audit first.

    A summary that is past its day is assessed again and stored; everything else is only read. `at`
    is the instant of the look, by default noon of `today` in UTC; `audited` is False only for parts
    of a page whose reading is in the audit already.
    """
    at = at or datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo("UTC"))
    _before_reading(database, patient_id, today, by, at, audited)
    with database.read() as session:
        operations = surgeries.stored_of(session, patient_id, Operation)
        entries = diary.entries_of(session, patient_id)
        done = tuple(stored.value for stored in operations)
        history = history_from(session, patient_id, done, entries) if done else None
        if history is not None:
            today = never_back(history, today)
            history = history.counted_on(today)
        summary = standing.standing_of(session, patient_id)
        return Recovery(
            patient=people.patient_by_id(session, patient_id),
            installation=read_installation(session),
            history=history,
            entries=entries,
            operations=operations,
            events=surgeries.stored_of(session, patient_id, Event),
            imaging=surgeries.stored_of(session, patient_id, ImagingResult),
            appointments=surgeries.stored_of(session, patient_id, Appointment),
            instructions=surgeries.stored_of(session, patient_id, Instruction),
            scores=surgeries.stored_of(session, patient_id, FormScore),
            assessment=None if history is None else try_to_assess(history, today),
            flags=flags.flags_of(session, patient_id),
            open_signs=() if history is None else open_signs(history, today),
            assessment_is_due=summary.assessment_due,
        )


def _before_reading(
    database: Database, patient_id: int, today: date, by: Actor, at: datetime, audited: bool
) -> None:
    with database.read() as session:
        due = is_past(standing.standing_of(session, patient_id), today)
    is_watched = audited and by.role is not Role.SYSTEM and by.patient_id != patient_id
    if not due and not is_watched:
        return
    try:
        with database.write() as session:
            if is_watched:
                audit.record_reading(session, patient_id, by=by, at=at)
            if due:
                history = read_history(session, patient_id)
                assess_and_store(session, patient_id, history, today, SYSTEM, at)
    except NotSaved:
        # With a full disk a chart must still open; the log keeps what the audit could not.
        log.error("account %s read patient %d; not in the audit", by.account_id, patient_id)


def patient_list(
    database: Database,
    actor: Actor,
    *,
    today: date,
    filter: str = "all",
    search: str = "",
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> PatientList:
    """A page of the patients an actor cares for, those in need of a look first."""
    with database.read() as session:
        return list_patients(
            session,
            actor,
            today=today,
            filter=filter,
            search=search,
            page=page,
            page_size=page_size,
        )
