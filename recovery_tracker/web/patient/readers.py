"""Who may look: everybody whose account opens the diary, when each last looked, and the end of it.

A patient may end it alone and at once. Starting it again takes the clinic, where the person signs
in; so the page asks once and says what will no longer be seen. The other accounts of the diary are
those of carers, whom the patient let in and may send away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Action, Mode, Rights, Role, may
from ...storage import accounts, audit_trail, people, ways
from ...storage.accounts import Account
from ...storage.audit import AuditAction
from ...storage.entry_rows import StoredEntry
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, installation, load_patient
from ..shared.language import mark, say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose account opens the diary, or did."""

    account_id: int
    public_id: str
    name: str
    #: What they may do and when they last looked, in words.
    looked: str
    #: Reads and writes as the patient does.
    shares: bool = False
    #: Whether the reader of this page may end it.
    may_end: bool = True


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody but the reader of the page: who may read the diary, and who no longer may."""

    now: tuple[Reader, ...]
    before: tuple[Reader, ...]


@blueprint.route("/readers/<reader_id>", methods=["GET", "POST"])
@policy(PATIENT, Action.CHOOSE_READERS)
def reader(public_id: str, reader_id: str) -> ResponseReturnValue:
    """Asks whether to end this clinician's access; the button ends it."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    known = [one for one in readers_of(patient).now if one.may_end]
    found = next((one for one in known if one.public_id == reader_id), None)
    settings = url_for("patient.settings", public_id=public_id, _anchor="readers")
    if found is None:
        if request.method == "POST":
            return redirect(settings, 303)  # A second press: it has ended already.
        raise NotFound
    if request.method != "POST":
        return render(
            "patient/reader.html",
            patient=patient,
            reader=found,
            is_last=not found.shares and sum(not one.shares for one in known) == 1,
            clinic=installation(),
        )
    end = services.end_account if found.shares else services.end_care
    end(database(), patient.id, found.account_id, by=actor(), at=clock.now())
    return redirect(settings, 303)


def who_reads(patient: Patient) -> str:
    """When this diary is read, as the clinic promises it; what is true where nobody reads it."""
    clinic = installation()
    if patient.ended_on:
        return _("Your follow-up has ended. Your clinic no longer reads this diary.")
    if clinic.mode is Mode.CLINIC:
        with database().read() as session:
            is_read = ways.is_read(session, patient.id, clock.now())
        if not is_read:
            return _("Nobody at your clinic can open this diary now.")
    return clinic.reading_promise or _("Nobody reads this diary live.")


def has_shared(patient: Patient) -> bool:
    """Whether more than one account writes, or ever wrote, in this diary."""
    with database().read() as session:
        return sum(_shares(one, patient) for one in accounts.all_accounts(session)) > 1


def readers_of(patient: Patient) -> Readers:
    """Everybody else who may open the diary, and those who no longer may."""
    with database().read() as session:
        known = {one.id: one for one in accounts.all_accounts(session)}
        cares = set(people.care_of(session, patient.id, clock.now()))
        looked = audit_trail.last_readings(session, patient.id)
        ended = audit_trail.events_about(session, patient.id, action=AuditAction.CARE_REVOKED)
    me, is_owner = actor().account_id, may(actor(), Action.CHOOSE_READERS, patient.id)
    now = [
        Reader(one.id, one.public_id, one.name, _carer(one, looked, patient), True, is_owner)
        for one in known.values()
        if _shares(one, patient) and one.active and one.id != me
    ]
    now += [
        Reader(one.id, one.public_id, one.name, _last_look(looked.get(one.id), patient))
        for one in known.values()
        if one.id in cares and one.active
    ]
    still = {one.account_id for one in now}
    return Readers(tuple(now), tuple(_before(patient, known, ended, still, looked)))


def owner_of(patient: Patient) -> Account | None:
    """The patient's own account; None where they have none."""
    if "owners" not in g:
        g.owners = {}
    if patient.id not in g.owners:
        with database().read() as session:
            g.owners[patient.id] = accounts.account_of_patient(session, patient.id)
    found: Account | None = g.owners[patient.id]
    return found


def by_somebody_else(stored: StoredEntry, patient: Patient) -> str:
    """`Written by Anna for Alice`, where a carer wrote the version; "" for everybody else's."""
    owner = owner_of(patient)
    is_carer = stored.author_role is Role.PATIENT and stored.author_account_id is not None
    if not is_carer or owner is None or stored.author_account_id == owner.id:
        return ""
    return _("Written by %(name)s for %(patient)s.", name=stored.author, patient=patient.name)


def written_by(stored: StoredEntry, patient: Patient) -> str:
    """Who wrote the version, in words; "" if that is not known."""
    plain = _("Written by %(name)s.", name=stored.author) if stored.author else ""
    return by_somebody_else(stored, patient) or plain


def _carer(account: Account, looked: Mapping[int, datetime], patient: Patient) -> str:
    if account.rights is Rights.FULL:
        return _("reads and writes as you do")
    what = _("reads and writes") if account.rights is Rights.WRITE else _("reads")
    return f"{what}{mark(', ')}{_last_look(looked.get(account.id), patient)}"


def _shares(account: Account, patient: Patient) -> bool:
    return account.role is Role.PATIENT and account.patient_id == patient.id


def _before(
    patient: Patient,
    known: Mapping[int, Account],
    ended: tuple[audit_trail.AuditEvent, ...],
    still: set[int],
    looked: Mapping[int, datetime],
) -> list[Reader]:
    """Those whose access has ended: the newest end of each, and accounts that are switched off."""
    until = {
        one.details["account_id"]: one.at for one in reversed(ended) if one.details is not None
    }
    off = [one.id for one in known.values() if _shares(one, patient) and not one.active]
    gone = [number for number in (*until, *off) if number not in still and number in known]
    return [
        Reader(number, known[number].public_id, known[number].name, words)
        for number in dict.fromkeys(gone)
        if (words := _until(until.get(number), looked.get(number), patient))
    ]


def _until(ended: datetime | None, looked: datetime | None, patient: Patient) -> str:
    if ended is None:
        return _("may no longer sign in")
    day = say_day(clock.day_of(ended, patient.zone))
    if looked is None:
        return _("until %(day)s, never looked", day=day)
    last = say_day(clock.day_of(looked, patient.zone))
    return _("until %(day)s, last looked on %(last)s", day=day, last=last)


def _last_look(at: datetime | None, patient: Patient) -> str:
    if at is None:
        return _("has not looked yet")
    return _("last looked on %(day)s", day=say_day(clock.day_of(at, patient.zone)))
