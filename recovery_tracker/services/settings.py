"""The installation: set up once, and its settings afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from ..domain.people import Actor, Mode, Role
from ..storage import accounts, audit_chain, patient_summary, people, settings
from ..storage import setup as tokens
from ..storage.accounts import Account
from ..storage.database import Database
from ..storage.settings import Installation
from ..trends.parameters import STANDARD
from .change import change, civil_day, in_one_change

new_setup_token = in_one_change(tokens.new_setup_token)
seal_audit = in_one_change(audit_chain.seal_ends)


def set_up(
    database: Database,
    token: str,
    chosen: Installation,
    *,
    name: str,
    login: str,
    password_hash: str,
    zone: str,
    language: str,
    by: Actor,
    at: datetime,
) -> Account | None:
    """Settings and the first person, a patient alone or an administrator; None for a wrong token.

    Raises:
        Conflict: it was set up in the meantime.
    """
    with change(database) as session:
        if not tokens.use_setup_token(session, token, at):
            return None
        settings.save_installation(
            session, _as_signed(chosen, Installation(), civil_day(at, zone)), by=by, at=at
        )
        patient = None
        if chosen.mode is Mode.JUST_ME:
            patient = people.create_patient(
                session,
                name=name,
                zone=zone,
                language=language,
                country=chosen.country,
                by=by,
                at=at,
            )
        return accounts.create_account(
            session,
            name=name,
            login=login,
            role=Role.PATIENT if patient else Role.ADMINISTRATOR,
            patient_id=patient.id if patient else None,
            password_hash=password_hash,
            by=by,
            at=at,
        )


def save_settings(
    database: Database,
    installation: Installation,
    *,
    by: Actor,
    at: datetime,
    signs_again: bool = False,
    here: date | None = None,
) -> None:
    """The settings are these; `installation.version` is the version they were changed from.

    A name that is new signs the rules in use, as does the same with `signs_again`: on the day
    `here`, where the clinic is, or that of `at`.

    Where the scope changed every patient is due for an assessment in the same commit: their next
    page, or `tick`, says what is looked for from now on.

    Raises:
        Conflict: somebody else changed them in the meantime.
    """
    with change(database) as session:
        before = settings.read_installation(session)
        chosen = _as_signed(installation, before, here or at.date(), signs_again=signs_again)
        settings.save_installation(session, chosen, by=by, at=at)
        if installation.scope != before.scope:
            patient_summary.outdate_all(session)


def _as_signed(
    chosen: Installation, before: Installation, on: date, *, signs_again: bool = False
) -> Installation:
    """The settings with the rule set that the name on them stands for, and since when."""
    if not chosen.rules_signed_by:
        return replace(chosen, rules_signed_set="", rules_signed_on=None)
    if signs_again or chosen.rules_signed_by != before.rules_signed_by:
        return replace(chosen, rules_signed_set=STANDARD.rule_set, rules_signed_on=on)
    return replace(
        chosen,
        rules_signed_set=before.rules_signed_set,
        rules_signed_on=before.rules_signed_on,
    )


def note_keys(database: Database, marks: Sequence[str], *, by: Actor, at: datetime) -> bool:
    """The record names the keys that passwords, second steps and recovery codes are made with.

    `marks` tell the keys of this program apart and give nothing of them away. False, and nothing is
    written, where the record names a key that is not among them: what was made with it fits no
    more.
    """
    with database.read() as session:
        known = settings.noted_keys(session)
    if not known <= set(marks):
        return False
    if known != set(marks):
        with change(database) as session:
            settings.note_keys(session, marks, by=by, at=at)
    return True
