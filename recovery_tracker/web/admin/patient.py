"""One patient as the office sees them: who they are, where they belong, who may look.

No answer is shown here.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.language import N_
from ...domain.people import is_phone
from ...services.teams import Placed
from ...storage import (
    accounts,
    audit_trail,
    care_words,
    invitations,
    people,
    second_person,
    teams,
    ways,
)
from ...storage.accounts import Account
from ...storage.audit import AuditAction
from ...storage.database import Session
from ...storage.errors import Conflict, Refused
from ...storage.people import Patient
from ...storage.ways import Way
from ..auth.forms.installation import one_line
from ..shared import access
from ..shared.clock import now
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.language import instant_text
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, WHO_GETS_IN, policy
from ..shared.zones import clinic_zone
from . import blueprint
from .installation import links

IDENTITY_NAMES = {
    "name": N_("Name"),
    "birth_date": N_("Date of birth"),
    "hospital_number": N_("Hospital number"),
    "phone": N_("Telephone number"),
}


@blueprint.get("/people/patients/<record>", endpoint="patient")
@policy(ADMINISTRATOR, lists=True)
def patient_page(record: str) -> ResponseReturnValue:
    """One patient's name and number, team, readers and account."""
    return _patient_page(load_record(record))


@blueprint.post("/people/patients/<record>")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def save_patient(record: str) -> ResponseReturnValue:
    """Name, birth date and number are as typed; the record says who changed them."""
    patient = load_record(record)
    name = one_line(request.form, "name")
    birth_date, problem = birth_date_in(request.form.get("birth_date", ""))
    problems = {"name": _("Type the person's name.")} if not name else {}
    if problem:
        problems["birth_date"] = problem
    number, phone = (
        one_line(request.form, "hospital_number", 50),
        one_line(request.form, "phone", 40),
    )
    if phone and not is_phone(phone):
        problems["phone"] = _("Type a telephone number: digits, spaces and a leading plus.")
    wanted = replace(
        patient,
        name=name,
        birth_date=birth_date,
        hospital_number=number or None,
        phone=phone,
    )
    if problems:
        return _patient_page(wanted, problems=problems), 422
    try:
        services.save_patient(access.database(), wanted, **sent.as_change())
    except Conflict as conflict:
        said, status = sent.refusal(conflict)
        return _patient_page(wanted, problems={"main": said}), status
    return redirect(url_for("admin.patient", record=record), 303)


@blueprint.post("/people/patients/<record>/team")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def place(record: str) -> ResponseReturnValue:
    """The patient's team and responsible surgeon."""
    patient = load_record(record)
    with access.database().read() as session:
        known = {one.public_id: one.id for one in teams.all_teams(session)}
        staff = {one.public_id: one.id for one in accounts.clinicians(session)}
    team, surgeon = request.form.get("team", ""), request.form.get("surgeon", "")
    if team not in {"", *known} or surgeon not in {"", *staff}:
        raise NotFound
    placed = Placed(patient.id, known.get(team), staff.get(surgeon))
    services.teams.place(access.database(), [placed], by=access.actor(), at=now())
    return redirect(url_for("admin.patient", record=record), 303)


@blueprint.post("/people/patients/<record>/follow-up")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def follow_up(record: str) -> ResponseReturnValue:
    """The clinic no longer follows the patient, or does again."""
    patient = load_record(record)
    ends = request.form.get("ends") == "1"
    try:
        services.follow(access.database(), patient.id, ends=ends, by=access.actor(), at=now())
    except Refused as refused:
        return _patient_page(patient, problems={"follow-up": _(str(refused))}), 422
    return redirect(url_for("admin.patient", record=record), 303)


