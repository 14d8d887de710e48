"""Patients and who cares for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from ..domain.history import TAPERING, Schedule
from ..domain.people import Actor, Rights, Role
from . import teams, ways
from .as_json import schedule_from_json, schedule_to_json
from .audit import AuditAction, record
from .care_words import CareWord, words_about
from .database import WriteSession, lock_chain
from .errors import Conflict, NotFound, Refused
from .one_row import row_by
from .tables.diary import EntryRow
from .tables.flags import SummaryRow
from .tables.people import AccountRow, CareRow, PatientRow

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient. `public_id` is opaque and the only identifier that may appear in an address."""

    id: int
    public_id: str
    name: str
    birth_date: date | None = None
    hospital_number: str | None = None
    #: Where the clinic rings them; "" where nobody wrote it down.
    phone: str = ""
    #: IANA name.
    zone: str = "UTC"
    language: str = "en"
    #: ISO code; empty follows the installation.
    country: str = ""
    schedule: Schedule = TAPERING
    #: Plain JSON values that pages keep for this patient.
    preferences: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    #: Since when the clinic no longer follows them; None while it does.
    ended_on: date | None = None
    version: int = 1

    @property
    def own_item(self) -> str:
        """What the patient is asked from 0 to 10 by their own choice; "" for nothing."""
        return str(self.preferences.get("own_item", ""))

    @property
    def questions(self) -> tuple[str, ...]:
        """What the patient wrote down for the next visit, in their own words."""
        return tuple(self.preferences.get("questions", ()))


def new_public_id() -> str:
    """An opaque id that cannot be guessed: 128 random bits."""
    return token_urlsafe(16)


def create_patient(
    session: WriteSession,
    *,
    name: str,
    by: Actor,
    at: datetime,
    birth_date: date | None = None,
    hospital_number: str | None = None,
    phone: str = "",
    zone: str = "UTC",
    language: str = "en",
    country: str = "",
    schedule: Schedule = TAPERING,
    preferences: Mapping[str, Any] = _NOTHING,
) -> Patient:
    """A new patient with an empty diary."""
    row = PatientRow(
        public_id=new_public_id(),
        name=name.strip(),
        birth_date=birth_date,
        hospital_number=hospital_number or None,
        phone=phone,
        zone=zone,
        language=language,
        country=country,
        schedule=schedule_to_json(schedule),
        preferences=dict(preferences),
        created_at=at,
        version=1,
    )
    session.add(row)
    session.flush()
    session.add(
        SummaryRow(
            patient_id=row.id,
            assessment_due=False,
            logged=0,
            expected=0,
            recent_logged=0,
            recent_expected=0,
            need=0,
            need_awake=0,
            flags_open=0,
            rule_set="",
        )
    )
    record(session, AuditAction.PATIENT_CREATED, by=by, at=at, patient_id=row.id)
    return to_patient(row)


#: The fields that an assessment reads: on which days an entry is expected, and the local date.
_ASSESSED = frozenset({"schedule", "zone"})
_EDITABLE = (
    *("name", "birth_date", "hospital_number", "phone", "zone", "language", "country"),
    "ended_on",
)
#: Who somebody is: the audit keeps what these said before, until the patient is erased.
IDENTITY = ("name", "birth_date", "hospital_number", "phone")


def update_patient(
    session: WriteSession, patient: Patient, *, expected_version: int, by: Actor, at: datetime
) -> Patient:
    """The stored patient is `patient`, with the next version.

    Raises:
        Conflict: somebody changed the patient after `expected_version` was read.
    """
    lock_chain(session, patient.id)
    row = session.get(PatientRow, patient.id, populate_existing=True)
    if row is None:
        raise NotFound
    if row.version != expected_version:
        raise Conflict(current=row.version)
    changed = [name for name in _EDITABLE if getattr(row, name) != getattr(patient, name)]
    old = {name: str(getattr(row, name) or "") for name in changed if name in IDENTITY}
    for name in changed:
        setattr(row, name, getattr(patient, name))
    schedule = schedule_to_json(patient.schedule)
    for name, value in (("schedule", schedule), ("preferences", dict(patient.preferences))):
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    row.version = expected_version + 1
    if _ASSESSED.intersection(changed):
        session.record_changed(patient.id)
    details = {"changed": changed, **({"old": old} if old else {})}
    record(
        session, AuditAction.PATIENT_CHANGED, by=by, at=at, patient_id=patient.id, details=details
    )
    return to_patient(row)


def patient_by_public_id(session: Session, public_id: str) -> Patient | None:
    """A caller that loads a patient for a page must then check `domain.people.may`."""
    row = row_by(session, PatientRow.public_id, public_id)
    return None if row is None else to_patient(row)


def patient_by_id(session: Session, patient_id: int) -> Patient:
    row = row_by(session, PatientRow.id, patient_id)
    if row is None:
        raise NotFound
    return to_patient(row)


def all_patients(session: Session) -> tuple[Patient, ...]:
    """Every patient, oldest record first: for commands of the person who runs the installation."""
    return tuple(map(to_patient, session.scalars(select(PatientRow).order_by(PatientRow.id))))


