"""The clinician's own teams: who waits to join, and who stands in for whom."""

from functools import partial

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.reminders import is_address
from ...storage import accounts, alerts, teams
from ...storage.errors import Refused
from ..auth.devices import chosen_device
from ..config import current_config
from ..shared.access import actor, database
from ..shared.clock import now
from ..shared.cover import cover_lines, span_of
from ..shared.pages import render
from ..shared.policies import CLINICIAN, WHO_GETS_IN, policy
from ..shared.ringing import and_this, offered_key
from ..shared.zones import clinic_today
from . import blueprint


@blueprint.get("/team")
@policy(CLINICIAN)
def team_page() -> ResponseReturnValue:
    """Teams, requests to join them, and one's own cover."""
    return _page()


@blueprint.post("/team/messages")
@policy(CLINICIAN, fresh=WHO_GETS_IN)
def save_messages() -> ResponseReturnValue:
    """When this clinician is told, and at which e-mail address."""
    account_id, form = _account_id(), request.form
    each, digest = bool(form.get("each")), bool(form.get("digest"))
    with database().read() as rows:
        known = alerts.wishes_of(rows, account_id)
    address = " ".join(form.get("address", known.address).split())
    if address and not is_address(address):
        return _page({"address": _("Type an e-mail address, like name@example.org.")}), 422
    if (each or digest) and not (address or known.rings):
        return _page({"address": _nowhere()}), 422
    services.choose_alerts(
        database(), account_id, address, each=each, digest=digest, by=actor(), at=now()
    )
    return redirect(url_for("clinician.team_page", _anchor="messages"), 303)


@blueprint.post("/team/device")
@policy(CLINICIAN, fresh=WHO_GETS_IN)
def save_device() -> ResponseReturnValue:
    """This clinician gets messages on one more device, or on none."""
    changed = services.all_but(None)
    if request.form.get("what") != "no_ring":
        new = chosen_device()
        if new is None:
            return _page({"ring": _("Messages cannot reach this device. Choose e-mail.")}), 422
        changed = partial(and_this, new)
    services.change_staff_devices(database(), _account_id(), changed, by=actor(), at=now())
    return redirect(url_for("clinician.team_page", _anchor="messages"), 303)


def _account_id() -> int:
    found = actor().account_id
    assert found is not None
    return found


def _nowhere() -> str:
    """Why nothing can be sent yet."""
    if current_config().mail is None:
        return _("Choose a device first.")
    return _("Type an e-mail address, or choose a device first.")


@blueprint.post("/team/<team_id>")
@policy(CLINICIAN, fresh=WHO_GETS_IN, full=True)
def answer_joining(team_id: str) -> ResponseReturnValue:
    """Everybody waiting to join this team, which is one's own, is in it, or none of them is."""
    with database().read() as rows:
        team = next((t for t in teams.all_teams(rows) if t.public_id == team_id), None)
    if team is None or actor().account_id not in team.members:
        raise NotFound
    yes = request.form.get("answer") == "yes"
    answers = [(account_id, yes) for account_id in team.waiting]
    services.teams.answer_joining(database(), team.id, answers, by=actor(), at=now())
    return redirect(url_for("clinician.team_page"), 303)


@blueprint.post("/team/cover")
@policy(CLINICIAN, fresh=WHO_GETS_IN, full=True)
def save_cover() -> ResponseReturnValue:
    """A colleague sees what this clinician sees, from a day to a day."""
    by = actor()
    with database().read() as rows:
        staff = {one.public_id: one.id for one in accounts.all_accounts(rows)}
    instead = staff.get(request.form.get("instead", ""))
    span, problems = span_of(request.form)
    if instead is None:
        problems["instead"] = _("Choose who covers.")
    if instead is None or span is None or by.account_id is None:
        return _page(problems), 422
    try:
        services.teams.add_cover(database(), instead, by.account_id, *span, by=by, at=now())
    except Refused as refused:
        return _page({"instead": _(str(refused))}), 422
    return redirect(url_for("clinician.team_page"), 303)


@blueprint.post("/team/cover/<int:number>/end")
@policy(CLINICIAN, fresh=WHO_GETS_IN)
def end_cover(number: int) -> ResponseReturnValue:
    """Ends cover that this clinician gave or took."""
    services.teams.end_cover(database(), number, by=actor(), at=now())
    return redirect(url_for("clinician.team_page"), 303)


def _page(problems: dict[str, str] | None = None) -> str:
    by = actor()
    with database().read() as rows:
        clinicians = accounts.clinicians(rows)
        names = {one.id: one.name for one in clinicians}
        own = [team for team in teams.all_teams(rows) if by.account_id in team.members]
        told = alerts.wishes_of(rows, by.account_id or 0)
        covers = tuple(
            one
            for one in teams.covers(rows, now())
            if by.account_id in (one.account_id, one.for_account_id)
        )
    return render(
        "clinician/team.html",
        teams=[
            (
                team,
                [names[one] for one in team.members if one in names],
                [names[one] for one in team.waiting if one in names],
            )
            for team in own
        ],
        colleagues=[
            (one.public_id, one.name)
            for one in clinicians
            if one.active and one.id != by.account_id
        ],
        covers=cover_lines(covers, names),
        told=told,
        sends_mail=current_config().mail is not None,
        push_key=offered_key(),
        problems=problems or {},
        typed=request.form,
        today=clinic_today(),
    )
