"""Who looked: every reading, report and file, and everything that changed who may look.

People who may no longer look are in it too. Who read a list with the patient's name on it stands
below, a line for each day of the last fortnight. What the office did is also on the home page for a
fortnight.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.language import N_
from ...domain.people import Action, Role
from ...services.visit_links import BY_VISIT_LINK
from ...storage import accounts, audit_trail
from ...storage.audit import AuditAction
from ...storage.audit_trail import AuditEvent
from ...storage.database import Session
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.language import instant_text, say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, WHO_SHARES, policy
from ..shared.second_person import answer_care, waiting_for
from . import blueprint

LOOKS = {
    AuditAction.CHART_READ: N_("looked at the diary"),
    AuditAction.REPORT_MADE: N_("made a report"),
    AuditAction.EXPORTED: N_("saved a file of the diary"),
    AuditAction.VISIT_LINK_USED: N_("opened your link for the appointment"),
}

CHANGES = {
    AuditAction.CARE_GRANTED: N_("gave somebody access"),
    AuditAction.CARE_REVOKED: N_("ended somebody’s access"),
    AuditAction.CARE_ASKED: N_("asked for access for somebody"),
    AuditAction.CARE_DECLINED: N_("refused somebody access"),
    AuditAction.COVER_GIVEN: N_("arranged cover by a colleague, who can see the diary"),
    AuditAction.COVER_ENDED: N_("ended a colleague’s cover"),
    AuditAction.PATIENT_PLACED: N_("changed your team or surgeon"),
    AuditAction.INVITED: N_("made a link for signing in as you"),
    AuditAction.INVITATION_USED: N_("A link for signing in as you was used"),
    AuditAction.HANDOVER_CODE_MADE: N_("made a code for a new password"),
    AuditAction.INVITATION_WITHDRAWN: N_("took an invitation back"),
    AuditAction.VISIT_LINK_MADE: N_("made a link for an appointment"),
    AuditAction.VISIT_LINK_ENDED: N_("took back a link for an appointment"),
    AuditAction.EMERGENCY_ACCESS: N_("opened your diary in an emergency, for one hour"),
}

CARER = {
    AuditAction.INVITED: N_("invited somebody to this diary"),
    AuditAction.INVITATION_USED: N_("can sign in to this diary now"),
}
"""The same about somebody whom the patient lets in."""

SHOWN = 500
"""Lines of the page, the newest ones. Our default."""

NOTED = timedelta(days=14)
"""How long a change by somebody else is shown on the first page, and how far back lists are told
of. Our default."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody did: who, what, whom it was about ("" for nobody), and when."""

    who: str
    what: str
    whom: str
    at: str


@blueprint.get("/looked")
@policy(PATIENT, Action.READ_DIARY)
def looked(public_id: str) -> ResponseReturnValue:
    """Everybody who looked, with day and hour, the newest first."""
    patient = load_patient(public_id, Action.READ_DIARY)
    with database().read() as session:
        found = audit_trail.events_among(session, patient.id, [*LOOKS, *CHANGES], limit=SHOWN)
        lines = [_line(session, one, patient) for one in found if not _is_own(one)]
        lists = _lists(session, patient)
    return render("patient/looked.html", patient=patient, lines=lines, lists=lists, days=NOTED.days)


@blueprint.post("/readers/<reader_id>/answer")
@policy(PATIENT, Action.CHOOSE_READERS, fresh=WHO_SHARES)
def answer_reader(public_id: str, reader_id: str) -> ResponseReturnValue:
    """The patient says whether somebody who was proposed may read the diary."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    answer_care(patient, reader_id)
    return redirect(url_for("patient.home", public_id=public_id), 303)


def access_news(patient: Patient) -> tuple[list[accounts.Account], list[Line]]:
    """Clinicians for whom somebody asked and who wait for a yes, and what others changed lately
    about who gets into this diary.
    """
    since = clock.now() - NOTED
    with database().read() as session:
        proposed = [account for account, _request in waiting_for(session, patient.id)]
        found = audit_trail.events_among(session, patient.id, list(CHANGES), since=since)
        return proposed, [_line(session, one, patient) for one in found if _is_news(one)]


def _lists(session: Session, patient: Patient) -> list[tuple[str, list[str]]]:
    """Each of the last days on which the patient's name stood on a list, and who read it."""
    since = clock.now() - NOTED
    names = {one.id: one.name for one in accounts.all_accounts(session)}
    by_day: dict[date, dict[str, None]] = {}
    for account_id, at in audit_trail.lists_with(session, patient.id, since=since):
        day = by_day.setdefault(clock.day_of(at, patient.zone), {})
        day[names.get(account_id or 0, "")] = None
    return [(say_day(day), sorted(filter(None, people))) for day, people in by_day.items()]


def _is_news(event: AuditEvent) -> bool:
    """Whether it may surprise the patient: a person did it, or it changed how one signs in."""
    about = event.details or {}
    if event.action in {AuditAction.INVITED, AuditAction.INVITATION_USED}:
        joined = event.action is AuditAction.INVITATION_USED and "rights" in about
        return joined or about.get("account_id") is not None
    if event.action is AuditAction.INVITATION_WITHDRAWN:
        return False
    return event.account_id is not None and not _is_own(event)


def _is_own(event: AuditEvent) -> bool:
    return event.account_id is not None and event.account_id == actor().account_id


def _line(session: Session, event: AuditEvent, patient: Patient) -> Line:
    whom = (event.details or {}).get("account_id")
    about = None if whom is None else accounts.account_by_id(session, whom)
    is_staff = about is not None and about.patient_id is None
    who = event.by if event.account_id is not None else _("The computer of the diary")
    if event.action is AuditAction.INVITATION_USED:
        who = ""
    words = LOOKS.get(event.action) or CHANGES[event.action]
    carer = str((event.details or {}).get("name", ""))
    if carer and event.action in CARER:
        words, who = CARER[event.action], who or carer
    if event.role == Role.SYSTEM and event.by == BY_VISIT_LINK.name:
        who = _("Somebody with your link")
    return Line(
        who=who,
        what=_(words),
        whom=_whom(event, about.name if about is not None and is_staff else "", carer),
        at=instant_text(event.at, patient.zone),
    )


def _whom(event: AuditEvent, staff: str, carer: str) -> str:
    """Whom or what the line is about: a name, or the reason that was given."""
    if event.action is AuditAction.EMERGENCY_ACCESS:
        return str((event.details or {}).get("reason", ""))
    return staff or ("" if event.action is AuditAction.INVITATION_USED else carer)
