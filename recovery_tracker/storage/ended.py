"""What a restored copy must not bring back: sessions, erased people, withdrawn access."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ..domain.people import Actor
from . import audit
from .database import Database, WriteSession
from .engine import file_of, make_engine
from .erasure import marks_of
from .errors import NotSaved
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
            )
    except (DatabaseError, NotSaved):
        return Ended()
    finally:
        engine.dispose()


def _cares_in(session: Session) -> frozenset[tuple[str, str]]:
    found = session.execute(
        text(
            "SELECT account.public_id, patient.public_id FROM care "
            "JOIN account ON account.id = care.account_id "
            "JOIN patient ON patient.id = care.patient_id"
        )
    )
    return frozenset((account, patient) for account, patient in found)


def _numbers(session: Session, query: str) -> dict[str, int]:
    found = session.execute(text(query)).all()
    return {str(public_id): int(number) for public_id, number in found}


def end_again(session: WriteSession, ended: Ended, by: Actor, at: datetime) -> None:
    """Accounts that were switched off stay off, and access that was taken away stays away."""
    accounts = _numbers(session, "SELECT public_id, id FROM account")
    patients = _numbers(session, "SELECT public_id, id FROM patient")
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
