"""Teams of clinicians, who waits to join one, and who stands in for whom."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...storage import accounts, teams
from ...storage.errors import Refused
from ..auth.forms.installation import one_line
from ..shared import access
from ..shared.clock import now
from ..shared.cover import cover_lines, span_of
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, WHO_GETS_IN, policy
from ..shared.zones import clinic_today
from . import blueprint
from .installation import links


@blueprint.get("/teams", endpoint="teams")
@policy(ADMINISTRATOR)
def teams_page() -> ResponseReturnValue:
    """Every team with its members, and cover that is on or to come."""
    return _page()


@blueprint.post("/teams")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def save_team() -> ResponseReturnValue:
    """A new team, or an old one under another name."""
    wanted = request.form.get("team", "")
    team_id = _team(wanted).id if wanted else None
    try:
        services.teams.save_team(
            access.database(),
            one_line(request.form, "name"),
            by=access.actor(),
            at=now(),
            team_id=team_id,
        )
    except Refused as refused:
        return _page({f"name-{wanted}" if wanted else "name": _(str(refused))}), 422
    return redirect(url_for("admin.teams"), 303)


@blueprint.post("/teams/<team_id>/members")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def members(team_id: str) -> ResponseReturnValue:
    """The clinicians who are ticked belong to the team; some may wait for a second person."""
    team, by, at = _team(team_id), access.actor(), now()
    with access.database().read() as session:
        staff = {one.public_id: one.id for one in accounts.clinicians(session)}
    ticked = {staff[one] for one in request.form.getlist("members") if one in staff}
    known = {*team.members, *team.waiting}
    for account_id in sorted(known - ticked):
        services.teams.leave(access.database(), team.id, account_id, by=by, at=at)
    waits = services.teams.join(access.database(), team.id, sorted(ticked - known), by=by, at=at)
    if waits:
        return _page(
            notice=_(
                "These accounts and yours go back to one administrator, so a second person has to "
                "agree: a clinician of the team, or an independent administrator."
            )
        )
    return redirect(url_for("admin.teams"), 303)


@blueprint.post("/teams/<team_id>/joining")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def joining(team_id: str) -> ResponseReturnValue:
    """Lets everybody who waits into the team, or refuses them all."""
    team = _team(team_id)
    yes = request.form.get("answer") == "yes"
    answers = [(account_id, yes) for account_id in team.waiting]
    answered = services.teams.answer_joining(
        access.database(), team.id, answers, by=access.actor(), at=now()
    )
    if answered < len(answers):
        return _page(notice=_("Somebody else has to answer this.")), 422
    return redirect(url_for("admin.teams"), 303)


@blueprint.post("/teams/cover")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def cover() -> ResponseReturnValue:
    """One clinician sees what another one sees, from one day to another."""
    with access.database().read() as session:
        staff = {one.public_id: one.id for one in accounts.clinicians(session)}
    away, instead = (staff.get(request.form.get(key, "")) for key in ("away", "instead"))
    problems = {}
    if away is None:
        problems["away"] = _("Choose who is away.")
    if instead is None:
        problems["instead"] = _("Choose who covers.")
    span, wrong = span_of(request.form)
    problems |= wrong
    if away is None or instead is None or span is None:
        return _page(problems), 422
    try:
        services.teams.add_cover(
            access.database(), instead, away, *span, by=access.actor(), at=now()
        )
    except Refused as refused:
        return _page({"instead": _(str(refused))}), 422
    return redirect(url_for("admin.teams"), 303)


@blueprint.post("/teams/cover/<int:number>/end")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def end_cover(number: int) -> ResponseReturnValue:
    """The cover ends now."""
    services.teams.end_cover(access.database(), number, by=access.actor(), at=now())
    return redirect(url_for("admin.teams"), 303)


def _page(problems: dict[str, str] | None = None, notice: str = "") -> str:
    by, at = access.actor(), now()
    with access.database().read() as session:
        clinicians = accounts.clinicians(session)
        names = {one.id: one.name for one in clinicians}
        shown = [
            (
                team,
                len(teams.patients_of(session, team.id)),
                [names[one] for one in team.waiting if one in names],
                any(services.teams.may_let_join(session, team, one, by) for one in team.waiting),
            )
            for team in teams.all_teams(session)
        ]
        covers = teams.covers(session, at)
    return render(
        "admin/teams.html",
        teams=shown,
        clinicians=[one for one in clinicians if one.active],
        covers=cover_lines(covers, names),
        problems=problems or {},
        typed=request.form,
        notice=notice,
        today=clinic_today(),
        links=links("admin.teams"),
    )


def _team(public_id: str) -> teams.Team:
    with access.database().read() as session:
        found = next((t for t in teams.all_teams(session) if t.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found
