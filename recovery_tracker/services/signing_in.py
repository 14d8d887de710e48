"""Signing in and out: sessions, tries that count, credentials and passkeys. No diary is touched."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.people import Actor
from ..storage import accounts, audit, erasure, passkeys, people, sessions
from ..storage.audit import INSTALLATION, AuditAction
from ..storage.database import Database, lock_chain
from ..storage.sessions import StoredSession
from .change import change, in_one_change

end_session = in_one_change(sessions.delete_session)
save_credentials = in_one_change(accounts.save_credentials)
add_passkey = in_one_change(passkeys.add_passkey)
use_passkey = in_one_change(passkeys.use_passkey)
delete_passkey = in_one_change(passkeys.delete_passkey)


def keep_session(
    database: Database,
    stored: StoredSession,
    uniquifier: str,
    *,
    instead_of: str | None,
    is_new_person: bool,
) -> None:
    """The session is kept for the account of `uniquifier`; nothing is where it ended in the
    meantime.

    `instead_of` is the digest it had before, None for a new one. Where the person changed, sessions
    that have run out go as well.
    """
    with change(database) as session:
        if instead_of is not None and instead_of != stored.digest:
            sessions.delete_session(session, instead_of)
        elif instead_of is not None and not sessions.is_there(session, stored.digest):
            # Ended in the meantime, by signing out elsewhere or a new password: it stays ended.
            return
        owner = accounts.account_by_uniquifier(session, uniquifier)
        if owner is None:
            return
        sessions.save_session(session, replace(stored, account_id=owner.id))
        if is_new_person:
            sessions.delete_expired(session, stored.seen_at)


def keep_form(
    database: Database,
    device: str,
    form: str,
    sealed: str,
    *,
    public_id: str | None,
    most: int,
    at: datetime,
    until: datetime,
) -> None:
    """The sealed form waits as `sessions.keep_form` says; `public_id` is the patient it is about.

    Nothing is kept about a patient who is not there, or no longer.
    """
    with change(database) as session:
        if public_id is not None and people.patient_by_public_id(session, public_id) is None:
            return
        about = erasure.mark_of(public_id) if public_id is not None else ""
        content = {"carried": sealed, "about": about}
        sessions.keep_form(session, device, form, content, most=most, at=at, until=until)


def forget_forms(database: Database, places: Collection[str]) -> None:
    """The forms at these places wait no longer."""
    if not places:
        return
    with change(database) as session:
        for place in places:
            sessions.delete_session(session, place)


def end_one_session(
    database: Database, account_id: int, mark: str, *, by: Actor, at: datetime
) -> bool:
    """The account's session whose digest begins with `mark` has ended; False if there is none."""
    with change(database) as session:
        found = [
            one for one in sessions.sessions_of(session, account_id) if one.digest.startswith(mark)
        ]
        for one in found:
            sessions.delete_session(session, one.digest)
        if found:
            details = {"elsewhere": True}
            audit.record(session, AuditAction.SIGNED_OUT, by=by, at=at, details=details)
    return bool(found)


def end_sessions_of(database: Database, account_id: int, *, by: Actor, at: datetime) -> None:
    """Every session and every remembered sign-in of the account has ended, on every device."""
    with change(database) as session:
        accounts.renew_uniquifier(session, account_id)
        details = {"everywhere": True}
        audit.record(session, AuditAction.SIGNED_OUT, by=by, at=at, details=details)


def note_signed_in(
    database: Database,
    account_id: int,
    *,
    by: Actor,
    at: datetime,
    new_device: str | None = None,
) -> None:
    """The sign-in is in the audit trail, and the account knows when it was.

    `new_device` names the device where the account never signed in on it before, None where it did.
    """
    with change(database) as session:
        accounts.save_credentials(session, account_id, by=by, at=at, signed_in_at=at)
        if new_device is not None:
            details = {"device": new_device}
            audit.record(session, AuditAction.NEW_DEVICE, by=by, at=at, details=details)


def note_signed_out(database: Database, *, by: Actor, at: datetime) -> None:
    """The signing out is in the audit."""
    with change(database) as session:
        audit.record(session, AuditAction.SIGNED_OUT, by=by, at=at)


def use_recovery_code(
    database: Database, account_id: int, kept: str, *, by: Actor, at: datetime
) -> bool:
    """Whether the account had this code, as it is stored; it is used up, and no other returns."""
    with change(database) as session:
        lock_chain(session, INSTALLATION)
        account = accounts.account_by_id(session, account_id)
        if account is None or kept not in account.recovery_codes:
            return False
        left = tuple(one for one in account.recovery_codes if one != kept)
        accounts.save_credentials(session, account_id, by=by, at=at, recovery_codes=left)
    return True


def begin_try(
    database: Database,
    limits: Iterable[tuple[str, int, datetime]],
    counted: Sequence[str],
    *,
    at: datetime,
    forget_before: datetime | None = None,
) -> list[int] | None:
    """Numbers of the tries that count from now on; None, and none counts, where one is too many.

    Each limit is (digest, most tries, since when). Looking and counting are one write, so that many
    at the same moment get no more than one after the other.
    """
    with change(database) as session:
        lock_chain(session, INSTALLATION)
        for digest, most, since in limits:
            # What a clock that ran ahead wrote would otherwise shut people out until then.
            until = at + (at - since)
            if sessions.attempts_between(session, digest, since, until) >= most:
                return None
        numbers = [sessions.record_attempt(session, one, at=at) for one in counted]
        if forget_before is not None:
            sessions.delete_old_attempts(session, forget_before)
        return numbers


def take_back_try(database: Database, numbers: Sequence[int], digest: str | None = None) -> None:
    """These tries are forgotten, and with `digest` all of its others: the person was right."""
    with change(database) as session:
        sessions.delete_attempts(session, numbers)
        if digest is not None:
            sessions.forget_attempts(session, digest)


def note_wrong_try(database: Database, details: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """A refused sign-in is in the audit."""
    with change(database) as session:
        audit.record(session, AuditAction.SIGN_IN_REFUSED, by=by, at=at, details=details)


def count_use(database: Database, digest: str, most: int, *, since: datetime, at: datetime) -> bool:
    """Whether it may be done once more, at most `most` times since then; it is counted."""
    return begin_try(database, [(digest, most, since)], [digest], at=at) is not None