def ids_in_random_order(session: Session) -> tuple[int, ...]:
    """Numbers of all patients, in the order of their random public ids: the order is always the
    same, and the first of them are a fair sample.
    """
    return tuple(session.scalars(select(PatientRow.id).order_by(PatientRow.public_id)))


def to_patient(row: PatientRow) -> Patient:
    return Patient(
        id=row.id,
        public_id=row.public_id,
        schedule=schedule_from_json(row.schedule),
        preferences=MappingProxyType(row.preferences),
        version=row.version,
        **{name: getattr(row, name) for name in _EDITABLE},
    )


def grant_care(
    session: WriteSession, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """The clinician may open the record, from the next request on.

    Where they could already by somebody else's word, this one stands in the record beside it.
    """
    account = session.get(AccountRow, account_id)
    if account is None or session.get(PatientRow, patient_id) is None:
        raise NotFound
    if account.role != Role.CLINICIAN or account.rights == Rights.DESK:
        raise Refused("Only a clinician can care for a patient.")
    ways.open_way(session, patient_id, account_id)
    if session.get(CareRow, (account_id, patient_id)) is None:
        session.add(CareRow(account_id=account_id, patient_id=patient_id, granted_at=at))
    elif CareWord(account_id, by.account_id, by.role) in words_about(session, patient_id):
        return
    _record_care(session, AuditAction.CARE_GRANTED, patient_id, account_id, by, at)


def revoke_care(
    session: WriteSession, patient_id: int, account_id: int, *, by: Actor, at: datetime
) -> None:
    """The clinician may no longer open the record, from the next request on, whatever team they
    are in and whomever they stand in for.
    """
    row = session.get(CareRow, (account_id, patient_id))
    if row is not None:
        session.delete(row)
        session.flush()
    elif account_id not in ways.readers_at(session, patient_id, at):
        return
    ways.end_way(session, patient_id, account_id)
    _record_care(session, AuditAction.CARE_REVOKED, patient_id, account_id, by, at)


def _record_care(
    session: WriteSession,
    action: AuditAction,
    patient_id: int,
    account_id: int,
    by: Actor,
    at: datetime,
) -> None:
    details = {"account_id": account_id}
    record(session, action, by=by, at=at, patient_id=patient_id, details=details)


def _has_neither() -> ColumnElement[bool]:
    """Followed, with neither an account nor an entry: a link for such a diary opens nothing."""
    account = select(AccountRow.id).where(AccountRow.patient_id == PatientRow.id)
    entry = select(EntryRow.id).where(EntryRow.patient_id == PatientRow.id)
    return ~account.exists() & ~entry.exists() & PatientRow.ended_on.is_(None)


def is_begun(session: Session, patient_id: int) -> bool:
    """Whether the diary has an owner or an entry: then a link that makes its account opens it."""
    entry = select(EntryRow.id).where(EntryRow.patient_id == patient_id)
    account = select(AccountRow.id).where(AccountRow.patient_id == patient_id)
    return bool(session.scalar(select(entry.exists() | account.exists())))


def without_account(session: Session, most: int) -> tuple[Patient, ...]:
    """Patients who have neither an account nor an entry, by name, at most `most`."""
    query = select(PatientRow).where(_has_neither()).order_by(PatientRow.name, PatientRow.id)
    return tuple(map(to_patient, session.scalars(query.limit(most))))


def count_without_account(session: Session) -> int:
    """How many patients have neither an account nor an entry."""
    return session.scalar(select(func.count(PatientRow.id)).where(_has_neither())) or 0


def care_of(session: Session, patient_id: int, at: datetime) -> tuple[int, ...]:
    """Numbers of the accounts to which a record is open at an instant, by care, team or cover."""
    return tuple(sorted(ways.readers_at(session, patient_id, at)))


def surgeon_of(session: Session, patient_id: int) -> str:
    """The name of who answers for a patient: the responsible surgeon, else the one clinician who
    was given their care; "" where there are several or none.
    """
    team = teams.team_of(session, patient_id)
    query = select(AccountRow.name)
    if team is not None and team.surgeon_id is not None:
        query = query.where(AccountRow.id == team.surgeon_id)
    else:
        query = query.join(CareRow, CareRow.account_id == AccountRow.id)
        query = query.where(CareRow.patient_id == patient_id)
    names = session.scalars(query.limit(2)).all()
    return names[0] if len(names) == 1 else ""


def given_to(session: Session, account_id: int) -> tuple[int, ...]:
    """Numbers of the patients whose care was given to the account itself."""
    query = select(CareRow.patient_id).where(CareRow.account_id == account_id)
    return tuple(session.scalars(query.order_by(CareRow.patient_id)))


def count_unread(session: Session, at: datetime) -> int:
    """How many patients have no clinician who can sign in and see the diary."""
    read = ways.read_by_somebody(at)
    unread = PatientRow.id.not_in(read) & PatientRow.ended_on.is_(None)
    return session.scalar(select(func.count(PatientRow.id)).where(unread)) or 0


def with_preferences(patient: Patient, **values: Any) -> Patient:
    """The same patient with some preferences replaced; not stored yet."""
    return replace(patient, preferences=MappingProxyType({**patient.preferences, **values}))
