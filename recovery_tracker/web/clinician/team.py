"""The clinician's own teams: who waits to join, and who stands in for whom."""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.reminders import is_address
from ...storage import accounts, alerts, teams
from ...storage.alerts import StaffMail
from ...storage.errors import Refused
from ..shared.access import actor, database
from ..shared.clock import now
from ..shared.cover import cover_lines, span_of
from ..shared.pages import render
from ..shared.policies import CLINICIAN, WHO_GETS_IN, policy
from ..shared.zones import clinic_today
from . import blueprint


@blueprint.get("/team")
@policy(CLINICIAN)
def team_page() -> ResponseReturnValue:
    """Teams, requests to join them, and one's own cover."""
    return _page()


@blueprint.post("/team/mail")
@policy(CLINICIAN, fresh=WHO_GETS_IN)
def save_mail() -> ResponseReturnValue:
    """What this clinician is told by mail, and where."""
    account_id, form = actor().account_id, request.form
    assert account_id is not None
    address = " ".join(form.get("address", "").split())
    wanted = StaffMail(account_id, address, bool(form.get("each")), bool(form.get("digest")))
    if (wanted.each or wanted.digest) and not is_address(address):
        return _page({"address": _("Type an e-mail address, like name@example.org.")}), 422
    services.choose_staff_mail(database(), wanted, by=actor(), at=now())
    return redirect(url_for("clinician.team_page", _anchor="mail"), 303)


@blueprint.post("/team/<team_id>")
@policy(CLINICIAN, fresh=WHO_GETS_IN, full=True)
def answer_joining(team_id: str) -> ResponseReturnValue:
    """Everybody who waits to join this team of one's own is in it, or none of them."""
    with database().read() as session:
        team = next((t for t in teams.all_teams(session) if t.public_id == team_id), None)
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
    with database().read() as session:
        staff = {one.public_id: one.id for one in accounts.all_accounts(session)}
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
    """Cover that one gave or took is over from this moment."""
    services.teams.end_cover(database(), number, by=actor(), at=now())
    return redirect(url_for("clinician.team_page"), 303)


def _page(problems: dict[str, str] | None = None) -> str:
    by = actor()
    with database().read() as session:
        clinicians = accounts.clinicians(session)
        names = {one.id: one.name for one in clinicians}
        own = [team for team in teams.all_teams(session) if by.account_id in team.members]
        mail = alerts.staff_mail_of(session, by.account_id or 0)
        covers = tuple(
            one
            for one in teams.covers(session, now())
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
        mail=mail,
        sends_mail=current_app.extensions["recovery_config"].mail is not None,
        problems=problems or {},
        typed=request.form,
        today=clinic_today(),
        user=by.name,
    )
