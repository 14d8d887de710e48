"""What a restored copy must not bring back: sessions, erased people, withdrawn access.

There are as many kinds of access as `ways` knows: care that was given, teams and their patients,
cover, and the end of a way that a patient or the office set. The present database may be a damaged
one, so of each kind is read what can be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, aliased

from ..domain.people import Actor
from . import audit, teams, ways
from .database import Database, WriteSession
from .engine import file_of, make_engine
from .erasure import marks_of
from .errors import NotSaved
from .forgotten import PARTS, Kept, forget_again
from .tables.people import AccountRow, CareRow, PatientRow
from .tables.teams import CareEndedRow, CoverRow, TeamMemberRow, TeamPatientRow, TeamRow
from .upgrade import is_file


def end_sessions(session: WriteSession) -> None:
    """Nobody is signed in and no open link works any more."""
    session.execute(text("DELETE FROM web_session"))
    session.execute(text("DELETE FROM setup_token"))
    session.execute(text("DELETE FROM invitation WHERE used_at IS NULL"))
    session.execute(text("DELETE FROM visit_link WHERE ended_at IS NULL"))
    session.execute(text("DELETE FROM emergency_access"))


_ACCOUNTS = select(AccountRow.public_id)
_PATIENTS = select(PatientRow.public_id)
_TEAMS = select(TeamRow.public_id)
_OFF = _ACCOUNTS.where(~AccountRow.active)
_CARES = (
    select(AccountRow.public_id, PatientRow.public_id)
    .join(CareRow, CareRow.account_id == AccountRow.id)
    .join(PatientRow, PatientRow.id == CareRow.patient_id)
)
_MEMBERS = (
    select(AccountRow.public_id, TeamRow.public_id)
    .join(TeamMemberRow, TeamMemberRow.account_id == AccountRow.id)
    .join(TeamRow, TeamRow.id == TeamMemberRow.team_id)
    .where(TeamMemberRow.joined_at.is_not(None))
)
_PLACED = (
    select(PatientRow.public_id, TeamRow.public_id)
    .join(TeamPatientRow, TeamPatientRow.patient_id == PatientRow.id)
    .join(TeamRow, TeamRow.id == TeamPatientRow.team_id)
)
_CLOSED = (
    select(AccountRow.public_id, PatientRow.public_id)
    .join(CareEndedRow, CareEndedRow.account_id == AccountRow.id)
    .join(PatientRow, PatientRow.id == CareEndedRow.patient_id)
)
_COVERED = aliased(AccountRow)
_COVERS = (
    select(AccountRow.public_id, _COVERED.public_id, CoverRow.from_at, CoverRow.until_at)
    .join(CoverRow, CoverRow.account_id == AccountRow.id)
    .join(_COVERED, _COVERED.id == CoverRow.for_account_id)
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What the present database has taken away and an older one may still grant, by public ids.

    Access that it does not grant was taken away if it knows everybody concerned; whom it does not
    know at all came after it began, or is lost with a part of it, and was not sent away. None is a
    kind of access that it cannot tell.
    """

    off: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    #: (account, patient) of ended ways.
    closed: frozenset[tuple[str, str]] = frozenset()
    #: (account, patient); (account, team) of those who have joined; (patient, team).
    cares: frozenset[tuple[str, str]] | None = None
    members: frozenset[tuple[str, str]] | None = None
    placed: frozenset[tuple[str, str]] | None = None
    #: (who covers, for whom, from, until).
    covers: frozenset[tuple[str, str, datetime, datetime]] | None = None
    kept: Kept = field(default_factory=Kept)

    def has_no_care(self, account: str, patient: str) -> bool:
        """Whether care that an older database knows was taken away."""
        if (account, patient) in self.closed:
            return True
        is_known = account in self.accounts and patient in self.patients
        return is_known and self.cares is not None and (account, patient) not in self.cares

    def has_left(self, account: str, team: str) -> bool:
        """Whether a member of an older database is none any more."""
        is_known = account in self.accounts and team in self.teams
        return is_known and self.members is not None and (account, team) not in self.members

    def has_moved(self, patient: str, team: str) -> bool:
        """Whether a patient is no longer in the team of an older database."""
        is_known = patient in self.patients and team in self.teams
        return is_known and self.placed is not None and (patient, team) not in self.placed

    def is_not_covered(self, account: str, other: str, from_at: datetime, until: datetime) -> bool:
        """Whether a cover of an older database is over or was changed."""
        if self.covers is None or not {account, other} <= self.accounts:
            return False
        return (account, other, from_at, until) not in self.covers


#: What reading may end in where a page is torn or a value is none.
_UNREADABLE = (
    *(DatabaseError, NotSaved, MemoryError),
    *(ValueError, TypeError, AttributeError, OverflowError),
)
Found = TypeVar("Found")


