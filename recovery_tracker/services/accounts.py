"""Accounts and the links that make them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from ..domain.language import N_
from ..domain.people import Actor, Role
from ..storage import accounts, invitations, passkeys, people, second_person, teams
from ..storage.audit import AuditAction, record
from ..storage.database import Database, Session, WriteSession, lock_chain
from ..storage.errors import Refused
from ..storage.invitations import Invitation, NewLink
from .change import change, in_one_change, once

BY_LINK = Actor(None, "invitation", Role.SYSTEM)

withdraw = in_one_change(invitations.withdraw_invitation)
create_account = in_one_change(accounts.create_account)
set_active = in_one_change(accounts.set_active)
set_language = in_one_change(accounts.set_language)
rehash = in_one_change(accounts.rehash)


def invite(database: Database, link: NewLink, *, by: Actor, at: datetime) -> Invitation:
    """The link is open. One for a new password ends every other such link.

    Raises:
        Refused: it would open a diary that already has entries to anybody who sees the link.
    """
    with change(database) as session:
        made = invitations.create_invitation(session, link, by=by, at=at)
        if not works(session, made, at):
            raise Refused(
                N_(
                    "This diary has entries already. The person who runs the computer makes the "
                    "link, with recovery-tracker user invite."
                )
            )
        return made


def works(session: Session, link: Invitation, at: datetime) -> bool:
    """Whether the link may be used at this instant.

    A link made in the clinic for an empty diary stops working once that diary has begun: whoever
    made the link has seen it.
    """
    if not link.is_open(at):
        return False
    return not (link.begins_diary and people.is_begun(session, link.patient_id or 0))


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What is known about somebody whose diary begins with their invitation."""

    birth_date: date | None
    hospital_number: str
    zone: str
    country: str


def invite_once(
    database: Database,
    link: NewLink,
    patient: NewPatient | None,
    *,
    key: str,
    by: Actor,
    at: datetime,
) -> bool:
    """The link, with an empty diary if `patient` is given, or neither; False for a form that was
    sent before.

    Raises:
        Conflict: the key was used for somebody else before.
    """
    with change(database) as session:

        def deed() -> None:
            made = patient and people.create_patient(
                session,
                name=link.name,
                birth_date=patient.birth_date,
                hospital_number=patient.hospital_number,
                zone=patient.zone,
                country=patient.country,
                by=by,
                at=at,
            )
            whose = replace(link, patient_id=made.id) if made else link
            invitations.create_invitation(session, whose, by=by, at=at)

        content = ["invite", {"role": str(link.role), "name": link.name}]
        return once(session, key, content, deed, at=at)


def take_up(
    database: Database, digest: str, login: str, password_hash: str, *, at: datetime
) -> bool:
    """Whether the link still worked; it is then used and the account has its password, or neither.

    Raises:
        Refused: the sign-in name of a new account is taken.
    """
    with change(database) as session:
        found = invitations.invitation_by_digest(session, digest)
        if found is None:
            return False
        if found.patient_id is not None:
            # Of two links to one diary, followed at the same moment, one makes the owner.
            lock_chain(session, found.patient_id)
        if not works(session, found, at):
            return False
        used = invitations.redeem_invitation(session, digest, at=at)
        if used is None:
            return False
        _note_use(session, used, at)
        if used.account_id is None:
            accounts.create_account(
                session,
                name=used.name,
                login=login,
                role=used.role,
                rights=used.rights,
                patient_id=used.patient_id,
                password_hash=password_hash,
                invited_by=used.by_account_id,
                by=BY_LINK,
                at=at,
            )
            if used.patient_id is not None and not used.is_for_carer:
                invitations.withdraw_links_to(session, used.patient_id, at=at)
        else:
            _new_password(session, used, password_hash, at)
    return True


def _note_use(session: WriteSession, used: Invitation, at: datetime) -> None:
    """The audit trail says that the link was used, also the patient's if it is about one."""
    details = {"role": str(used.role), "account_id": used.account_id}
    record(session, AuditAction.INVITATION_USED, by=BY_LINK, at=at, details=details)
    if used.patient_id is not None:
        if used.is_for_carer:
            details |= {"rights": str(used.rights), "name": used.name}
        record(
            session,
            AuditAction.INVITATION_USED,
            by=BY_LINK,
            at=at,
            patient_id=used.patient_id,
            details=details,
        )


def _new_password(
    session: WriteSession, used: Invitation, password_hash: str, at: datetime
) -> None:
    assert used.account_id is not None
    # Whoever holds the link acts as the account; its owner is told, as if they had done it.
    by_owner = replace(BY_LINK, account_id=used.account_id)
    account = accounts.save_credentials(
        session, used.account_id, by=by_owner, at=at, password_hash=password_hash
    )
    second_person.forget_codes(session, account.id)
    if used.by_account_id is None or account.role is Role.PATIENT or account.second_factor:
        return
    # The person who made the link could have followed it: from now on the account goes back to
    # them, and the diaries wait for somebody else's word.
    accounts.note_inviter(session, account.id, used.by_account_id)
    if account.role is Role.CLINICIAN:
        teams.wait_again(session, account.id, used.by_account_id, by=BY_LINK, at=at)
        for patient_id in people.given_to(session, account.id):
            people.revoke_care(session, patient_id, account.id, by=BY_LINK, at=at)


def clear_second_step(database: Database, account_id: int, *, by: Actor, at: datetime) -> None:
    """The account no longer has a second step, recovery codes, passkeys or sessions; the password
    stays. A passkey is on the lost phone too, and would be enough to sign in.
    """
    with change(database) as session:
        accounts.save_credentials(
            session,
            account_id,
            by=by,
            at=at,
            totp_secret=None,
            second_factor=None,
            recovery_codes=(),
        )
        passkeys.forget_passkeys(session, account_id, by=by, at=at)
        accounts.renew_uniquifier(session, account_id)
