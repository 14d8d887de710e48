"""Running the installation: its settings, its people, what happened, and its health.

No page here shows an answer, a sign, a flag or a chart. In "just me" mode the diary's owner may use
the settings, the record of what happened and the health page; who shares the diary may not.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Mode, Rights, Role
from ...services.accounts import NewPatient
from ...storage import accounts, diary, idempotency, people, second_person, settings
from ...storage.errors import Conflict
from ..auth.forms.installation import one_line, read_texts, text_problems
from ..auth.invitations import invite, invite_once, offer_new_password
from ..shared import access
from ..shared.clock import now
from ..shared.pages import new_key, render
from ..shared.policies import ADMINISTRATOR, WHO_GETS_IN, WHOM_TO_CALL, policy
from ..shared.zones import zone_choices, zones_of
from . import health

INVITED = {
    "patient": (Role.PATIENT, Rights.FULL),
    "clinician": (Role.CLINICIAN, Rights.FULL),
    "clinician_answers": (Role.CLINICIAN, Rights.ANSWER),
    "clinician_reads": (Role.CLINICIAN, Rights.READ),
    "front_desk": (Role.CLINICIAN, Rights.DESK),
    "administrator": (Role.ADMINISTRATOR, Rights.FULL),
}
"""What a person may be invited as."""

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/", endpoint="settings")
@policy(ADMINISTRATOR, owner=True)
def settings_page() -> ResponseReturnValue:
    """Numbers, hours, names and promises of this installation."""
    return _settings_page(access.installation(), {})


@blueprint.post("/")
@policy(ADMINISTRATOR, owner=True, fresh=WHOM_TO_CALL)
def save_settings() -> ResponseReturnValue:
    """The settings are stored, unless somebody else changed them meanwhile."""
    current = access.installation()
    texts = read_texts(request.form)
    paper = request.form.get("paper", current.paper)
    scope = request.form.get("scope", current.scope)
    wanted = replace(
        current,
        paper=paper if paper in {"a4", "letter"} else "a4",
        scope=settings.DIARY_ONLY if scope == settings.DIARY_ONLY else "",
        **cast(Any, texts),
    )
    if problems := text_problems(texts):
        return _settings_page(wanted, problems), 422
    version = request.form.get("version", type=int)
    try:
        services.save_settings(
            access.database(),
            replace(wanted, version=-1 if version is None else version),
            by=access.actor(),
            at=now(),
        )
    except Conflict as conflict:
        problems = {"main": _(str(conflict))}
        return _settings_page(wanted, problems), 409
    return redirect(url_for("admin.settings", saved=1), 303)


@blueprint.get("/people", endpoint="people")
@policy(ADMINISTRATOR, lists=True)
def people_page() -> ResponseReturnValue:
    """Accounts, patients, who cares for whom, and open invitations."""
    return _people_page()


@blueprint.post("/people/invite")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def invite_person() -> ResponseReturnValue:
    """A one-time link is made and shown, once."""
    role = request.form.get("role", "")
    name = one_line(request.form, "name")
    problems = {}
    if role not in INVITED:
        problems["role"] = _("Choose what the person is.")
    if not name:
        problems["name"] = _("Type the person's name.")
    birth_date, problem = _birth_date(request.form.get("birth_date", ""))
    if problem:
        problems["birth_date"] = problem
    number = one_line(request.form, "hospital_number", 50)
    if problems:
        return _people_page(problems=problems), 422
    if role == Role.PATIENT and not request.form.get("another"):
        with access.database().read() as session:
            same = people.same_as(session, name, birth_date, number)
        if same and not _was_sent():
            return _people_page(problems={"name": _("Is it one of these?")}, same=same), 422
    link = invite_once(
        access.database(),
        request.host_url,
        role=INVITED[role][0],
        rights=INVITED[role][1],
        name=name,
        patient=_new_patient(birth_date, number) if role == Role.PATIENT else None,
        key=request.form.get("key", ""),
        by=access.actor(),
        at=now(),
    )
    if link is None:
        return _people_page(notice=_("This invitation was made already.")), 200
    return _people_page(link=link, link_for=name)


@blueprint.post("/people/<account_id>/password")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def new_password(account_id: str) -> ResponseReturnValue:
    """A one-time link for a new password is shown; the administrator cannot choose it."""
    account = access.load_account(account_id)
    link = offer_new_password(
        access.database(), request.host_url, account, by=access.actor(), at=now()
    )
    return _people_page(
        link=link, link_for=account.name, link_needs_code=account.role is Role.PATIENT
    )


@blueprint.post("/people/<account_id>/active")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def set_active(account_id: str) -> ResponseReturnValue:
    """The account may sign in, or may not any more, from this moment."""
    account = access.load_account(account_id)
    if account.id == access.actor().account_id:
        return _people_page(notice=_("You cannot switch off your own account.")), 422
    active = request.form.get("active") == "1"
    services.accounts.set_active(access.database(), account.id, active, by=access.actor(), at=now())
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/care")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def care() -> ResponseReturnValue:
    """A clinician cares for a patient, or no longer does; one's own making waits for a second."""
    account = access.load_account(request.form.get("account", ""))
    with access.database().read() as session:
        patient = people.patient_by_public_id(session, request.form.get("patient", ""))
    if patient is None or not account.is_clinician:
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
        return _people_page(
            notice=_(
                "You made this account yourself, so a second person has to agree: the patient, a "
                "clinician who cares for them, or another administrator. They are asked now."
            )
        )
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/links/<int:number>")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def link(number: int) -> ResponseReturnValue:
    """A link that was not used yet works no longer; a new one takes its place where it is asked."""
    database, by = access.database(), access.actor()
    with database.read() as session:
        found = accounts.invitation_by_id(session, number)
    if found is None or found.is_for_carer:
        raise NotFound
    ended = services.accounts.withdraw(database, number, by=by, at=now())
    if ended is None:
        return _people_page(notice=_("This link works no longer."))
    if request.form.get("again") != "1":
        return redirect(url_for("admin.people"), 303)
    if ended.account_id is not None:
        with database.read() as session:
            account = accounts.account_by_id(session, ended.account_id)
        assert account is not None
        made = offer_new_password(database, request.host_url, account, by=by, at=now())
    else:
        made = invite(
            database,
            request.host_url,
            role=ended.role,
            rights=ended.rights,
            name=ended.name,
            patient_id=ended.patient_id,
            by=by,
            at=now(),
        )
    return _people_page(link=made, link_for=ended.name)