@blueprint.post("/people/care")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def care() -> ResponseReturnValue:
    """A clinician is given care of a patient, or loses it; some wait for a second person."""
    account = access.load_account(request.form.get("account", ""))
    patient = load_record(request.form.get("patient", ""))
    if not account.is_clinician:
        raise NotFound
    database, by = access.database(), access.actor()
    wanted = request.form.get("cares")
    if wanted in {"yes", "no"}:
        services.second_person.answer_care(
            database, patient.id, account.id, wanted == "yes", by=by, at=now()
        )
    elif wanted != "1":
        services.end_care(database, patient.id, account.id, by=by, at=now())
    elif not services.second_person.give_care(database, patient.id, account.id, by=by, at=now()):
        return _patient_page(
            patient,
            notice=_(
                "This account and yours go back to one administrator, so a second person has to "
                "agree: the patient, a clinician who cares for them, or an independent "
                "administrator. They are asked now."
            ),
        )
    return redirect(url_for("admin.patient", record=patient.public_id), 303)


def _patient_page(
    patient: Patient, *, problems: dict[str, str] | None = None, notice: str = ""
) -> str:
    with access.database().read() as session:
        clinicians = {one.id: one for one in accounts.clinicians(session)}
        read_by = _readers(session, patient.id, clinicians)
        placed = teams.team_of(session, patient.id)
        all_teams = teams.all_teams(session)
        account = accounts.account_of_patient(session, patient.id)
        changes = _changes(session, patient.id)
        waiting = [
            one
            for one in invitations.open_invitations(session, now())
            if one.patient_id == patient.id and not one.is_for_carer
        ]
    return render(
        "admin/patient.html",
        patient=patient,
        problems=problems or {},
        notice=notice,
        **read_by,
        ways={Way.CARE: _("directly"), Way.TEAM: _("through the team"), Way.COVER: _("as cover")},
        teams=[("", _("No team"))] + [(one.public_id, one.name) for one in all_teams],
        team=next((t.public_id for t in all_teams if placed and t.id == placed.team_id), ""),
        surgeons=[("", _("Nobody"))]
        + [(one.public_id, one.name) for one in clinicians.values() if one.active],
        surgeon=next(
            (c.public_id for c in clinicians.values() if placed and c.id == placed.surgeon_id), ""
        ),
        account=account,
        changes=changes,
        waiting=waiting,
        links=links("admin.people"),
    )


def _readers(
    session: Session, patient_id: int, clinicians: Mapping[int, Account]
) -> dict[str, object]:
    """Who opens the diary and how, who has asked to, and who else could be let in."""
    readers, by = ways.readers_at(session, patient_id, now()), access.actor()
    asked = [
        (clinicians[one.account_id], services.second_person.may_answer(session, one, by))
        for one in second_person.care_requests(session, patient_id)
        if one.account_id in clinicians
    ]
    given = {one.about for one in care_words.words_about(session, patient_id) if one.is_of_staff}
    # Only the patient agreed to these: a word of the staff can still be added.
    unconfirmed = {one for one, way in readers.items() if way is Way.CARE} - given
    left = (readers.keys() - unconfirmed) | {account.id for account, _may in asked}
    return {
        "readers": [(clinicians[one], way) for one, way in readers.items() if one in clinicians],
        "asked": asked,
        "others": [
            (one.public_id, one.name)
            for one in clinicians.values()
            if one.active and one.id not in left
        ],
    }


def _changes(session: Session, patient_id: int) -> list[tuple[str, str, str, str]]:
    """Earlier names and numbers: which field, the old value, until when, who changed it."""
    found = []
    for event in audit_trail.events_about(session, patient_id, action=AuditAction.PATIENT_CHANGED):
        old = (event.details or {}).get("old", {})
        until = instant_text(event.at, clinic_zone())
        found += [
            (_(IDENTITY_NAMES[key]), text or "–", until, event.by) for key, text in old.items()
        ]
    return found


def load_record(record: str) -> Patient:
    """The patient of this record; 404 where there is none."""
    with access.database().read() as session:
        found = people.patient_by_public_id(session, record)
    if found is None:
        raise NotFound
    return found


def birth_date_in(text: str) -> tuple[date | None, str]:
    """The birth date as typed, None for none; and what is wrong with it, "" for nothing."""
    if not text.strip():
        return None, ""
    day = day_in(text)
    if day is None:
        return None, _("Type the date of birth as year-month-day, like 1964-05-23.")
    if not 1900 <= day.year <= now().year:
        return None, _("Check the year of birth.")
    return day, ""
