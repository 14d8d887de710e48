"""What a restored copy must not bring back beside access: recovery codes that were used, passkeys
that were removed, devices that were forgotten, addresses of reminders and calendars that were given
up, requests for care that were declined.

Whatever the present database does not know at all was made before it began, and stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession
from .tables.access import PasskeyRow
from .tables.alerts import AlertWishesRow
from .tables.people import AccountRow, CareRequestRow, PatientRow

_Devices = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What still holds, by public ids."""

    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Credentials of passkeys.
    passkeys: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    #: (name among the preferences, mark) of addresses that work without signing in.
    links: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    #: Devices that ring, of patients and of staff.
    rings: Mapping[str, _Devices] = field(default_factory=dict)
    staff_rings: Mapping[str, _Devices] = field(default_factory=dict)
    #: (account, patient); None where the database is too old to know of requests.
    requests: frozenset[tuple[str, str]] | None = None


def kept_in(session: Session) -> Kept:
    """The codes, devices and requests of a database, which may be an older one."""
    return Kept(**{name: read(session) for name, read in PARTS.items()})


def _codes(session: Session) -> dict[str, Sequence[str]]:
    query = select(AccountRow.public_id, AccountRow.recovery_codes)
    return {one: tuple(known) for one, known in session.execute(query)}


def _passkeys(session: Session) -> dict[str, Sequence[bytes]]:
    found: dict[str, list[bytes]] = {
        one: [] for one in session.scalars(select(AccountRow.public_id))
    }
    query = select(AccountRow.public_id, PasskeyRow.credential_id).join(
        PasskeyRow, PasskeyRow.account_id == AccountRow.id
    )
    for one, credential in session.execute(query):
        found[one].append(credential)
    return dict(found)


def _links(session: Session) -> dict[str, Sequence[tuple[str, str]]]:
    query = select(PatientRow.public_id, PatientRow.preferences)
    return {one: tuple(_marks(wishes)) for one, wishes in session.execute(query)}


def _marks(wishes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The marks by which reminders by e-mail and the calendar are known, whichever there are."""
    mail, calendar = wishes.get("mail"), wishes.get("calendar")
    if mail:
        yield "mail", mail["mark"]
    if calendar:
        yield "calendar", calendar


def _rings(session: Session) -> dict[str, _Devices]:
    query = select(PatientRow.public_id, PatientRow.preferences)
    return {one: tuple(wishes.get("rings") or ()) for one, wishes in session.execute(query)}


def _staff_rings(session: Session) -> dict[str, _Devices]:
    # Who never chose has no row, and nothing that rings.
    nothing: dict[str, _Devices] = dict.fromkeys(session.scalars(select(AccountRow.public_id)), ())
    if not _has(session, AlertWishesRow, "rings"):
        return nothing
    query = select(AccountRow.public_id, AlertWishesRow.rings).join(
        AlertWishesRow, AlertWishesRow.account_id == AccountRow.id
    )
    return nothing | {one: tuple(rings) for one, rings in session.execute(query)}


def _requests(session: Session) -> frozenset[tuple[str, str]] | None:
    if not _has(session, CareRequestRow, "account_id"):
        return None
    query = (
        select(AccountRow.public_id, PatientRow.public_id)
        .join(CareRequestRow, CareRequestRow.account_id == AccountRow.id)
        .join(PatientRow, PatientRow.id == CareRequestRow.patient_id)
    )
    return frozenset((account, patient) for account, patient in session.execute(query))


def _has(session: Session, table: Any, column: str) -> bool:
    found, name = inspect(session.connection()), table.__tablename__
    return found.has_table(name) and column in {one["name"] for one in found.get_columns(name)}


#: What reads each part, by its name in `Kept`.
PARTS: Mapping[str, Callable[[Session], Any]] = {
    "codes": _codes,
    "passkeys": _passkeys,
    "links": _links,
    "rings": _rings,
    "staff_rings": _staff_rings,
    "requests": _requests,
}


def forget_again(
    session: WriteSession,
    kept: Kept,
    cares: frozenset[tuple[str, str]],
    accounts: Mapping[str, int],
    patients: Mapping[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Of the restored codes, passkeys, addresses, devices and requests only those are left that
    still held.

    `accounts` and `patients` are the restored numbers by public id. A request that was granted
    since, one of `cares`, is open once more: the care is not restored.
    """
    restored = kept_in(session)

    def note(account_id: int, changed: str) -> None:
        details = {"account_id": account_id, "changed": [changed]}
        record(session, AuditAction.CREDENTIALS_CHANGED, by=by, at=at, details=details)

    for one, left in _fewer(restored.codes, kept.codes):
        row = update(AccountRow).where(AccountRow.id == accounts[one])
        session.execute(row.values(recovery_codes=left))
        note(accounts[one], "recovery_codes")
    for one, left in _fewer(restored.passkeys, kept.passkeys):
        theirs = delete(PasskeyRow).where(PasskeyRow.account_id == accounts[one])
        session.execute(theirs.where(PasskeyRow.credential_id.not_in(left)))
        note(accounts[one], "passkey removed")
    for one, left in _fewer(restored.links, kept.links):
        gone = {name for name, _mark in restored.links[one]} - {name for name, _mark in left}
        _change_preferences(session, patients[one], dict.fromkeys(gone))
    for one, left in _fewer(restored.rings, kept.rings):
        _change_preferences(session, patients[one], {"rings": left})
    for one, left in _fewer(restored.staff_rings, kept.staff_rings):
        whose = update(AlertWishesRow).where(AlertWishesRow.account_id == accounts[one])
        session.execute(whose.values(rings=left))
    if restored.requests is None or kept.requests is None:
        return
    for account, patient in sorted(restored.requests - kept.requests - cares):
        if account in kept.codes and patient in kept.rings:
            _decline(session, accounts[account], patients[patient], by, at)


def _change_preferences(session: WriteSession, patient_id: int, changed: Mapping[str, Any]) -> None:
    mine = PatientRow.id == patient_id
    wishes = session.scalars(select(PatientRow.preferences).where(mine)).one()
    session.execute(update(PatientRow).where(mine).values(preferences={**wishes, **changed}))


def _fewer(
    restored: Mapping[str, Sequence[Any]], kept: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[str, list[Any]]]:
    """Whoever has something that no longer holds, and what is left of it."""
    for one, found in restored.items():
        left = [each for each in found if each in kept.get(one, found)]
        if len(left) < len(found):
            yield one, left


def _decline(
    session: WriteSession, account_id: int, patient_id: int, by: Actor, at: datetime
) -> None:
    session.execute(
        delete(CareRequestRow).where(
            CareRequestRow.account_id == account_id, CareRequestRow.patient_id == patient_id
        )
    )
    details = {"account_id": account_id}
    record(session, AuditAction.CARE_DECLINED, by=by, at=at, patient_id=patient_id, details=details)