def ended_since(url: str) -> Ended:
    """Accounts that are switched off and access that is granted, as far as the present database can
    be read.
    """
    if is_file(url) and not file_of(url).exists():
        return Ended()
    engine = make_engine(url)
    database = Database(engine)
    try:
        return Ended(
            off=_named(database, _OFF),
            accounts=_named(database, _ACCOUNTS),
            patients=_named(database, _PATIENTS),
            teams=_named(database, _TEAMS),
            closed=_told(database, _CLOSED) or frozenset(),
            cares=_told(database, _CARES),
            members=_told(database, _MEMBERS),
            placed=_told(database, _PLACED),
            covers=_told(database, _COVERS),
            kept=_kept(database),
        )
    finally:
        engine.dispose()


def _kept(database: Database) -> Kept:
    told = {name: _read(database, reader) for name, reader in PARTS.items()}
    return Kept(**{name: found for name, found in told.items() if found is not None})


def _named(database: Database, query: Select[str]) -> frozenset[str]:
    return frozenset(one for (one,) in _told(database, query) or ())


def _told(database: Database, query: Select[*tuple[Any, ...]]) -> frozenset[Any] | None:
    """Every row; None if one of them cannot be read."""
    return _read(database, lambda session: frozenset(map(tuple, session.execute(query))))


def _read(database: Database, reader: Callable[[Session], Found]) -> Found | None:
    """What it finds in a transaction of its own; None where that cannot be read."""
    try:
        with database.read() as session:
            return reader(session)
    except _UNREADABLE:
        return None


def end_again(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    """Accounts that were switched off stay off, and access that was taken away stays away."""
    for step in (
        *(_forget, _end_covers, _leave_teams, _place_again),
        *(_close_ways, _switch_off, _revoke_care),
    ):
        step(session, ended, by, at)


def _forget(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    accounts, patients = _numbers(session, AccountRow), _numbers(session, PatientRow)
    cares = ended.cares or frozenset()
    forget_again(session, ended.kept, cares, accounts, patients, by=by, at=at)


def _end_covers(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    for *span, number in session.execute(_COVERS.add_columns(CoverRow.id)).all():
        if ended.is_not_covered(*span):
            teams.end_cover(session, number, by=by, at=at)


def _leave_teams(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    key = (TeamMemberRow.team_id, TeamMemberRow.account_id)
    for account, team, *numbers in session.execute(_MEMBERS.add_columns(*key)).all():
        if ended.has_left(account, team):
            teams.leave(session, *numbers, by=by, at=at)


def _place_again(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    """Nobody of a former team, but those of the present one if it was there already."""
    now_in, known = dict(ended.placed or ()), _numbers(session, TeamRow)
    for patient, team, place in session.execute(_PLACED.add_columns(TeamPatientRow)).all():
        if not ended.has_moved(patient, team):
            continue
        place.team_id = known.get(now_in.get(patient, ""))
        audit.record(
            session,
            audit.AuditAction.PATIENT_PLACED,
            by=by,
            at=at,
            patient_id=place.patient_id,
            details={"team": place.team_id, "surgeon": place.surgeon_id},
        )


def _close_ways(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    accounts, patients = _numbers(session, AccountRow), _numbers(session, PatientRow)
    for account, patient in sorted(ended.closed):
        if account in accounts and patient in patients:
            ways.end_way(session, patients[patient], accounts[account])


def _switch_off(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    for row in session.scalars(select(AccountRow).order_by(AccountRow.id)):
        if row.active and row.public_id in ended.off:
            row.active = False
            details = {"account_id": row.id}
            audit.record(session, audit.AuditAction.ACCOUNT_DISABLED, by=by, at=at, details=details)


def _revoke_care(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    for account, patient, care in session.execute(_CARES.add_columns(CareRow)).all():
        if ended.has_no_care(account, patient):
            session.delete(care)
            audit.record(
                session,
                audit.AuditAction.CARE_REVOKED,
                by=by,
                at=at,
                patient_id=care.patient_id,
                details={"account_id": care.account_id},
            )


def _numbers(session: Session, table: type[AccountRow | PatientRow | TeamRow]) -> dict[str, int]:
    found = session.execute(select(table.public_id, table.id))
    return {row.public_id: row.id for row in found}


def erased_since(url: str) -> frozenset[str]:
    """Marks of the patients erased from the present database, as far as it can be read."""
    if is_file(url) and not file_of(url).exists():
        return frozenset()
    engine = make_engine(url)
    try:
        with Database(engine).read() as session:
            return marks_of(session)
    except _UNREADABLE:
        return frozenset()
    finally:
        engine.dispose()
