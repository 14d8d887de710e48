"""One's own account: how one signs in, where one is signed in, and taking up an invitation."""

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import BadRequest, NotFound

from ... import services
from ...domain.people import Rights, Role
from ...services import signing_in
from ...storage import accounts, alerts, invitations, passkeys, people
from ...storage import sessions as session_rows
from ...storage.audit import AuditAction
from ...storage.errors import Refused
from ...storage.invitations import Invitation
from ..shared import access, security
from ..shared.clock import now
from ..shared.language import LANGUAGES
from ..shared.pages import render
from ..shared.policies import ANYONE, SIGNED_IN, policy
from ..shared.ringing import devices_of
from ..shared.zones import clinic_zone
from . import devices, second_proof
from .account_store import own_actor
from .forms.installation import account_problems, one_line
from .passwords import hashed, problem_with
from .sessions import DEVICE_KEY, MARK_LENGTH, RING_KEY, digest_of, mark_of

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@policy(SIGNED_IN)
def overview() -> ResponseReturnValue:
    """How this person signs in, and every place they are signed in."""
    account = current_user.account
    with access.database().read() as rows:
        places = session_rows.sessions_of(rows, account.id)
        keys = passkeys.passkeys_of(rows, account.id)
    here = digest_of(_token())
    return render(
        "account/overview.html",
        account=account,
        places=[
            (place, place.content.get(DEVICE_KEY) or "", mark_of(place), place.digest == here)
            for place in places
        ],
        zone=_zone(account),
        diary=_diary(account),
        rings=_rings(account),
        passkeys=keys,
        # A patient's language is among the settings of the diary.
        languages=() if _has_diary_settings(account) else list(LANGUAGES.items()),
    )


@blueprint.post("/account/language")
@policy(SIGNED_IN)
def save_language() -> ResponseReturnValue:
    """The language of somebody's pages, on every device; a patient's is set with the diary."""
    tag = request.form.get("language", "")
    if tag not in LANGUAGES or _has_diary_settings(current_user.account):
        raise BadRequest
    by = own_actor(current_user.account)
    services.accounts.set_language(access.database(), current_user.account_id, tag, by=by, at=now())
    return redirect(url_for("account.overview", _anchor="language"), 303)


@blueprint.post("/account/sessions/<mark>")
@policy(SIGNED_IN)
def end_session(mark: str) -> ResponseReturnValue:
    """One of this account's sessions has ended; the one that asks ends at the sign-out page."""
    if len(mark) != MARK_LENGTH or digest_of(_token()).startswith(mark):
        raise NotFound
    by = own_actor(current_user.account)
    with access.database().read() as rows:
        there = session_rows.sessions_of(rows, current_user.account_id)
    rang = {
        str(one.content[RING_KEY])
        for one in there
        if one.digest.startswith(mark) and RING_KEY in one.content
    }
    ended = signing_in.end_one_session(
        access.database(), current_user.account_id, mark, by=by, at=now()
    )
    if not ended:
        raise NotFound
    devices.stop_reminders(current_user.account, rang)
    return redirect(url_for("account.overview", _anchor="where"), 303)


@blueprint.post("/account/sign-out-everywhere")
@policy(SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """Ends every session of this account, including this one; no device rings for it any more."""
    by, account = own_actor(current_user.account), current_user.account
    signing_in.end_sessions_of(access.database(), current_user.account_id, by=by, at=now())
    devices.stop_reminders(account, None)
    session.clear()
    return redirect(url_for("account.signed_out"), 303)


@blueprint.get("/account/signed-out")
@policy(ANYONE)
def signed_out() -> ResponseReturnValue:
    """Goodbye; the browser forgets what it kept of these pages."""
    page = render("account/signed_out.html")
    return page, 200, {"Clear-Site-Data": '"cache"'}


@blueprint.get("/account/ready")
@policy(ANYONE)
def ready() -> ResponseReturnValue:
    """The account is made; signing in comes next."""
    return render("account/ready.html")


def _link_ended() -> ResponseReturnValue:
    """For a link that was used, is too old or never was: nobody can tell which from outside."""
    return render("account/link_ended.html"), 404


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@policy(ANYONE)
def invitation(token: str) -> ResponseReturnValue:
    """Choosing a sign-in name and a password, or a new password, with a link that works once."""
    try:
        found = _open_invitation(token)
    except NotFound:
        return _link_ended()
    if request.method != "POST":
        security.blank_form()
        return _invitation_page(token, found, "", {})
    login = one_line(request.form, "login")
    password = request.form.get("password", "")
    if found.account_id is None:
        problems = account_problems(found.name, login, password)
    else:
        problem = problem_with(password, (found.name,))
        problems = {"password": problem} if problem else {}
    if not problems and second_proof.is_needed(found) and not second_proof.is_given(found):
        problems["code"] = _("That code is wrong or has expired.")
    if problems:
        return _invitation_page(token, found, login, problems), 422
    try:
        is_used = services.accounts.take_up(
            access.database(), digest_of(token), login, hashed(password), at=now()
        )
    except Refused as refused:
        return _invitation_page(token, found, login, {"login": _(str(refused))}), 422
    if not is_used:
        return _link_ended()
    if found.account_id is not None:
        with access.database().read() as rows:
            account = accounts.account_by_id(rows, found.account_id)
        assert account is not None
        devices.tell_by_mail(account, AuditAction.CREDENTIALS_CHANGED)
    session.clear()
    return redirect(url_for("account.ready"), 303)


def _diary(account: accounts.Account) -> str:
    """The address of the diary that the owner of the account writes in; "" for everybody else."""
    if account.patient_id is None or account.rights is Rights.READ:
        return ""
    with access.database().read() as rows:
        return url_for(
            "patient.home", public_id=people.patient_by_id(rows, account.patient_id).public_id
        )


def _zone(account: accounts.Account) -> str:
    """Where the owner of the account is: a patient's own zone, else the clinic's."""
    if account.patient_id is None:
        return clinic_zone()
    with access.database().read() as rows:
        return people.patient_by_id(rows, account.patient_id).zone


def _rings(account: accounts.Account) -> list[str]:
    """The addresses of the devices on which the program rings for the owner of the account."""
    with access.database().read() as rows:
        if account.patient_id is None:
            return [one["endpoint"] for one in alerts.wishes_of(rows, account.id).rings]
        if not _has_diary_settings(account):
            return []
        return [one.endpoint for one in devices_of(people.patient_by_id(rows, account.patient_id))]


def _has_diary_settings(account: accounts.Account) -> bool:
    return account.role is Role.PATIENT and account.rights is Rights.FULL


def _open_invitation(token: str) -> Invitation:
    with access.database().read() as rows:
        found = invitations.invitation_by_digest(rows, digest_of(token))
        if found is None or not services.accounts.works(rows, found, now()):
            raise NotFound
    return found


def _invitation_page(token: str, found: Invitation, login: str, problems: dict[str, str]) -> str:
    return render(
        "account/invitation.html",
        token=token,
        invitation=found,
        is_new=found.account_id is None,
        diary_of=_diary_of(found),
        needs_code=second_proof.is_needed(found),
        login=login,
        problems=problems,
    )


def _diary_of(found: Invitation) -> str:
    """Whose diary the invitation of a carer opens; "" for everybody else's. Whoever holds the link
    may read all of it."""
    if not found.is_for_carer or found.patient_id is None:
        return ""
    with access.database().read() as rows:
        return people.patient_by_id(rows, found.patient_id).name


def _token() -> str:
    return getattr(session, "token", None) or ""