@blueprint.post("/people/same")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def invite_same() -> ResponseReturnValue:
    """A link for the diary that is there already, in place of a second one for the same person."""
    database, by = access.database(), access.actor()
    with database.read() as session:
        patient = people.patient_by_public_id(session, request.form.get("patient", ""))
        if patient is None:
            raise NotFound
        has_account = accounts.account_of_patient(session, patient.id) is not None
        has_diary = bool(diary.days_recorded(session, patient.id))
    if has_diary and not has_account:
        # Whoever sees the link could read what stands there: the command line makes it.
        return _people_page(
            notice=_(
                "This diary has entries already. Whoever runs the computer makes the link, with "
                "recovery-tracker user invite."
            )
        )
    if has_account:
        return _people_page(
            notice=_("%(name)s has an account. Make a link for a new password.", name=patient.name)
        )
    made = invite(
        database,
        request.host_url,
        role=Role.PATIENT,
        name=patient.name,
        patient_id=patient.id,
        by=by,
        at=now(),
    )
    return _people_page(link=made, link_for=patient.name)


@blueprint.get("/health", endpoint="health")
@policy(ADMINISTRATOR, owner=True)
def health_page() -> ResponseReturnValue:
    """Whether the database is sound and when it was last backed up, said plainly."""
    return render(
        "admin/health.html", checks=health.checks(access.database()), links=links("admin.health")
    )


def links(current: str) -> list[tuple[str, str, bool]]:
    """The pages of this part as (address, words, is the current one)."""
    pages = [("admin.settings", _("Settings"))]
    if access.installation().mode is Mode.CLINIC:
        pages.append(("admin.people", _("People")))
    pages += [("admin_events.events", _("What happened")), ("admin.health", _("Health"))]
    return [(url_for(endpoint), text, endpoint == current) for endpoint, text in pages]


def _settings_page(shown: settings.Installation, problems: dict[str, str]) -> str:
    return render(
        "admin/settings.html",
        shown=shown,
        missing=access.installation().missing_for_patients,
        is_clinic=shown.mode is Mode.CLINIC,
        problems=problems,
        saved=request.method != "POST" and request.args.get("saved") == "1",
        links=links("admin.settings"),
        key=new_key(),
    )


def _people_page(
    *,
    problems: dict[str, str] | None = None,
    notice: str = "",
    link: str = "",
    link_for: str = "",
    link_needs_code: bool = False,
    same: Sequence[people.Patient] = (),
) -> str:
    with access.database().read() as session:
        everyone = accounts.all_accounts(session)
        patients = people.all_patients(session)
        cared = {account.id: people.cared_for(session, account.id, now()) for account in everyone}
        # Whom a patient lets into their diary is the patient's alone.
        waiting = [o for o in accounts.open_invitations(session, now()) if not o.is_for_carer]
        asked = {
            (one.patient_id, one.account_id): services.second_person.may_answer(
                session, one, access.actor()
            )
            for one in second_person.care_requests(session)
        }
    country = access.installation().country
    zones = zones_of(country)
    return render(
        "admin/people.html",
        accounts=everyone,
        patients=patients,
        cared=cared,
        clinicians=[one for one in everyone if one.is_clinician and one.active],
        waiting=waiting,
        problems=problems or {},
        typed=request.form,
        notice=notice,
        link=link,
        link_for=link_for,
        link_needs_code=link_needs_code,
        same=same,
        asked=asked,
        me=access.actor().account_id,
        zones=zone_choices(country),
        zone=zones[0] if zones else "UTC",
        links=links("admin.people"),
    )


def _new_patient(birth_date: date | None, number: str) -> NewPatient:
    zone = request.form.get("zone", "")
    country = access.installation().country
    known = {value for value, _text in zone_choices(country)}
    return NewPatient(birth_date, number, zone if zone in known else "UTC", country)


def _birth_date(text: str) -> tuple[date | None, str]:
    if not text.strip():
        return None, ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None, _("Type the date of birth as year-month-day, like 1964-05-23.")
    if not 1900 <= day.year <= now().year:
        return None, _("Check the year of birth.")
    return day, ""


def _was_sent() -> bool:
    """Whether this very form was sent before: its answer is the same as then."""
    key = request.form.get("key", "")
    with access.database().read() as session:
        return bool(key) and idempotency.was_answered(session, key)
