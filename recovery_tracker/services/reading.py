"""One patient, or a list of them, as of a day. A look by anyone but the patient is in the audit."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from ..domain.flags import Assessment, Urgency
from ..domain.history import Appointment, Event, EventKind, History, ImagingResult
from ..domain.instructions import Instruction
from ..domain.open_signs import OpenSign, open_signs
from ..domain.people import Actor, Role
from ..domain.questionnaires import FormScore
from ..domain.surgery import Operation
from ..storage import audit, diary, flags
from ..storage.database import Database, Session
from ..storage.entry_rows import StoredEntry
from ..storage.errors import NotSaved
from ..storage.flags import StoredFlag
from ..storage.patient_record import PatientRecord, record_of
from ..storage.patient_summary import PatientSummary
from ..storage.people import Patient
from ..storage.record_rows import Stored
from .assessing import SYSTEM, history_of, is_past, never_back, try_to_assess
from .change import patient_change

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recovery:
    """One patient, one day, everything known; what nobody asks for is neither read nor computed.

    `history` is None before an operation was entered, and `today` the last day it counts.
    `assessment_is_due` says that the flags may be older than the diary.
    """

    database: Database = field(repr=False)
    today: date
    record: PatientRecord
    history: History | None
    entries: tuple[StoredEntry, ...]
    assessment_is_due: bool
    #: Whether the loading and hardware questions are asked daily for now.
    asks_daily: bool = False

    @property
    def patient(self) -> Patient:
        return self.record.patient

    @property
    def operations(self) -> tuple[Stored[Operation], ...]:
        return self.record.operations

    @property
    def events(self) -> tuple[Stored[Event], ...]:
        return self.record.events

    @property
    def imaging(self) -> tuple[Stored[ImagingResult], ...]:
        return self.record.imaging

    @property
    def appointments(self) -> tuple[Stored[Appointment], ...]:
        return self.record.appointments

    @property
    def instructions(self) -> tuple[Stored[Instruction], ...]:
        return self.record.instructions

    @property
    def scores(self) -> tuple[Stored[FormScore], ...]:
        return self.record.scores

    @cached_property
    def assessment(self) -> Assessment | None:
        """As of today; None before an operation was entered, or where it failed."""
        return None if self.history is None else try_to_assess(self.history, self.today)

    @cached_property
    def flags(self) -> tuple[StoredFlag, ...]:
        """Every stored flag, by the day it was raised."""
        with self.database.read() as session:
            return flags.flags_of(session, self.patient.id)

    @cached_property
    def open_signs(self) -> tuple[OpenSign, ...]:
        """Warning answers that the next entry asks about."""
        return () if self.history is None else open_signs(self.history, self.today)

    @property
    def open_flags(self) -> tuple[StoredFlag, ...]:
        """Active flags, the most urgent first."""
        standing_now = [flag for flag in self.flags if flag.is_open]
        return tuple(sorted(standing_now, key=lambda flag: (-flag.urgency, flag.episode.raised_on)))

    def coming_visits(self, today: date) -> tuple[Appointment, ...]:
        """Visits from today on, soonest first: arranged by the clinic, or noted as events, which
        have no time and come after the others of their day.
        """
        noted = (e.value for e in self.events if e.value.kind is EventKind.VISIT)
        found = [
            *(arranged.value for arranged in self.appointments),
            *(Appointment(event.day, with_whom=event.label) for event in noted),
        ]
        return tuple(
            sorted((v for v in found if v.day >= today), key=lambda v: (v.day, v.time or "24:00"))
        )

    def waiting_flags(self, here: date) -> tuple[StoredFlag, ...]:
        """Those, and the urgent ones that ended before anybody looked, in the order of the list on
        `here`, the clinic's day.
        """

        def place(flag: StoredFlag) -> tuple[object, ...]:
            return flag.need_on(here), flag.urgency, flag.episode.raised_on, flag.id

        found = [flag for flag in self.flags if flag.is_open or flag.is_missed]
        return tuple(sorted(found, key=place, reverse=True))

    @property
    def worst_standing(self) -> Urgency | None:
        """The highest urgency of a flag that holds, decided or not, or that ended before anybody
        looked; None where there is none.
        """
        standing = (flag.urgency for flag in self.flags if flag.is_open or flag.is_missed)
        return max(standing, default=None)

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
    is_watched = audited and by.role is not Role.SYSTEM and by.patient_id != patient_id
    with database.read() as session:
        record, summary = record_of(session, patient_id)
        is_due = is_past(summary, today)
        if not (is_watched or is_due):
            return _recovery(database, session, today, record, summary)
    _before_reading(database, patient_id, today, at, by if is_watched else None, is_due)
    with database.read() as session:
        return _recovery(database, session, today, *record_of(session, patient_id))


def _recovery(
    database: Database,
    session: Session,
    today: date,
    record: PatientRecord,
    summary: PatientSummary,
) -> Recovery:
    entries = diary.entries_of(session, record.patient.id)
    history = history_of(record, entries)
    if history is not None:
        today = never_back(history, today)
        history = history.counted_on(today)
    return Recovery(
        database, today, record, history, entries, summary.assessment_due, summary.asks_daily
    )


def _before_reading(
    database: Database, patient_id: int, today: date, at: datetime, reader: Actor | None, due: bool
) -> None:
    """The look is in the audit, and what was due is assessed, as far as the database allows."""
    try:
        with patient_change(database, patient_id, by=SYSTEM, at=at, today=today) as session:
            if reader is not None:
                chart_read = audit.AuditAction.CHART_READ
                audit.record_look(session, chart_read, patient_id, by=reader, at=at)
            if due:
                session.record_changed(patient_id)
    except NotSaved:
        # With a full disk a chart must still open; the log keeps what the audit could not.
        name = reader.account_id if reader else None
        log.error("account %s read patient %d; not in the audit", name, patient_id)
