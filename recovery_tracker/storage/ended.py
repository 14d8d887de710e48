"""What a restored copy must not bring back: sessions, erased people, withdrawn access.

There are as many kinds of access as `ways` knows: care that was given, teams and their patients,
cover, and the end of a way that a patient or the office set.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ..domain.people import Actor
from . import audit, teams, ways
from .database import Database, WriteSession
from .engine import file_of, make_engine
from .erasure import marks_of
from .errors import NotSaved
from .forgotten import Kept, forget_again, kept_in
from .tables.teams import CareEndedRow, CoverRow, TeamMemberRow, TeamRow
from .upgrade import is_file


def end_sessions(session: WriteSession) -> None:
    """Nobody is signed in and no open link works any more."""
    session.execute(text("DELETE FROM web_session"))
    session.execute(text("DELETE FROM setup_token"))
    session.execute(text("DELETE FROM invitation WHERE used_at IS NULL"))
    session.execute(text("DELETE FROM visit_link WHERE ended_at IS NULL"))
    session.execute(text("DELETE FROM emergency_access"))


@dataclass(frozen=True, slots=True)
class Ended:
    """What the present database has taken away and an older one may still grant, by public ids."""

    off: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()
    cares: frozenset[tuple[str, str]] = frozenset()
    #: (account, team) of those who have joined; (patient, team); (account, patient) of ended ways.
    members: frozenset[tuple[str, str]] = frozenset()
    placed: frozenset[tuple[str, str]] = frozenset()
    closed: frozenset[tuple[str, str]] = frozenset()
    #: (who covers, for whom, from, until).
    covers: frozenset[tuple[str, str, datetime, datetime]] = frozenset()
    kept: Kept = field(default_factory=Kept)


def ended_since(url: str) -> Ended:
    """Accounts that are switched off and access that is granted, as far as the present database can
    be read.
    """
    if is_file(url) and not file_of(url).exists():
        return Ended()
    engine = make_engine(url)
    try:
        with Database(engine).read() as session:
            accounts = session.execute(text("SELECT public_id, active FROM account")).all()
            patients = session.scalars(text("SELECT public_id FROM patient"))
            return Ended(
                frozenset(one for one, active in accounts if not active),
                frozenset(one for one, _active in accounts),
                frozenset(patients),
                _cares_in(session),
                *_teams_in(session),
                kept=_kept_in(session),
            )
    except (DatabaseError, NotSaved):
        return Ended()
    finally:
        engine.dispose()


def _kept_in(session: Session) -> Kept:
    try:
        return kept_in(session)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Kept()  # A value that cannot be read must not hinder a restore.


def _cares_in(session: Session) -> frozenset[tuple[str, str]]:
    found = session.execute(
        text(
            "SELECT account.public_id, patient.public_id FROM care "
            "JOIN account ON account.id = care.account_id "
            "JOIN patient ON patient.id = care.patient_id"
        )
    )
    return frozenset((account, patient) for account, patient in found)


def _teams_in(
    session: Session,
) -> tuple[
    frozenset[tuple[str, str]],
    frozenset[tuple[str, str]],
    frozenset[tuple[str, str]],
    frozenset[tuple[str, str, datetime, datetime]],
]:
    """Members, patients placed, ended ways and covers; nothing where there were no teams yet."""
    if not _has_teams(session):
        return frozenset(), frozenset(), frozenset(), frozenset()
    who = {number: one for one, number in _numbers(session, _ACCOUNTS).items()}
    patient = {number: one for one, number in _numbers(session, _PATIENTS).items()}
    team = {number: one for one, number in _numbers(session, _TEAMS).items()}
    placed = session.execute(text("SELECT patient_id, team_id FROM team_patient"))
    return (
        frozenset((who[one.account_id], team[one.team_id]) for one in _members_in(session)),
        frozenset((patient[one], team[place]) for one, place in placed if place is not None),
        frozenset(
            (who[one.account_id], patient[one.patient_id])
            for one in session.scalars(select(CareEndedRow))
        ),
        frozenset(_cover(one, who) for one in session.scalars(select(CoverRow))),
    )


def _has_teams(session: Session) -> bool:
    return inspect(session.connection()).has_table(TeamRow.__tablename__)


def _members_in(session: Session) -> list[TeamMemberRow]:
    query = select(TeamMemberRow).where(TeamMemberRow.joined_at.is_not(None))
    return list(session.scalars(query))


def _cover(row: CoverRow, who: dict[int, str]) -> tuple[str, str, datetime, datetime]:
    return who[row.account_id], who[row.for_account_id], row.from_at, row.until_at


_ACCOUNTS = "SELECT public_id, id FROM account"
_PATIENTS = "SELECT public_id, id FROM patient"
_TEAMS = "SELECT public_id, id FROM team"


def _numbers(session: Session, query: str) -> dict[str, int]:
    found = session.execute(text(query)).all()
    return {str(public_id): int(number) for public_id, number in found}


def end_again(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    """Accounts that were switched off stay off, and access that was taken away stays away."""
    accounts, patients = _numbers(session, _ACCOUNTS), _numbers(session, _PATIENTS)
    forget_again(session, ended.kept, ended.cares, accounts, patients, by=by, at=at)
    if _has_teams(session):
        _leave_again(session, ended, by, at)
    for one in sorted(ended.off & accounts.keys()):
        session.execute(text("UPDATE account SET active = 0 WHERE public_id = :one"), {"one": one})
        details = {"account_id": accounts[one]}
        audit.record(session, audit.AuditAction.ACCOUNT_DISABLED, by=by, at=at, details=details)
    for account, patient in sorted(_cares_in(session) - ended.cares):
        if account not in ended.accounts or patient not in ended.patients:
            continue
        values = {"account": accounts[account], "patient": patients[patient]}
        session.execute(
            text("DELETE FROM care WHERE account_id = :account AND patient_id = :patient"), values
        )
        audit.record(
            session,
            audit.AuditAction.CARE_REVOKED,
            by=by,
            at=at,
            patient_id=patients[patient],
            details={"account_id": accounts[account]},
        )


def _leave_again(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    """Memberships, covers and places that are over stay over, and ways that were ended stay ended.

    What the present database does not know at all was made before it began, and stays.
    """
    accounts, patients = _numbers(session, _ACCOUNTS), _numbers(session, _PATIENTS)
    who = {number: one for one, number in accounts.items()}
    team = {number: one for one, number in _numbers(session, _TEAMS).items()}
    for row in session.scalars(select(CoverRow)).all():
        if who[row.account_id] in ended.accounts and _cover(row, who) not in ended.covers:
            teams.end_cover(session, row.id, by=by, at=at)
    for member in _members_in(session):
        pair = who[member.account_id], team[member.team_id]
        if pair[0] in ended.accounts and pair not in ended.members:
            teams.leave(session, member.team_id, member.account_id, by=by, at=at)
    now_in, known = dict(ended.placed), {one: number for number, one in team.items()}
    for patient, number in patients.items():
        place = teams.team_of(session, number)
        was = None if place is None or place.team_id is None else team[place.team_id]
        if place is None or was is None or patient not in ended.patients:
            continue
        if now_in.get(patient) != was:
            # Nobody of the former team; the present one, if it was there already.
            place.team_id = known.get(now_in.get(patient, ""))
            audit.record(
                session,
                audit.AuditAction.PATIENT_PLACED,
                by=by,
                at=at,
                patient_id=number,
                details={"team": place.team_id, "surgeon": place.surgeon_id},
            )
    for account, patient in sorted(ended.closed):
        if account in accounts and patient in patients:
            ways.end_way(session, patients[patient], accounts[account])


def erased_since(url: str) -> frozenset[str]:
    """Marks of the patients erased from the present database, as far as it can be read."""
    if is_file(url) and not file_of(url).exists():
        return frozenset()
    engine = make_engine(url)
    try:
        with Database(engine).read() as session:
            return marks_of(session)
    except (DatabaseError, NotSaved, MemoryError):
        return frozenset()
    finally:
        engine.dispose()
