"""Who has an account, who is invited, and who may open whose diary. No answer is shown here."""

from collections.abc import Sequence
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Rights, Role
from ...services.accounts import NewPatient
from ...storage import accounts, idempotency, invitations, namesakes
from ...storage.errors import Refused
from ...storage.on_file import on_file
from ...storage.people import Patient
from ..auth.forms.installation import one_line
from ..auth.invitations import invite, invite_once, offer_new_password
from ..shared import access
from ..shared.clock import now
from ..shared.forms import sent
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, WHO_GETS_IN, policy
from ..shared.zones import zones_of
from . import blueprint
from .installation import links
from .patient import birth_date_in, load_record

#: Patients on one page, and open invitations shown beside them. Our defaults.
ON_A_PAGE, OPEN_SHOWN = 50, 10

INVITED = {
    "patient": (Role.PATIENT, Rights.FULL),
    "clinician": (Role.CLINICIAN, Rights.FULL),
    "clinician_answers": (Role.CLINICIAN, Rights.ANSWER),
    "clinician_reads": (Role.CLINICIAN, Rights.READ),
    "front_desk": (Role.CLINICIAN, Rights.DESK),
    "administrator": (Role.ADMINISTRATOR, Rights.FULL),
}
"""What a person may be invited as."""


@blueprint.get("/people", endpoint="people")
@policy(ADMINISTRATOR, lists=True)
def people_page() -> ResponseReturnValue:
    """Staff, patients a page at a time, and open invitations."""
    return _people_page()


@blueprint.post("/people", endpoint="find_people")
@policy(ADMINISTRATOR, lists=True)
def find() -> ResponseReturnValue:
    """Patients whose name, number or birth date matches; the search stays out of the address."""
    return _people_page()


@blueprint.post("/people/invite")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def invite_person() -> ResponseReturnValue:
    """A one-time link is made and shown, once."""
    role = request.form.get("role", "")
    name = one_line(request.form, "name")
    problems = {}
    if role not in INVITED:
        problems["role"] = _("Choose the person’s role.")
    if not name:
        problems["name"] = _("Type the person's name.")
    birth_date, problem = birth_date_in(request.form.get("birth_date", ""))
    if problem:
        problems["birth_date"] = problem
    number = one_line(request.form, "hospital_number", 50)
    if problems:
        return _people_page(problems=problems), 422
    if role == Role.PATIENT and not request.form.get("another"):
        with access.database().read() as session:
            same = namesakes.same_as(session, name, birth_date, number)
        if same and not _was_sent():
            return _people_page(problems={"name": _("Is it one of these?")}, same=same), 422
    link = invite_once(
        access.database(),
        request.host_url,
        role=INVITED[role][0],
        rights=INVITED[role][1],
        name=name,
        patient=_new_patient(birth_date, number) if role == Role.PATIENT else None,
        **sent.as_new(),
    )
    if link is None:
        return _people_page(notice=_("This invitation has already been made.")), 200
    return _people_page(link=link, link_for=name)


@blueprint.post("/people/<account_id>/password")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
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
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def set_active(account_id: str) -> ResponseReturnValue:
    """The account may sign in, or may not any more, from this moment."""
    account = access.load_account(account_id)
    if account.id == access.actor().account_id:
        return _people_page(notice=_("You cannot switch off your own account.")), 422
    active = request.form.get("active") == "1"
    services.accounts.set_active(access.database(), account.id, active, by=access.actor(), at=now())
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/links/<int:number>")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def link(number: int) -> ResponseReturnValue:
    """An unused link stops working; if asked for, a new one replaces it."""
    database, by = access.database(), access.actor()
    with database.read() as session:
        found = invitations.invitation_by_id(session, number)
    if found is None or found.is_for_carer:
        raise NotFound
    ended = services.accounts.withdraw(database, number, by=by, at=now())
    if ended is None:
        return _people_page(notice=_("This link no longer works."))
    if request.form.get("again") != "1":
        return redirect(url_for("admin.people"), 303)
    if ended.account_id is not None:
        with database.read() as session:
            account = accounts.account_by_id(session, ended.account_id)
        assert account is not None
        made = offer_new_password(database, request.host_url, account, by=by, at=now())
        return _people_page(
            link=made, link_for=ended.name, link_needs_code=account.role is Role.PATIENT
        )
    return _invited(ended.role, ended.name, ended.patient_id, ended.rights)


@blueprint.post("/people/same")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def invite_same() -> ResponseReturnValue:
    """A link for the diary that is there already, in place of a second one for the same person."""
    patient = load_record(request.form.get("patient", ""))
    with access.database().read() as session:
        has_account = accounts.account_of_patient(session, patient.id) is not None
    if has_account:
        return _people_page(
            notice=_("%(name)s has an account. Make a link for a new password.", name=patient.name)
        )
    return _invited(Role.PATIENT, patient.name, patient.id)


def _invited(
    role: Role, name: str, patient_id: int | None, rights: Rights = Rights.FULL
) -> ResponseReturnValue:
    """The page with a new link, or with why there is none."""
    try:
        made = invite(
            access.database(),
            request.host_url,
            role=role,
            rights=rights,
            name=name,
            patient_id=patient_id,
            by=access.actor(),
            at=now(),
        )
    except Refused as refused:
        return _people_page(notice=_(str(refused)))
    return _people_page(link=made, link_for=name)


def _people_page(
    *,
    problems: dict[str, str] | None = None,
    notice: str = "",
    link: str = "",
    link_for: str = "",
    link_needs_code: bool = False,
    same: Sequence[Patient] = (),
) -> str:
    is_search = request.endpoint == "admin.find_people"
    search = one_line(request.form, "search", 80) if is_search else ""
    source = request.form if is_search else request.args
    with access.database().read() as session:
        everyone = accounts.all_accounts(session)
        rows, count, page, pages = on_file(
            session,
            at=now(),
            search=search,
            page=source.get("page", 1, type=int),
            page_size=ON_A_PAGE,
        )
        # Whom a patient lets into their diary is the patient's alone.
        waiting = [o for o in invitations.open_invitations(session, now()) if not o.is_for_carer]
    zones = zones_of(access.installation().country) or ["UTC"]
    return render(
        "admin/people.html",
        staff=[one for one in everyone if one.role is not Role.PATIENT],
        rows=rows,
        count=count,
        page=page,
        pages=pages,
        search=search,
        waiting=waiting[-OPEN_SHOWN:],
        waiting_more=max(0, len(waiting) - OPEN_SHOWN),
        problems=problems or {},
        typed=request.form,
        notice=notice,
        link=link,
        link_for=link_for,
        link_needs_code=link_needs_code,
        same=same,
        me=access.actor().account_id,
        zones=[(zone, zone.replace("_", " ")) for zone in dict.fromkeys((*zones, "UTC"))],
        zone=zones[0],
        links=links("admin.people"),
    )


def _new_patient(birth_date: date | None, number: str) -> NewPatient:
    zone = request.form.get("zone", "")
    country = access.installation().country
    return NewPatient(birth_date, number, zone if zone in zones_of(country) else "UTC", country)


def _was_sent() -> bool:
    """Whether this very form was sent before; then it gets the same answer again."""
    key = request.form.get("key", "")
    with access.database().read() as session:
        return bool(key) and idempotency.was_answered(session, key)
